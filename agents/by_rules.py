"""What the model did not manage, written by rules instead, and fitted into the rest: people and
places that are known already keep their ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from agents.bible import Bible, ScenePlan, Untold
from agents.covering.timing import TRANSITIONS
from studio.engines.base import Writer
from studio.engines.requests import Brief
from studio.schema.story import ScriptScene, Story
from studio.schema.storyboard import Person, Place, Scene, Shot, Storyboard
from studio.schema.time import CUT, Duration

S = TypeVar("S", Person, Place)

BY = "breakdown"
"""What `by` says of a scene that was written by rules."""
_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TITLES = frozenset(["mr", "dr", "sir", "captain", "the", "old"])
"""Words of a name that another naming of the same person may lack; Mrs. Wilson is not Wilson."""


@dataclass(frozen=True)
class Ruled:
    """Scenes by rules, and the bible with whoever and whatever is new in them."""

    bible: Bible
    scenes: tuple[Scene, ...]


def part_by_rules(rules: Writer, part: Untold, bible: Bible, brief: Brief) -> Ruled:
    """The scenes of a part of the story. Raises StudioError where it has no words."""
    board = _written(rules, Story(part.text), brief, part.seconds)
    ruled = _fitted(board, bible)
    scenes = [
        scene.model_copy(update={"by": BY, "told": f"{part.told} {scene.told}"})
        for scene in ruled.scenes
    ]
    return Ruled(ruled.bible, tuple(scenes))


def shots_by_rules(rules: Writer, plan: ScenePlan, bible: Bible, brief: Brief) -> Ruled:
    """One scene with the shots that rules give its part of the story. Raises StudioError where
    it has no words."""
    tellings = (plan.text, plan.scene.synopsis, plan.scene.heading)
    said = next((telling for telling in tellings if re.search(r"\w", telling)), "")
    script = (ScriptScene(plan.scene.heading, "", plan.beats),) if _scripted(plan) else ()
    ruled = _fitted(_written(rules, Story(said, scenes=script), brief, plan.seconds), bible)
    shots = [shot for scene in ruled.scenes for shot in scene.shots]
    inner = [shots[0], *(shot.model_copy(update={"transition": CUT}) for shot in shots[1:])]
    known = replace(ruled.bible, places=bible.places)
    return Ruled(known, (plan.scene.model_copy(update={"shots": inner, "by": BY}),))


def entered(scenes: Sequence[Scene]) -> list[Scene]:
    """A film's scenes, those by rules entered as their place in it wants: rules write each as if
    it were a film of its own, out of black."""
    return [
        _entered(scene, first=number == 0) if scene.by else scene
        for number, scene in enumerate(scenes)
    ]


def _entered(scene: Scene, *, first: bool) -> Scene:
    opening, *others = scene.shots
    kind = opening.transition.kind
    if first and kind not in ("cut", "fade from black"):
        kind = "fade from black"
    elif not first and kind == "fade from black":
        kind = "dissolve"
    else:
        return scene
    opening = opening.model_copy(update={"transition": TRANSITIONS[kind]})
    return scene.model_copy(update={"shots": [opening, *others]})


def _scripted(plan: ScenePlan) -> bool:
    return any(beat.kind == "dialogue" for beat in plan.beats)


def _written(rules: Writer, story: Story, brief: Brief, seconds: Fraction) -> Storyboard:
    """What rules write, in whole halves of a second; what is no half is the last shot's."""
    board = rules.write(story, replace(brief, seconds=seconds))
    rest = seconds - sum(shot.duration.amount for _, shot in board.shots())
    *before, scene = board.scenes
    *others, last = scene.shots
    longer = last.model_copy(update={"duration": Duration(last.duration.amount + rest)})
    ended = scene.model_copy(update={"shots": [*others, longer]})
    return board.model_copy(update={"scenes": [*before, ended]})


def _fitted(board: Storyboard, bible: Bible) -> Ruled:
    people, cast = _joined(board.cast, bible.cast)
    spots, places = _joined(board.places, bible.places)
    scenes = tuple(
        scene.model_copy(
            update={
                "place": spots[scene.place],
                "shots": [_renamed(shot, people) for shot in scene.shots],
            }
        )
        for scene in board.scenes
    )
    return Ruled(replace(bible, cast=cast, places=places), scenes)


def _joined(new: Mapping[str, S], known: Mapping[str, S]) -> tuple[dict[str, str], dict[str, S]]:
    """The id that each new sheet has now, and all sheets together."""
    joined, ids = dict(known), {}
    for id_, sheet in new.items():
        same = next((at for at, one in known.items() if _same(one, sheet)), None)
        ids[id_] = same or _free(id_, joined)
        joined.setdefault(ids[id_], sheet)
    return ids, joined


def _same(known: Person | Place, new: Person | Place) -> bool:
    """Whether two names mean one: Wilson and Mr. Jabez Wilson; a place only by its whole name."""
    first, second = _words(known.name), _words(new.name)
    if isinstance(known, Place):
        return first == second
    return bool(first and second) and (first <= second or second <= first)


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if word not in _TITLES}


def _free(id_: str, used: Iterable[str]) -> str:
    taken, number, free = set(used), 2, id_
    while free in taken:
        free, number = f"{id_[:36]}_{number}", number + 1
    return free


def _renamed(shot: Shot, people: Mapping[str, str]) -> Shot:
    """A shot with its people under their ids in the bible, in its prompts too."""

    def prompt(text: str | None) -> str | None:
        if text is None:
            return None
        return _BRACES.sub(lambda match: f"{{{people.get(match[1], match[1])}}}", text)

    return shot.model_copy(
        update={
            "cast": [who.model_copy(update={"who": people[who.who]}) for who in shot.cast],
            "dialogue": [
                line.model_copy(update={"who": people[line.who]}) for line in shot.dialogue
            ],
            "keyframe": prompt(shot.keyframe),
            "motion": prompt(shot.motion),
        }
    )
