"""How talk is covered: who stands where, and from where each line is seen.

A talk begins with both people in the frame, so that everybody knows who is where; then
it goes over one shoulder and the other, to singles, and closer as feeling rises; it
steps back to both when it lasts; now and then somebody listens in silence. Whoever goes
on speaking is seen closer, and everybody keeps one side of the line. Talks of people
who have been seen together begin in other ways, in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from studio.engines.breakdown.drafts import Draft
from studio.engines.breakdown.parts import Part
from studio.engines.breakdown.units import Unit
from studio.engines.breakdown.views import reaction
from studio.engines.breakdown.voice import Voice
from studio.engines.breakdown.weight import marks_in
from studio.schema.storyboard import At, Facing, Presence, Size

View = tuple[Literal["two-shot", "over-the-shoulder", "single"], Size]

_STRANGERS: tuple[tuple[View, ...], ...] = (
    (
        ("two-shot", "MS"),
        ("over-the-shoulder", "MS"),
        ("over-the-shoulder", "MCU"),
        ("single", "MCU"),
        ("single", "MCU"),
        ("two-shot", "MLS"),
    ),
    (
        ("over-the-shoulder", "MS"),
        ("over-the-shoulder", "MCU"),
        ("single", "MCU"),
        ("two-shot", "MS"),
    ),
    (
        ("two-shot", "MLS"),
        ("single", "MCU"),
        ("over-the-shoulder", "MCU"),
        ("over-the-shoulder", "MS"),
    ),
)
"""How a talk goes between people who have not been seen together in the scene."""
_SEEN: tuple[tuple[View, ...], ...] = (
    (
        ("over-the-shoulder", "MS"),
        ("single", "MCU"),
        ("over-the-shoulder", "MCU"),
        ("two-shot", "MS"),
    ),
    (("single", "MCU"), ("over-the-shoulder", "MCU"), ("single", "MCU"), ("two-shot", "MLS")),
    (
        ("two-shot", "MS"),
        ("single", "MCU"),
        ("over-the-shoulder", "MCU"),
        ("over-the-shoulder", "MS"),
    ),
)
"""How it goes between people whose places in the room are known."""


class Film(Protocol):
    """What a talk knows of the film around it; `talks` counts the talks so far."""

    parts: Sequence[Part]
    voice: Voice
    talks: int


class Talk:
    """One scene's talk: who stands where, and how far it has come."""

    def __init__(self, film: Film, part: Part, mine: Sequence[Unit]) -> None:
        self._film = film
        self._part = part
        self._voice = film.voice
        self._views: tuple[View, ...] = ()
        self._lines = 0
        self._last: str | None = None
        self._together: set[frozenset[str]] = set()
        self._mine = mine
        self._around = [
            unit for other in film.parts if other.location is part.location for unit in other.units
        ]
        self.sides: dict[str, tuple[At, Facing]] = {}
        speakers = [self.speaker(unit) for unit in mine]
        everyone = [
            person
            for unit, speaker in zip(mine, speakers, strict=True)
            for person in ([speaker] if speaker else [] if unit.spoken else unit.people)
            if person
        ]
        spoken = [unit.weight for unit, speaker in zip(mine, speakers, strict=True) if speaker]
        self._heart = max(spoken, default=0.0) if len(spoken) > 2 else None
        for person in sorted(dict.fromkeys(everyone), key=lambda p: -min(2, speakers.count(p))):
            self._place(person)

    def _place(self, person: str) -> None:
        """Everybody keeps one side of the line through the scene."""
        spots: tuple[tuple[At, Facing], ...] = (("left", "right"), ("right", "left"))
        self.sides.setdefault(person, spots[len(self.sides) % 2])

    def spot(self, person: str, does: str | None, *, away: bool = False) -> Presence:
        """Somebody at their place in the scene."""
        at, facing = self.sides.get(person, ("center", "camera"))
        return Presence(who=person, at=at, facing="away" if away else facing, does=does)

    def seen(self, cast: Sequence[Presence]) -> None:
        """A shot has shown these people together."""
        who = [person.who for person in cast]
        self._together |= {frozenset((one, two)) for one in who for two in who if one != two}

    def speaker(self, unit: Unit) -> str | None:
        """Who says a unit on screen: its speaker, or the teller of a tale that is not shown."""
        if unit.turn is not None and unit.turn.heard != "on":
            return None
        if unit.level and not self._part.told:
            return unit.teller
        return unit.speaker if unit.spoken else None

    def _other(self, unit: Unit, speaker: str) -> str | None:
        """Whom the speaker speaks to: who answers or spoke before, else whom the scene knows."""
        near = [
            (abs(other.index - unit.index), self.speaker(other))
            for other in self._around
            if abs(other.index - unit.index) < 30 and self.speaker(other) not in (None, speaker)
        ]
        if near:
            return min(near, key=lambda item: item[0])[1]
        return next((person for person in self.sides if person != speaker), None)

    def say(self, unit: Unit, speaker: str) -> Draft:
        """The shot of one line."""
        together = unit.second.speaker if unit.second else None
        other = together or self._other(unit, speaker)
        self._place(speaker)
        if other:
            self._place(other)
        marks = marks_in(unit.text)
        said = self.spot(speaker, self._voice.speaking(unit))
        draft = Draft("say", unit, self._part, "MCU", speaker=speaker, cast=[said])
        if other is None:
            draft.size = "MS" if self._lines == 0 else "MCU"
        else:
            framing, draft.size = self._view(speaker, other)
            draft.framing = framing
            if framing != "single":
                away = framing == "over-the-shoulder"
                draft.cast.append(self.spot(other, self._voice.looks_at(speaker), away=away))
        if together:
            draft.size, draft.framing = "MS", "two-shot"
            draft.cast = [said, self.spot(together, self._voice.looks_at(speaker))]
        elif self._lines and self._rises(unit, marks):
            draft.size, draft.framing, draft.movement = "CU", "single", "dolly in"
            draft.cast = [said]
        if "fear" in marks:
            draft.angle = "high"
        elif "power" in marks:
            draft.angle = "low"
        self._lines += 1
        self._last = speaker
        self.seen(draft.cast)
        return draft

    def _view(self, speaker: str, other: str) -> View:
        """The next view of the talk; who goes on speaking is seen closer."""
        if self._lines == 0:
            known = frozenset((speaker, other)) in self._together
            ways = _SEEN if known else _STRANGERS
            self._views = ways[self._film.talks % len(ways)]
            self._film.talks += 1
        if self._last == speaker:
            return "single", "MCU"
        return self._views[self._lines % len(self._views)]

    def _rises(self, unit: Unit, marks: set[str]) -> bool:
        """Whether feeling rises in a line."""
        cries = unit.text.rstrip().endswith(("!", "！"))
        return cries or len(marks & {"stakes", "feeling"}) > 1

    def silence_after(self, draft: Draft) -> list[Draft]:
        """After the heaviest line of a longer talk: its listener, in silence."""
        at = self._mine.index(draft.unit)
        following = self._mine[at + 1 : at + 2]
        if draft.kind != "say" or draft.unit.weight != self._heart or not following:
            return []
        other = self._other(draft.unit, draft.speaker or "")
        if other is None or self.speaker(following[0]) == other or other in following[0].people:
            return []
        silent = reaction(draft, self.spot(other, None), self._voice)
        silent.ideal = 5
        return [silent]
