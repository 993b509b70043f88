"""Which scenes and shots of two drafts are the same, by what is said and done in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from studio.schema.storyboard import Scene, Shot

SAME_HERE = 0.5
"""How alike the words of two shots in the same scene are, from 0 to 1, to be one shot."""

SAME_ANYWHERE = 0.8
"""The same for shots that would have moved from one scene to another."""

SAME_SCENE = 0.3

_WORD = re.compile(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+")


def matches(
    before: Sequence[Scene], after: Sequence[Scene]
) -> tuple[dict[str, str], dict[str, str]]:
    """Ids before of scenes and of shots, by their ids in the new draft."""
    old_scenes, new_scenes = ([_SceneSaid(each) for each in side] for side in (before, after))
    scenes = _best(
        (
            (old.alike(new), -abs(n - m), old.id, new.id)
            for n, old in enumerate(old_scenes)
            for m, new in enumerate(new_scenes)
        ),
        SAME_SCENE,
    )
    by_id = {scene.id: scene for scene in old_scenes}
    shots: dict[str, str] = {}
    for scene in new_scenes:
        if scene.id in scenes:
            shots |= _in_order(by_id[scenes[scene.id]].shots, scene.shots)
    taken = set(shots.values())
    left = [each for scene in old_scenes for each in scene.shots if each.id not in taken]
    new = [each for scene in new_scenes for each in scene.shots if each.id not in shots]
    shots |= _best(
        (
            (old.alike(each), -abs(n - m), old.id, each.id)
            for n, old in enumerate(left)
            for m, each in enumerate(new)
        ),
        SAME_ANYWHERE,
    )
    return scenes, shots


def covered(told: str) -> set[str]:
    """The parts of the story that a scene was made from."""
    return {word for word in told.split() if not word.startswith("-")}


class _ShotSaid:
    """What is said or done in a shot. `talk`: it is known by its lines, since what is done in it
    (Finn speaks to Mara) is the same in many."""

    def __init__(self, shot: Shot) -> None:
        self.id = shot.id
        self.talk = bool(shot.dialogue)
        lines = (line.line for line in shot.dialogue)
        self.words = _words(" ".join(lines) if self.talk else f"{shot.action} {shot.narration}")
        self.people = frozenset(who.who for who in shot.cast)
        self.size = shot.size
        self.action = shot.action

    def alike(self, other: _ShotSaid) -> float:
        """0 to 1, and a little more where they are also framed alike."""
        if self.talk != other.talk:
            return 0
        alike = _alike(self.words, other.words)
        framed = 0.02 * (self.people == other.people) + 0.02 * (self.size == other.size)
        if self.talk and self.people == other.people and self.action == other.action:
            framed += 0.1  # the same person says it differently
        return alike + framed if alike else 0


class _SceneSaid:
    """What a scene was made from, and what is said and done in it."""

    def __init__(self, scene: Scene) -> None:
        self.id = scene.id
        self.parts = covered(scene.told)
        self.shots = [_ShotSaid(shot) for shot in scene.shots]
        self.words = _words(scene.synopsis).union(*(shot.words for shot in self.shots))
        self.place = scene.place
        self.heading = scene.heading

    def alike(self, other: _SceneSaid) -> float:
        """0 to 1 by words and place; above 1 for the same parts of the story."""
        if common := len(self.parts & other.parts):
            return 1 + common / len(self.parts | other.parts)
        alike = _alike(self.words, other.words)
        setting = 0.2 * (self.place == other.place) + 0.1 * (self.heading == other.heading)
        return 0.7 * alike + (setting if alike > 0.1 else 0)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two texts have in common, 0 to 1."""
    if one == other:
        return 1
    return 2 * len(one & other) / (len(one) + len(other))


def _best(pairs: Iterable[tuple[float, int, str, str]], least: float) -> dict[str, str]:
    """The likest pairs first, nobody twice: the old id by the new one."""
    found: dict[str, str] = {}
    taken = set()
    for _, _, old, new in sorted(
        (pair for pair in pairs if pair[0] >= least), key=lambda pair: (-pair[0], -pair[1])
    ):
        if new not in found and old not in taken:
            found[new] = old
            taken.add(old)
    return found


def _in_order(old: Sequence[_ShotSaid], new: Sequence[_ShotSaid]) -> dict[str, str]:
    """The old ids of shots of one scene by their new ones: the most alike without a crossing."""
    alike = [[a.alike(b) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for n in reversed(range(len(old))):
        for m in reversed(range(len(new))):
            best[n][m] = max(best[n + 1][m], best[n][m + 1])
            if alike[n][m] >= SAME_HERE:
                best[n][m] = max(best[n][m], alike[n][m] + best[n + 1][m + 1])
    found = {}
    n = m = 0
    while n < len(old) and m < len(new):
        if alike[n][m] >= SAME_HERE and best[n][m] == alike[n][m] + best[n + 1][m + 1]:
            found[new[m].id] = old[n].id
            n, m = n + 1, m + 1
        elif best[n][m] == best[n + 1][m]:
            n += 1
        else:
            m += 1
    return found
