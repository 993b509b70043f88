"""New ids between their neighbours.

The numbers of ids count as decimals: 010 < 015 < 0155 < 020, as the folders of their takes are
sorted; so there is always room between two of them, up to five digits.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from fractions import Fraction

from studio.errors import StudioError

_SHOT = re.compile(r"\b(sc\d{3,5})_sh\d{3,5}(?=\b|_[b-z]\b)")
_SCENE = re.compile(r"\bsc\d{3,5}\b")
MOST_DIGITS = 5


def ids_in(text: str) -> set[str]:
    """Every id of a scene or shot that a text names; with a shot's that of its scene."""
    return {
        *(found[0] for found in _SHOT.finditer(text)),
        *(found[1] for found in _SHOT.finditer(text)),
        *_SCENE.findall(text),
    }


def new_shot_id(
    scene: str, before: Sequence[str], after: Sequence[str], used: Container[str]
) -> str:
    """An id for a new shot of a scene, between the shots `before` and `after` it there.

    It begins with the scene's id, or as its neighbour's where none of the scene's shots does
    (the scene was renamed). Raises StudioError where all are used.
    """
    there = [*before, *after]
    prefix = scene
    if there and not any(each.startswith(f"{scene}_") for each in there):
        prefix = (before[-1] if before else after[0]).partition("_")[0]
    return _between(f"{prefix}_sh", before, after, used)


def new_scene_id(before: Sequence[str], after: Sequence[str], used: Container[str]) -> str:
    """An id for a new scene between those `before` and `after` it. Raises StudioError."""
    return _between("sc", before, after, used)


def _between(stem: str, before: Sequence[str], after: Sequence[str], used: Container[str]) -> str:
    numbers = [
        [each.removeprefix(stem) for each in ids if each.startswith(stem)]
        for ids in (before, after)
    ]
    low = numbers[0][-1] if numbers[0] else ""
    high = next((each for each in numbers[1] if _decimal(each) > _decimal(low)), "")
    digits = min((len(each) for each in (*numbers[0], *numbers[1])), default=3)
    for number in _numbers(low, high, digits):
        if f"{stem}{number}" not in used:
            return f"{stem}{number}"
    raise StudioError(
        f"no id is free between {stem}{low or '000'} and {stem}{high or '999'}",
        "give one of them another: studio shot rename, studio scene rename",
    )


def _numbers(low: str, high: str, digits: int) -> Iterator[str]:
    """The numbers between two, those that a person would take first, first: round ones, in the
    middle, or the next one where nothing follows; then those with more digits."""
    for width in range(digits, MOST_DIGITS + 1):
        scale = 10**width
        first = int(_decimal(low) * scale) + 1
        last = -int(-_decimal(high) * scale // 1) - 1 if high else scale - 1
        middle = Fraction(first + last, 2) if high else Fraction(first)
        liked = [(n % 10 != 0, n % 5 != 0, abs(n - middle), n) for n in range(first, last + 1)]
        for *_, number in sorted(liked):
            if width == digits or number % 10:
                yield f"{number:0{width}}"


def _decimal(number: str) -> Fraction:
    return Fraction(int(number), 10 ** len(number)) if number else Fraction(0)
