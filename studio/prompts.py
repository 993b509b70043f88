"""Prompts: names in braces filled in with the same words everywhere, and prompts composed
from a shot's fields where a person wrote none.
"""

from __future__ import annotations

from collections.abc import Set

from studio.schema.check import BRACES
from studio.schema.storyboard import (
    SIZE_NAMES,
    Movement,
    Scene,
    Shot,
    Storyboard,
)

ANGLES = {
    "eye": "at eye level",
    "high": "from a high angle",
    "low": "from a low angle",
    "overhead": "from directly overhead",
    "worm's eye": "from the ground looking straight up",
    "dutch": "on a tilted dutch angle",
}
MOVES: dict[Movement, str] = {
    "static": "The camera holds still",
    "pan left": "The camera pans slowly to the left",
    "pan right": "The camera pans slowly to the right",
    "tilt up": "The camera tilts slowly up",
    "tilt down": "The camera tilts slowly down",
    "dolly in": "The camera moves slowly closer",
    "dolly out": "The camera moves slowly back",
    "truck left": "The camera travels slowly to the left",
    "truck right": "The camera travels slowly to the right",
    "pedestal up": "The camera rises slowly",
    "pedestal down": "The camera sinks slowly",
    "zoom in": "The lens zooms slowly in",
    "zoom out": "The lens zooms slowly out",
    "crane up": "The camera cranes slowly up",
    "crane down": "The camera cranes slowly down",
    "handheld": "The camera is handheld and moves slightly",
    "arc left": "The camera circles slowly to the left",
    "arc right": "The camera circles slowly to the right",
}


class Prompter:
    """The prompts of one film's shots, filled in or composed."""

    def __init__(
        self, look: str, storyboard: Storyboard, outdated: Set[tuple[str, str]] = frozenset()
    ) -> None:
        """`look` is the film's; `outdated` names (shot, field) of written prompts that are
        composed all the same."""
        self.look = look
        self.storyboard = storyboard
        self.outdated = outdated
        self._people = {who: self._person(who) for who in storyboard.cast}

    def keyframe(self, scene: Scene, shot: Shot) -> str:
        """What the painter is asked for."""
        written = None if (shot.id, "keyframe") in self.outdated else shot.keyframe
        return self.filled(written or self._composed_keyframe(shot), scene, shot)

    def motion(self, scene: Scene, shot: Shot) -> str:
        """What the animator is asked for."""
        written = None if (shot.id, "motion") in self.outdated else shot.motion
        return self.filled(written or self._composed_motion(shot), scene, shot)

    def _composed_keyframe(self, shot: Shot) -> str:
        framing = "" if shot.framing == "single" else f", {shot.framing}"
        opening = f"{SIZE_NAMES[shot.size]}{framing}, {ANGLES[shot.angle]}"
        people = ": {cast}" if shot.cast else ""
        return f"{opening}{people}. {{action}} {{place}}, {{time}}, {{weather}}. {{look}}."

    def _composed_motion(self, shot: Shot) -> str:
        return ("{cast}. " if shot.cast else "") + "{action} {movement}."

    def filled(self, text: str, scene: Scene, shot: Shot) -> str:
        """A prompt with its names in braces replaced, as its model reads it."""
        people = self._people | {
            who.who: self._person(who.who, who.wears) for who in shot.cast if who.wears
        }
        place = self.storyboard.places[scene.place]
        values = {
            "cast": "; ".join(people[who] for who in dict.fromkeys(who.who for who in shot.cast)),
            "place": ", ".join(part for part in (place.name, place.looks) if part),
            "look": self.look,
            "movement": MOVES[shot.movement],
            "time": scene.time,
            "weather": scene.weather,
            "action": _sentence(shot.action),
        } | people
        # twice, because an action may itself name people in braces
        for _ in range(2):
            text = BRACES.sub(lambda match: values.get(match[1], match[0]), text)
        return _tidy(text)

    def _person(self, who: str, wears: str | None = None) -> str:
        person = self.storyboard.cast[who]
        parts = [person.name, person.looks, f"wearing {wears}" if wears else ""]
        return ", ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in '.!?。！？…”」"' else f"{text}."


def _tidy(text: str) -> str:
    """Close the gaps that empty names leave: doubled spaces, stops and commas."""
    text = " ".join(text.split())
    for gap, closed in ((" ,", ","), (",,", ","), (" .", "."), (",.", "."), ("..", ".")):
        while gap in text and not (gap == ".." and "..." in text):
            text = text.replace(gap, closed)
    return text.strip(" ,")
