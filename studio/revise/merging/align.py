"""Which scene and shot of a new draft is which of the one before it, by what they say.

A writer numbers its scenes and shots anew each time, so the ids of a new draft mean nothing.
`aligned` gives them those of the draft before where the scene or shot is the same, and ids
that nobody ever used where it is new. Scenes whose part of the story is as it was are taken
over from the draft before, whatever the writer makes of them now.

`Scene.told` says which parts those are: a word for each part of the story that the scene was
made from; and, after a `-`, of parts that the film has no time for. Empty: nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from studio.revise.merging.likeness import covered, matches
from studio.revise.text.ids import new_scene_id, new_shot_id
from studio.schema.check import BRACES
from studio.schema.storyboard import Scene, Shot, Storyboard


def aligned(
    base: Storyboard, new: Storyboard, used: Set[str], now: Mapping[str, str]
) -> Storyboard:
    """The new draft with the ids of `base`.

    `used` are ids of scenes and shots that may not be given to others; `now` names what a
    person calls the scenes of `base` that they renamed: new shots are named after that.
    """
    kept, replaced = _unchanged(base, new)
    before = [scene for scene in base.scenes if scene.id not in kept]
    scenes = _in_order(new, kept, replaced)
    changed = [scene for scene in scenes if scene.id not in kept or scene is not kept[scene.id]]
    scene_ids, shot_ids = matches(before, changed)
    _put_back(base, scenes, kept, scene_ids)
    taken = set(used) | {scene.id for scene in base.scenes}
    taken |= {shot.id for _, shot in base.shots()}
    named = _scenes_named(scenes, kept, scene_ids, taken)
    result = []
    for scene, id_ in zip(scenes, named, strict=True):
        if kept.get(scene.id) is scene:
            result.append(scene)
        else:
            shots = _shots_named(now.get(id_, id_), scene.shots, shot_ids, taken)
            result.append(scene.model_copy(update={"id": id_, "shots": shots}))
    return _whole(base, new, result)


# --- scenes whose source is as it was --------------------------------------------------


def _unchanged(base: Storyboard, new: Storyboard) -> tuple[dict[str, Scene], set[str]]:
    """Scenes of `base`, by id, whose parts of the story are all still told as they were; and the
    ids of the new scenes that are made from nothing else than what was known before."""
    before, after = _parts(base).keys(), _parts(new).keys()
    old = {scene.id: covered(scene.told) for scene in base.scenes}
    fresh = {scene.id: covered(scene.told) for scene in new.scenes}
    same_old = {id_ for id_, parts in old.items() if parts and parts <= after}
    same_new = {id_ for id_, parts in fresh.items() if parts and parts <= before}
    while True:  # a scene that shares a part with a changed one is changed
        left_old = {
            id_
            for id_ in same_old
            if all(other in same_new for other, parts in fresh.items() if parts & old[id_])
        }
        left_new = {
            id_
            for id_ in same_new
            if all(other in left_old for other, parts in old.items() if parts & fresh[id_])
        }
        if (left_old, left_new) == (same_old, same_new):
            return {each.id: each for each in base.scenes if each.id in same_old}, same_new
        same_old, same_new = left_old, left_new


def _parts(storyboard: Storyboard) -> dict[str, None]:
    """All parts of the story that a writer read, shown or not, in the draft's order."""
    words = (word for scene in storyboard.scenes for word in scene.told.split())
    return dict.fromkeys(word.lstrip("-") for word in words)


def _in_order(new: Storyboard, kept: Mapping[str, Scene], replaced: Set[str]) -> list[Scene]:
    """The new draft's scenes, the kept ones of `base` in their place. A part of the story that
    did not change and was not shown is not shown now either."""
    parts = {id_: covered(scene.told) for id_, scene in kept.items()}
    scenes: list[Scene] = []
    placed: set[str] = set()
    for scene in new.scenes:
        told = covered(scene.told)
        same = [kept[id_] for id_ in parts if parts[id_] & told]
        if scene.id not in replaced:
            scenes.append(scene)
        scenes += [each for each in same if each.id not in placed]
        placed |= {each.id for each in same}
    return scenes


def _put_back(
    base: Storyboard, scenes: list[Scene], kept: Mapping[str, Scene], ids: Mapping[str, str]
) -> None:
    """Kept scenes that the new draft has no time for, each behind the one before it in base."""
    at = 0
    for scene in base.scenes:
        now = (n for n, each in enumerate(scenes) if _was(each, kept, ids) == scene.id)
        found = next(now, None)
        if found is None and scene.id in kept:
            scenes.insert(at, scene)
            found = at
        at = at if found is None else found + 1


def _was(scene: Scene, kept: Mapping[str, Scene], ids: Mapping[str, str]) -> str:
    """The id of a scene in the draft before; empty for a new one."""
    return scene.id if kept.get(scene.id) is scene else ids.get(scene.id, "")


# --- ids -------------------------------------------------------------------------------


def _scenes_named(
    scenes: Sequence[Scene], kept: Mapping[str, Scene], ids: Mapping[str, str], taken: set[str]
) -> list[str]:
    """The ids of the scenes, in order; new ones between their neighbours."""
    known = [_was(scene, kept, ids) for scene in scenes]
    for n, id_ in enumerate(known):
        if not id_:
            known[n] = new_scene_id(
                [each for each in known[:n] if each],
                [each for each in known[n + 1 :] if each],
                taken,
            )
            taken.add(known[n])
    return known


def _shots_named(
    scene: str, shots: Sequence[Shot], ids: Mapping[str, str], taken: set[str]
) -> list[Shot]:
    """The shots of a scene with their ids; new ones between their neighbours."""
    known = [ids.get(shot.id, "") for shot in shots]
    for n, id_ in enumerate(known):
        if not id_:
            known[n] = new_shot_id(
                scene,
                [each for each in known[:n] if each],
                [each for each in known[n + 1 :] if each],
                taken,
            )
            taken.add(known[n])
    return [shot.model_copy(update={"id": id_}) for shot, id_ in zip(shots, known, strict=True)]


# --- the whole -------------------------------------------------------------------------


def _whole(base: Storyboard, new: Storyboard, scenes: Sequence[Scene]) -> Storyboard:
    """The scenes with their cast and places, and the parts of the story that none shows."""
    shown = {part for scene in scenes for part in covered(scene.told)}
    hidden = [f"-{part}" for part in _parts(new) if part not in shown]
    told = [" ".join(w for w in scene.told.split() if not w.startswith("-")) for scene in scenes]
    if told:
        told[0] = " ".join([told[0], *hidden]).strip()
    scenes = [
        scene.model_copy(update={"told": each}) for scene, each in zip(scenes, told, strict=True)
    ]
    people, places = named_in(scenes)
    return Storyboard(
        schema="storyboard/1",
        cast={
            id_: person
            for id_, person in (base.cast | new.cast).items()
            if id_ in people or (id_ in base.cast and id_ in new.cast)
        },
        places={
            id_: place
            for id_, place in (base.places | new.places).items()
            if id_ in places or (id_ in base.places and id_ in new.places)
        },
        scenes=scenes,
    )


def named_in(scenes: Iterable[Scene]) -> tuple[set[str], set[str]]:
    """Ids of the people and of the places that scenes name."""
    people: set[str] = set()
    places: set[str] = set()
    for scene in scenes:
        places.add(scene.place)
        for shot in scene.shots:
            people |= {who.who for who in shot.cast} | {line.who for line in shot.dialogue}
            for text in (shot.action, shot.keyframe, shot.motion):
                people |= set(BRACES.findall(text or ""))
    return people, places
