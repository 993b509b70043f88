"""The three-way merge of storyboards: the draft that a writer once wrote (base), a person's
storyboard that came of it (mine), and what the writer writes now (theirs).

Pure: models in, models out. Scenes, shots, people and places are matched by id; theirs has
the ids of base where something is the same (`align`), and mine knows a renamed scene or shot by
its first id. Field by field, whoever changed something is right, and the person where both did:
that is a conflict. What a person added, removed or moved stays so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from studio.revise.differing.order import moved
from studio.revise.merging.align import named_in
from studio.revise.merging.conflicts import GONE, other_value
from studio.revise.merging.recast import recast
from studio.schema.base import Model
from studio.schema.storyboard import Person, Place, Scene, Shot, Storyboard

Kind = Literal["cast", "places", "scenes", "shots"]
M = TypeVar("M", bound=Model)
Sheet = TypeVar("Sheet", Person, Place)

PERSONAL = frozenset(
    ["id", "was", "source", "trim", "speed", "panels", "fit", "takes", "notes", "told", "shots"]
)
"""Fields of a shot or a scene that no writer fills, or that are not merged as fields."""


@dataclass(frozen=True)
class Clash:
    """A conflict: what it is about (by its id in the merged storyboard), the field where it is
    about one, and what is to be said of it."""

    kind: Kind
    id: str
    field: str
    text: str


@dataclass(frozen=True)
class Merged:
    """What comes of a merge."""

    storyboard: Storyboard
    clashes: list[Clash]


def merge(
    base: Storyboard, mine: Storyboard, theirs: Storyboard, owned: Collection[str] = ()
) -> Merged:
    """`mine` with what changed from `base` to `theirs`.

    `owned` are ids in `mine` of shots that hold a person's work beyond their fields (their own
    pictures, comments): such a shot is not removed without being asked for. Where nothing
    changed from base to theirs, the result is mine; where nothing changed from base to mine, it
    is theirs, but for fields that are only ever a person's.
    """
    base, theirs = recast(base, mine, base), recast(base, mine, theirs)
    return _Merge(base, mine, theirs, owned).run()


def writers_fields(model: type[Model]) -> list[str]:
    """Names of the fields that are merged, in the model's order."""
    return [name for name in model.model_fields if name not in PERSONAL]


class _Merge:
    def __init__(
        self, base: Storyboard, mine: Storyboard, theirs: Storyboard, owned: Collection[str]
    ) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.clashes: list[Clash] = []
        self.old = _Board(base)
        self.own = _Board(mine)
        self.new = _Board(theirs)
        self.owned = {key for key, shot in self.own.shots.items() if shot.id in owned}

    def run(self) -> Merged:
        scenes = self._placed(self._kept_shots())
        cast = self._sheets("cast", self.base.cast, self.mine.cast, self.theirs.cast)
        places = self._sheets("places", self.base.places, self.mine.places, self.theirs.places)
        named = named_in(scenes)
        written = self.base.cast | self.theirs.cast, self.base.places | self.theirs.places
        cast = self._needed("cast", cast, named[0], written[0])
        places = self._needed("places", places, named[1], written[1])
        board = Storyboard(schema="storyboard/1", cast=cast, places=places, scenes=scenes)
        return Merged(board, self.clashes)

    # --- fields ------------------------------------------------------------------------

    def _fields(self, kind: Kind, id_: str, base: M | None, mine: M, theirs: M | None) -> M:
        """Mine, with what theirs changed."""
        if theirs is None:
            return mine
        update: dict[str, Any] = {}
        for field in writers_fields(type(mine)):
            own, new = getattr(mine, field), getattr(theirs, field)
            old = getattr(base, field) if base is not None else None
            if own == new or (base is not None and old == new):
                continue
            if base is not None and old == own:
                update[field] = new
            else:
                self.clashes.append(Clash(kind, id_, field, other_value(field, new)))
        return mine.model_copy(update=update)

    def _sheets(
        self,
        kind: Kind,
        base: Mapping[str, Sheet],
        mine: Mapping[str, Sheet],
        theirs: Mapping[str, Sheet],
    ) -> dict[str, Sheet]:
        """A person's cast or places, each by field."""
        return {
            id_: self._fields(kind, id_, base.get(id_), sheet, theirs.get(id_))
            for id_, sheet in mine.items()
        }

    def _needed(
        self,
        kind: Kind,
        found: dict[str, Sheet],
        named: Collection[str],
        written: Mapping[str, Sheet],
    ) -> dict[str, Sheet]:
        """Without those that the writer no longer has, unless they are named or a person's; with
        all others that are named."""
        base: Mapping[str, Any] = getattr(self.base, kind)
        theirs: Mapping[str, Any] = getattr(self.theirs, kind)
        kept = {}
        for id_, sheet in found.items():
            if id_ in named or id_ not in base or id_ in theirs:
                kept[id_] = sheet
            elif sheet != base[id_]:
                kept[id_] = sheet
                self.clashes.append(Clash(kind, id_, "", GONE))
        for id_, sheet in written.items():
            if id_ not in named or id_ in kept:
                continue
            kept[id_] = sheet
            if id_ in base:
                what = "shots" if kind == "cast" else "scenes"
                said = f"you removed {id_}, and {what} of the writer name it"
                self.clashes.append(Clash(kind, id_, "", said))
        return kept

    # --- which shots there are ---------------------------------------------------------

    def _kept_shots(self) -> dict[str, Shot]:
        """All shots of the result by key."""
        shots: dict[str, Shot] = {}
        shifted = self._shifted()
        for key, shot in self.own.shots.items():
            old, new = self.old.shots.get(key), self.new.shots.get(key)
            if old is not None and new is None and not self._touched(key, old, shot, shifted):
                continue
            shots[key] = self._fields("shots", shot.id, old, shot, new)
            if old is not None and new is None:
                self.clashes.append(Clash("shots", shot.id, "", GONE))
        shown = {shot.source.shot for shot in shots.values() if shot.source}
        for key, shot in self.own.shots.items():
            if key not in shots and shot.id in shown:
                shots[key] = shot
                self.clashes.append(Clash("shots", shot.id, "", GONE.replace("changed", "show")))
        known = {**self.old.shots, **self.own.shots}
        return shots | {key: shot for key, shot in self.new.shots.items() if key not in known}

    def _touched(self, key: str, old: Shot, mine: Shot, shifted: Collection[str]) -> bool:
        """Whether a person has done anything to a shot but rename it."""
        named = mine.model_copy(update={"id": old.id, "was": None})
        return named != old or key in shifted or key in self.owned

    def _shifted(self) -> set[str]:
        """Keys of shots that a person moved."""
        found = {
            key
            for key, scene in self.own.scene_of.items()
            if key in self.old.scene_of and self.old.scene_of[key] != scene
        }
        for scene, keys in self.own.inside.items():
            before = self.old.inside.get(scene, [])
            common = [key for key in keys if key in before]
            found |= {common[n] for n in moved([before.index(key) for key in common])}
        return found

    # --- where they stand --------------------------------------------------------------

    def _placed(self, shots: Mapping[str, Shot]) -> list[Scene]:
        """The scenes in order, each with its shots in order."""
        shifted = self._shifted()
        there = self._kept_scenes(shots)
        home = self._homes(shots, shifted, there)
        order = _woven(
            [key for key in self.new.scenes if key in there],
            [key for key in self.own.scenes if key in there],
            self._shifted_scenes(),
        )
        inside = {}
        for scene in order:
            inside[scene] = _woven(
                [key for key in self.new.inside.get(scene, []) if home.get(key) == scene],
                [key for key in self.own.inside.get(scene, []) if home.get(key) == scene],
                shifted,
            )
        self._lodge(shots, inside)
        scenes = []
        for key in order:
            held = [shots[each] for each in inside[key]]
            whole = self._scene(key, bool(held))
            if whole is not None:
                scenes.append(whole.model_copy(update={"shots": held}))
        return scenes

    def _kept_scenes(self, shots: Mapping[str, Shot]) -> set[str]:
        """Keys of the scenes that there may be: a person's, and the writer's new ones."""
        added = {key for key in self.new.scenes if key not in self.old.scenes}
        return set(self.own.scenes) | added

    def _homes(
        self, shots: Mapping[str, Shot], shifted: Collection[str], there: Collection[str]
    ) -> dict[str, str]:
        """The scene of each shot: a person's where they moved it, else the writer's."""
        home = {}
        for key in shots:
            own, new = self.own.scene_of.get(key), self.new.scene_of.get(key)
            before = self.old.scene_of.get(key)
            if own is not None and (new is None or own != before or new not in there):
                home[key] = own
            elif new in there:
                home[key] = str(new)
        return home

    def _lodge(self, shots: Mapping[str, Shot], inside: dict[str, list[str]]) -> None:
        """Put new shots whose scene a person dissolved beside their neighbours, wherever those
        went; those that have none left are not wanted."""
        for keys in self.new.inside.values():
            for n, key in enumerate(keys):
                if key not in shots or any(key in held for held in inside.values()):
                    continue
                for near, after in (*((k, 1) for k in keys[:n][::-1]), *((k, 0) for k in keys[n:])):
                    held = next((each for each in inside.values() if near in each), None)
                    if held is not None:
                        held.insert(held.index(near) + after, key)
                        break

    def _scene(self, key: str, filled: bool) -> Scene | None:
        """A scene's own fields; None where the writer no longer has it and nothing is left."""
        old, own, new = (board.scenes.get(key) for board in (self.old, self.own, self.new))
        if own is None:
            return new.model_copy(update={"told": ""}) if new and filled else None
        if old is not None and new is None and not filled and self.old.inside[key]:
            if all(getattr(old, each) == getattr(own, each) for each in writers_fields(Scene)):
                return None
            self.clashes.append(Clash("scenes", own.id, "", GONE))
        return self._fields("scenes", own.id, old, own, new)

    def _shifted_scenes(self) -> set[str]:
        before = list(self.old.scenes)
        common = [key for key in self.own.scenes if key in self.old.scenes]
        return {common[n] for n in moved([before.index(key) for key in common])}


class _Board:
    """A storyboard by keys: the first ids of its scenes and shots."""

    def __init__(self, storyboard: Storyboard) -> None:
        self.scenes: dict[str, Scene] = {}
        self.shots: dict[str, Shot] = {}
        self.scene_of: dict[str, str] = {}
        self.inside: dict[str, list[str]] = {}
        keys = _keys(storyboard.scenes) | _keys(shot for _, shot in storyboard.shots())
        for scene in storyboard.scenes:
            self.scenes[keys[scene.id]] = scene
            self.inside[keys[scene.id]] = [keys[shot.id] for shot in scene.shots]
            for shot in scene.shots:
                self.shots[keys[shot.id]] = shot
                self.scene_of[keys[shot.id]] = keys[scene.id]


def _keys(items: Iterable[Scene | Shot]) -> dict[str, str]:
    """The key of each scene or shot by its id. Where two have one first id (somebody gave an id
    away that was another's), the one that was renamed is known by it."""
    keys: dict[str, str] = {}
    for item in sorted(items, key=lambda each: each.was is None):
        key = item.was or item.id
        keys[item.id] = key if key not in keys.values() else f"{item.id} again"
    return keys


def _woven(theirs: Sequence[str], mine: Sequence[str], shifted: Collection[str]) -> list[str]:
    """The order of theirs, with what a person moved or added behind what it follows in mine."""
    order = [key for key in theirs if key not in shifted or key not in mine]
    at = 0
    for key in mine:
        if key in order:
            at = order.index(key) + 1
        else:
            order.insert(at, key)
            at += 1
    return order
