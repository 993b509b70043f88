"""How long shots last and how one passes into the next: durations that hold what is said and add
up to the scene's, transitions that fit the shots they join.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from agents.bible import Framed
from agents.covering.lines import spoken_seconds
from studio.schema.storyboard import Shot
from studio.schema.time import CUT, Duration, Transition, TransitionKind

SHORTEST, USUAL, LONGEST = 2, 5, 8
"""Seconds of a shot at least; at most where nothing longer is said in it, which with half a second
of handles at either side a clip of six seconds holds; and at most whatever is said."""
TOLERANCE = Fraction(1, 2)
"""How far an answer's length may lie beside the scene's, to which it is brought by rule."""
SPARE = Fraction(1, 2)
"""Seconds that a shot shows beside its transitions."""

TRANSITIONS: dict[TransitionKind, Transition] = {
    "cut": CUT,
    "dissolve": Transition("dissolve", Duration(Fraction(1, 2))),
    "fade from black": Transition("fade from black", Duration(Fraction(1))),
    "fade to black": Transition("fade to black", Duration(Fraction(1))),
    "dip to white": Transition("dip to white", Duration(Fraction(1, 2))),
}
LEFT_OUT = "left out for time"
"""What a shot's notes say of words that were to be spoken in it."""


def said_seconds(shot: Shot) -> Fraction:
    """How long a shot's narration and lines take to speak."""
    texts = [shot.narration, *(line.line for line in shot.dialogue)]
    return sum((spoken_seconds(text) for text in texts), Fraction(0))


def untimely(shots: Sequence[Shot], seconds: Fraction) -> list[str]:
    """Every reason why the shots' lengths do not hold, in words for the model."""
    reasons = []
    whole = sum((shot.duration.amount for shot in shots), Fraction(0))
    if abs(whole - max(seconds, Fraction(SHORTEST))) > TOLERANCE * seconds:
        reasons.append(
            f"the shots last {whole} s together, but the scene lasts {_in_words(seconds)} s"
        )
    if not hold(shots, seconds):
        said = sum(map(said_seconds, shots), Fraction(0))
        reasons.append(
            f"what is said takes {_in_words(said)} s, and the scene has {_in_words(seconds)} s in"
            f" {len(shots)} shots of {SHORTEST} to {LONGEST} s: say less, or in other shots"
        )
    return reasons


def timed(shots: Sequence[Shot], seconds: Fraction) -> list[Shot]:
    """The shots in whole half seconds that add up to `seconds`, each 2 s or more and as near to
    its present length as that allows; a scene shorter than 2 s is one shot.

    Shots last 5 s at most where they are enough for that, up to 8 s where what is said takes so
    long. Where `seconds` is no multiple of 1/2, the rest is the last shot's. Words that do not fit
    are left out, and stand in the shot's notes.
    """
    total = _steps(seconds)
    shots = list(shots)
    while (tight := _tight(shots, total)) is not None:
        shots[tight] = _quieter(shots[tight])
    least = [_least(shot, total) for shot in shots]
    whole = sum((shot.duration.amount for shot in shots), Fraction(0))
    ideal = [round(shot.duration.amount * total / whole) for shot in shots]
    most = _most(total, len(shots), USUAL)
    lengths = [max(low, min(most, wanted)) for low, wanted in zip(least, ideal, strict=True)]
    order = range(len(shots))
    while sum(lengths) > total:
        lengths[max(order, key=lambda at: (lengths[at] - least[at], lengths[at]))] -= 1
    while sum(lengths) < total:
        lengths[min(order, key=lambda at: (lengths[at] >= most, lengths[at] - ideal[at]))] += 1
    held = [Fraction(steps, 2) for steps in lengths]
    held[-1] += seconds - Fraction(total, 2)
    return [
        shot.model_copy(update={"duration": Duration(length)})
        for shot, length in zip(shots, held, strict=True)
    ]


def hold(shots: Sequence[Shot], seconds: Fraction) -> bool:
    """Whether all that the shots say can be said in a scene of `seconds`."""
    return _tight(shots, _steps(seconds)) is None


def noted(shot: Shot, why: str, text: str) -> Shot:
    """A shot whose notes say what it lacks, and why."""
    notes = f"{shot.notes}\n" if shot.notes else ""
    return shot.model_copy(update={"notes": f"{notes}{why}: {text}"})


class _Before(NamedTuple):
    """The shot before a transition: how long it lasts, and how much of its head is taken."""

    seconds: Fraction
    head: Fraction


UNKNOWN = _Before(Fraction(SHORTEST), Fraction(1))
"""A shot that is not known yet: as short, and its head as long, as they may be."""


def joined(scenes: Sequence[Sequence[Framed] | None]) -> list[list[Framed] | None]:
    """The film's scenes, None where one is not known, with transitions that fit: the first shot
    comes out of black; a transition that is too long for the shots it joins is a cut."""
    before: _Before | None = None
    out: list[list[Framed] | None] = []
    for scene in scenes:
        if scene is None:
            before = UNKNOWN
            out.append(None)
            continue
        made = []
        for framed in scene:
            shot = framed.shot
            wanted = shot.transition if before else TRANSITIONS["fade from black"]
            length = shot.duration.amount
            if not _fits(wanted, before, length):
                wanted = CUT
            before = _Before(length, _taken(wanted)[1])
            made.append(replace(framed, shot=shot.model_copy(update={"transition": wanted})))
        out.append(made)
    return out


def _fits(transition: Transition, before: _Before | None, seconds: Fraction) -> bool:
    tail, head = _taken(transition)
    if before and tail and before.head + tail > before.seconds - SPARE:
        return False
    return not head or head <= seconds - SPARE


def _taken(transition: Transition) -> tuple[Fraction, Fraction]:
    """How many seconds a transition takes of the shot before and of its own."""
    length = transition.length.amount if transition.length else Fraction(0)
    if transition.kind == "fade from black":
        return Fraction(0), length
    if transition.kind == "fade to black":
        return length, Fraction(0)
    return length / 2, length / 2


def _steps(seconds: Fraction) -> int:
    return int(seconds * 2)


def _least(shot: Shot, total: int) -> int:
    """Half seconds that a shot needs at least, in a scene of `total`."""
    return max(min(2 * SHORTEST, total), math.ceil(said_seconds(shot) * 2))


def _most(total: int, shots: int, seconds: int) -> int:
    """Half seconds that a shot may last: so many seconds, more where shots are too few for it."""
    return max(2 * seconds, math.ceil(total / shots))


def _tight(shots: Sequence[Shot], total: int) -> int | None:
    """The shot that has to say less; None where all words fit."""
    least = [_least(shot, total) for shot in shots]
    if sum(least) <= total and max(least) <= _most(total, len(shots), LONGEST):
        return None
    speaking = [at for at, shot in enumerate(shots) if shot.narration or shot.dialogue]
    return max(speaking, key=lambda at: least[at], default=None)


def _quieter(shot: Shot) -> Shot:
    """A shot without its narration; where it has none, without its last line."""
    if shot.narration:
        less, gone = {"narration": ""}, shot.narration
        return noted(shot.model_copy(update=less), LEFT_OUT, gone)
    *kept, last = shot.dialogue
    return noted(shot.model_copy(update={"dialogue": kept}), LEFT_OUT, f"{last.who}: {last.line}")


def _in_words(seconds: Fraction) -> str:
    return f"{float(seconds):.1f}".removesuffix(".0")
