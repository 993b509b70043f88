"""The order in which a line is drawn: Hebrew and Arabic run from right to left, numbers and
words of other scripts inside them from left to right.

A line is cut into stretches of one direction, given from left to right as they are drawn, by
the rules of Unicode's bidirectional algorithm (UAX 9) for text without embeddings; control
characters that would embed or override count as nothing. It knows no fonts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from unicodedata import bidirectional

_OPENING, _CLOSING = "([{«‹（【「『", ")]}»›）】」』"
_STRONG_RIGHT = ("R", "EN", "AN")
_NEUTRAL = ("B", "S", "WS", "ON")


def stretches(line: str) -> list[tuple[str, bool]]:
    """The line's stretches from left to right: each its text as it is read, and whether it
    runs from right to left."""
    kinds = [bidirectional(mark) or "L" for mark in line]
    if not any(kind in ("R", "AL", "AN") for kind in kinds):
        return [(line, False)] if line else []
    base = next((int(kind != "L") for kind in kinds if kind in ("L", "R", "AL")), 0)
    levels = _levels(line, kinds, base)
    runs = []
    for level, group in groupby(range(len(line)), key=lambda at: levels[at]):
        places = list(group)
        runs.append((level, line[places[0] : places[-1] + 1]))
    return [(text, bool(level % 2)) for level, text in _in_order(runs)]


def _levels(line: str, kinds: list[str], base: int) -> list[int]:
    """The depth of each character: even ones run to the right, odd ones to the left."""
    outer = "R" if base else "L"
    solid = [at for at, kind in enumerate(kinds) if kind not in _NOTHING]
    found = _weak([kinds[at] for at in solid], outer)
    _brackets([line[at] for at in solid], found, outer)
    _neutral(found, outer)
    levels = [base] * len(line)
    for at, kind in zip(solid, found, strict=True):
        inner = 2 if kind in ("EN", "AN") else 1
        levels[at] = base + (kind == "L" or inner == 2) if base else inner * (kind != "L")
    for at in range(1, len(line)):
        if kinds[at] in _NOTHING:
            levels[at] = levels[at - 1]
    for at in range(len(line) - 1, -1, -1):
        if kinds[at] not in ("WS", *_NOTHING):
            break
        levels[at] = base
    return levels


_NOTHING = ("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def _weak(kinds: list[str], outer: str) -> list[str]:
    """Numbers, their signs and marks on letters, by what stands beside them (rules W1 to W7)."""
    found: list[str] = []
    strong = outer
    for kind in kinds:
        if kind == "NSM":
            kind = found[-1] if found else outer
        if kind in ("L", "R", "AL"):
            strong = kind
        found.append("AN" if kind == "EN" and strong == "AL" else kind)
    found = ["R" if kind == "AL" else kind for kind in found]
    for at in range(1, len(found) - 1):
        sides = {found[at - 1], found[at + 1]}
        if (found[at] in ("ES", "CS") and sides == {"EN"}) or (
            found[at] == "CS" and sides == {"AN"}
        ):
            found[at] = found[at - 1]
    for order in (range(len(found)), range(len(found) - 1, -1, -1)):
        before = ""
        for at in order:
            if found[at] == "ET" and before == "EN":
                found[at] = "EN"
            before = found[at]
    strong = outer
    for at, kind in enumerate(found):
        if kind in ("L", "R"):
            strong = kind
        if kind in ("ES", "ET", "CS"):
            found[at] = "ON"
        if kind == "EN" and strong == "L":
            found[at] = "L"
    return found


def _brackets(marks: Sequence[str], found: list[str], outer: str) -> None:
    """A pair of brackets goes with what it holds (rule N0)."""
    opened: list[tuple[int, int]] = []
    pairs = []
    for at, mark in enumerate(marks):
        if found[at] == "ON" and mark in _OPENING:
            opened.append((at, _OPENING.index(mark)))
        elif found[at] == "ON" and mark in _CLOSING:
            sort = _CLOSING.index(mark)
            match = next((n for n in range(len(opened) - 1, -1, -1) if opened[n][1] == sort), None)
            if match is not None:
                pairs.append((opened[match][0], at))
                del opened[match:]
    for start, end in sorted(pairs):
        inside = {_side(kind) for kind in found[start + 1 : end]} - {""}
        before = next((side for kind in found[start::-1] if (side := _side(kind))), outer)
        if inside:
            found[start] = found[end] = outer if outer in inside or before == outer else before


def _neutral(found: list[str], outer: str) -> None:
    """Spaces and signs go with both neighbours where these agree (rules N1 and N2)."""
    at = 0
    while at < len(found):
        end = at
        while end < len(found) and found[end] in _NEUTRAL:
            end += 1
        if end > at:
            before = _side(found[at - 1]) if at else outer
            after = _side(found[end]) if end < len(found) else outer
            found[at:end] = [before if before == after else outer] * (end - at)
        at = end + 1


def _side(kind: str) -> str:
    return "R" if kind in _STRONG_RIGHT else "L" if kind == "L" else ""


def _in_order(runs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Stretches as they lie on the line: from the deepest level up to the first odd one, each
    sequence at or below that depth is turned round (rule L2)."""
    odd = [level for level, _ in runs if level % 2]
    for least in range(max(level for level, _ in runs), min(odd, default=1) - 1, -1):
        turned: list[tuple[int, str]] = []
        held: list[tuple[int, str]] = []
        for run in runs:
            if run[0] >= least:
                held.insert(0, run)
            else:
                turned += [*held, run]
                held = []
        runs = [*turned, *held]
    return runs
