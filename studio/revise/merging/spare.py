"""Shots that a new draft may not change: they stay as they were in the draft before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from studio.revise.merging.align import named_in
from studio.revise.merging.likeness import covered
from studio.schema.storyboard import Scene, Shot, Storyboard


def spared(
    base: Storyboard, theirs: Storyboard, kept: Collection[str]
) -> tuple[Storyboard, list[str]]:
    """`theirs` with the shots `kept` (ids of base) as they are in base, and the ids of those
    that the writer would have changed.

    The scene of such a shot keeps what it was `told` from in base, so that the change is offered
    again by the next merge.
    """
    before = {shot.id: (scene, shot) for scene, shot in base.shots() if shot.id in kept}
    scenes = list(theirs.scenes)
    withheld = []
    for id_, (home, shot) in before.items():
        n = next((n for n, each in enumerate(scenes) if _has(each, id_)), None)
        if n is None:
            withheld.append(id_)
            _put_back(base, scenes, home, shot)
        elif (now := next(each for each in scenes[n].shots if each.id == id_)) != shot:
            withheld.append(id_)
            shots = [shot if each is now else each for each in scenes[n].shots]
            scenes[n] = scenes[n].model_copy(
                update={"shots": shots, "told": _retold(scenes[n], home)}
            )
    people, places = named_in(scenes)
    cast = {id_: person for id_, person in base.cast.items() if id_ in people} | theirs.cast
    where = {id_: place for id_, place in base.places.items() if id_ in places} | theirs.places
    board = theirs.model_copy(update={"cast": cast, "places": where, "scenes": scenes})
    return board, withheld


def _put_back(base: Storyboard, scenes: list[Scene], home: Scene, shot: Shot) -> None:
    """Put a shot of base behind those that came before it there."""
    n = next((n for n, each in enumerate(scenes) if each.id == home.id), None)
    if n is None:
        at = _behind([each.id for each in base.scenes], home.id, [each.id for each in scenes])
        scenes.insert(at, home.model_copy(update={"shots": [shot]}))
        return
    shots = list(scenes[n].shots)
    at = _behind([each.id for each in home.shots], shot.id, [each.id for each in shots])
    shots.insert(at, shot)
    scenes[n] = scenes[n].model_copy(update={"shots": shots, "told": _retold(scenes[n], home)})


def _retold(scene: Scene, before: Scene) -> str:
    """As if it were made from the same parts of the story as before."""
    hidden = (word for word in scene.told.split() if word.startswith("-"))
    return " ".join([*sorted(covered(before.told)), *hidden])


def _behind(order: Sequence[str], item: str, there: Sequence[str]) -> int:
    """Where in `there` an item belongs by another order."""
    for before in reversed(order[: order.index(item)]):
        if before in there:
            return there.index(before) + 1
    return 0


def _has(scene: Scene, shot: str) -> bool:
    return any(each.id == shot for each in scene.shots)
