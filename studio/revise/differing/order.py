"""Which shot or scene of one storyboard is which of another, and which of them moved.

An id holds for ever; where one was renamed, its first id (`was`) tells.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import TypeVar

from studio.schema.storyboard import Scene, Shot

Named = TypeVar("Named", Scene, Shot)


def counterparts(before: Sequence[Named], after: Sequence[Named]) -> dict[str, Named]:
    """What each item of `after` was before, by its id now; new ones are not in it."""
    left = {item.id: item for item in before}
    by_first: dict[str, list[str]] = {}
    for item in before:
        by_first.setdefault(item.was or item.id, []).append(item.id)
    found: dict[str, Named] = {}
    for item in sorted(after, key=lambda each: each.was is None):
        same = [id_ for id_ in by_first.get(item.was or item.id, ()) if id_ in left]
        old = item.id if item.id in same or not same else same[0]
        if old in left:
            found[item.id] = left.pop(old)
    return found


def moved(places: Sequence[int]) -> set[int]:
    """Positions in `places` (different numbers: where each item stood before) of as few items
    as must have moved: all but a longest increasing subsequence."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for position, place in enumerate(places):
        length = bisect_left(tails, place)
        before.append(at[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        at[length : length + 1] = [position]
    kept = set()
    position = at[-1] if at else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return set(range(len(places))) - kept


def jumps(
    before: Sequence[Named], after: Sequence[Named], old: Mapping[str, Named]
) -> dict[str, str]:
    """Where the items went that were put elsewhere among those that stayed (`to before sc020`;
    behind all others `to the end`), by their ids now; `old` holds the counterparts."""
    places = {item.id: number for number, item in enumerate(before)}
    stayed = [item.id for item in after if item.id in old and old[item.id].id in places]
    gone = moved([places[old[id_].id] for id_ in stayed])
    words = {}
    for number in gone:
        nexts = (stayed[n] for n in range(number + 1, len(stayed)) if n not in gone)
        following = next(nexts, None)
        words[stayed[number]] = f"to before {following}" if following else "to the end"
    return words
