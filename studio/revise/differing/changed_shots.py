"""What changed in the shots: which came, went and moved, and of those that stayed every field,
line and take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import get_args

from studio.revise.differing.order import counterparts, jumps
from studio.revise.differing.state import Change, Snapshot
from studio.revise.differing.wording import (
    LABELS,
    QUOTED,
    line_changes,
    quoted,
    rewritten,
    seconds,
    shot_fact,
)
from studio.schema.storyboard import Shot, Storyboard, TakeKind
from studio.schema.version import ShownTake

NOUNS: dict[TakeKind, str] = {
    "keyframe": "picture",
    "clip": "clip",
    "inbetweens": "inbetweens",
    "voice": "voice",
}
OWN_DRAWING = "board"
"""The engine of keyframes that a person drew."""


def changed_shots(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """All differences of the shots, in the order of `after`, then the shots that are gone."""
    first = [shot for _, shot in before.storyboard.shots()]
    second = [shot for _, shot in after.storyboard.shots()]
    old = counterparts(first, second)
    cast = {id_: person.name for id_, person in before.storyboard.cast.items()}
    cast |= {id_: person.name for id_, person in after.storyboard.cast.items()}
    elsewhere = _moves(before.storyboard, after.storyboard, old)
    for _, shot in after.storyboard.shots():
        was = old.get(shot.id)
        if was is None:
            yield Change("shot", shot.id, "added", _added(after, second, shot))
            yield from _spoken(None, shot, cast)
            continue
        if was.id != shot.id:
            yield Change("shot", shot.id, "renamed", f"called {was.id} before")
        if shot.id in elsewhere:
            yield Change("shot", shot.id, "moved", f"moved {elsewhere[shot.id]}")
        yield from _changed(before, after, was, shot, cast)
        yield from _spoken(was, shot, cast)
    stayed = {shot.id for shot in old.values()}
    for shot in first:
        if shot.id not in stayed:
            what = f": {quoted(shot.action)}" if shot.action else ""
            yield Change("shot", shot.id, "removed", f"removed{what}")
            yield from _spoken(shot, None, cast)


def _moves(before: Storyboard, after: Storyboard, old: Mapping[str, Shot]) -> dict[str, str]:
    """Where to shots went: within their scene, or into another. A scene that moves takes its
    shots along."""
    scenes = counterparts(before.scenes, after.scenes)
    home = {shot.id: scene.id for scene, shot in before.shots()}
    words: dict[str, str] = {}
    for scene in after.scenes:
        was = scenes.get(scene.id)
        words |= jumps(was.shots if was else [], scene.shots, old)
        for index, shot in enumerate(scene.shots):
            if shot.id in old and (was is None or home[old[shot.id].id] != was.id):
                beside = f", after {scene.shots[index - 1].id}" if index else ", as its first"
                words[shot.id] = f"to {scene.id}{beside}"
    return words


def _added(after: Snapshot, shots: Sequence[Shot], shot: Shot) -> str:
    index = shots.index(shot)
    where = f"after {shots[index - 1].id}" if index else "at the beginning"
    length = _length(after, shot)
    lasts = seconds(length) if length is not None else str(shot.duration)
    action = f": {quoted(shot.action)}" if shot.action else ""
    shows = f"; shows {shot.source.shot}’s clip" if shot.source else ""
    return f"added {where}, {lasts}{action}{shows}"


def _changed(
    before: Snapshot, after: Snapshot, was: Shot, shot: Shot, cast: Mapping[str, str]
) -> Iterator[Change]:
    """What changed in a shot that was there, apart from its place and its lines."""
    if retimed := _retimed(before, after, was, shot):
        yield Change("shot", shot.id, "retimed", retimed)
    elsewhere = {"id", "was", "duration", "narration", "dialogue", "takes", *QUOTED}
    for name in Shot.model_fields:
        values = getattr(was, name), getattr(shot, name)
        if name not in elsewhere and values[0] != values[1]:
            yield Change("shot", shot.id, "changed", shot_fact(name, *values, cast))
    for name in QUOTED:
        values = getattr(was, name), getattr(shot, name)
        if values[0] != values[1]:
            words = f"{LABELS.get(name, name)}: {rewritten(*values)}"
            yield Change("shot", shot.id, "text", words)
    yield from _rendered(before, after, was, shot)


def _retimed(before: Snapshot, after: Snapshot, was: Shot, shot: Shot) -> str:
    old, new = _length(before, was), _length(after, shot)
    if was.duration == shot.duration:
        # of the same words, only a stretch up to the song's next mark has another length
        if shot.duration.unit != "marks" or old is None or new is None:
            return ""
        if abs(new - old) * after.film.rate.fps <= 1:
            return ""
    elif old is None or new is None or was.duration.unit == shot.duration.unit:
        return f"{was.duration} → {shot.duration}" if old is None or old != new else ""
    return f"{seconds(old)} → {seconds(new)}" if old != new else ""


def _length(state: Snapshot, shot: Shot) -> Fraction | None:
    try:
        return state.film.seconds(shot.duration)
    except ValueError:
        frames = state.frames.get(shot.id)
        return None if frames is None else frames / state.film.rate.fps


def _spoken(was: Shot | None, shot: Shot | None, cast: Mapping[str, str]) -> Iterator[Change]:
    """Narration and dialogue; None is a shot that is not there."""
    id_ = shot.id if shot else was.id if was else ""
    old, new = was.narration if was else "", shot.narration if shot else ""
    if old != new:
        words = f", new: {quoted(new)}" if not old else f", gone: {quoted(old)}"
        both = f": {rewritten(old, new)}"
        yield Change("shot", id_, "line", f"narration{both if old and new else words}")
    for words in line_changes(was.dialogue if was else [], shot.dialogue if shot else [], cast):
        yield Change("shot", id_, "line", words)


def _rendered(before: Snapshot, after: Snapshot, was: Shot, shot: Shot) -> Iterator[Change]:
    """Other takes, and circles that changed none: in one fact for picture, clip and voice."""
    words: dict[str, list[str]] = {}
    for kind in get_args(TakeKind):
        old, new = before.takes.get((was.id, kind)), after.takes.get((shot.id, kind))
        circle = shot.takes.get(kind)
        changed = (old and old.content) != (new and new.content)
        if changed and not (new is None and shot.source):
            what, numbers = _take(kind, old, new)
            if circle and circle != was.takes.get(kind):
                numbers = f"{numbers}, circled"
            words.setdefault(numbers, []).append(what)
        elif circle != was.takes.get(kind):
            what = f"{NOUNS[kind]} take {circle} circled" if circle else f"no {NOUNS[kind]} circled"
            yield Change("shot", shot.id, "changed", what)
    said = []
    for numbers, nouns in words.items():
        both = " and ".join(nouns)
        if len(nouns) == 2 and all(noun.startswith("new ") for noun in nouns):
            both = f"{nouns[0]} and {nouns[1].removeprefix('new ')}"
        said.append(f"{both} ({numbers})" if numbers else both)
    if said:
        yield Change("shot", shot.id, "rendered", "; ".join(said))


def _take(kind: TakeKind, old: ShownTake | None, new: ShownTake | None) -> tuple[str, str]:
    """What a shot shows now, and the numbers of the takes."""
    noun = NOUNS[kind]
    if new is None:
        return f"no {noun} now", ""
    drawn = kind == "keyframe" and new.engine == OWN_DRAWING
    if old is None:
        return "own drawing" if drawn else f"first {noun}", f"take {new.number}"
    numbers = f"take {old.number} → {new.number}"
    if drawn:
        return "own drawing" if old.engine != OWN_DRAWING else "another own drawing", numbers
    by = f" by {new.engine}" if new.engine != old.engine else ""
    return f"{'new' if new.number > old.number else 'earlier'} {noun}{by}", numbers
