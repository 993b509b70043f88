"""What the script doctor's calls do: a film and its storyboard in, changed ones out.

Pure: nothing is read or written, and a call that cannot be done changes nothing. Whether the film
can still be laid out is not known here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from agents.directing.tools import (
    AddPerson,
    AddPlace,
    AddScene,
    AddShot,
    Call,
    EditScene,
    EditShot,
    MoveScene,
    MoveShot,
    Part,
    RemoveScene,
    RemoveShot,
    SetCast,
    SetLook,
    SetPlace,
    ShotChange,
)
from studio.errors import StudioError
from studio.schema.base import ID_PATTERN
from studio.schema.check import BRACES
from studio.schema.film import Film
from studio.schema.storyboard import Person, Place, Scene, Shot, Storyboard

T = TypeVar("T")


@dataclass(frozen=True)
class Draft:
    """A film as it would be."""

    film: Film
    storyboard: Storyboard

    def with_scenes(self, scenes: Iterable[Scene]) -> Draft:
        """The draft with other scenes. Raises StudioError where no shot is left."""
        scenes = list(scenes)
        if not any(scene.shots for scene in scenes):
            raise StudioError("no shot would be left", "a storyboard has at least one")
        return self._with(scenes=scenes)

    def with_cast(self, who: str, person: Person) -> Draft:
        """The draft with somebody new or changed."""
        return self._with(cast={**self.storyboard.cast, who: person})

    def with_places(self, id_: str, place: Place) -> Draft:
        """The draft with a place that is new or changed."""
        return self._with(places={**self.storyboard.places, id_: place})

    def _with(self, **fields: object) -> Draft:
        return replace(self, storyboard=self.storyboard.model_copy(update=fields))


class NewIds(Protocol):
    """Gives ids that no shot or scene ever had, between those `before` and those `after`."""

    def shot(self, scene: str, before: Sequence[str], after: Sequence[str]) -> str:
        """For a new shot of a scene. Raises StudioError where none is free."""
        ...

    def scene(self, before: Sequence[str], after: Sequence[str]) -> str:
        """For a new scene. Raises StudioError where none is free."""
        ...


def carried_out(draft: Draft, call: Call, ids: NewIds) -> Draft:
    """The draft after a call. Raises StudioError that says why it cannot be done."""
    try:
        return _carried_out(draft, call, ids)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise StudioError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None


def _carried_out(draft: Draft, call: Call, ids: NewIds) -> Draft:
    board = draft.storyboard
    match call:
        case EditShot(shot=id_, changes=changes):
            shot = _edited(board, _shot(board, id_), changes)
            return draft.with_scenes(_replaced(board, shot))
        case AddShot():
            return draft.with_scenes(_added(board, call, ids))
        case RemoveShot(shot=id_):
            return draft.with_scenes(_without(board, _shot(board, id_)))
        case MoveShot(shot=id_, where=where, beside=beside):
            if beside == id_:
                raise StudioError(f"{id_} cannot stand {where} itself")
            shot = _shot(board, id_)
            _spot(board.scenes, where, beside)
            return draft.with_scenes(_put(_without(board, shot), shot, where, beside))
        case EditScene(scene=id_, changes=changes):
            fields = _scene(board.scenes, id_).model_dump() | {c.field: c.to for c in changes}
            scene = Scene.model_validate(fields | {"shots": []})
            shots = _scene(board.scenes, id_).shots
            changed = scene.model_copy(update={"shots": shots})
            return draft.with_scenes(changed if one.id == id_ else one for one in board.scenes)
        case AddScene():
            return draft.with_scenes(_with_scene(board, call, ids))
        case RemoveScene(scene=id_):
            gone = _scene(board.scenes, id_)
            return draft.with_scenes(scene for scene in board.scenes if scene is not gone)
        case MoveScene(scene=id_, where=where, beside=beside):
            moved = _scene(board.scenes, id_)
            others = [scene for scene in board.scenes if scene is not moved]
            at = _at(others, where, beside)
            return draft.with_scenes([*others[:at], moved, *others[at:]])
        case SetLook(look=look):
            return replace(draft, film=draft.film.model_copy(update={"look": look}))
        case SetCast(who=who, name=name, looks=looks):
            known = _known("person", who, board.cast).model_dump()
            return draft.with_cast(who, Person(**known | {"name": name, "looks": looks}))
        case AddPerson(who=who, name=name, looks=looks):
            _check_new(who, board.cast)
            return draft.with_cast(who, Person(name=name, looks=looks))
        case SetPlace(place=id_, name=name, looks=looks):
            _known("place", id_, board.places)
            return draft.with_places(id_, Place(name=name, looks=looks))
        case AddPlace(place=id_, name=name, looks=looks):
            _check_new(id_, board.places)
            return draft.with_places(id_, Place(name=name, looks=looks))


# --- shots -----------------------------------------------------------------------------


def _edited(board: Storyboard, shot: Shot, changes: Sequence[ShotChange]) -> Shot:
    """A shot with other fields. Raises StudioError, and ValidationError for a wrong value."""
    values: dict[str, Any] = {change.field: _value(change) for change in changes}
    given = {"id": shot.id, "duration": shot.duration}
    checked = Shot.model_validate(given | values)
    made = shot.model_copy(update={name: getattr(checked, name) for name in values})
    if values.keys() & {"cast", "dialogue"}:
        _check_company(made)
    if values.keys() & {"cast", "keyframe", "motion"}:
        _check_prompts(board, made)
    return made


def _value(change: ShotChange) -> object:
    if change.field in ("keyframe", "motion"):
        return change.to or None
    return _plain_values(change.to)


def _plain_values(value: object) -> object:
    """Lists of parts as a storyboard has them: what is empty is left out."""
    if not isinstance(value, list):
        return value
    parts = [part.model_dump() for part in value if isinstance(part, Part)]
    return [{name: item for name, item in part.items() if item} for part in parts]


def _check_company(shot: Shot) -> None:
    """Raise StudioError where somebody is there twice, or speaks on screen without being there."""
    there = [person.who for person in shot.cast]
    if twice := next((who for who in there if there.count(who) > 1), None):
        raise StudioError(f"{twice} is in the cast of {shot.id} twice", "name everybody once")
    for line in shot.dialogue:
        if line.heard == "on" and line.who not in there:
            raise StudioError(
                f"{line.who} speaks on screen in {shot.id} and is not in its cast",
                f"put {line.who} into its cast, or let the line be heard off or vo",
            )


def _check_prompts(board: Storyboard, shot: Shot) -> None:
    """Raise StudioError where a prompt names somebody who is not there."""
    there = {person.who for person in shot.cast}
    for name, prompt in (("keyframe", shot.keyframe), ("motion", shot.motion)):
        for who in BRACES.findall(prompt or ""):
            if who in board.cast and who not in there:
                raise StudioError(
                    f"the {name} of {shot.id} names {who}, who is not in its cast",
                    f"in the same call write {name} anew, or give it no words",
                )


def _added(board: Storyboard, call: AddShot, ids: NewIds) -> list[Scene]:
    scene, at = _spot(board.scenes, call.where, call.beside)
    there = [shot.id for shot in scene.shots]
    fields = call.model_dump(exclude={"tool", "where", "beside"})
    fields |= {name: _plain_values(getattr(call, name)) for name in ("cast", "dialogue")}
    shot = Shot.model_validate(fields | {"id": ids.shot(scene.id, there[:at], there[at:])})
    _check_company(shot)
    return _put(board.scenes, shot, call.where, call.beside)


def _put(scenes: Sequence[Scene], shot: Shot, where: str, beside: str) -> list[Scene]:
    scene, at = _spot(scenes, where, beside)
    shots = [*scene.shots[:at], shot, *scene.shots[at:]]
    made = scene.model_copy(update={"shots": shots})
    return [made if one is scene else one for one in scenes]


def _spot(scenes: Sequence[Scene], where: str, beside: str) -> tuple[Scene, int]:
    """The scene of a place, and how many of its shots come before it."""
    if where == "at the end of":
        scene = _scene(scenes, beside)
        return scene, len(scene.shots)
    places = {
        shot.id: (scene, number) for scene in scenes for number, shot in enumerate(scene.shots)
    }
    scene, number = _known("shot", beside, places)
    return scene, number + (where == "after")


def _replaced(board: Storyboard, shot: Shot) -> list[Scene]:
    return [
        scene.model_copy(
            update={"shots": [shot if one.id == shot.id else one for one in scene.shots]}
        )
        for scene in board.scenes
    ]


def _without(board: Storyboard, shot: Shot) -> list[Scene]:
    return [
        scene.model_copy(update={"shots": [one for one in scene.shots if one is not shot]})
        for scene in board.scenes
    ]


# --- scenes, and what is there -----------------------------------------------------------


def _with_scene(board: Storyboard, call: AddScene, ids: NewIds) -> list[Scene]:
    at = _at(board.scenes, call.where, call.beside)
    there = [scene.id for scene in board.scenes]
    fields = call.model_dump(exclude={"tool", "where", "beside"})
    scene = Scene.model_validate(fields | {"id": ids.scene(there[:at], there[at:])})
    return [*board.scenes[:at], scene, *board.scenes[at:]]


def _at(scenes: Sequence[Scene], where: str, beside: str) -> int:
    return scenes.index(_scene(scenes, beside)) + (where == "after")


def _shot(board: Storyboard, id_: str) -> Shot:
    return _known("shot", id_, {shot.id: shot for _, shot in board.shots()})


def _scene(scenes: Sequence[Scene], id_: str) -> Scene:
    return _known("scene", id_, {scene.id: scene for scene in scenes})


def _known(what: str, id_: str, there: Mapping[str, T]) -> T:
    """What has this id. Raises StudioError that names what is near."""
    if id_ in there:
        return there[id_]
    near = difflib.get_close_matches(id_, there, 1, 0.5) or list(there)[:8]
    raise StudioError(
        f"there is no {what} {id_!r}", f"there is {', '.join(near)}" if near else "add one first"
    )


def _check_new(id_: str, there: Mapping[str, object]) -> None:
    if id_ in there:
        raise StudioError(f"{id_} is there already", "change it instead")
    if not re.fullmatch(ID_PATTERN, id_):
        raise StudioError(f"{id_!r} is no id", "it has small letters, digits and _")
