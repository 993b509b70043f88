"""Continuity: every shot with prompts that hold, by code first, by the language model second.

    prompter ── checks, repairs by code ── continuity ── mending, two rounds at most

What code cannot bring to hold stays unwritten (None) and is composed from the shot's fields when
it is used; one note says how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field, create_model

from agents.asking import SHOWN, Answer, Asker, Question, Unanswered
from agents.bible import Bible, Framed, ScenePlan, sheet
from agents.pages import filled, quoted
from agents.prompter import (
    Order,
    Settled,
    Shared,
    ordered,
    question,
    scene_sheet,
    settled,
    shared,
)
from agents.reading.parts import tokens_in
from agents.wording.slate import Which
from studio.engines.requests import Brief
from studio.models import Budget
from studio.prompts import Prompter
from studio.schema.storyboard import Shot, Storyboard

ROLE = "continuity"
ROUNDS = 2
"""How often prompts are mended at most."""
MOST = 8
"""Contradictions of one answer."""
ROOM = 1300
"""Tokens of an answer."""
NAMED = 4
"""Shots that a note names at most."""


class Contradiction(Answer):
    """What the story, or another shot, contradicts in a shot."""

    shot: str
    what: str = Field(min_length=1, max_length=200)


class Contradictions(Answer):
    """Those of a scene."""

    contradictions: list[Contradiction] = Field(max_length=MOST)


def contradictions_in(shots: Sequence[str]) -> type[Contradictions]:
    """The schema of an answer about these shots, and no others."""
    ids: Any = Literal[tuple(shots)]
    one = create_model("Contradiction", __base__=Contradiction, shot=(ids, ...))
    many: Any = list[one]
    return create_model(
        "Contradictions", __base__=Contradictions, contradictions=(many, Field(max_length=MOST))
    )


EXAMPLE_SCHEMAS: tuple[type[Answer], ...] = (
    contradictions_in(["sc010_sh010"]),
    contradictions_in(["sc010_sh010", "sc010_sh020"]),
)


@dataclass
class _Log:
    """What is to be said of the work."""

    by_code: set[str] = field(default_factory=set)
    objected: set[str] = field(default_factory=set)
    standing: set[str] = field(default_factory=set)
    unchecked: set[str] = field(default_factory=set)


async def prompted(
    asker: Asker,
    bible: Bible,
    brief: Brief,
    boards: Sequence[tuple[ScenePlan, Sequence[Framed]]],
    keyframe: Budget,
    motion: Budget,
    *,
    context: int,
    note: Callable[[str], None],
) -> list[list[Shot]]:
    """The shots of each scene with their prompts; None for one that does not hold. `context` is
    the tokens that a question and its answer share; `note` hears one line, where not everything
    went well."""
    prompter = Prompter(bible.look, _storyboard(bible, boards))
    orders = {
        framed.shot.id: ordered(plan, framed, prompter, keyframe, motion)
        for plan, board in boards
        for framed in board
    }
    log = _Log()
    before = shared("prompter", bible, brief, context)
    answers = await asker.ask_all([question(order, before, context) for order in orders.values()])
    prompts = {
        id_: settled(answer, order)
        for (id_, order), answer in zip(orders.items(), answers, strict=True)
    }
    log.by_code |= {id_ for id_, one in prompts.items() if one.by_code}
    plans = [plan for plan, board in boards if board]
    supervisor = shared(ROLE, bible, brief, context)
    for _ in range(ROUNDS):
        found = await _found(asker, plans, orders, prompts, supervisor, context, log)
        if not found:
            break
        mended = await _mended(asker, orders, prompts, found, before, context, log)
        prompts |= mended
        plans = [plan for plan in plans if any(orders[id_].plan is plan for id_ in mended)]
    if said := _said(prompts, log):
        note(said)
    return [
        [_with(framed.shot, prompts[framed.shot.id]) for framed in board] for _, board in boards
    ]


@dataclass(frozen=True)
class _Part:
    """Shots of a scene that are looked at in one question."""

    shots: tuple[str, ...]
    question: Question[Contradictions]


async def _found(
    asker: Asker,
    plans: Sequence[ScenePlan],
    orders: Mapping[str, Order],
    prompts: Mapping[str, Settled],
    before: Shared,
    context: int,
    log: _Log,
) -> dict[str, list[str]]:
    """What continuity finds in these scenes, by shot."""
    parts: list[_Part] = []
    for plan in plans:
        own = [order for order in orders.values() if order.plan is plan]
        parts += _parts(plan, own, prompts, before, context)
        log.unchecked |= {order.id for order in own} - {id_ for part in parts for id_ in part.shots}
    answers = await asker.ask_all([part.question for part in parts])
    found: dict[str, list[str]] = {}
    for part, answer in zip(parts, answers, strict=True):
        if isinstance(answer, Unanswered):
            log.unchecked |= set(part.shots)
            continue
        for one in answer.contradictions:
            found.setdefault(one.shot, []).append(one.what)
    log.objected |= set(found)
    return found


async def _mended(
    asker: Asker,
    orders: Mapping[str, Order],
    prompts: Mapping[str, Settled],
    found: Mapping[str, Sequence[str]],
    before: Shared,
    context: int,
    log: _Log,
) -> dict[str, Settled]:
    """New prompts for the shots in which something was found; where the mended ones do not hold,
    the shot keeps what it has."""
    questions = [
        question(
            orders[id_],
            before,
            context,
            mend=_texts(orders[id_], prompts[id_]),
            found=listed,
        )
        for id_, listed in found.items()
    ]
    mended: dict[str, Settled] = {}
    for id_, answer in zip(found, await asker.ask_all(questions), strict=True):
        new = settled(answer, orders[id_])
        log.standing -= {id_}
        if new.keyframe and new.motion:
            mended[id_] = new
        else:
            log.standing |= {id_}
    log.by_code |= {id_ for id_, one in mended.items() if one.by_code}
    return mended


def _parts(
    plan: ScenePlan,
    orders: Sequence[Order],
    prompts: Mapping[str, Settled],
    before: Shared,
    context: int,
) -> Iterator[_Part]:
    """The scene's shots, in as many questions as the context makes necessary. A shot that does
    not fit into one by itself is in none."""
    answer = min(ROOM, context // 4)
    scene = _scene(plan, orders[0], before, context)
    again = SHOWN // 2 + 400
    room = context - answer - again - tokens_in(before.system) - tokens_in(scene) - 100
    run: list[tuple[str, str]] = []
    left = room
    for order in orders:
        texts = _filled(order, prompts[order.id])
        needs = tokens_in(texts)
        if needs > room:
            continue
        if needs > left:
            yield _part(run, scene, before, answer)
            run, left = [], room
        run.append((order.id, texts))
        left -= needs
    if run:
        yield _part(run, scene, before, answer)


def _part(run: Sequence[tuple[str, str]], scene: str, before: Shared, answer: int) -> _Part:
    ids = tuple(id_ for id_, _ in run)
    shots = quoted("shots", "\n\n".join(text for _, text in run))
    task = filled(ROLE, "scene", scene=scene, shots=shots)
    schema = contradictions_in(ids)
    return _Part(ids, Question(ROLE, before.system, task, schema, answer, again=1))


def _scene(plan: ScenePlan, order: Order, before: Shared, context: int) -> str:
    """The scene with its part of the story; with its beats alone where that is too long."""
    prompter = order.keyframe.prompter
    told = scene_sheet(plan.scene, prompter, before.whole)
    if not before.whole:
        cast = {who: prompter.storyboard.cast[who] for who in plan.people}
        told = f"{told}\n{sheet(Bible(cast=cast))}"
    beats = "\n".join(
        f"- {beat.who}: {beat.text}" if beat.who else f"- {beat.text}" for beat in plan.beats
    )
    choices = [f"{told}\n\nstory:\n{plan.text}", f"{told}\n\nbeats:\n{beats}", told]
    fitting = (one for one in choices if tokens_in(one) <= context // 4)
    return quoted("scene", next(fitting, told))


def _filled(order: Order, prompts: Settled) -> str:
    texts = _texts(order, prompts)
    slate = order.keyframe
    return (
        f"{order.id}\nkeyframe: {slate.filled(texts['keyframe'])}\n"
        f"motion: {slate.filled(texts['motion'])}"
    )


def _texts(order: Order, prompts: Settled) -> dict[Which, str]:
    """A shot's prompts, composed from its fields where they are not written."""
    prompter, scene, shot = order.keyframe.prompter, order.plan.scene, order.framed.shot
    return {
        "keyframe": prompts.keyframe or prompter.keyframe(scene, shot),
        "motion": prompts.motion or prompter.motion(scene, shot),
    }


def _storyboard(bible: Bible, boards: Sequence[tuple[ScenePlan, Sequence[Framed]]]) -> Storyboard:
    return Storyboard(
        schema="storyboard/1",
        cast=dict(bible.cast),
        places=dict(bible.places),
        scenes=[
            plan.scene.model_copy(update={"shots": [framed.shot for framed in board]})
            for plan, board in boards
        ],
    )


def _with(shot: Shot, prompts: Settled) -> Shot:
    return shot.model_copy(update={"keyframe": prompts.keyframe, "motion": prompts.motion})


def _said(prompts: Mapping[str, Settled], log: _Log) -> str:
    """One line of what did not go as it should; empty where all did."""
    composed = {id_ for id_, one in prompts.items() if not (one.keyframe and one.motion)}
    facts = [
        (composed, "composed from their fields: the model's do not hold"),
        (log.by_code, "mended by code"),
        (log.objected - log.standing, "written again for continuity"),
        (log.standing - composed, "kept although continuity objects: no others hold"),
        (log.unchecked, "not looked at by continuity"),
    ]
    said = [f"{_named(sorted(ids))} {what}" for ids, what in facts if ids]
    return f"prompts of {len(prompts)} shots: {'; '.join(said)}" if said else ""


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{len(ids)} ({', '.join(ids[:NAMED])}{more})"
