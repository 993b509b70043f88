"""From story to film, in order: what would run and why (`plan`), and running it (`make`).

    story ── storyboard ── keyframes ──┬── reel
                                       └── clips ── film

Stage by stage, not shot by shot: each engine is opened once for the whole film. One
shot's failure is one shot's failure: the others go on, and the next `make` does only
what is missing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from studio import history
from studio.engines.base import Llm
from studio.errors import Interrupted, SelectionError, StudioError
from studio.events import Listener, Note
from studio.executors import Cancel
from studio.project import Project
from studio.residency import Residency
from studio.schema.storyboard import TakeKind
from studio.selection import selected
from studio.session import held
from studio.stages import words
from studio.stages.clips import Clips
from studio.stages.film import FilmStep, ReelStep
from studio.stages.keyframes import Keyframes, keyframes_for_reel
from studio.stages.production import (
    Production,
    crew_of,
    open_production,
    written_production,
)
from studio.stages.takes import Outcome, Step, TakeStage
from studio.stages.write import write_storyboard
from studio.stages.writing import llm_of

Goal = Literal["storyboard", "keyframes", "reel", "clips", "film"]

STAGES: dict[Goal, tuple[Callable[[Production], TakeStage], ...]] = {
    "storyboard": (),
    "keyframes": (Keyframes,),
    "reel": (keyframes_for_reel,),
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
        for shot in stage.renders(shots)
        if (text := stage.drift(shot))
    }
    whole = FilmStep if goal == "film" else ReelStep if goal == "reel" else None
    if whole is not None and not selection:
        reason = whole(production).reason(changed=bool(steps))
        if reason:
            steps.append(Step(goal, None, reason))
    prompts_said = words.notes(production.takes, production.shots, production.writers)
    return Plan(steps, [*production.notes, *prompts_said], drift)


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
    what = _asked(f"make --to {goal}", selection)
    with held(project, what, on_event) as (executor, listen), _noted(project, what, made):
        film = project.read_film()
        crew, _ = crew_of(project, film)
        if not project.storyboard_file.exists():
            if selection:
                raise SelectionError(
                    "--select: there is no storyboard yet", "write one with: studio write"
                )
            write_storyboard(project, film, crew["writer"], listen, cancel)
            made.rendered.append(Outcome("storyboard", None))
            _stop_if(cancel)
        if goal == "storyboard":
            made.seconds = time.monotonic() - began
            return made
        with _read_once(project, listen):
            production = written_production(project)
            for note in production.notes:
                listen(Note(note))
            shots = selected(production, selection)
            stages = [stage(production) for stage in STAGES[goal]]
            _hand_over(production, _with_models(stages, shots), listen)
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
    what = _asked(f"retake {kind} -n {count}", selection)
    with (
        held(project, what, on_event) as (executor, listen),
        _noted(project, what, made),
        _read_once(project, listen),
    ):
        production = written_production(project)
        shots = selected(production, selection)
        if borrowed := [shot for shot in shots if production.shown_of(shot) != shot]:
            raise SelectionError(
                f"{borrowed[0]} shows the clip of {production.shown_of(borrowed[0])}",
                "retake that one, or take `from` away",
            )
        stage = {"keyframe": Keyframes, "clip": Clips}[kind](production)
        before = [Keyframes(production)] if kind == "clip" else []
        _hand_over(production, [*_with_models(before, shots), stage], listen)
        if kind == "clip":
            for outcome in Keyframes(production).run(shots, executor, listen, cancel):
                (made.failed if outcome.error else made.rendered).append(outcome)
            _stop_if(cancel)
        for outcome in stage.retake(shots, count, executor, listen, cancel):
            (made.failed if outcome.error else made.rendered).append(outcome)
        _stop_if(cancel)
    made.seconds = time.monotonic() - began
    return made


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


def _with_models(stages: Sequence[TakeStage], shots: Sequence[str]) -> list[TakeStage]:
    """The stages of models that have something to render."""
    return [
        stage
        for stage in stages
        if not stage.spec.engine_class().embedded
        and any(stage.reason(shot) for shot in stage.renders(shots))
    ]


def _hand_over(production: Production, rendering: Sequence[TakeStage], on_event: Listener) -> None:
    """The language model that is kept gives the GPU back to a painter or animator with a model
    that will render."""
    if all(stage.spec.engine_class().embedded for stage in rendering):
        return
    if production.film.engines.llm is not None and "llm" not in production.crew:
        return  # one that is not known here, as its note says
    llm: Llm = llm_of(production.film).open()
    tenant = llm.tenant(production.project.studio_folder)
    if tenant is None:
        return
    gpu = Residency()
    gpu.take(tenant)
    if freed := gpu.clear():
        amount = "" if freed.bytes_ is None else f", {freed.bytes_ / 2**30:.1f} GB of the card free"
        on_event(Note(f"{tenant.name} is {freed.how}{amount}"))


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


def _asked(command: str, selection: Sequence[str]) -> str:
    return " ".join([command, *(f"--select {term}" for term in selection)])


@contextmanager
def _noted(project: Project, command: str, made: Made) -> Iterator[None]:
    """Notes in the project's log what a run rendered, also where it was interrupted."""
    try:
        yield
    except BaseException:
        with suppress(StudioError):  # what stopped the run is to be seen, and not this
            _note(project, command, made)
        raise
    _note(project, command, made)


def _note(project: Project, command: str, made: Made) -> None:
    if made.rendered or made.failed:
        counts = Counter(one.step for one in made.rendered)
        did = [
            f"{step} made" if step in STAGES else f"{n} {step}{'s' if n > 1 else ''}"
            for step, n in counts.items()
        ]
        if made.failed:
            did.append(f"{len(made.failed)} failed")
        history.note(project, command, ", ".join(did))


@contextmanager
def _read_once(project: Project, on_event: Listener) -> Iterator[None]:
    """A run uses what it read at its start; says so where a file was changed meanwhile."""
    files = [project.film_file, project.storyboard_file]
    before = [path.read_bytes() for path in files]
    yield
    changed = [
        path.name
        for path, content in zip(files, before, strict=True)
        if not path.is_file() or path.read_bytes() != content
    ]
    if changed:
        on_event(
            Note(
                f"{' and '.join(changed)} changed while this ran, which used what was there"
                " before: studio make renders the changes",
                warning=True,
            )
        )


def _stop_if(cancel: Cancel) -> None:
    if cancel.is_set():
        raise Interrupted("stopped; every finished take is kept", "go on with the same command")
