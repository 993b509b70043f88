"""A prompt that is too long, compressed clause by clause: what matters least goes whole, and
nothing is ever cut inside."""

from __future__ import annotations

import re

from agents.wording.clauses import Sentence, joined, parted
from agents.wording.slate import Slate
from studio.schema.check import BRACES

_AIR = re.compile(
    r"\b(?:mood|atmospher\w+|evok\w+|convey\w*|suggest\w*|sense of|feeling of|as if|as though"
    r"|symboli\w+|emphasi\w+|underscor\w+|highlight\w*|creating|adding)\b",
    re.IGNORECASE,
)


def trimmed(text: str, slate: Slate) -> str | None:
    """The prompt within its budget; None where that cannot be without losing what it must say:
    its opening, its people, {movement}, and the place and look of a keyframe."""
    parts = parted(text)
    while slate.budget.over(slate.filled(text)):
        spare = [
            (_weight(clause.text, slate), -at, -n, at, n)
            for at, sentence in enumerate(parts)
            for n, clause in enumerate(sentence)
            if (at or n) and not _needed(clause.text, parts, slate)
        ]
        if not spare:
            return None
        *_, at, n = min(spare)
        parts[at] = _less(parts[at], n)
        text = joined(parts)
    return text


def _less(sentence: Sentence, n: int) -> Sentence:
    return tuple(clause for at, clause in enumerate(sentence) if at != n)


def _needed(clause: str, parts: list[Sentence], slate: Slate) -> bool:
    """Whether a clause holds a name that the prompt must say, and no other clause does."""
    must = {*slate.people, "cast", "movement"}
    must |= {"place", "look"} if slate.which == "keyframe" else set()
    whole = BRACES.findall(joined(parts))
    return any(name in must and whole.count(name) == 1 for name in BRACES.findall(clause))


def _weight(clause: str, slate: Slate) -> int:
    """What goes first has the least: air, then words of the prompt's own, then names."""
    if _AIR.search(clause):
        return 0
    named = any(
        re.search(rf"\b{re.escape(name)}\b", clause)
        for who in slate.people
        for name in slate.called(who)
    )
    return 2 if named or BRACES.search(clause) else 1
