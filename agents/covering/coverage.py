"""Coverage that cuts together: the rules of a scene's shots, each as one function that tells what
breaks it and gives the shots with it mended.

The rules read the shots' fields, never their words. The order of RULES is the order of mending: a
later rule breaks no earlier one, so shots that were mended once hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from studio.schema.storyboard import At, Facing, Framing, Presence, Shot, Size
from studio.schema.time import CUT

SIZES: tuple[Size, ...] = get_args(Size)
"""From the closest to the widest."""
WIDE: tuple[Size, ...] = ("MLS", "LS", "ELS")
CLOSE: tuple[Size, ...] = ("ECU", "CU", "MCU")
STEPS = 2
"""So many sizes lie between two shots that cut together without another angle."""
ESTABLISHED = 3
"""Shots from which on a scene shows its place."""
STEADY = ("static", "handheld")
"""Movements that may be repeated: the one is none, the other a manner."""
OPPOSITE: dict[Facing | None, Facing | None] = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Ruled:
    """Shots that keep a rule, and what broke it, in words for the model."""

    shots: list[Shot]
    reasons: list[str]


Rule = Callable[[Sequence[Shot]], Ruled]


def faults(shots: Sequence[Shot]) -> list[str]:
    """Every reason why a scene's shots do not cut together."""
    return [reason for rule in RULES for reason in rule(shots).reasons]


def mended(shots: Sequence[Shot]) -> list[Shot]:
    """The shots so that they have no faults: the same people, words and order, seen otherwise."""
    for rule in RULES:
        shots = rule(shots).shots
    return list(shots)


def _once(shots: Sequence[Shot]) -> Ruled:
    """Nobody is in a shot twice."""
    out, reasons = [], []
    for number, shot in enumerate(shots, 1):
        cast = list({person.who: person for person in reversed(shot.cast)}.values())[::-1]
        if len(cast) < len(shot.cast):
            reasons.append(f"shot {number}: somebody is in it twice")
        out.append(shot.model_copy(update={"cast": cast}))
    return Ruled(out, reasons)


def _heard(shots: Sequence[Shot]) -> Ruled:
    """Who speaks on screen is in the shot, who speaks off screen is not."""
    out, reasons = [], []
    for number, shot in enumerate(shots, 1):
        present, lines = people(shot), []
        for line in shot.dialogue:
            if line.heard == "on" and line.who not in present:
                reasons.append(
                    f"shot {number}: {line.who} speaks on screen and is not in the shot:"
                    " show the speaker, or let the line be heard off"
                )
                line = line.model_copy(update={"heard": "off"})
            elif line.heard == "off" and line.who in present:
                reasons.append(f"shot {number}: {line.who} is seen, so the line is heard on")
                line = line.model_copy(update={"heard": "on"})
            lines.append(line)
        out.append(shot.model_copy(update={"dialogue": lines}))
    return Ruled(out, reasons)


def _sides(shots: Sequence[Shot]) -> Ruled:
    """Two people in one frame stand apart, and on the same sides as before; who changes sides
    looks the other way."""
    out, reasons = [], []
    left_of: dict[frozenset[str], str] = {}
    for number, shot in enumerate(shots, 1):
        if len(shot.cast) == 2 and all(person.at for person in shot.cast):
            one, other = shot.cast
            pair = frozenset((one.who, other.who))
            together = one.at == other.at
            left = other.who if _place(other) < _place(one) else one.who
            if together and one.facing == "left":
                left = other.who
            known = left_of.setdefault(pair, left)
            if together or known != left:
                reasons.append(
                    f"shot {number}: {one.who} and {other.who} "
                    + ("stand in one spot" if together else "have changed sides")
                    + f": {known} is on the left"
                )
                apart = [_at(p, "left" if p.who == known else "right") for p in shot.cast]
                if known != left:
                    apart = [_facing(p, OPPOSITE.get(p.facing, p.facing)) for p in apart]
                shot = shot.model_copy(update={"cast": apart})
        out.append(shot)
    return Ruled(out, reasons)


def _line(shots: Sequence[Shot]) -> Ruled:
    """The camera stays on one side: who looks left, alone in the frame, keeps looking left until a
    shot that shows them from the front, from behind, or with somebody; who speaks to one another
    from shot to shot looks opposite ways."""
    out: list[Shot] = []
    reasons = []
    looks: dict[str, Facing | None] = {}
    for number, shot in enumerate(shots, 1):
        cast = []
        for person in shot.cast:
            held = looks.get(person.who)
            if held and len(shot.cast) == 1 and person.facing == OPPOSITE[held]:
                reasons.append(
                    f"shot {number}: {person.who} looks {person.facing}, and {held} before: the"
                    f" camera has crossed the line; {person.who} keeps looking {held}"
                )
                person = _facing(person, held)
            cast.append(person)
        talk = (_speaking(out[-1]), _speaking(shot)) if out else (None, None)
        if talk[0] and talk[1] and talk[0].who != talk[1].who:
            before, after = talk[0].facing, cast[0].facing
            if before == after and after in OPPOSITE:
                reasons.append(
                    f"shot {number}: {talk[0].who} and {talk[1].who} speak to each other and both"
                    f" look {after}: their eyelines meet where they look opposite ways"
                )
                held = looks.get(cast[0].who)
                cast[0] = _facing(cast[0], "camera" if held else OPPOSITE[after])
        for person in cast:
            if person.facing in OPPOSITE:
                looks[person.who] = person.facing
            elif person.facing:
                looks.pop(person.who, None)
        out.append(shot.model_copy(update={"cast": cast}))
    return Ruled(out, reasons)


def _framed(shots: Sequence[Shot]) -> Ruled:
    """A framing holds whom its name says."""
    out, reasons = [], []
    for number, shot in enumerate(shots, 1):
        near = [shots[at] for at in (number - 2, number) if 0 <= at < len(shots)]
        if why := _misframed(shot, near):
            reasons.append(f"shot {number}: {why}")
            shot = shot.model_copy(update={"framing": _framing(shot)})
        out.append(shot)
    return Ruled(out, reasons)


def _misframed(shot: Shot, near: Iterable[Shot]) -> str:
    """Why a shot's framing does not fit its people; empty where it does."""
    count = len(people(shot))
    on_screen = any(line.heard == "on" for line in shot.dialogue)
    if shot.framing == "insert" and (count > 1 or on_screen):
        return "an insert shows a thing and at most one person's hands, and nobody speaks in it"
    if shot.framing == "POV" and not any(people(other) - people(shot) for other in near):
        return (
            "a POV needs, in the shot before or after it, the person whose eyes it is, who is not"
            " in the POV itself"
        )
    if shot.framing == "over-the-shoulder" and count < 2:
        return "an over-the-shoulder shot needs two people: whose shoulder, and who is seen"
    if shot.framing == "two-shot" and count != 2:
        return f"a two-shot has two people, this one has {count}"
    if shot.framing == "single" and count > 1:
        return f"a single has one person, this one has {count}"
    return ""


def _established(shots: Sequence[Shot]) -> Ruled:
    """A scene of three or more shots shows its place in the first, or after a detail in the
    second."""
    shots = list(shots)
    if len(shots) < ESTABLISHED or any(_establishes(shot) for shot in shots[:2]):
        return Ruled(shots, [])
    first = shots[0].model_copy(update={"size": "LS", "framing": _framing(shots[0])})
    return Ruled(
        [first, *shots[1:]],
        ["shot 1: the scene does not show its place: make the first shot MLS, LS or ELS"],
    )


def _establishes(shot: Shot) -> bool:
    return shot.size in WIDE and shot.framing not in ("insert", "over-the-shoulder")


def _sized(shots: Sequence[Shot]) -> Ruled:
    """Nobody is cut out of the frame by its size."""
    out, reasons = [], []
    for number, shot in enumerate(shots, 1):
        allowed = _sizes(shot)
        if shot.size not in allowed:
            size = min(allowed, key=lambda one: _apart(one, shot.size))
            who = f"{len(shot.cast)} people" if shot.cast else "nobody"
            reasons.append(
                f"shot {number}: {shot.size} does not suit a framing of {shot.framing} with {who}:"
                f" use {', '.join(allowed)}"
            )
            shot = shot.model_copy(update={"size": size})
        out.append(shot)
    return Ruled(out, reasons)


def _jumps(shots: Sequence[Shot]) -> Ruled:
    """Two neighbours that show the same people differ by two sizes, or by angle or framing.
    Where nobody is seen, they show different things."""
    out = list(shots[:1])
    reasons = []
    for number, (before, shot) in enumerate(pairwise(shots), 2):
        if _is_jump(before, shot):
            reasons.append(
                f"shot {number} jumps: the same people from the same angle as in shot"
                f" {number - 1}, {before.size} to {shot.size}: change the size by two steps, or"
                " the angle, or the framing"
            )
        out.append(_moved_off(shot, out[-1]))
    return Ruled(out, reasons)


def _moved_off(shot: Shot, before: Shot) -> Shot:
    """A shot without a jump from the one before: with the nearest size that cuts. There is one:
    the sizes of every framing reach two steps from each of them."""
    if not _is_jump(before, shot):
        return shot
    sizes = [size for size in _sizes(shot) if _apart(size, before.size) >= STEPS]
    size = min(sizes, key=lambda one: _apart(one, shot.size))
    return shot.model_copy(update={"size": size})


def _varied(shots: Sequence[Shot]) -> Ruled:
    """A scene of three or more shots is not all of one size."""
    shots = list(shots)
    if len(shots) < ESTABLISHED or len({shot.size for shot in shots}) > 1:
        return Ruled(shots, [])
    last = shots[-1]
    others = [size for size in _sizes(last) if size != last.size]
    size = min(others, key=lambda one: (abs(_apart(one, last.size) - STEPS), SIZES.index(one)))
    return Ruled(
        [*shots[:-1], last.model_copy(update={"size": size})],
        [f"all shots are {last.size}: vary the sizes, closer as it matters more"],
    )


def _moves(shots: Sequence[Shot]) -> Ruled:
    """The camera does not make one movement twice in a row."""
    out = list(shots[:1])
    reasons = []
    for number, (before, shot) in enumerate(pairwise(shots), 2):
        if shot.movement == before.movement and shot.movement not in STEADY:
            reasons.append(f"shot {number}: {shot.movement} again: hold still, or move otherwise")
        if shot.movement == out[-1].movement and shot.movement not in STEADY:
            shot = shot.model_copy(update={"movement": "static"})
        out.append(shot)
    return Ruled(out, reasons)


def _continuous(shots: Sequence[Shot]) -> Ruled:
    """Inside a scene time runs on: shots are cut, or dissolved where some of it is left out."""
    out = list(shots[:1])
    reasons = []
    for number, shot in enumerate(shots[1:], 2):
        if shot.transition.kind not in ("cut", "dissolve"):
            reasons.append(
                f"shot {number}: {shot.transition.kind} inside a scene: cut, or dissolve where"
                " time passes"
            )
            shot = shot.model_copy(update={"transition": CUT})
        out.append(shot)
    return Ruled(out, reasons)


RULES: tuple[Rule, ...] = (
    _once,
    _heard,
    _sides,
    _line,
    _framed,
    _established,
    _sized,
    _jumps,
    _varied,
    _moves,
    _continuous,
)


def people(shot: Shot) -> set[str]:
    """Who is in a shot."""
    return {person.who for person in shot.cast}


def _is_jump(before: Shot, shot: Shot) -> bool:
    alike = (before.angle, before.framing, people(before)) == (
        shot.angle,
        shot.framing,
        people(shot),
    )
    seen = people(shot) and shot.framing != "insert"
    return bool(alike and seen and _apart(before.size, shot.size) < STEPS)


def _sizes(shot: Shot) -> tuple[Size, ...]:
    """The sizes that suit a shot's framing and people."""
    if shot.framing == "insert":
        return CLOSE
    if shot.framing == "over-the-shoulder":
        return ("CU", "MCU", "MS", "MLS")
    return SIZES[{0: 0, 1: 0, 2: 2}.get(len(people(shot)), 3) :]


def _framing(shot: Shot) -> Framing:
    """The framing that a shot's people make by themselves."""
    if len(shot.cast) < 2:
        return "single"
    return "two-shot" if len(shot.cast) == 2 else "group"


def _apart(one: Size, other: Size) -> int:
    return abs(SIZES.index(one) - SIZES.index(other))


def _speaking(shot: Shot) -> Presence | None:
    """Who speaks on screen, alone in the frame."""
    if len(shot.cast) != 1 or shot.framing == "POV":
        return None
    return shot.cast[0] if any(line.heard == "on" for line in shot.dialogue) else None


def _place(person: Presence) -> int:
    return get_args(At).index(person.at)


def _at(person: Presence, at: At) -> Presence:
    return person.model_copy(update={"at": at})


def _facing(person: Presence, facing: Facing | None) -> Presence:
    return person.model_copy(update={"facing": facing})
