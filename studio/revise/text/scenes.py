"""Scenes of a storyboard added, moved, renamed and removed, as functions of its text.

A scene keeps its id and its shots keep theirs, wherever they move and whatever it is called.
The texts given have to read as storyboards; `used` are ids beyond the text's own that a new
scene may not get.
"""

from __future__ import annotations

import difflib
import re
import string
import unicodedata
from collections.abc import Container
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from studio.errors import StudioError
from studio.revise.text.blocks import fields_of
from studio.revise.text.edits import Edits, scalar
from studio.revise.text.ids import new_scene_id
from studio.revise.text.shots import Spot, check_unshown, ids_of, renamed, value
from studio.schema.base import SCENE_PATTERN

_INSIDE = re.compile(r"(int|ext|est|i|e)\.?(\s*/\s*(int|ext|i|e)\.?)?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """A scene's heading, `INT. KITCHEN - NIGHT`, and what it says: `Kitchen`, `night`."""

    text: str
    place: str
    time: str = ""


def read_heading(text: str) -> Heading:
    """What a heading says. Raises StudioError where it names no place."""
    text = " ".join(text.split())
    start = _INSIDE.match(text)
    place, *times = re.split(r"(?:^|\s+)[-–—]+\s+", text[start.end() :] if start else text)
    if times:
        place = " - ".join([place, *times[:-1]])
    if not re.search(r"\w", place):
        raise StudioError(f"the heading {text!r} names no place", "write INT. KITCHEN - NIGHT")
    if place.isupper():
        place = string.capwords(place)
    return Heading(text, place, times[-1].lower() if times else "")


def add(
    text: str, spot: Spot, heading: Heading, place: str | None, used: AbstractSet[str]
) -> tuple[str, str, str]:
    """A new scene without shots, at the place `place`, else at the one that the heading names,
    which is added where there is none of that name. Gives the text, the new id and the place's.
    Raises StudioError."""
    edits = Edits(text)
    at = _index(edits, spot.id)
    cut = at + (spot.where == "after")
    ids = [scene.id for scene in edits.scenes]
    new = new_scene_id(ids[:cut], ids[cut:], ids_of(edits) | used)
    place = _place(edits, heading, place)
    fields = [("id", new), ("heading", scalar(heading.text)), ("place", place)]
    if heading.time:
        fields.append(("time", scalar(heading.time)))
    blocks = [scene.block for scene in edits.scenes]
    like = next((block for block in blocks if not block.flow), None)
    dash = blocks[at].dash
    lines = edits.new_block([*fields, ("shots", "[]")], dash, like)
    edits.put_beside(blocks, at, lines, dash, after=spot.where == "after")
    return edits.changed(), new, place


def move(text: str, scene: str, spot: Spot) -> str:
    """A scene with its shots at another place. The text as it was where it stands there already.
    Raises StudioError."""
    edits = Edits(text)
    here, there = _index(edits, scene), _index(edits, spot.id)
    if here == there:
        raise StudioError(f"{scene} cannot stand {spot.where} itself", "name another scene")
    if here == there + (1 if spot.where == "after" else -1):
        return text
    blocks = [each.block for each in edits.scenes]
    edits.take_out(blocks, here)
    lines = edits.lines_of(blocks[here])
    edits.put_beside(blocks, there, lines, blocks[here].dash, after=spot.where == "after")
    return edits.changed()


def rename(text: str, scene: str, new: str, used: Container[str]) -> str:
    """A scene under another id, its first one kept as `was`; its shots keep theirs. Raises
    StudioError where the new id is malformed, or some other scene has or had it."""
    edits = Edits(text)
    block = edits.scene(scene).block
    if not re.fullmatch(SCENE_PATTERN, new):
        raise StudioError(f"{new!r} is no id of a scene", "it has the form sc015")
    if new == scene:
        raise StudioError(f"{scene} has that id already", "name another")
    there = any(each.id == new for each in edits.scenes)
    if there or (new != value(block, "was") and (new in used or new in ids_of(edits))):
        raise StudioError(
            f"{new} belongs to another scene, or did once: ids are permanent",
            "choose one that no scene ever had",
        )
    edits.set_value(block.fields["id"][1], new)
    renamed(edits, block, scene, new)
    return edits.changed()


def remove(text: str, scene: str) -> str:
    """A storyboard without a scene and its shots. Raises StudioError where a shot elsewhere shows
    the clip of one of them, or no shot would be left."""
    edits = Edits(text)
    check_unshown(edits, [shot.id for shot in edits.scene(scene).shots])
    edits.take_out([each.block for each in edits.scenes], _index(edits, scene))
    return edits.changed()


def shots_of(text: str, scene: str) -> list[str]:
    """The ids of a scene's shots. Raises StudioError where there is no such scene."""
    return [shot.id for shot in Edits(text).scene(scene).shots]


def _index(edits: Edits, scene: str) -> int:
    return edits.scenes.index(edits.scene(scene))


def _place(edits: Edits, heading: Heading, wanted: str | None) -> str:
    """The id of a scene's place, which is added where the heading names a new one."""
    node = edits.top["places"][1] if "places" in edits.top else None
    names = {key: fields_of(entry) for key, (_, entry) in fields_of(node).items()}
    if wanted is not None:
        if wanted in names:
            return wanted
        close = difflib.get_close_matches(wanted, names, 1, 0.5)
        raise StudioError(
            f"there is no place {wanted!r} in storyboard.yaml",
            f"did you mean {close[0]}?" if close else "leave --place out to add one",
        )
    slug = _slug(heading.place)
    for id_, fields in names.items():
        name = fields["name"][1].value if "name" in fields else ""
        if id_ == slug or name.casefold() == heading.place.casefold():
            return id_
    base = slug or "place"
    new = next(id_ for id_ in (base, *(f"{base}_{n}" for n in range(2, 10**6))) if id_ not in names)
    edits.add_entry("places", new, {"name": heading.place})
    return new


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36].strip("_")
    return made if made[:1].isalpha() else ""
