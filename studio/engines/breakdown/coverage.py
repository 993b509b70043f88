"""Sentences into shots: how a director covers what happens.

A new place is established, then the camera goes closer; talk is a two-shot, then
reverse shots over the shoulder, then singles, each person on their own side of the
line; a look is followed by what is seen; a turn or a strong feeling is close; fear and
power tilt the camera; a chase is followed by hand. Two neighbours are never the same
view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from studio.engines.breakdown.lexicon import entries, grammar
from studio.engines.breakdown.looks import choice
from studio.engines.breakdown.parts import Part
from studio.engines.breakdown.sentences import speech_seconds
from studio.engines.breakdown.timing import steps_for
from studio.engines.breakdown.units import Unit
from studio.engines.breakdown.voice import Voice
from studio.engines.breakdown.weight import marks_in, props_in, tags_in
from studio.schema.storyboard import Angle, At, Facing, Framing, Movement, Presence, Size

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


FAINT_PROPS = grammar("coverage_faint_props")
"""Things that are there in any scene: shown only where nothing better is named."""


@dataclass
class Draft:
    """A shot before it has a duration and an id; lengths in half seconds."""

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
    heard: Literal["on", "vo"] = "on"
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
        self.least = steps_for(speech_seconds(words)) if words else 4
        self.ideal = max(self.least, 6 if self.kind == "establish" else 5)


class Coverage:
    """Covers chosen units scene by scene, in order."""

    def __init__(self, parts: Sequence[Part], voice: Voice) -> None:
        self.parts = parts
        self.voice = voice

    def cover(self, chosen: Sequence[Unit], establish: bool) -> list[Draft]:
        """The shots of the chosen units. `establish`: new scenes get a shot of the place first."""
        self.voice.last_told = None
        drafts: list[Draft] = []
        met: set[str] = set()
        seen_places: set[str] = set()
        for part, mine in self._scenes(chosen):
            location = part.location.id if part.location else ""
            fresh = location not in seen_places
            wanted = len(mine) > (2 if fresh else 4) or (fresh and mine[0].spoken)
            drafts += _Scene(self, part, mine, met).shots(establish and wanted)
            seen_places.add(location)
        if drafts:
            _end(drafts)
        without_jumps(drafts)
        return drafts

    def _scenes(self, chosen: Sequence[Unit]) -> list[tuple[Part, list[Unit]]]:
        """The scenes that are left, neighbours in one place and time as one."""
        found: list[tuple[Part, list[Unit]]] = []
        for part in self.parts:
            mine = [unit for unit in chosen if unit.scene == part.number]
            before = found[-1][0] if found else None
            same = before and (before.location, before.told, before.time) == (
                part.location,
                part.told,
                part.time,
            )
            if mine and same:
                found[-1][1].extend(mine)
            elif mine:
                found.append((part, mine))
        return found

    def more(self, drafts: list[Draft], count: int) -> list[Draft]:
        """The same shots with `count` further views of the same moments among them."""
        order = sorted(range(len(drafts)), key=lambda at: (-drafts[at].unit.weight, at))
        extra: dict[int, int] = {}
        for number in range(count):
            at = order[number % len(order)]
            extra[at] = extra.get(at, 0) + 1
        out: list[Draft] = []
        for at, draft in enumerate(drafts):
            views = [
                self._view(draft, turn + 4 * (len(drafts) == 1)) for turn in range(extra.get(at, 0))
            ]
            last = at == len(drafts) - 1
            out += [*views, draft] if last else [draft, *views]
        without_jumps(out)
        return out

    def _view(self, draft: Draft, turn: int) -> Draft:
        """Another view of a shot's moment: detail, reaction, wide, point of view, …"""
        voice, unit = self.voice, draft.unit
        people = [person for person in draft.cast if person.facing != "away"]
        others = [p for p in draft.cast if people and p.who != people[0].who]
        blank = replace(
            draft,
            kind="extra",
            narration="",
            line="",
            speaker=None,
            cast=[],
            subject="",
            framing="single",
            angle="eye",
            movement="static",
            reads=False,
            least=4,
            ideal=8,
        )
        props = sorted(props_in(unit.text), key=lambda key: key in FAINT_PROPS)
        first = people[0] if people else None
        views: list[Draft] = []
        if props:
            views.append(
                voice.insert(
                    replace(blank, size="CU", framing="insert", movement="dolly in"),
                    props[turn // 6 % len(props)],
                )
            )
        if first is not None:
            near = replace_presence(first, voice.still(first.who, unit))
            views.append(voice.face(replace(blank, size="CU", movement="dolly in", cast=[near])))
        if others:
            listening = replace_presence(others[0], "listens" if unit.spoken else "looks on")
            views.append(voice.reaction(replace(blank, size="MCU", cast=[listening])))
        wide: list[tuple[Size, Angle, Movement]] = [
            ("LS", "high", "crane up"),
            ("ELS", "eye", "pan right"),
            ("MLS", "low", "arc left"),
            ("LS", "eye", "dolly out"),
            ("MLS", "high", "truck right"),
            ("ELS", "low", "tilt up"),
        ]
        size, angle, movement = wide[turn % len(wide)]
        views.append(
            voice.wide(replace(blank, size=size, angle=angle, movement=movement, cast=people[:2]))
        )
        moves: tuple[Movement, ...] = ("pan left", "pan right", "tilt down")
        move = choice(moves, unit.text, str(turn))
        views.append(voice.place(replace(blank, size="ELS", movement=move)))
        if first is not None:
            views.append(
                voice.seen(
                    replace(blank, size="LS", framing="POV", angle="eye", movement="pan left"),
                    first.who,
                )
            )
        return views[turn % len(views)]


def _apart(cast: list[Presence]) -> list[Presence]:
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


def replace_presence(person: Presence, does: str) -> Presence:
    """Somebody in a shot, doing something else."""
    return person.model_copy(update={"does": does})


def without_jumps(drafts: Sequence[Draft]) -> None:
    """Change the size, then the angle, of a shot that repeats the view before it."""
    for before, draft in pairwise(drafts):
        tries = 0
        while draft.view == before.view and tries < 8:
            if tries == 0 and draft.part is not before.part and draft.size in ("LS", "ELS"):
                draft.size = "ELS" if draft.size == "LS" else "LS"
            elif draft.framing == "insert" or tries > 5:
                draft.angle = "high" if draft.angle != "high" else "low"
            else:
                draft.size = CLOSER[draft.size]
            tries += 1


def _end(drafts: list[Draft]) -> None:
    """The last shot lets go: wide and away, or a held close-up of who has the last word."""
    last = drafts[-1]
    if last.kind == "say":
        last.size, last.framing, last.movement = "CU", "single", "dolly in"
        last.cast = last.cast[:1]
    else:
        last.size, last.angle, last.movement = ("LS" if last.cast else "ELS"), "eye", "dolly out"
        last.framing = "single" if len(last.cast) < 2 else last.framing
    last.least = max(last.least, 7)
    last.ideal = max(last.ideal, 9)


class _Scene:
    """One scene's shots: who stands where, and how far its talk has come."""

    def __init__(self, coverage: Coverage, part: Part, mine: Sequence[Unit], met: set[str]) -> None:
        self.voice = coverage.voice
        self.part = part
        self.mine = mine
        self.met = met
        self.sides: dict[str, tuple[At, Facing]] = {}
        self.lines = 0
        self.around = [
            unit
            for other in coverage.parts
            if other.location is part.location
            for unit in other.units
        ]
        talk = [self.speaker(unit) for unit in mine]
        everyone = [
            p
            for unit in mine
            for p in ([self.speaker(unit)] if self.speaker(unit) else unit.people)
            if p
        ]
        for person in sorted(dict.fromkeys(everyone), key=lambda p: -min(2, talk.count(p))):
            self._place(person)

    def _place(self, person: str) -> None:
        """Everybody keeps one side of the line through the scene."""
        spots: tuple[tuple[At, Facing], ...] = (("left", "right"), ("right", "left"))
        self.sides.setdefault(person, spots[len(self.sides) % 2])

    def shots(self, establish: bool) -> list[Draft]:
        first = self.mine[0]
        out: list[Draft] = []
        describes = not first.spoken and not first.people
        if establish and not describes:
            out.append(self.voice.place(self._established(first)))
        for unit in self.mine:
            opening = not out
            speaker = self.speaker(unit)
            made = self._say(unit, speaker) if speaker else self._act(unit, opening)
            made = self.voice.worded(made)
            made.cast = _apart(made.cast)
            if made.framing == "group" and len(made.cast) == 2:
                made.framing = "two-shot"
            if out and out[-1].kind == "establish" and made.narration:
                self.voice.carry(out[-1], made)
            out.append(made)
            self.met.update(person.who for person in made.cast)
        return out

    def _established(self, first: Unit) -> Draft:
        """The place of the scene, before anything happens in it."""
        if self.inside:
            moves: tuple[Movement, ...] = ("dolly in", "pan right", "pan left")
            return Draft("establish", first, self.part, "LS", movement=choice(moves, first.text))
        moves = ("pan right", "crane down", "dolly in")
        angles: tuple[Angle, ...] = ("high", "eye")
        draft = Draft("establish", first, self.part, "ELS", movement=choice(moves, first.text))
        return replace(draft, angle=choice(angles, str(self.part.number)))

    @property
    def inside(self) -> bool:
        """Whether the scene plays indoors."""
        if self.part.inside is not None:
            return self.part.inside
        location = self.part.location
        return location is not None and entries("places")[location.kind].rest[0] == "INT"

    def speaker(self, unit: Unit) -> str | None:
        """Who says a unit on screen: its speaker, or the teller of a tale that is not shown."""
        if unit.level and not self.part.told:
            return unit.teller
        return unit.speaker if unit.spoken else None

    def _spot(self, person: str, does: str, *, away: bool = False) -> Presence:
        at, facing = self.sides.get(person, ("center", "camera"))
        return Presence(who=person, at=at, facing="away" if away else facing, does=does)

    def _other(self, unit: Unit, speaker: str) -> str | None:
        """Whom the speaker speaks to: who answers or spoke before, else whom the scene knows."""
        near = [
            (abs(other.index - unit.index), self.speaker(other))
            for other in self.around
            if abs(other.index - unit.index) < 30 and self.speaker(other) not in (None, speaker)
        ]
        if near:
            return min(near, key=lambda item: item[0])[1]
        return next((person for person in self.sides if person != speaker), None)

    def _say(self, unit: Unit, speaker: str) -> Draft:
        other = self._other(unit, speaker)
        self._place(speaker)
        if other:
            self._place(other)
        marks = marks_in(unit.text)
        intense = unit.text.rstrip().endswith(("!", "！")) or len(marks & {"stakes", "feeling"}) > 1
        does = self.voice.speaking(unit)
        draft = Draft(
            "say", unit, self.part, "MCU", speaker=speaker, cast=[self._spot(speaker, does)]
        )
        listener = self._spot(other, "listens") if other else None
        if listener is not None and self.lines == 0:
            draft.size, draft.framing = "MS", "two-shot"
            draft.cast.append(listener)
        elif listener is not None and other and self.lines in (1, 2):
            draft.size, draft.framing = ("MS" if self.lines == 1 else "MCU"), "over-the-shoulder"
            draft.cast.append(self._spot(other, "listens", away=True))
        elif intense:
            draft.size, draft.movement = "CU", "dolly in"
        elif self.lines == 0:
            draft.size = "MS"
        if "fear" in marks:
            draft.angle = "high"
        elif "power" in marks:
            draft.angle = "low"
        self.lines += 1
        return draft

    def _act(self, unit: Unit, opening: bool) -> Draft:
        people = [p for p in dict.fromkeys([unit.subject, *unit.people]) if p][:3]
        tags, marks, props = (
            tags_in(unit.text),
            marks_in(unit.text),
            sorted(props_in(unit.text), key=lambda key: key in FAINT_PROPS),
        )
        draft = Draft("act", unit, self.part, "MS")
        if not people:
            return self._empty(draft, opening, props)
        draft.cast = [
            self._spot(p, self.voice.doing(p, unit) if at == 0 else self.voice.beside(p, unit))
            for at, p in enumerate(people)
        ]
        draft.size, draft.angle, draft.movement = self._view(unit, tags, marks, people, opening)
        draft.framing = (
            "single" if len(people) == 1 else "two-shot" if len(people) == 2 else "group"
        )
        if len(people) > 1 and draft.size in ("CU", "MCU"):
            if "reveal" in tags or "feeling" in marks:
                draft.cast, draft.framing = draft.cast[:1], "single"
            else:
                draft.size = "MS"
        if len(people) > 2 and draft.size == "MS":
            draft.size = "MLS"
        return draft

    def _view(
        self, unit: Unit, tags: set[str], marks: set[str], people: list[str], opening: bool
    ) -> tuple[Size, Angle, Movement]:
        facing = self.sides.get(people[0], ("left", "right"))[1]
        truck: Movement = "truck left" if facing == "left" else "truck right"
        if opening:
            return ("LS", "eye", "dolly in" if self.inside else "pan right")
        if "fight" in tags:
            return "MS", "low", "handheld"
        if "fast" in tags:
            return "MLS", "eye", "handheld" if "turn" in marks else truck
        if "fall" in tags:
            return "MS", "high", "tilt down"
        if "fear" in tags | marks:
            return "CU", "high", "dolly in"
        if "power" in tags | marks:
            return "MLS", "low", "tilt up"
        if tags & {"reveal", "decide"} and "turn" in marks | tags:
            return "CU", "eye", "dolly in"
        if tags & {"grief", "anger"} or ("feeling" in marks and "move" not in tags):
            return "CU", "eye", "dolly in"
        if people[0] not in self.met:
            return "MLS", "eye", "dolly in"
        if tags & {"reveal", "decide"}:
            return "MCU", "eye", "dolly in"
        if "look" in tags:
            return "MCU", "eye", "static"
        if "move" in tags:
            return "LS", "eye", truck
        if "take" in tags:
            return "MS", "eye", "tilt down"
        if "still" in tags:
            return "MS", "eye", "dolly in"
        return "MS", "eye", "static"

    def _is_read(self, unit: Unit) -> bool:
        """Whether the sentences before say that somebody reads this one."""
        before = next(
            (other.text for other in self.part.units if other.index == unit.index - 1), ""
        )
        return before.rstrip().endswith((":", "："))

    def _empty(self, draft: Draft, opening: bool, props: list[str]) -> Draft:
        """Nobody is there: the place, or the thing that matters."""
        if draft.unit.notice and self._is_read(draft.unit):
            draft.size, draft.framing, draft.movement = "CU", "insert", "dolly in"
            draft.reads = True
            draft.subject = "a notice with a few printed words"
        elif opening:
            draft.size, draft.movement = "ELS", "pan right" if not self.inside else "dolly in"
        elif props:
            draft.size, draft.framing, draft.movement = "CU", "insert", "dolly in"
            draft.subject = self.voice.thing(props[0], draft.unit.text)
        else:
            draft.size, draft.movement = ("LS" if self.inside else "ELS"), "pan left"
        return draft
