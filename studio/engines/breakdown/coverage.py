"""Sentences into shots: how a director covers what happens.

A new place is established, then the camera goes closer; a look is followed by what is
seen; a turn or a strong feeling is close; fear and power tilt the camera; a chase is
followed by hand; talk is covered by `dialogue`. A thing that a hand can hold fills the
frame; a boat or a house is seen at its place. Two neighbours are never the same view.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.engines.breakdown.dialogue import Talk
from studio.engines.breakdown.drafts import Draft, apart, without_jumps
from studio.engines.breakdown.looks import choice
from studio.engines.breakdown.parts import Part
from studio.engines.breakdown.places import describes_place
from studio.engines.breakdown.units import Unit
from studio.engines.breakdown.views import further_view
from studio.engines.breakdown.voice import Voice, scripted_line
from studio.engines.breakdown.weight import held_props, marks_in, tags_in
from studio.schema.storyboard import Angle, Movement, Size


class Coverage:
    """Covers chosen units scene by scene, in order."""

    def __init__(self, parts: Sequence[Part], voice: Voice) -> None:
        self.parts = parts
        self.voice = voice
        self.talks = 0

    def cover(self, chosen: Sequence[Unit], establish: bool) -> list[Draft]:
        """The shots of the chosen units. `establish`: new scenes get a shot of the place first."""
        self.voice.last_told = None
        self.talks = 0
        drafts: list[Draft] = []
        met: set[str] = set()
        seen_places: set[str] = set()
        for part, mine in self._scenes(chosen):
            location = part.location.id if part.location else ""
            fresh = location not in seen_places
            wanted = len(mine) > (3 if fresh else 4) or (fresh and mine[0].spoken)
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
            same = (
                before
                and not part.script
                and (before.location, before.told, before.time)
                == (
                    part.location,
                    part.told,
                    part.time,
                )
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
                further_view(draft, turn + 4 * (len(drafts) == 1), self.voice)
                for turn in range(extra.get(at, 0))
            ]
            last = at == len(drafts) - 1
            out += [*views, draft] if last else [draft, *views]
        without_jumps(out)
        return out


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
        self.talk = Talk(coverage, part, mine)

    def shots(self, establish: bool) -> list[Draft]:
        """The scene's shots; with `establish`, the place comes first."""
        first = self.mine[0]
        out: list[Draft] = []
        if establish and not self._describes(first):
            out.append(self._established(first))
        for unit in self.mine:
            speaker = self.talk.speaker(unit)
            if unit.turn is not None and unit.turn.heard != "on":
                made = self._heard(unit, out)
            else:
                made = self.talk.say(unit, speaker) if speaker else self._act(unit, not out)
                made = self.voice.worded(made)
            if out and made is out[-1]:
                continue
            made.cast = apart(made.cast)
            if made.framing == "group" and len(made.cast) == 2:
                made.framing = "two-shot"
            out.append(made)
            self.met.update(person.who for person in made.cast)
            self.talk.seen(made.cast)
            out += self.talk.silence_after(made)
        return out

    def _heard(self, unit: Unit, out: Sequence[Draft]) -> Draft:
        """A line of somebody who is not seen lies over what is: the shot before, where it is
        silent, else what the scene shows next to the line."""
        before = out[-1] if out else None
        if before is not None and before.kind != "say" and not (before.line or before.narration):
            scripted_line(before, unit)
            return before
        shown = [other for other in self.part.units if not other.spoken]
        if shown:
            near = min(shown, key=lambda other: (abs(other.index - unit.index), other.index))
            made = self.voice.worded(self._act(near, not out))
        else:
            made = self._established(unit)
        made.unit = unit
        scripted_line(made, unit)
        return made

    def _describes(self, unit: Unit) -> bool:
        """Whether a sentence is itself the view of the place."""
        if unit.spoken or unit.people:
            return False
        return describes_place(unit.text) or not held_props(unit.text)

    def _established(self, first: Unit) -> Draft:
        """The place of the scene, in the story's own sentence where it has one."""
        moves: tuple[Movement, ...] = ("pan right", "crane down", "dolly in")
        angles: tuple[Angle, ...] = ("high", "eye")
        size: Size = "ELS"
        if self.part.indoors:
            moves, angles, size = ("dolly in", "pan right", "pan left"), ("eye",), "LS"
        draft = Draft("establish", first, self.part, size, movement=choice(moves, first.text))
        draft.angle = choice(angles, str(self.part.number))
        opening = [unit for unit in self.part.units[:3] if unit.index < first.index]
        own = next(
            (
                unit
                for unit in opening
                if not (unit.spoken or unit.people or unit.level) and describes_place(unit.text)
            ),
            None,
        )
        return self.voice.place(draft, own)

    def _act(self, unit: Unit, opening: bool) -> Draft:
        people = [p for p in dict.fromkeys([unit.subject, *unit.people]) if p][:3]
        tags, marks, props = (
            tags_in(unit.text),
            marks_in(unit.text),
            held_props(unit.text),
        )
        draft = Draft("act", unit, self.part, "MS")
        if not people:
            return self._empty(draft, opening, props)
        draft.cast = [
            self.talk.spot(p, self.voice.doing(p, unit) if at == 0 else self.voice.beside(p, unit))
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
        facing = self.talk.sides.get(people[0], ("left", "right"))[1]
        truck: Movement = "truck left" if facing == "left" else "truck right"
        if opening:
            return ("LS", "eye", "dolly in" if self.part.indoors else "pan right")
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
        if draft.unit.notice and (draft.unit.script or self._is_read(draft.unit)):
            draft.size, draft.framing, draft.movement = "CU", "insert", "dolly in"
            draft.reads = True
            draft.subject = "a notice with a few printed words"
        elif opening and (not props or describes_place(draft.unit.text)):
            draft.size, draft.movement = "ELS", "pan right" if not self.part.indoors else "dolly in"
        elif props:
            draft.size, draft.framing, draft.movement = "CU", "insert", "dolly in"
            draft.subject = self.voice.thing(props[0], draft.unit.text)
        else:
            draft.size, draft.movement = ("LS" if self.part.indoors else "ELS"), "pan left"
        return draft
