"""Durations: whole steps of half a second that add up to the wanted length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

SHORTEST, LONGEST = 4, 12
"""Half seconds: a shot lasts 2 to 6 seconds."""


def steps_for(seconds: float) -> int:
    """The half seconds that `seconds` of speech need, with a breath, within a shot's limits."""
    return max(SHORTEST, min(LONGEST, math.ceil((seconds + 0.15) * 2)))


def fit(least: Sequence[int], ideal: Sequence[int], total: int) -> list[int]:
    """A length in half seconds for every shot, summing to `total`.

    Between `least` (what its words need) and LONGEST, as near to `ideal` as the sum
    allows. Needs SHORTEST * shots <= total <= LONGEST * shots; where `least` adds up to
    more than `total`, the longest give way.
    """
    lengths = [max(low, min(LONGEST, wanted)) for low, wanted in zip(least, ideal, strict=True)]
    order = range(len(lengths))
    while sum(lengths) > total:
        give = max(order, key=lambda at: (lengths[at] - least[at], lengths[at], -at))
        lengths[give] -= 1
    while sum(lengths) < total:
        take = min(
            order, key=lambda at: (lengths[at] >= LONGEST, lengths[at] - ideal[at], lengths[at], at)
        )
        lengths[take] += 1
    return lengths


def half_seconds(seconds: Fraction) -> int:
    """Whole half seconds in a length of time, at least one."""
    return max(1, int(seconds * 2))
