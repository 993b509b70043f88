"""A film's seconds, shared among its scenes by how much happens in them."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from agents.bible import ScenePlan, Untold
from studio.engines.requests import Brief

LEAST = 2
"""Seconds that a scene lasts at least."""
LONGEST = 60
"""Seconds of a scene at most, as far as it is for the screenwriter to say."""
NAMED = 4
"""Scenes that a note names at most."""


def scenes_wanted(seconds: Fraction) -> int:
    """How many scenes a film of that length has as a rule, one at least: of eight seconds in a
    short one, of half a minute in one of twenty minutes."""
    return max(1, round(seconds / min(Fraction(30), 8 + seconds / 60)))


def scenes_needed(seconds: Fraction) -> int:
    """How many scenes it takes to fill that length, one at least."""
    return max(1, math.ceil(seconds / LONGEST))


def timed(
    parts: Sequence[ScenePlan | Untold], brief: Brief, note: Callable[[str], None]
) -> list[ScenePlan | Untold]:
    """The parts with their seconds, ids and what they were told from.

    Seconds are whole halves, LEAST at least, and add up to the film's; what is no half is the
    last's. Where there is no room for all of them the lightest are left out, and a note says so.
    """
    told = _told(parts, brief)
    weights = _weights(parts)
    shown = sorted(range(len(parts)), key=lambda at: (-weights[at], at))
    shown = sorted(shown[: max(1, int(brief.seconds // LEAST))])
    missing = [at for at in range(len(parts)) if at not in shown]
    if missing:
        note(_left_out([parts[at] for at in missing], len(parts), brief))
    lengths = shares([weights[at] for at in shown], brief.seconds)
    timed_: list[ScenePlan | Untold] = []
    for number, (at, seconds) in enumerate(zip(shown, lengths, strict=True), 1):
        hidden = [] if number > 1 else [f"-{told[each]}" for each in missing]
        source = " ".join([told[at], *hidden])
        part = parts[at]
        if isinstance(part, Untold):
            timed_.append(replace(part, told=source, seconds=seconds))
        else:
            scene = part.scene.model_copy(update={"id": f"sc{number * 10:03d}", "told": source})
            timed_.append(replace(part, scene=scene, seconds=seconds))
    return timed_


def shares(weights: Sequence[float], seconds: Fraction) -> list[Fraction]:
    """So many seconds for each weight. Needs LEAST seconds for each, or one weight."""
    halves, least = int(seconds * 2), 2 * LEAST
    if len(weights) == 1:
        return [seconds]
    light: set[int] = set()
    while True:  # whoever's share is below the least has the least, and the others share the rest
        rest = halves - least * len(light)
        total = sum(weight for at, weight in enumerate(weights) if at not in light)
        wanted = [
            least if at in light else rest * weight / total for at, weight in enumerate(weights)
        ]
        below = {at for at, share in enumerate(wanted) if share < least} - light
        if not below:
            break
        light |= below
    lengths = [int(share) for share in wanted]
    over = sorted(range(len(weights)), key=lambda at: (lengths[at] - wanted[at], at))
    for at in over[: halves - sum(lengths)]:
        lengths[at] += 1
    found = [Fraction(length, 2) for length in lengths]
    found[-1] += seconds - Fraction(halves, 2)
    return found


def _weights(parts: Sequence[ScenePlan | Untold]) -> list[float]:
    """How much happens: half by the length of the text, half by the number of beats. A part that
    is untold has as many beats as its text suggests."""
    texts = [max(1, len(part.text)) for part in parts]
    beats = [max(1, len(part.beats)) if isinstance(part, ScenePlan) else 0 for part in parts]
    known = sum(text for text, count in zip(texts, beats, strict=True) if count)
    each = sum(beats) / known if known else 1.0
    counts = [count or text * each for text, count in zip(texts, beats, strict=True)]
    return [
        text / sum(texts) + count / sum(counts) for text, count in zip(texts, counts, strict=True)
    ]


def _told(parts: Sequence[ScenePlan | Untold], brief: Brief) -> list[str]:
    """For each part: a hash of its text, and of the length and language of the film. A part that
    is there twice has two."""
    seen: Counter[str] = Counter()
    found = []
    for part in parts:
        text = "\n".join([str(brief.seconds), brief.language, part.text])
        seen[text] += 1
        found.append(hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:16])
    return found


def _left_out(missing: Sequence[ScenePlan | Untold], count: int, brief: Brief) -> str:
    named = [
        part.scene.heading if isinstance(part, ScenePlan) else f"“{part.text.strip()[:30]}…”"
        for part in missing[:NAMED]
    ]
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    longer = LEAST * count - brief.seconds
    return (
        f"{len(missing)} of {count} scenes have no time and are left out: "
        f"{', '.join(named)}{more}; a film longer by {float(longer):g}s shows them all"
    )
