"""Values and their differences in the words of the trade, short enough to be read aloud.

Two kinds of words come out: facts (`size medium shot → close-up`), several of which stand in
one line, and quoted texts, which stand in a line of their own.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from studio.schema.base import Model
from studio.schema.film import EngineChoice, Engines, Song
from studio.schema.storyboard import SIZE_NAMES, Line, Presence, Source
from studio.schema.time import Moment

SHORT = 60
"""Characters up to which a text that changed is quoted whole."""

Names = Mapping[str, str]
"""The cast by id, or the places."""


def quoted(text: str) -> str:
    """A text in quotation marks, in one line."""
    return f"“{' '.join(text.split())}”"


def seconds(length: Fraction) -> str:
    """A length of time: `28.5s`, from a minute on `1m 12.5s`."""
    minutes, rest = divmod(round(length, 2), 60)
    plain = f"{float(rest):.2f}".rstrip("0").rstrip(".")
    return f"{plain}s" if not minutes else f"{minutes}m {plain}s" if rest else f"{minutes}m"


def rewritten(old: str, new: str) -> str:
    """How a text changed: both in quotation marks, of long ones the part that differs."""
    old, new = " ".join(old.split()), " ".join(new.split())
    if old == new:
        return "only its line breaks changed"
    if not old:
        return f"{quoted(new)} (new)"
    if not new:
        return f"{quoted(old)} is gone"
    if max(len(old), len(new)) > SHORT:
        old, new = _differing(old, new)
    return f"{quoted(old)} → {quoted(new)}"


def fact(name: str, old: object, new: object) -> str:
    """`camera static → dolly in`."""
    return f"{name} {plain(old)} → {plain(new)}"


def plain(value: object) -> str:
    """Any value of a project's file in a word or a few."""
    match value:
        case None | "" | []:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Model():
            return plain(value.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        case Mapping():
            return ", ".join(f"{key} {plain(item)}" for key, item in value.items()) or "none"
        case list() | tuple():
            return ", ".join(plain(item) for item in value)
    return " ".join(str(value).split())


# --- shots -----------------------------------------------------------------------------

LABELS = {
    "movement": "camera",
    "fit": "crop keeps",
    "trim": "its clip begins at",
    "keyframe": "picture prompt",
    "motion": "movement prompt",
    "avoid": "to avoid",
}
"""What fields of a shot are called where it is not by their own names."""

QUOTED = ("action", "avoid")


def shot_fact(field: str, old: Any, new: Any, cast: Names) -> str:
    """What changed in a field of a shot that is neither text nor time nor a take."""
    label = LABELS.get(field, field)
    match field:
        case "size":
            old, new = (SIZE_NAMES[size].lower() for size in (old, new))
            return fact(label, old, new)
        case "cast":
            return "; ".join(_presence(old, new, cast))
        case "source":
            return _source(old, new)
        case "speed":
            return f"speed {old}× → {new}×"
        case "panels":
            return f"further panels {_moments(old)} → {_moments(new)}"
        case "notes":
            return "notes changed"
        case "keyframe" | "motion":
            return f"{label} {'taken out' if new is None else 'rewritten' if old else 'written'}"
    return fact(label, old, new)


def _presence(old: Sequence[Presence], new: Sequence[Presence], cast: Names) -> Iterator[str]:
    was = {person.who: person for person in old}
    now = {person.who: person for person in new}
    yield from (f"with {cast.get(who, who)}" for who in now if who not in was)
    yield from (f"without {cast.get(who, who)}" for who in was if who not in now)
    said = was.keys() != now.keys()
    labels = {"wears": "clothes", "at": "place in the frame", "facing": "faces", "does": "posture"}
    for who, person in now.items():
        for field, label in labels.items() if who in was else ():
            values = getattr(was[who], field), getattr(person, field)
            if values[0] != values[1]:
                unset = "as in the cast sheet" if field == "wears" else "free"
                before, after = (value or unset for value in values)
                said = True
                yield f"{cast.get(who, who)}, {label} {before} → {after}"
    if not said:
        yield f"cast in another order: {', '.join(cast.get(one.who, one.who) for one in new)}"


def _source(old: Source | None, new: Source | None) -> str:
    if new is None:
        return f"a clip of its own, no longer {old.shot if old else ''}’s"
    start = f" from {new.start} on" if new.start.amount else ""
    if old and old.shot == new.shot and not start:
        start = " from its beginning"
    instead = f", not {old.shot}’s" if old and old.shot != new.shot else ""
    return f"shows {new.shot}’s clip{start}{instead}"


def _moments(panels: Sequence[Moment]) -> str:
    return f"at {', '.join(map(str, panels))}" if panels else "evenly spread"


# --- lines -----------------------------------------------------------------------------

HEARD = {"on": "on screen", "off": "off screen", "vo": "voice over"}


def line_changes(old: Sequence[Line], new: Sequence[Line], cast: Names) -> Iterator[str]:
    """What changed in a shot's dialogue, a line of it at a time."""
    added: list[Line] = []
    gone: list[Line] = []
    matcher = difflib.SequenceMatcher(
        None, [line.line for line in old], [line.line for line in new], autojunk=False
    )
    said: list[str] = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            pairs = zip(old[i1:i2], new[j1:j2], strict=True)
            said += [_line(a, b, cast) for a, b in pairs if a != b]
            continue
        for was, now in zip_longest(old[i1:i2], new[j1:j2]):
            if was and now and was.who == now.who:
                said.append(_line(was, now, cast))
            else:
                gone += [was] if was else []
                added += [now] if now else []
    for line in added:
        if line in gone:
            gone.remove(line)
            said.append(f"{_who(line, cast)}: {quoted(line.line)} comes at another place")
        else:
            said.append(f"{_who(line, cast)}, new: {quoted(line.line)}{_manner(line)}")
    said += [f"{_who(line, cast)}, gone: {quoted(line.line)}" for line in gone]
    yield from said


def _line(was: Line, now: Line, cast: Names) -> str:
    text = quoted(was.line)
    if was.line != now.line:
        text += f" → {quoted(now.line)}"
    notes = []
    if was.who != now.who:
        notes.append(f"not {_who(was, cast)}’s")
    if was.how != now.how:
        notes.append(f"now {now.how}" if now.how else f"no longer {was.how}")
    if was.heard != now.heard:
        notes.append(f"now {HEARD[now.heard]}")
    return f"{_who(now, cast)}: {', '.join([text, *notes])}"


def _manner(line: Line) -> str:
    notes = [line.how] if line.how else []
    notes += [HEARD[line.heard]] if line.heard != "on" else []
    return f" ({', '.join(notes)})" if notes else ""


def _who(line: Line, cast: Names) -> str:
    return cast.get(line.who, line.who)


# --- the film --------------------------------------------------------------------------


def song_facts(old: Song | None, new: Song | None, other_content: bool) -> Iterator[str]:
    """What changed in the song; `other_content`: its file is another recording."""
    if old is None or new is None:
        if new:
            yield f"cut to the song {new.file}"
        elif old:
            yield f"no longer cut to the song {old.file}"
        return
    if old.file != new.file:
        yield fact("song", old.file, new.file)
    elif other_content:
        yield f"the song {new.file} is another recording"
    labels = {"tempo": "beats a minute", "first": "first beat", "beats": "beats a bar"}
    for field in type(new).model_fields:
        was, now = getattr(old, field), getattr(new, field)
        if field != "file" and was != now:
            yield fact(f"the song’s {labels.get(field, field)}", was, now)


def engine_facts(old: Engines, new: Engines) -> Iterator[str]:
    """Which engines were exchanged, and which of their settings changed."""
    for kind in Engines.model_fields:
        was: EngineChoice | None = getattr(old, kind)
        now: EngineChoice | None = getattr(new, kind)
        if (was and was.engine) != (now and now.engine):
            yield fact(kind, was and was.engine, now and now.engine)
        elif was and now and was.settings != now.settings:
            keys = [*was.settings, *(key for key in now.settings if key not in was.settings)]
            different = [key for key in keys if was.settings.get(key) != now.settings.get(key)]
            settings = ", ".join(
                fact(key, was.settings.get(key), now.settings.get(key)) for key in different
            )
            yield f"{kind} {now.engine}, {settings}"


# --- parts -----------------------------------------------------------------------------


def _differing(old: str, new: str) -> tuple[str, str]:
    """The parts of two texts in which they differ, by whole words, with … where something is
    left out. Texts that have little in common come back whole."""
    before, after = old.split(" "), new.split(" ")
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    keep = 2  # words left standing on either side, for the sense
    start, rest = max(0, head - keep), max(0, tail - keep)
    if start + rest < 4 or (len(before) == 1 and len(after) == 1):
        return old, new

    def part(words: list[str]) -> str:
        shown = words[start : len(words) - rest]
        return f"{'… ' if start else ''}{' '.join(shown)}{' …' if rest else ''}"

    return part(before), part(after)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
