"""Shots of a storyboard added, split, moved, renamed and removed, as functions of its text.

A shot's id is permanent: it keeps it wherever it moves, and a new shot gets one that no shot
ever had. The texts given have to read as storyboards; `used` are ids beyond the text's own
that a new shot may not get.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from studio.errors import StudioError
from studio.revise.text.blocks import Block, Scene, fields_of, lines_in
from studio.revise.text.edits import Edits, indented
from studio.revise.text.ids import new_shot_id
from studio.revise.text.lengths import parts, second_in
from studio.schema.base import is_shot_id
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
from studio.schema.time import Moment

FIELDS = (
    *("size", "framing", "angle", "movement", "duration", "cast", "action", "from"),
    *("speed", "fit", "keyframe", "motion", "avoid"),
)
"""Fields that say what a shot shows, in the order in which they are written."""

PROMPTS = ("keyframe", "motion", "avoid")
"""Those of them that only a clip of its own has a use for."""


@dataclass(frozen=True)
class Spot:
    """A place for a shot: after or before another, or at the end of a scene; for a scene: after
    or before another."""

    where: Literal["after", "before", "at the end of"]
    id: str

    def __str__(self) -> str:
        return f"{self.where} {self.id}"


def add(
    text: str,
    spot: Spot,
    fields: Mapping[str, str],
    used: AbstractSet[str],
    copy: str | None = None,
) -> tuple[str, str]:
    """A new shot with these fields (values as YAML writes them) and those that say what the shot
    `copy` shows; gives the text and the new id. Raises StudioError."""
    edits = Edits(text)
    new = _new_id(edits, spot, used)
    source = edits.shot(copy)[1] if copy else None
    keys = [key for key in FIELDS if key != "from"]
    _put_new(edits, spot, {"id": new, **fields}, source, keys)
    return edits.changed(), new


def split(
    text: str,
    film: Film,
    storyboard: Storyboard,
    id_: str,
    at: Moment,
    used: AbstractSet[str],
    *,
    new_picture: bool = False,
    begins: Moment | None = None,
) -> tuple[str, str]:
    """A shot in two: the first part keeps id, words, transition and circled takes, the second
    shows the rest of the same clip, or with `new_picture` has a picture of its own.

    `storyboard` is what the text reads as; `begins` is where in the clip the second part
    begins, by default where `at` lies in it. Gives the text and the second part's id. Raises
    StudioError where it cannot be split there.
    """
    edits = Edits(text)
    _, block = edits.shot(id_)
    shot = next(each for _, each in storyboard.shots() if each.id == id_)
    first, second = parts(film, shot, at)
    spot = Spot("after", shot.id)
    new = _new_id(edits, spot, used)
    fields = {"id": new, "duration": str(second)}
    keys = [key for key in FIELDS if key not in (("from", "speed") if new_picture else PROMPTS)]
    if not new_picture:
        source = shot.source.shot if shot.source else shot.id
        fields["from"] = f"{{shot: {source}, in: {begins or second_in(film, shot, at)}}}"
    edits.set_value(block.fields["duration"][1], str(first))
    _put_new(edits, spot, fields, block, keys)
    return edits.changed(), new


def move(text: str, shot: str, spot: Spot) -> str:
    """A shot at another place, also of another scene. The text as it was where the shot stands
    there already. Raises StudioError."""
    edits = Edits(text)
    scene, block = edits.shot(shot)
    if spot.id == shot:
        raise StudioError(f"{shot} cannot stand {spot.where} itself", "name another shot")
    target, at = _place(edits, spot)
    order = [each.id for each in target.shots if each.id != shot]
    beside = order.index(spot.id) + (spot.where == "after") if spot.id in order else len(order)
    order.insert(beside, shot)
    if target is scene and order == [each.id for each in scene.shots]:
        return text
    lines = edits.lines_of(block)
    edits.take_out(scene.shots, _index(scene, shot), scene.block)
    _put_lines(edits, target, at, spot, lines, block.dash)
    return edits.changed()


def rename(text: str, shot: str, new: str, used: AbstractSet[str]) -> str:
    """A shot under another id, its first one kept as `was`; shots that show its clip follow.
    Raises StudioError where the new id is malformed, or some other shot has or had it."""
    edits = Edits(text)
    _, block = edits.shot(shot)
    if not is_shot_id(new):
        raise StudioError(f"{new!r} is no id of a shot", "it has the form sc010_sh015")
    if new == shot:
        raise StudioError(f"{shot} has that id already", "name another")
    was = value(block, "was")
    there = any(each.id == new for _, each in edits.shots())
    if there or (new != was and new in ids_of(edits) | used):
        free = _new_id(edits, Spot("after", shot), used)
        raise StudioError(
            f"{new} belongs to another shot, or did once: ids are permanent",
            f"choose one that is free, such as {free}",
        )
    edits.set_value(block.fields["id"][1], new)
    renamed(edits, block, shot, new)
    for _, each in edits.shots():
        if "from" in each.fields and value(each, "from", "shot") == shot:
            edits.set_value(fields_of(each.fields["from"][1])["shot"][1], new)
    return edits.changed()


def renamed(edits: Edits, block: Block, old: str, new: str) -> None:
    """Keep the first id of a shot or scene as `was`; drop it where it is the id again."""
    was = value(block, "was")
    if was is None:
        edits.add_field(block, "was", old, after="id")
    elif was == new:
        edits.drop_field(block, "was")


def remove(text: str, shots: Iterable[str]) -> str:
    """A storyboard without some shots. Raises StudioError where another shot shows the clip of
    one of them, or none would be left."""
    gone = list(dict.fromkeys(shots))
    check_unshown(Edits(text), gone)
    for shot in gone:
        edits = Edits(text)
        scene, _ = edits.shot(shot)
        edits.take_out(scene.shots, _index(scene, shot), scene.block)
        text = edits.changed()
    return text


def check_unshown(edits: Edits, gone: list[str]) -> None:
    """Raise StudioError where shots cannot go: one is not there, another shot shows its clip, or
    no shot would be left."""
    for shot in gone:
        edits.shot(shot)
    for _, each in edits.shots():
        source = value(each, "from", "shot")
        if each.id not in gone and source in gone:
            raise StudioError(
                f"{each.id} shows the clip of {source}, so that one has to stay",
                f"remove {each.id} as well, or take `from` out of it",
            )
    if all(each.id in gone for _, each in edits.shots()):
        raise StudioError("no shot would be left", "a storyboard has at least one")


def value(block: Block, *keys: str) -> str | None:
    """The text of a field's value, or of a field in it; None where it is not there."""
    fields, node = block.fields, None
    for key in keys:
        if key not in fields:
            return None
        node = fields[key][1]
        fields = fields_of(node)
    return str(node.value) if node is not None and not fields else None


def ids_of(edits: Edits) -> set[str]:
    """The ids of a text's scenes and shots, and those that they had."""
    blocks = [scene.block for scene in edits.scenes] + [shot for _, shot in edits.shots()]
    return {id_ for block in blocks for id_ in (block.id, value(block, "was")) if id_}


# --- places ----------------------------------------------------------------------------


def _place(edits: Edits, spot: Spot) -> tuple[Scene, int]:
    """The scene of a spot, and the number of the shot in it that it is beside; -1 where the scene
    has none."""
    if spot.where == "at the end of":
        scene = edits.scene(spot.id)
        return scene, len(scene.shots) - 1
    scene, _ = edits.shot(spot.id)
    return scene, _index(scene, spot.id)


def _index(scene: Scene, shot: str) -> int:
    return [each.id for each in scene.shots].index(shot)


def _new_id(edits: Edits, spot: Spot, used: AbstractSet[str]) -> str:
    scene, at = _place(edits, spot)
    ids = [shot.id for shot in scene.shots]
    cut = at + (spot.where != "before")
    return new_shot_id(scene.id, ids[:cut], ids[cut:], ids_of(edits) | used)


def _put_new(
    edits: Edits,
    spot: Spot,
    given: Mapping[str, str],
    source: Block | None,
    keys: Sequence[str],
) -> None:
    """Put a new shot with the fields given, and those of `keys` that the shot `source` has."""
    scene, at = _place(edits, spot)
    everywhere = [*scene.shots, *(each for _, each in edits.shots())]
    like = next((each for each in everywhere if not each.flow), None)
    dash = edits.dash_in(scene)
    indent = dash + (like.indent - like.dash if like else 2)
    fields = []
    for key in ("id", *FIELDS):
        if key in given:
            fields.append((key, given[key]))
        elif source and key in keys and key in source.fields:
            first, *further = lines_in(edits.raw(source, key)) or [""]
            fields.append((key, first + indented("".join(further), indent - source.indent)))
    _put_lines(edits, scene, at, spot, edits.new_block(fields, dash, like), dash)


def _put_lines(edits: Edits, scene: Scene, at: int, spot: Spot, lines: str, dash: int) -> None:
    if at < 0:
        edits.put_first(scene, lines, dash)
    else:
        edits.put_beside(scene.shots, at, lines, dash, after=spot.where != "before")
