"""From story to film, in order: what would run and why (`plan`), and running it (`make`).

    story ── storyboard ── (cast) ── keyframes ──┬── reel
                                                └── (approval) ── clips ── inbetweens ── film

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
from studio.errors import Interrupted, NotFresh, SelectionError, StudioError
from studio.events import Listener, Note
from studio.executors import Cancel
from studio.project import Project
from studio.schema.take import Kind, counted
from studio.selection import selected
from studio.session import held
from studio.stages import words
from studio.stages.budget import Until
from studio.stages.cast import SHEETS, SHEETS_IN_USE, FrontSheets, people_of
from studio.stages.clips import Clips
from studio.stages.film import FilmStep, ReelStep
from studio.stages.forecast import forecast
from studio.stages.gate import at_gate, named
from studio.stages.inbetweens import Inbetweens
from studio.stages.keyframes import Keyframes, keyframes_for_reel
from studio.stages.licences import licence_notes
from studio.stages.preparing import (
    affordable,
    halted,
    is_embedded,
    lacking_here,
    prepare,
    with_models,
)
from studio.stages.production import (
    Production,
    crew_of,
    open_production,
    written_production,
)
from studio.stages.refusals import refused
from studio.stages.takes import Outcome, Step, TakeStage
from studio.stages.write import write_storyboard

Goal = Literal["storyboard", "cast", "keyframes", "reel", "clips", "film"]

STAGES: dict[Goal, tuple[Callable[[Production], TakeStage], ...]] = {
    "storyboard": (),
    "cast": tuple(SHEETS.values()),
    "keyframes": (*SHEETS_IN_USE, Keyframes),
    "reel": (keyframes_for_reel,),
    "clips": (*SHEETS_IN_USE, Keyframes, Clips, Inbetweens),
    "film": (*SHEETS_IN_USE, Keyframes, Clips, Inbetweens),
}
"""The take stages that lead to each goal, in order."""


@dataclass(frozen=True)
class Plan:
    """Every step that would run, and what a person should know besides: `refused` holds what a
    model does not take, so that nothing would run; `forecasts` how the models are run here, and
    for how long."""

    steps: list[Step]
    notes: list[str]
    drift: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    forecasts: list[str] = field(default_factory=list)


@dataclass
class Made:
    """What a run did; `waiting` says which clips wait for approval, and what to do."""

    rendered: list[Outcome] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    film: Path | None = None
    seconds: float = 0.0
    waiting: NotFresh | None = None


def plan(project: Project, goal: Goal = "film", selection: Sequence[str] = ()) -> Plan:
    """What `make` would do. Reads only. Raises StudioError where the project does not hold,
    Missing where a model fits the card in no way."""
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
    notes = [
        *production.notes,
        *words.notes(production.takes, production.shots, production.writers),
        *licence_notes(production.film, production.crew),
    ]
    work = with_models(stages, shots)
    if found := refused(production, work):
        return Plan(steps, notes, drift, found)
    notes += lacking_here(work)
    if waits := halted(stages, shots):
        notes.append(f"{waits.message}; {waits.tip}")
    said = [str(one) for stage in stages if (one := forecast(stage, shots))]
    return Plan(steps, notes, drift, forecasts=said)


def make(
    project: Project,
    goal: Goal,
    selection: Sequence[str],
    on_event: Listener,
    cancel: Cancel,
    *,
    clean_reel: bool = False,
    yes: bool = False,
    budget: float | None = None,
) -> Made:
    """Bring the project to the goal, rendering only what is not fresh.

    Clips of a model wait until their keyframes are approved, unless `yes`. With a `budget` of
    seconds whole scenes are finished, and none is begun that would not be.

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
            prepare(production, with_models(stages, shots), executor, listen, cancel)
            _stop_if(cancel)
            for stage in STAGES[goal]:
                step, chosen, until = stage(production), shots, cancel
                if isinstance(step, Clips):
                    made.waiting = None if yes else halted([step], shots)
                    chosen = list(at_gate(step, shots, yes=yes).render)
                    if budget is not None:
                        chosen = affordable(step, chosen, began + budget, listen)
                        until = Until(cancel, began + budget)
                for outcome in step.run(chosen, executor, listen, until):
                    (made.failed if outcome.error else made.rendered).append(outcome)
                _stop_if(cancel)
                if later := [shot for shot in chosen if until.is_set() and step.reason(shot)]:
                    listen(Note(f"the budget is used up: {named(later)} wait for the next run"))
            if goal == "film" and made.waiting is None:
                _assemble(FilmStep(production), made, listen, cancel)
            elif goal == "reel":
                _assemble(ReelStep(production, clean=clean_reel), made, listen, cancel)
    made.seconds = time.monotonic() - began
    return made


def retake(
    project: Project,
    kind: Kind,
    selection: Sequence[str],
    count: int,
    on_event: Listener,
    cancel: Cancel,
) -> Made:
    """Render `count` more variations of each selected shot, of cast sheets of each person.
    Raises StudioError."""
    began = time.monotonic()
    made = Made()
    what = _asked(f"retake {kind} -n {count}", selection)
    with (
        held(project, what, on_event) as (executor, listen),
        _noted(project, what, made),
        _read_once(project, listen),
    ):
        production = written_production(project)
        shots = (people_of if kind in SHEETS else selected)(production, selection)
        borrowed = [] if kind in SHEETS else [s for s in shots if production.shown_of(s) != s]
        if borrowed:
            raise SelectionError(
                f"{borrowed[0]} shows the clip of {production.shown_of(borrowed[0])}",
                "retake that one, or take `from` away",
            )
        stage = _stage(kind)(production)
        before = [way(production) for way in _before(production, kind)]
        work = with_models(before, shots)
        if not is_embedded(stage):
            work.append((stage, stage.renders(shots)))
        prepare(production, work, executor, listen, cancel)
        _stop_if(cancel)
        for step in before:
            for outcome in step.run(shots, executor, listen, cancel):
                (made.failed if outcome.error else made.rendered).append(outcome)
            _stop_if(cancel)
        for outcome in stage.retake(shots, count, executor, listen, cancel):
            (made.failed if outcome.error else made.rendered).append(outcome)
        _stop_if(cancel)
    made.seconds = time.monotonic() - began
    return made


def _stage(kind: Kind) -> Callable[[Production], TakeStage]:
    if kind == "keyframe":
        return Keyframes
    return (
        Clips if kind == "clip" else next(sheets for one, sheets in SHEETS.items() if one == kind)
    )


def _before(production: Production, kind: Kind) -> tuple[Callable[[Production], TakeStage], ...]:
    """The stages whose takes those of a kind are made from."""
    if kind in ("profile", "full"):
        return (FrontSheets,) if production.crew["painter"].reads("references") else ()
    if kind == "keyframe":
        return SHEETS_IN_USE
    return (*SHEETS_IN_USE, Keyframes) if kind == "clip" else ()


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
    for kind, sheets in SHEETS.items():
        stage = sheets(production)
        texts |= {(kind, sheet): stage.prompt(sheet) for sheet in stage.renders(production.shots)}
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
        did = [f"{step} made" if step in STAGES else counted(n, step) for step, n in counts.items()]
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
