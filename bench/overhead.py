"""What the program itself costs on long films: `plan`, `status`, a `make` with nothing to do,
and a `make` whose engines do next to nothing.

All bars are on CPU seconds of the whole process tree. A command that only reads is run three
times and the least counts, since other work on the machine only adds to it.

The program's own cost per rendered shot is what `make --to clips` costs, less what its engines
cost: the requests of that run, with another seed, given to the same two null engines in this
process, after each was opened and has rendered one. Starting workers, handing over jobs, hashing
and placing takes, and drawing the run are the program's own.

The takes of the 5,000 shots are made by the take stages themselves, with an executor that gives
the same two small files for every job.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from figures import Figure, tell
from many import project
from measured import Cost, measure

from studio.engines.base import EngineSpec, Rendered
from studio.events import Listener
from studio.executors import Cancel, Done, Executor, Job, perform
from studio.project import Project
from studio.stages.clips import Clips
from studio.stages.keyframes import Keyframes
from studio.stages.production import written_production
from studio.stages.takes import TakeStage

SHOTS, MANY = 1000, 5000
TIMES = 3


class Kept:
    """An executor that keeps the jobs it is given and does none."""

    def __init__(self) -> None:
        self.jobs: list[tuple[EngineSpec, Job]] = []

    def run(
        self, spec: EngineSpec, jobs: Iterable[Job], on_event: Listener, cancel: Cancel
    ) -> Iterator[Done]:
        """Nothing is done."""
        self.jobs += [(spec, job) for job in jobs]
        return iter(())


class Handed:
    """An executor that has the result of every job at hand: a copy of one file."""

    def __init__(self, suffix: str, file: Path) -> None:
        self.suffix, self.file = suffix, file

    def run(
        self, spec: EngineSpec, jobs: Iterable[Job], on_event: Listener, cancel: Cancel
    ) -> Iterator[Done]:
        """The file, for each of the jobs."""
        for job in jobs:
            copy = self.file.with_name(f"copy{self.suffix}")
            shutil.copyfile(self.file, copy)
            yield Done(job, Rendered({self.suffix: copy}), 0.0, None)


def main() -> int:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = project(folder / "film", SHOTS)
        made = measure(studio("make", film, "--to", "clips"))
        engines = engines_cost(film, folder / "again")
        measure(studio("make", film))
        plan = least(studio("plan", film))
        nothing = least(studio("make", film))
        long = project(folder / "long", MANY)
        take_all(long, film, folder)
        shutil.rmtree(long.studio_folder, ignore_errors=True)
        first = measure(studio("status", long))
        status = least(studio("status", long))
    own = (made.cpu - engines) / SHOTS * 1000
    shares = f"make --to clips {made.cpu:.0f} CPU-s, its engines {engines:.0f}"
    return tell(
        [
            Figure(f"status of {MANY:,} shots, read for the first time", first.cpu, "CPU-s"),
            Figure(f"status of {MANY:,} shots", status.cpu, "CPU-s", 6, note=clock(status)),
            Figure(f"plan of {SHOTS:,} shots", plan.cpu, "CPU-s", 2, note=clock(plan)),
            Figure(f"make of {SHOTS:,}, all fresh", nothing.cpu, "CPU-s", 2, note=clock(nothing)),
            Figure("own cost of a rendered shot", own, "CPU-ms", 50, note=shares),
        ]
    )


def studio(command: str, film: Project, *arguments: str) -> list[str]:
    """A command line."""
    return [sys.executable, "-m", "studio", command, "-p", str(film.root), *arguments]


def least(command: list[str]) -> Cost:
    """What a command that only reads costs at least."""
    return min((measure(command) for _ in range(TIMES)), key=lambda cost: cost.cpu)


def clock(cost: Cost) -> str:
    """How long it took, in words."""
    return f"{cost.seconds:.1f} s by the clock"


def engines_cost(film: Project, folder: Path) -> float:
    """CPU seconds of the film's requests in its engines alone."""
    folder.mkdir()
    jobs = [job for stage in stages(film) for job in asked(stage)]
    opened = {spec.kind: spec.open() for spec, _ in jobs}
    for spec, job in {spec.kind: (spec, job) for spec, job in jobs}.values():
        perform(opened[spec.kind], job, folder, unheard)
    before = os.times()
    for spec, job in jobs:
        perform(opened[spec.kind], job, folder, unheard)
    return sum(os.times()[:4]) - sum(before[:4])


def asked(stage: TakeStage) -> list[tuple[EngineSpec, Job]]:
    """The requests of one more take of every shot."""
    kept = Kept()
    run(stage.retake(list(stage.production.shots), 1, kept, ignore, Cancel()))
    return kept.jobs


def take_all(long: Project, film: Project, folder: Path) -> None:
    """Takes of every shot of a long film, with the files of a short one."""
    files = {"keyframe": ".png", "clip": ".mp4"}
    for stage in stages(long):
        suffix = files[stage.kind]
        model = next(film.takes_folder.rglob(f"{stage.kind}_v001{suffix}"))
        source = Path(shutil.copy(model, folder / f"model{suffix}"))
        executor: Executor = Handed(suffix, source)
        run(stage.run(list(stage.production.shots), executor, ignore, Cancel()))


def stages(film: Project) -> tuple[TakeStage, TakeStage]:
    """The two stages of a project, of one production."""
    production = written_production(film)
    return Keyframes(production), Clips(production)


def run(outcomes: Iterable[object]) -> None:
    """Go through a run to its end."""
    for _ in outcomes:
        pass


def ignore(event: object) -> None:
    """A listener that does not listen."""


def unheard(*_: int) -> None:
    """Progress that nobody hears of."""


if __name__ == "__main__":
    sys.exit(main())
