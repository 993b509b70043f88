"""The prompter: a shot to its keyframe prompt and its motion prompt, with names in braces.

Its answers are tidied and checked by code (`faults`), and asked for again with every fault;
`settled` mends by code what stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from agents.asking import AGAIN, Answer, Question, Unanswered
from agents.bible import Bible, Framed, ScenePlan, sheet
from agents.pages import filled, quoted
from agents.reading.parts import tokens_in
from agents.wording.faults import faults
from agents.wording.repairs import repaired, tidied
from agents.wording.slate import Slate, Which
from studio.engines.requests import Brief
from studio.models import Budget
from studio.prompts import ANGLES, MOVES, Prompter
from studio.schema.storyboard import SIZE_NAMES, Presence, Scene

ROLE = "prompter"
ROOM = 1200
"""Tokens of an answer."""
WORDS = 130
"""Words of a prompt at most, however much its model reads."""


class Prompts(Answer):
    """Both prompts of a shot."""

    keyframe: str = Field(min_length=1, max_length=900)
    motion: str = Field(min_length=1, max_length=700)


EXAMPLE_SCHEMAS: tuple[type[Answer], ...] = (Prompts,)


@dataclass(frozen=True)
class Shared:
    """What goes before every question of a role; `whole` where it holds the whole bible, and a
    question need not say of whom it speaks."""

    system: str
    whole: bool


@dataclass(frozen=True)
class Order:
    """A shot that is to get its prompts, with a slate for each."""

    plan: ScenePlan
    framed: Framed
    keyframe: Slate
    motion: Slate

    @property
    def id(self) -> str:
        """The shot's."""
        return self.framed.shot.id


@dataclass(frozen=True)
class Settled:
    """Prompts as they may be used, None where they may not; `by_code` where code repaired them,
    and did more than tidy."""

    keyframe: str | None = None
    motion: str | None = None
    by_code: bool = False


def shared(role: str, bible: Bible, brief: Brief, context: int) -> Shared:
    """A role's page with the bible, as far as that takes no more than a third of the context."""
    whole = filled(role, "system", language=brief.language, sheet=quoted("bible", sheet(bible)))
    if tokens_in(whole) <= context // 3:
        return Shared(whole, True)
    bare = Bible(bible.logline, bible.look)
    told = filled(role, "system", language=brief.language, sheet=quoted("bible", sheet(bare)))
    return Shared(told, False)


def ordered(
    plan: ScenePlan, framed: Framed, prompter: Prompter, keyframe: Budget, motion: Budget
) -> Order:
    """A shot's order. `prompter` fills in names as the film will."""
    shot = framed.shot
    told = [shot.action, framed.first, framed.last]
    told += [word for who in shot.cast for word in (who.does, who.wears) if word]

    def slate(which: Which, budget: Budget) -> Slate:
        return Slate(plan.scene, shot, prompter, which, budget, " ".join(told))

    return Order(plan, framed, slate("keyframe", keyframe), slate("motion", motion))


def question(
    order: Order,
    before: Shared,
    context: int,
    mend: Mapping[Which, str] | None = None,
    found: Sequence[str] = (),
) -> Question[Prompts]:
    """What the prompter is asked for a shot; `found` is what is to be mended in the prompts
    `mend`: that is asked again once only."""
    shot, slate = order.framed.shot, order.keyframe
    task = filled(
        ROLE,
        "shot",
        scene=quoted("scene", scene_sheet(order.plan.scene, slate.prompter, before.whole)),
        shot=quoted("shot", _shot_sheet(order, before.whole)),
        names=" ".join(f"{{{name}}}" for name in _names(slate)),
        movement=MOVES[shot.movement],
        keyframe=str(_words(order.keyframe)),
        motion=str(_words(order.motion)),
        id=shot.id,
    )
    if mend is not None:
        prompts = quoted("prompts", "\n\n".join(f"{one}: {text}" for one, text in mend.items()))
        listed = quoted("found", "\n".join(f"- {one}" for one in found))
        task += "\n\n" + filled(ROLE, "mend", prompts=prompts, objections=listed)
    return Question(
        ROLE,
        before.system,
        task,
        Prompts,
        min(ROOM, context // 4),
        lambda answer: _reasons(answer, order),
        again=AGAIN if mend is None else 1,
    )


def settled(answer: Prompts | Unanswered, order: Order) -> Settled:
    """An answer's prompts, mended by code where they do not hold."""
    given = answer.last if isinstance(answer, Unanswered) else answer
    if not isinstance(given, Prompts):
        return Settled()
    keyframe, motion = tidied(given.keyframe, order.keyframe), tidied(given.motion, order.motion)
    first, then = repaired(keyframe, order.keyframe), repaired(motion, order.motion)
    return Settled(first, then, first not in (None, keyframe) or then not in (None, motion))


def scene_sheet(scene: Scene, prompter: Prompter, whole: bool) -> str:
    """A scene as the roles read it; with its place's looks where no bible says them."""
    place = prompter.storyboard.places[scene.place]
    lines = [
        f"{scene.id} {scene.heading}",
        f"place: {place.name}" + ("" if whole or not place.looks else f", {place.looks}"),
        f"time: {scene.time}" if scene.time else "",
        f"weather: {scene.weather}" if scene.weather else "",
        f"what happens: {scene.synopsis}" if scene.synopsis else "",
    ]
    return "\n".join(filter(None, lines))


def _shot_sheet(order: Order, whole: bool) -> str:
    shot, slate = order.framed.shot, order.keyframe
    people = [_presence(who, slate, whole) for who in shot.cast]
    lines = [
        f"{shot.id}: {SIZE_NAMES[shot.size]}, {shot.framing}, {ANGLES[shot.angle]};"
        f" lasts {shot.duration}",
        "in it, and nobody else:" if people else "nobody is in it",
        *people,
        f"action: {shot.action}" if shot.action else "",
        f"first frame: {order.framed.first}" if order.framed.first else "",
        f"last frame: {order.framed.last}" if order.framed.last else "",
    ]
    return "\n".join(filter(None, lines))


def _presence(who: Presence, slate: Slate, whole: bool) -> str:
    person = slate.cast[who.who]
    facts = [
        "" if whole else person.looks,
        f"wears {who.wears}" if who.wears else "",
        f"on the {who.at}" if who.at in ("left", "right") else who.at and "in the middle",
        f"facing {who.facing}" if who.facing else "",
        who.does,
    ]
    said = "; ".join(fact for fact in facts if fact)
    return f"- {{{who.who}}} {person.name}" + (f": {said}" if said else "")


def _names(slate: Slate) -> list[str]:
    words = [name for name in ("place", "look", "time", "weather") if slate.filled(f"{{{name}}}")]
    return [*slate.people, *words]


def _words(slate: Slate) -> int:
    """About how many words of the model's own a prompt has room for."""
    names = [*slate.people, "movement"]
    names = names if slate.which == "motion" else [*slate.people, "place", "look"]
    taken = slate.budget.count(slate.filled(" ".join(f"{{{name}}}" for name in names)))
    left = max(0, slate.budget.tokens - taken)
    return max(10, min(WORDS, left * 3 // 4 if slate.budget.exact else left // 2))


def _reasons(answer: Prompts, order: Order) -> list[str]:
    """Every fault of both prompts that code does not tidy; none where there is nothing but
    advice."""
    found = [
        (which, fault)
        for which, text, slate in (
            ("keyframe", answer.keyframe, order.keyframe),
            ("motion", answer.motion, order.motion),
        )
        for fault in faults(tidied(text, slate), slate)
    ]
    if all(fault.advice for _, fault in found):
        return []
    return [f"{which}: {fault.words}" for which, fault in found]
