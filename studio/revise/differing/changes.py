"""What changed between two states of a film, as values that each say one thing in words.

It compares what it is given, a film with its storyboard and, where they are known, its
slots and its takes; it reads nothing. The same state twice gives no changes; whatever
differs in film or storyboard is named once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from studio.revise.differing.changed_shots import changed_shots
from studio.revise.differing.order import counterparts, jumps
from studio.revise.differing.state import Change, Snapshot
from studio.revise.differing.wording import (
    engine_facts,
    fact,
    quoted,
    rewritten,
    seconds,
    song_facts,
)
from studio.schema.film import Film
from studio.schema.storyboard import Person, Place, Storyboard


def changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """All differences: of the film, the cast, the places, the scenes, the shots in the order of
    `after`, then the shots that are gone."""
    old, new = before.storyboard, after.storyboard
    return [
        *_length(before, after),
        *_film(before, after),
        *_sheets("cast", old.cast, new.cast),
        *_sheets("place", old.places, new.places),
        *_scenes(old, new),
        *changed_shots(before, after),
    ]


def _length(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    old, new = before.seconds, after.seconds
    if old is not None and new is not None and old != new:
        yield Change("film", "", "retimed", f"length {seconds(old)} → {seconds(new)}")


def _film(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Every field of film.yaml, and the content of the song."""
    old, new = before.film, after.film
    labels = {"length": "wanted length", "rate": "frames a second"}
    for name in Film.model_fields:
        was, now = getattr(old, name), getattr(new, name)
        if name == "song":
            other = bool(before.song and after.song) and before.song != after.song
            said = song_facts(was, now, other)
            yield from (Change("film", "", "changed", words) for words in said)
        elif name == "cards":
            if old.has_cards != new.has_cards:
                words = f"{'with' if new.has_cards else 'without'} title card and end card"
                yield Change("film", "", "changed", words)
        elif was == now:
            continue
        elif name == "engines":
            yield from (Change("film", "", "changed", w) for w in engine_facts(was, now))
        elif name in ("title", "look"):
            yield Change("film", "", "text", f"{name}: {rewritten(was, now)}")
        else:
            yield Change("film", "", "changed", fact(labels.get(name, name), was, now))


def _sheets(
    about: Literal["cast", "place"],
    old: Mapping[str, Person] | Mapping[str, Place],
    new: Mapping[str, Person] | Mapping[str, Place],
) -> Iterator[Change]:
    for id_, sheet in new.items():
        if id_ not in old:
            looks = f": {quoted(sheet.looks)}" if sheet.looks else ""
            yield Change(about, id_, "added", f"added{looks}")
            continue
        for name in type(sheet).model_fields:
            was, now = getattr(old[id_], name), getattr(sheet, name)
            if was != now and name == "looks":
                yield Change(about, id_, "text", f"looks: {rewritten(was, now)}")
            elif was != now:
                yield Change(about, id_, "changed", fact(name, was, now))
    yield from (Change(about, id_, "removed", "removed") for id_ in old if id_ not in new)


def _scenes(before: Storyboard, after: Storyboard) -> Iterator[Change]:
    old = counterparts(before.scenes, after.scenes)
    went = jumps(before.scenes, after.scenes, old)
    for index, scene in enumerate(after.scenes):
        was = old.get(scene.id)
        if was is None:
            where = f"after {after.scenes[index - 1].id}" if index else "at the beginning"
            yield Change("scene", scene.id, "added", f"added {where}: {scene.heading}")
            continue
        if was.id != scene.id:
            yield Change("scene", scene.id, "renamed", f"called {was.id} before")
        if scene.id in went:
            yield Change("scene", scene.id, "moved", f"moved {went[scene.id]}")
        for name in ("heading", "place", "time", "weather"):
            one, other = getattr(was, name), getattr(scene, name)
            if one != other:
                if name == "place":
                    one, other = _place(before, one), _place(after, other)
                yield Change("scene", scene.id, "changed", fact(name, one, other))
        if was.synopsis != scene.synopsis:
            words = f"synopsis: {rewritten(was.synopsis, scene.synopsis)}"
            yield Change("scene", scene.id, "text", words)
    stayed = {scene.id for scene in old.values()}
    for scene in before.scenes:
        if scene.id not in stayed:
            yield Change("scene", scene.id, "removed", f"removed: {scene.heading}")


def _place(storyboard: Storyboard, id_: str) -> str:
    return storyboard.places[id_].name if id_ in storyboard.places else id_
