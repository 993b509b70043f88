"""Loads of weights for a film of 4 and of 40 shots, painted by Flux and animated by CogVideoX from
tiny random checkpoints, every run a real `make` with its workers: how often each component is
loaded and what is moved for it, stage by stage as Storyreel works, in the seed's order, and shot by
shot.

Cold is the first run of a project. Warm is the next one after all its takes were thrown away: every
keyframe and every clip is made again, of prompts that were read before. The seed's order is all
keyframes, then all clips, with nothing kept of the prompts in between. Shot by shot is one run for
each shot.

Loads are what the workers say that they loaded. MB are those of the tiny files, GB are reckoned
from the weights of FLUX.1-schnell and CogVideoX-5B-I2V in 16 bit, both once a load. The language
model is left out: each way loads it once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import yaml
from figures import Figure, tell

from studio.engines.base import EngineSpec, unheard
from studio.engines.requests import ReadRequest
from studio.events import Listener
from studio.executors import Cancel, Done, Failed, Job
from studio.executors.local import LocalExecutor
from studio.models.contract import contract
from studio.pipeline import Goal, make
from studio.project import Project, write_atomic

CHECKPOINTS = Path(__file__).parents[1] / "tests" / "checkpoints.py"
FEW, MANY = 4, 40
FLUX, COG = "FLUX.1-schnell", "CogVideoX-5B-I2V"
COMPONENTS = {
    "T5": (FLUX, ("text_encoder_2",)),
    "CLIP": (FLUX, ("text_encoder",)),
    "painter": (FLUX, ("transformer", "vae")),
    "animator": (COG, ("transformer", "vae")),
}
"""What is loaded at once: a model, and folders of it."""

Sizes = dict[str, float]
"""Of each component."""


@dataclass(frozen=True)
class Run:
    """How often each component was loaded while a film was made."""

    what: str
    loads: Counter[str]

    def moved(self, sizes: Sizes) -> float:
        """What all its loads moved."""
        return sum(self.loads[name] * size for name, size in sizes.items())

    def __str__(self) -> str:
        return ", ".join(f"{name} {self.loads[name]}" for name in COMPONENTS)


def main() -> int:
    """Measure and tell."""
    os.environ |= {"CUDA_VISIBLE_DEVICES": "", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = folder / "models"
        build = [sys.executable, str(CHECKPOINTS), "diffusers", str(models)]
        subprocess.run(build, check=True, capture_output=True)
        runs = films(folder, models)
        mb = {
            one: megabytes(models / model.lower(), *of) for one, (model, of) in COMPONENTS.items()
        }
    gb = {one: gigabytes(model, *of) for one, (model, of) in COMPONENTS.items()}
    if "--json" not in sys.argv[1:]:
        table(runs, mb, gb)
    cold, warm, seed, by_shot, many = runs
    if unseen := [name for name in COMPONENTS if not cold.loads[name]]:
        raise SystemExit(f"no load of {', '.join(unseen)} was seen: nothing is measured")
    stages = cold.moved(gb)
    return tell(
        [
            *(
                Figure(f"moved for {one.what}", one.moved(gb), "GB", note=f"loads: {one}")
                for one in runs
            ),
            Figure("seed's order by stage by stage", seed.moved(gb) / stages, "times the GB"),
            Figure("shot by shot by stage by stage", by_shot.moved(gb) / stages, "times the GB"),
            Figure("T5, cold", cold.loads["T5"], "loads", 1),
            Figure("T5, warm", warm.loads["T5"], "loads", 0),
            Figure(
                f"loads for {MANY} shots over loads for {FEW}",
                max(many.loads[name] / cold.loads[name] for name in COMPONENTS),
                "times, the most of all components",
                1,
            ),
        ]
    )


def films(folder: Path, models: Path) -> list[Run]:
    """Every run, two at once: cold, warm, the seed's order, shot by shot, cold with many shots."""

    def cold_and_warm() -> list[Run]:
        film = project(folder / "film", models, FEW)
        cold = measured(f"{FEW} shots, cold", lambda: made(film))
        shutil.rmtree(film.takes_folder)
        return [cold, measured(f"{FEW} shots, warm", lambda: made(film))]

    def seed() -> list[Run]:
        film = project(folder / "seed", models, FEW)

        def work() -> None:
            made(film, "keyframes")
            shutil.rmtree(film.studio_folder / "texts")
            made(film)

        return [measured(f"{FEW} shots, seed's order", work)]

    def by_shot() -> list[Run]:
        film = project(folder / "by shot", models, FEW)

        def work() -> None:
            for shot in shots(FEW):
                made(film, selection=[shot])

        return [measured(f"{FEW} shots, shot by shot", work)]

    def many() -> list[Run]:
        film = project(folder / "many", models, MANY)
        return [measured(f"{MANY} shots, cold", lambda: made(film))]

    with (
        patch("studio.session.LocalExecutor", Counting),
        ThreadPoolExecutor(max_workers=2) as pool,
    ):
        doing = [pool.submit(work) for work in (cold_and_warm, seed, by_shot, many)]
        return [run for each in doing for run in each.result()]


def project(folder: Path, models: Path, count: int) -> Project:
    """A film of so many shots of a frame, each of which takes one clip of the tiny model."""
    on_cpu = {"device": "cpu", "steps": 1}
    film = {
        "schema": "film/1",
        "title": "Small",
        "frame": "192x128",
        "rate": 8,
        "look": "pencil",
        "cards": False,
        "engines": {
            "painter": {"engine": "flux", "model": str(models / FLUX.lower()), **on_cpu},
            "animator": {"engine": "cogvideox", "model": str(models / COG.lower()), **on_cpu},
        },
    }
    written = [
        {"id": shot, "duration": "1f", "cast": ["mara"], "action": f"Mara counts to {n}."}
        for n, shot in enumerate(shots(count))
    ]
    board = {
        "schema": "storyboard/1",
        "cast": {"mara": {"name": "Mara", "looks": "a woman of sixty"}},
        "places": {"shore": {"name": "the shore"}},
        "scenes": [{"id": "sc010", "heading": "EXT. SHORE", "place": "shore", "shots": written}],
    }
    write_atomic(folder / "film.yaml", yaml.safe_dump(film, sort_keys=False))
    write_atomic(folder / "story.md", "Mara counts.\n")
    write_atomic(folder / "storyboard.yaml", yaml.safe_dump(board, sort_keys=False))
    return Project(folder)


def shots(count: int) -> list[str]:
    """Names of so many shots."""
    return [f"sc010_sh{n:03d}0" for n in range(1, count + 1)]


def made(film: Project, goal: Goal = "film", selection: Sequence[str] = ()) -> None:
    """`studio make --yes`. Raises SystemExit where a shot fails."""
    found = make(film, goal, selection, unheard, Cancel(), yes=True)
    if found.failed:
        raise SystemExit(f"{found.failed[0].shot}: {found.failed[0].error}")


LOADS: ContextVar[Counter[str]] = ContextVar("loads")


class Counting(LocalExecutor):
    """The executor of `make`, which counts in LOADS what its workers load."""

    def run(
        self, spec: EngineSpec, jobs: Iterable[Job], on_event: Listener, cancel: Cancel
    ) -> Iterator[Done | Failed]:
        """Do all jobs, and count."""
        for result in super().run(spec, jobs, on_event, cancel):
            if isinstance(result, Done):
                LOADS.get().update(loaded(spec, result))
            yield result


def measured(what: str, work: Callable[[], None]) -> Run:
    """What is loaded by the workers of all runs within `work`."""
    loads: Counter[str] = Counter()
    LOADS.set(loads)
    work()
    return Run(what, loads)


def loaded(spec: EngineSpec, done: Done) -> dict[str, int]:
    """The component that a worker loaded for a job, by what it says."""
    facts, request = done.rendered.facts, done.job.request
    if isinstance(request, ReadRequest):
        return {request.reading.kind.upper(): int(facts["loads"])}
    return {spec.kind: int("load_seconds" in facts)} if spec.model else {}


def megabytes(folder: Path, *parts: str) -> float:
    """Of the weights' files of a checkpoint's parts."""
    files = (file for part in parts for file in (folder / part).glob("*.safetensors"))
    return sum(file.stat().st_size for file in files) / 1e6


def gigabytes(model: str, *parts: str) -> float:
    """Of the weights of a real model's parts, in 16 bit, as its contract gives them."""
    return sum(contract(model).weights[part] for part in parts)


def table(runs: Iterable[Run], mb: Sizes, gb: Sizes) -> None:
    """Print the loads of every run, and what they moved."""
    print(f"{'':<26}" + "".join(f"{name:>9}" for name in COMPONENTS) + f"{'MB':>8}{'GB':>8}")
    for run in runs:
        counts = "".join(f"{run.loads[name]:>9}" for name in COMPONENTS)
        print(f"{run.what:<26}{counts}{run.moved(mb):>8.2f}{run.moved(gb):>8.1f}")


if __name__ == "__main__":
    sys.exit(main())
