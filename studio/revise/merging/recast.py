"""People and places that a person has exchanged for others throughout: what a writer goes on
to call mara is marta by now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from studio.schema.storyboard import Presence, Shot, Storyboard


def recast(base: Storyboard, mine: Storyboard, board: Storyboard) -> Storyboard:
    """`board` with the ids that took the place of others from `base` to `mine`.

    Somebody is recast who is gone from the cast, where every shot that had them and is still
    there has the same one person instead; a place likewise, by scenes.
    """
    people = _exchanged_people(base, mine)
    places = _exchanged_places(base, mine)
    if not people and not places:
        return board
    scenes = [
        scene.model_copy(
            update={
                "place": places.get(scene.place, scene.place),
                "shots": [_recast_shot(shot, people) for shot in scene.shots],
            }
        )
        for scene in board.scenes
    ]
    return board.model_copy(
        update={
            "cast": _recast_sheets(board.cast, people),
            "places": _recast_sheets(board.places, places),
            "scenes": scenes,
        }
    )


def _exchanged_people(base: Storyboard, mine: Storyboard) -> dict[str, str]:
    now = {shot.first_id: _people(shot) for _, shot in mine.shots()}
    found = {}
    for gone in base.cast.keys() - mine.cast.keys():
        pairs = [
            (_people(shot), now[shot.id])
            for _, shot in base.shots()
            if gone in _people(shot) and shot.id in now
        ]
        arrived = [after - before for before, after in pairs if after - before]
        instead = set.intersection(*arrived) if arrived else set()
        # where both were in a shot before, the one is enough
        instead = {one for one in instead if all(one in after for _, after in pairs)}
        if len(instead) == 1:
            found[gone] = instead.pop()
    return found


def _exchanged_places(base: Storyboard, mine: Storyboard) -> dict[str, str]:
    now = {scene.was or scene.id: scene.place for scene in mine.scenes}
    found = {}
    for gone in base.places.keys() - mine.places.keys():
        instead = {
            now[scene.id] for scene in base.scenes if scene.place == gone and scene.id in now
        }
        if len(instead) == 1:
            found[gone] = instead.pop()
    return found


def _people(shot: Shot) -> set[str]:
    return {who.who for who in shot.cast} | {line.who for line in shot.dialogue}


def _recast_sheets(sheets: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The sheets under their new ids; the sheet of somebody who has such an id already stands."""
    found: dict[str, Any] = {}
    for id_, sheet in sheets.items():
        new = ids.get(id_, id_)
        if new == id_ or new not in sheets:
            found[new] = sheet
    return found


def _recast_shot(shot: Shot, ids: Mapping[str, str]) -> Shot:
    update: dict[str, Any] = {
        "cast": _recast_cast(shot.cast, ids),
        "dialogue": [
            line.model_copy(update={"who": ids.get(line.who, line.who)}) for line in shot.dialogue
        ],
    }
    for field in ("action", "keyframe", "motion"):
        text = getattr(shot, field)
        if text:
            update[field] = re.sub(
                r"\{(\w+)\}", lambda name: f"{{{ids.get(name[1], name[1])}}}", text
            )
    return shot.model_copy(update=update)


def _recast_cast(cast: Sequence[Presence], ids: Mapping[str, str]) -> list[Presence]:
    """Everybody once."""
    found: dict[str, Presence] = {}
    for who in cast:
        id_ = ids.get(who.who, who.who)
        found.setdefault(id_, who.model_copy(update={"who": id_}))
    return list(found.values())
