"""The places and scenes of a story while they are being found, and what lasts between scenes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from studio.engines.breakdown.lexicon import entries
from studio.engines.breakdown.places import time_of
from studio.engines.breakdown.units import Unit
from studio.schema.story import ScriptScene


@dataclass
class Location:
    """A place of the story: `words` are the story's own for it."""

    id: str
    name: str
    kind: str
    words: Counter[str] = field(default_factory=Counter)


@dataclass
class Part:
    """A scene while it is being found: its units, place, time and weather.

    `cut_to`: the film cuts to it, since it goes on at the same moment as the one before it.
    Of a screenplay: its scene there, and the transition that leads into it.
    """

    number: int
    location: Location | None = None
    time: str = ""
    weather: str = ""
    told: bool = False
    title: str = ""
    inside: bool | None = None
    jump: bool = False
    inherited: bool = False
    vague: bool = False
    cut_to: bool = False
    script: ScriptScene | None = None
    entry: str = ""
    units: list[Unit] = field(default_factory=list)

    @property
    def indoors(self) -> bool:
        """Whether the scene plays under a roof."""
        if self.inside is not None:
            return self.inside
        return self.location is not None and entries("places")[self.location.kind].rest[0] == "INT"


_NEW_DAY = re.compile(
    r"\b(?:next|following|one) (?:\w+ )?(?:day|night|morning|afternoon|evening)\b|"
    r"\b(?:days|weeks|months|years|nights) later\b|"
    r"[第几].{0,2}天|后来|以后|多年",
    re.IGNORECASE,
)


def carry_over(part: Part, before: Part | None) -> None:
    """Time and weather that a scene does not name are those of the scene before it.

    The storm of a night lasts through its scenes, until one names other weather or a new
    day begins; a tale has a time and weather of its own.
    """
    goes_on = before is not None and before.told == part.told
    if not part.time:
        votes = Counter(
            hour[0]
            for unit in part.units
            if not unit.spoken and " had " not in unit.text and (hour := time_of(unit.text))
        )
        inherited = before.time if before and goes_on and not part.jump else ""
        part.time = min(votes, key=lambda key: (-votes[key], key)) if votes else inherited or "day"
    first = next((unit.text for unit in part.units if not unit.spoken), "")
    if before and goes_on and before.time == part.time and not _NEW_DAY.search(first):
        part.weather = part.weather or before.weather
