"""From story to film, in order: what would run and why (`plan`), and running it (`make`).

    story ── storyboard ── keyframes ──┬── reel
                                       └── clips ── film

Stage by stage, not shot by shot: each engine is opened once for the whole film. One
shot's failure is one shot's failure: the others go on, and the next `make` does only
what is missing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from studio.documents import changed_document
from studio.errors import Interrupted, SelectionError, StudioError
from studio.events import Listener, Note
from studio.executors import Cancel, Executor
from studio.executors.local import LocalExecutor
from studio.project import Project, write_atomic
from studio.runlog import logged
from studio.scaffold import write_schemas
from studio.schema.storyboard import TakeKind
from studio.schema.take import Take
from studio.selection import select
from studio.stages.clips import Clips
from studio.stages.film import FilmStep, ReelStep
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production, crew_of, open_production
from studio.stages.takes import Outcome, Step, TakeStage, require
from studio.stages.write import write_storyboard
from studio.takes import Standing, State, Takes

Goal = Literal["storyboard", "keyframes", "reel", "clips", "film"]

STAGES: dict[Goal, tuple[type[TakeStage], ...]] = {
    "storyboard": (),
    "keyframes": (Keyframes,),
    "reel": (Keyframes,),
    "clips": (Keyframes, Clips),
    "film": (Keyframes, Clips),
}
"""The take stages that lead to each goal, in order."""


@dataclass(frozen=True)
class Plan:
    """Every step that would run, and what a person should know besides."""

    steps: list[Step]
    notes: list[str]
    drift: dict[str, str] = field(default_factory=dict)


@dataclass
class Made:
    """What a run did."""

    rendered: list[Outcome] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    film: Path | None = None
    seconds: float = 0.0


def states_of(production: Production, shot: str) -> set[State]:
    """The states of a shot's keyframe and clip."""
    return {stage(production).standing(shot).state for stage in (Keyframes, Clips)}


def selected(production: Production, expressions: Sequence[str]) -> list[str]:
    """The shots that --select means. Raises SelectionError."""
    return select(production, expressions, lambda shot: states_of(production, shot))


def plan(project: Project, goal: Goal = "film", selection: Sequence[str] = ()) -> Plan:
    """What `make` would do. Reads only. Raises StudioError where the project does not hold."""
    production = open_production(project)
    if production is None:
        _, notes = crew_of(project, project.read_film())
        project.read_story()
        if selection:
            raise SelectionError(
                "--select: there is no storyboard yet", "write one with: studio write"
            )
        first = Step("storyboard", None, "no storyboard yet")
        return Plan([first], [*notes, "the other steps are known once the storyboard is written"])
    shots = selected(production, selection)
    stages = [stage(production) for stage in STAGES[goal]]
    steps = [step for stage in stages for step in stage.plan(shots)]
    drift = {
        f"{stage.kind} {shot}": text
        for stage in stages
        for shot in shots
        if (text := stage.drift(shot))
    }
    whole = FilmStep if goal == "film" else ReelStep if goal == "reel" else None
    if whole is not None and not selection:
        reason = whole(production).reason(changed=bool(steps))
        if reason:
            steps.append(Step(goal, None, reason))
    return Plan(steps, production.notes, drift)


def write(project: Project, on_event: Listener) -> None:
    """Write the storyboard where there is none. Raises StudioError."""
    film = project.read_film()
    crew, notes = crew_of(project, film)
    for note in notes:
        on_event(Note(note))
    with _held(project, "write", on_event) as (_, listen):
        write_storyboard(project, film, crew["writer"], listen)


def make(
    project: Project,
    goal: Goal,
    selection: Sequence[str],
    on_event: Listener,
    cancel: Cancel,
    *,
    clean_reel: bool = False,
) -> Made:
    """Bring the project to the goal, rendering only what is not fresh.

    Raises StudioError where nothing can begin, Interrupted where `cancel` was asked; what
    was finished by then is kept.
    """
    began = time.monotonic()
    made = Made()
    with _held(project, f"make --to {goal}", on_event) as (executor, listen):
        film = project.read_film()
        crew, _ = crew_of(project, film)
        if not project.storyboard_file.exists():
            if selection:
                raise SelectionError(
                    "--select: there is no storyboard yet", "write one with: studio write"
                )
            write_storyboard(project, film, crew["writer"], listen)
            made.rendered.append(Outcome("storyboard", None))
            _stop_if(cancel)
        if goal == "storyboard":
            made.seconds = time.monotonic() - began
            return made
        production = open_production(project)
        assert production is not None  # noqa: S101 - written above
        for note in production.notes:
            listen(Note(note))
        shots = selected(production, selection)
        for stage in STAGES[goal]:
            for outcome in stage(production).run(shots, executor, listen, cancel):
                (made.failed if outcome.error else made.rendered).append(outcome)
            _stop_if(cancel)
        if goal == "film":
            _assemble(FilmStep(production), made, listen, cancel)
        elif goal == "reel":
            _assemble(ReelStep(production, clean=clean_reel), made, listen, cancel)
    made.seconds = time.monotonic() - began
    return made


def retake(
    project: Project,
    kind: TakeKind,
    selection: Sequence[str],
    count: int,
    on_event: Listener,
    cancel: Cancel,
) -> Made:
    """Render `count` more variations of each selected shot. Raises StudioError."""
    began = time.monotonic()
    made = Made()
    with _held(project, f"retake {kind}", on_event) as (executor, listen):
        production = open_production(project)
        if production is None:
            raise StudioError("there is no storyboard yet", "write one with: studio make")
        shots = selected(production, selection)
        if kind == "clip":
            for outcome in Keyframes(production).run(shots, executor, listen, cancel):
                (made.failed if outcome.error else made.rendered).append(outcome)
            _stop_if(cancel)
        stage = {"keyframe": Keyframes, "clip": Clips}[kind](production)
        for outcome in stage.retake(shots, count, executor, listen, cancel):
            (made.failed if outcome.error else made.rendered).append(outcome)
        _stop_if(cancel)
    made.seconds = time.monotonic() - began
    return made


@dataclass(frozen=True)
class ShotStatus:
    """Where one shot stands."""

    id: str
    keyframe: Standing
    clip: Standing
    seconds: Fraction
    action: str


@dataclass(frozen=True)
class Status:
    """Where the selected shots, the film and the engines stand; `film` is fresh, stale or
    missing, `seconds` its planned length."""

    shots: list[ShotStatus]
    film: State
    seconds: Fraction
    engines: list[str]

    @property
    def all_fresh(self) -> bool:
        """Whether nothing is left to make."""
        shots = all(one.keyframe.state == one.clip.state == "fresh" for one in self.shots)
        return shots and self.film == "fresh"


def status(project: Project, selection: Sequence[str] = ()) -> Status:
    """Where everything stands. Reads only. Raises StudioError."""
    production = open_production(project)
    if production is None:
        return Status([], "missing", Fraction(0), ["there is no storyboard yet: studio make"])
    keyframes, clips, film = Keyframes(production), Clips(production), FilmStep(production)
    shots = []
    for shot in selected(production, selection):
        fields = production.shots[shot][1]
        seconds = production.slots[shot].frames / production.film.rate.fps
        shots.append(
            ShotStatus(shot, keyframes.standing(shot), clips.standing(shot), seconds, fields.action)
        )
    state: State = "stale" if film.out.is_file() else "missing"
    if not film.reason(changed=False):
        state = "fresh"
    engines = [
        f"{kind} {spec.name}: {spec.engine_class().about}"
        for kind, spec in production.crew.items()
        if kind in ("painter", "animator")
    ]
    return Status(shots, state, production.timeline.seconds, engines)


@dataclass(frozen=True)
class ListedTake:
    """A take as it is listed; `file` is None for a failed one."""

    take: Take
    current: bool
    circled: bool
    file: Path | None


def takes_of(project: Project, shot: str) -> list[ListedTake]:
    """Every take of a shot, by kind and number. Raises StudioError for an unknown shot."""
    production = open_production(project)
    if production is None:
        raise StudioError("there is no storyboard yet", "write one with: studio make")
    require(production, [shot])
    listed = []
    for stage in (Keyframes(production), Clips(production)):
        standing = stage.standing(shot)
        for take in production.takes.of(shot, stage.kind):
            current = take == standing.current
            file = production.takes.path(take) if take.files else None
            listed.append(ListedTake(take, current, current and standing.circled, file))
    return listed


def circle(project: Project, shot: str, kind: TakeKind, number: int | None) -> None:
    """Circle a take in storyboard.yaml, or none. Raises StudioError where it is not there."""
    production = open_production(project)
    if production is None:
        raise StudioError("there is no storyboard yet", "write one with: studio make")
    require(production, [shot])
    good = [take.number for take in production.takes.of(shot, kind) if take.status == "good"]
    if number is not None and number not in good:
        known = ", ".join(str(one) for one in good) or "none"
        raise StudioError(f"{shot} has no good {kind} take {number}", f"takes there: {known}")

    def change(document: Any) -> None:
        fields = next(
            each for scene in document["scenes"] for each in scene["shots"] if each["id"] == shot
        )
        if number is not None:
            if not isinstance(fields.get("takes"), dict):
                fields["takes"] = {}
            fields["takes"][kind] = number
        elif kind in (fields.get("takes") or {}):
            del fields["takes"][kind]
            if not fields["takes"]:
                del fields["takes"]

    write_atomic(project.storyboard_file, changed_document(project.storyboard_file, change))


def prompts(project: Project) -> dict[tuple[str, str], str]:
    """The filled-in prompt of every (step, shot); empty while there is no storyboard."""
    production = open_production(project)
    if production is None:
        return {}
    write_prompt = production.prompter
    texts = {}
    for shot, (scene, fields) in production.shots.items():
        texts["keyframe", shot] = write_prompt.keyframe(scene, fields)
        texts["clip", shot] = write_prompt.motion(scene, fields)
    return texts


def _assemble(step: FilmStep, made: Made, on_event: Listener, cancel: Cancel) -> None:
    lacking = step.lacking()
    if lacking:
        shown = ", ".join(lacking[:3]) + (" …" if len(lacking) > 3 else "")
        on_event(
            Note(
                f"the {step.goal} waits for {len(lacking)} shots: {shown}"
                " (studio make renders them; studio make --to reel shows what there is)",
                warning=True,
            )
        )
        return
    if step.reason(changed=False):
        step.run(on_event, cancel)
        made.rendered.append(Outcome(step.goal, None))
    made.film = step.out


def _stop_if(cancel: Cancel) -> None:
    if cancel.is_set():
        raise Interrupted("stopped; every finished take is kept", "go on with the same command")


@contextmanager
def _held(project: Project, what: str, on_event: Listener) -> Iterator[tuple[Executor, Listener]]:
    """The project, locked and tidied for a run: its executor, and a listener that logs."""
    with project.locked(f"studio {what}"):
        scratch = project.studio_folder / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        Takes(project).recover()
        write_schemas(project)
        with logged(project.studio_folder, on_event) as listen:
            yield LocalExecutor(scratch), listen
