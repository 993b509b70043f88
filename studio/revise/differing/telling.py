"""Changes as a director reads them to others: grouped, in the order of the film, each thing
in one short line and nothing twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from studio.revise.differing.changes import changes
from studio.revise.differing.state import About, Change, Kind, Snapshot

SECTIONS: dict[str, tuple[About, ...]] = {
    "The film": ("film",),
    "Cast and places": ("cast", "place"),
    "Scenes": ("scene",),
    "Shots": ("shot",),
}
LINES = "Lines"
"""The section of what is spoken, which is read apart from the shots."""

RUN = 3
"""So many shots that follow each other are named by the first and the last."""


_NUMBERS = re.compile(r" \(take [^)]*\)")


def told(before: Snapshot, after: Snapshot) -> dict[str, list[str]]:
    """Lines under their headings, without those that would be empty.

    A shot's facts stand in one line, its quoted texts in lines of their own; shots of which
    the same is to be said share a line.
    """
    found = changes(before, after)
    order = [shot.id for _, shot in after.storyboard.shots()]
    names = _names(before) | _names(after)
    sections = {}
    for heading, about in SECTIONS.items():
        here = [one for one in found if one.about in about and one.kind != "line"]
        sections[heading] = list(_lines(here, names, order))
    spoken = [one for one in found if one.kind == "line"]
    sections[LINES] = [f"{one.id}, {one.words}" for one in spoken]
    return {heading: lines for heading, lines in sections.items() if lines}


def summary(found: Iterable[Change]) -> str:
    """What changed, counted, in one line: `1 shot added, 2 retimed, 1 line changed`."""
    found = list(found)
    words: dict[Kind, str] = {
        "added": "added",
        "removed": "removed",
        "moved": "moved",
        "renamed": "renamed",
        "retimed": "retimed",
        "changed": "changed",
        "rendered": "re-rendered",
    }
    shots: Counter[Kind] = Counter()
    for (about, _), mine in _together(found).items():
        if about != "shot":
            continue
        kinds = {one.kind for one in mine}
        shots.update(kinds - {"text", "line"} | ({"changed"} if "text" in kinds else set()))
    parts = [f"{shots[kind]} {word}" for kind, word in words.items() if shots[kind]]
    if parts:
        number, word = parts[0].split(" ", 1)
        parts[0] = f"{number} {'shot' if number == '1' else 'shots'} {word}"
    scenes = len({one.id for one in found if one.about == "scene"})
    lines = sum(one.kind == "line" for one in found)
    for noun, count in (("scene", scenes), ("line", lines)):
        if count:
            parts.append(f"{count} {noun}{'' if count == 1 else 's'} changed")
    if any(one.about in ("cast", "place") for one in found):
        parts.append("cast or places changed")
    if any(one.about == "film" and one.kind != "retimed" for one in found):
        parts.append("settings of the film changed")
    return ", ".join(parts) or ("another length" if found else "nothing changed")


def _together(found: Iterable[Change]) -> dict[tuple[About, str], list[Change]]:
    """What is said of the same thing, in the order in which things are first spoken of."""
    things: dict[tuple[About, str], list[Change]] = {}
    for one in found:
        things.setdefault((one.about, one.id), []).append(one)
    return things


def _lines(
    found: Sequence[Change], names: Mapping[tuple[About, str], str], order: Sequence[str]
) -> Iterator[str]:
    lines: list[tuple[str, list[str]]] = []
    shared: dict[str, list[str]] = {}
    for (about, id_), mine in _together(found).items():
        if about == "film":
            yield from (one.words for one in mine)
            continue
        name = names.get((about, id_), id_)
        if facts := "; ".join(one.words for one in mine if one.kind != "text"):
            if facts not in shared:
                shared[facts] = []
                lines.append((facts, shared[facts]))
            shared[facts].append(name)
        lines += [(f"{name}, {one.words}", []) for one in mine if one.kind == "text"]
    for facts, whose in _many(lines):
        yield f"{_listed(whose, order)}: {facts}" if whose else facts


def _many(lines: Sequence[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """The lines, but of many shots that differ in nothing but the numbers of their takes one."""
    alike: dict[str, list[str]] = {}
    for facts, whose in lines:
        alike.setdefault(_NUMBERS.sub("", facts), []).extend(whose)
    told = set()
    for facts, whose in lines:
        plain = _NUMBERS.sub("", facts)
        if len(alike[plain]) == len(whose) or len(alike[plain]) <= RUN:
            yield facts, whose
        elif plain not in told:
            told.add(plain)
            yield plain, alike[plain]


def _listed(ids: Sequence[str], order: Sequence[str]) -> str:
    """Names of things of which the same is said; shots that follow each other by the first and
    the last."""
    if len(ids) > RUN and set(ids) == set(order):
        return f"all {len(order)} shots"
    place = {id_: number for number, id_ in enumerate(order)}
    runs: list[list[str]] = []
    for id_ in sorted(ids, key=lambda id_: place.get(id_, -1)):
        last = runs[-1][-1] if runs else None
        if last in place and id_ in place and place[id_] == place[last] + 1:
            runs[-1].append(id_)
        else:
            runs.append([id_])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) >= RUN else ", ".join(run) for run in runs
    )


def _names(state: Snapshot) -> dict[tuple[About, str], str]:
    """How people and places are called; scenes and shots are called by their ids."""
    names: dict[tuple[About, str], str] = {}
    names |= {("cast", id_): one.name for id_, one in state.storyboard.cast.items()}
    names |= {("place", id_): one.name for id_, one in state.storyboard.places.items()}
    return names
