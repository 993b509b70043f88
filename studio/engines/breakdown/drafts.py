"""A shot before it has a duration and an id, and what holds for neighbouring ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from studio.engines.breakdown.parts import Part
from studio.engines.breakdown.sentences import speech_seconds
from studio.engines.breakdown.timing import steps_for
from studio.engines.breakdown.units import Unit
from studio.schema.storyboard import Angle, Framing, Heard, Movement, Presence, Size

Kind = Literal["establish", "act", "say", "extra"]
CLOSER: dict[Size, Size] = {
    "ELS": "LS",
    "LS": "MLS",
    "MLS": "MS",
    "MS": "MCU",
    "MCU": "CU",
    "CU": "MCU",
    "ECU": "CU",
}


@dataclass
class Draft:
    """A shot before it has a duration and an id; lengths in half seconds.

    `own`: the story's sentence for an establishing shot, to be told where there is time;
    `second`: the line that is spoken at once with this one's.
    """

    kind: Kind
    unit: Unit
    part: Part
    size: Size
    framing: Framing = "single"
    angle: Angle = "eye"
    movement: Movement = "static"
    cast: list[Presence] = field(default_factory=list)
    action: str = ""
    subject: str = ""
    narration: str = ""
    line: str = ""
    speaker: str | None = None
    heard: Heard = "on"
    how: str = ""
    second: Unit | None = None
    own: str = ""
    reads: bool = False
    least: int = 4
    ideal: int = 5

    @property
    def view(self) -> tuple[str, str, frozenset[str]]:
        """Size, angle and people: two equal neighbours would be a jump cut."""
        return self.size, self.angle, frozenset(person.who for person in self.cast)

    def measure(self) -> None:
        """Set the least and ideal length from the words that the shot holds."""
        words = self.line or self.narration
        words += f" {self.second.text}" if self.second and self.line else ""
        self.least = steps_for(speech_seconds(words)) if words else 4
        self.ideal = max(self.least, 5)


def apart(cast: list[Presence]) -> list[Presence]:
    """Nobody stands where another one stands: who comes later moves to the middle, or is out."""
    taken: set[str | None] = set()
    out = []
    for person in cast[:3]:
        spot = person.at if person.at not in taken else "center"
        if spot in taken:
            continue
        taken.add(spot)
        out.append(person.model_copy(update={"at": spot}))
    return out


def without_jumps(drafts: Sequence[Draft]) -> None:
    """Change the size, then the angle, of a shot that repeats the view before it."""
    for before, draft in pairwise(drafts):
        tries = 0
        while draft.view == before.view and tries < 8:
            if tries == 0 and draft.part is not before.part and draft.size in ("LS", "ELS"):
                draft.size = "ELS" if draft.size == "LS" else "LS"
            elif draft.framing == "insert" or tries > 5:
                draft.angle = "high" if draft.angle != "high" else "low"
            elif len(draft.cast) > 1 and draft.kind != "say":
                draft.size = "MS" if draft.size == "MLS" else "MLS"
            else:
                draft.size = CLOSER[draft.size]
            tries += 1
