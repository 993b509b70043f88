"""What comes before the first picture and before the hours: which stages have a model to run, what
is refused, who gives the GPU back, which clips wait for approval, and which a budget allows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

from studio.engines.base import Llm
from studio.errors import Missing, NotFresh, StudioError
from studio.events import Listener, Note
from studio.executors import Cancel, Executor
from studio.residency import Residency
from studio.stages.budget import left, within
from studio.stages.clips import Clips
from studio.stages.forecast import cramped, forecast, need_card
from studio.stages.gate import at_gate, halt
from studio.stages.licences import licence_notes
from studio.stages.production import Production
from studio.stages.refusals import refused
from studio.stages.takes import TakeStage
from studio.stages.texts import read_texts
from studio.stages.writing import llm_of

Work = Sequence[tuple[TakeStage, Sequence[str]]]
"""Stages of models, each with the shots that it will render."""


def with_models(
    stages: Sequence[TakeStage], shots: Sequence[str]
) -> list[tuple[TakeStage, Sequence[str]]]:
    """The stages of models that have something to render, with the shots to render."""
    found: list[tuple[TakeStage, Sequence[str]]] = []
    for stage in stages:
        if is_embedded(stage):
            continue
        rendering = [shot for shot in stage.renders(shots) if stage.reason(shot)]
        if painted := [shot for shot in rendering if stage.spec_of(shot) == stage.spec]:
            found.append((stage, painted))
    return found


def is_embedded(stage: TakeStage) -> bool:
    """Whether there is no model behind the stage's engine."""
    return bool(stage.spec.engine_class().embedded)


def prepare(
    production: Production, work: Work, executor: Executor, on_event: Listener, cancel: Cancel
) -> None:
    """Everything that comes before the first picture: what a model does not take is refused, the
    GPU is handed over, and every prompt is read. Raises StudioError."""
    for note in licence_notes(production.film, production.crew):
        on_event(Note(note))
    if found := refused(production, work):
        more = f" (and {len(found) - 1} more: studio plan shows them)" if len(found) > 1 else ""
        raise StudioError(f"{found[0]}{more}", "nothing was rendered: change it, and go on")
    for stage, _ in work:
        need_card(stage.spec)
        stage.spec.ready()
    if any(cramped(stage) for stage, _ in work):
        _hand_over(production, on_event)
    for stage, shots in work:
        forecast(stage, shots)  # raises where the card, as it is now, is too small
    read_texts(work, production.texts, executor, on_event, cancel)


def _hand_over(production: Production, on_event: Listener) -> None:
    """The language model that is kept gives the GPU back to a painter or animator with a model
    that will render, and is slower or does not fit beside it."""
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


def lacking_here(work: Work) -> Iterator[str]:
    """What is said of what this machine lacks for the models: weights that are whole, a card."""
    for stage, _ in work:
        for needs in (stage.spec.ready, partial(need_card, stage.spec)):
            try:
                needs()
            except Missing as error:
                yield f"{error.message}; {error.tip}"


def halted(stages: Sequence[TakeStage], shots: Sequence[str]) -> NotFresh | None:
    """What is said of clips that wait for approval; None where none does."""
    clips = next((stage for stage in stages if isinstance(stage, Clips)), None)
    waiting = at_gate(clips, shots).waiting if clips else ()
    if clips is None or not waiting:
        return None
    expected = forecast(clips, waiting)
    if expected is None or expected.choice is None:
        return halt(waiting)
    return halt(waiting, sum(expected.seconds.values()), expected.choice.source)


def affordable(stage: Clips, shots: Sequence[str], until: float, on_event: Listener) -> list[str]:
    """Those of the shots whose clips are expected to be done by a moment of `time.monotonic`."""
    expected = forecast(stage, shots)
    if expected is None:
        return list(shots)
    scenes: dict[str, list[tuple[str, float]]] = {}
    for shot, seconds in expected.seconds.items():
        scene = stage.production.shots[shot][0].id
        scenes.setdefault(scene, []).append((shot, seconds))
    chosen = within(until - time.monotonic(), scenes)
    if later := [shot for shot in expected.seconds if shot not in chosen]:
        on_event(Note(left(later, lambda shot: expected.seconds[shot])))
    return [shot for shot in shots if shot in chosen]
