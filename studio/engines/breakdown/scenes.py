"""Scenes: where one ends and the next begins, and the place, time and weather of each.

A scene begins at a heading or break, where the story moves to another place, jumps in
time, or turns into somebody's tale and back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from studio.engines.breakdown.asides import seen_outside, tells_of_small_boat
from studio.engines.breakdown.ids import new_id
from studio.engines.breakdown.lexicon import entries, is_chinese, talk
from studio.engines.breakdown.parts import Location, Part, carry_over
from studio.engines.breakdown.places import Setting, jumps_in_time, settings, time_of, weather_of
from studio.engines.breakdown.sentences import words_of
from studio.engines.breakdown.units import Unit

_TOWN = frozenset(["street", "square", "village", "city", "market", "gate", "bridge", "rooftop"])
_WATERSIDE = frozenset(["shore", "harbour", "river", "lake", "island", "sea"])
_HOME = frozenset(["room", "parlour", "bedroom", "kitchen", "office", "shop"])


class SceneFinder:
    """Walks the units once; `parts` are the scenes and `locations` the places by id."""

    def __init__(self, units: Sequence[Unit], named: Collection[str]) -> None:
        self.named = named
        self.locations: dict[str, Location] = {}
        self.parts: list[Part] = []
        self._frame: Part | None = None
        self._outer: Location | None = None
        self._left: Part | None = None
        self._small_boats = any(tells_of_small_boat(unit.text) for unit in units)
        ahead = _block_settings(units, named)
        for unit in units:
            self._take(unit, ahead.get(unit.index))
        self._settle()

    def _take(self, unit: Unit, early: str | None) -> None:
        part = self.parts[-1] if self.parts else None
        left, self._left = self._left, None
        aside = self._aside(unit, left or part) if part is not None else None
        if part is None or unit.heading:
            part = self._begin(unit, part)
        elif aside is not None:
            self._left = left or part
            if part.location is not aside:
                part = Part(len(self.parts), aside, part.time, cut_to=True)
                self.parts.append(part)
            part.units.append(unit)
            unit.scene = part.number
            return
        elif left is not None:
            part = replace(left, number=len(self.parts), jump=False, cut_to=True, units=[])
            self.parts.append(part)
        if part.units and unit.level != int(part.told) and (part.told or unit.level == 0):
            part = self._return(part)
        if early:
            part = self._placed_by_tag(part, early)
        elif not unit.spoken:
            part = self._narrated(unit, part)
        part.units.append(unit)
        unit.scene = part.number

    def _settings(self, text: str) -> list[Setting]:
        """The places of a sentence as this story means them.

        The tower of a lighthouse is the lighthouse; a boat with oars is no ship's deck.
        """
        light = any(item.kind == "lighthouse" for item in self.locations.values())
        found = []
        for item in settings(text, self.named):
            last = item.words.split()[-1]
            if item.kind == "tower" and not item.name and light:
                item = replace(item, kind="lighthouse", words="lighthouse")
            elif item.kind == "ship deck" and last in ("boat", "boats") and self._small_boats:
                item = replace(item, kind="boat")
            found.append(item)
        return found

    def _aside(self, unit: Unit, part: Part | None) -> Location | None:
        """Where a sentence without people plays that a scene indoors looks out at.

        A boat is shown on the water and a carriage in the street, not in the room.
        """
        if part is None or not part.units or not part.indoors:
            return None
        if unit.spoken or unit.level or unit.people or unit.heading:
            return None
        kind = seen_outside(unit.text)
        if kind is None:
            return None
        words = {"sea": ("open sea", "大海"), "street": ("street", "街上")}[kind]
        known = [item for item in self.locations.values() if item.kind == kind]
        return (
            known[0]
            if known
            else self._location(Setting(kind, "", words[is_chinese(unit.text)], 1), None)
        )

    def _begin(self, unit: Unit, before: Part | None) -> Part:
        part = Part(len(self.parts))
        if before is not None and not unit.heading:
            part.time, part.weather = before.time, before.weather
        kind, _, text = unit.heading.partition(":")
        if kind == "slug":
            self._slug(part, text)
        elif text:
            part.title = text
            found = [item for item in self._settings(text) if item.strength >= 0.2]
            part.location = self._location(found[-1], None) if found else None
            hour = time_of(text)
            part.time = hour[0] if hour else part.time
        self.parts.append(part)
        return part

    def _slug(self, part: Part, text: str) -> None:
        """INT. KITCHEN - NIGHT."""
        match = re.match(r"^(INT|EXT|I/E|EST)[^\s]*\s*(.*)$", text, re.IGNORECASE)
        side, rest = (match[1].upper(), match[2]) if match else ("", text)
        name, _, hour = rest.rpartition(" - ") if " - " in rest else (rest, "", "")
        found = settings(name.lower(), ()) or settings(name, ())
        kind = found[-1].kind if found else ("room" if side == "INT" else "street")
        part.location = self._location(
            Setting(kind, name.strip(" .").title() or text.title(), name.lower(), 2), None
        )
        part.inside = side == "INT"
        when = time_of(hour)
        part.time = when[0] if when else part.time
        part.weather = weather_of(hour) or ""

    def _return(self, told: Part) -> Part:
        """Back from a tale to where it is told."""
        frame = self._frame or told
        part = Part(len(self.parts), frame.location, frame.time, frame.weather)
        self.parts.append(part)
        return part

    def _placed_by_tag(self, part: Part, tag: str) -> Part:
        """`he explained as we sat in Baker Street in the early hours`: a scene that talk opens."""
        found = [item for item in settings(tag, self.named) if item.name and item.strength >= 0.7][
            -1
        ]
        home = [item for item in self.locations.values() if item.name.startswith(found.name + " ")]
        location = home[0] if home else self._location(found, None)
        if location is part.location:
            return part
        hour = time_of(tag)
        self._frame = None
        new = Part(len(self.parts), location, hour[0] if hour else part.time, jump=hour is not None)
        if not part.units:
            self.parts.pop()
            new.number = part.number
        self.parts.append(new)
        return new

    def _narrated(self, unit: Unit, part: Part) -> Part:
        found = self._settings(unit.text)
        said_hour = len(words_of(unit.text)) < 3 and time_of(unit.text) is not None
        jump = (jumps_in_time(unit.text) or said_hour) and not unit.level
        enough = 1.5 if unit.level else 0.65 if jump else 1.25
        strong = [item for item in found if item.strength >= enough]
        chosen = strong[-1] if strong else None
        if chosen is not None and any(item.name for item in strong) and not chosen.name:
            outer = next(item for item in reversed(strong) if item.name)
            if not (chosen.kind in _HOME or entries("places")[chosen.kind].rest[0] == "INT"):
                chosen = outer
        if chosen is None and part.location is None and len(part.units) < 4:
            chosen = max(found, key=lambda item: item.strength, default=None)
            if chosen is not None and chosen.strength < 0.25:
                chosen = None
            part.vague = chosen is not None and chosen.strength < 0.65
        for item in found:
            if (
                item.name
                and item.strength >= 0.6
                and part.location
                and item.kind == part.location.kind
                and not part.location.words["named"]
            ):
                part.location.name = item.name
                part.location.words["named"] += 1
        hour = time_of(unit.text)
        if (
            hour is None
            and _LATE_HOUR.search(unit.text)
            and part.time in ("afternoon", "dusk", "evening")
        ):
            hour = ("night", True)
        if part.vague and part.location is not None and len(part.units) < 4:
            nearer = max(found, key=lambda item: item.strength, default=None)
            if nearer is not None and nearer.strength >= 0.85 and nearer.kind != part.location.kind:
                self._specify(part, nearer)
                chosen = None
        location = part.location
        if chosen is not None and location is not None and self._boards(chosen, location):
            chosen = None
        if chosen is not None and self._elsewhere(chosen, part.location):
            location = self._location(chosen, part.location)
        moved = location is not part.location and part.location is not None
        begins_tale = unit.level == 1 and not part.told and location is not part.location
        new_time = (
            hour is not None and hour[1] and part.time not in ("", hour[0]) and (jump or moved)
        )
        if part.units and (moved or jump or begins_tale or new_time):
            if begins_tale:
                self._frame = part
            told = unit.level == 1 and (part.told or begins_tale)
            fresh = jump or begins_tale
            part = Part(len(self.parts), location, "" if fresh else part.time, told=told, jump=jump)
            part.inherited = not fresh
            self.parts.append(part)
        elif location is not part.location:
            part.location = location
            part.told = part.told or (unit.level == 1 and not part.units)
        if location is not None and location.words["named"] and location.kind in _TOWN:
            self._outer = location
        remembered = re.search(r"\bhad\b", unit.text) is not None
        if hour is not None and (
            (not part.time and not remembered)
            or (hour[1] and not part.units)
            or (part.inherited and not remembered)
        ):
            part.time, part.inherited = hour[0], False
        part.weather = part.weather or weather_of(unit.text) or ""
        return part

    def _specify(self, part: Part, nearer: Setting) -> None:
        """The first words only hinted at the place (Gull Rock); these name it (its lighthouse)."""
        hinted = part.location
        if hinted is None:
            return
        if hinted.words["named"] and not nearer.name:
            full = f"{hinted.name} {nearer.words.split()[-1]}"
            part.location = self._location(Setting(nearer.kind, full, nearer.words, 2), None)
        else:
            part.location = self._location(nearer, None)
        part.vague = False
        if all(other.location is not hinted for other in self.parts):
            self.locations.pop(hinted.id, None)

    def _boards(self, found: Setting, now: Location) -> bool:
        """Who climbs into a boat at the shore is still at the shore."""
        boat = found.kind == "boat" or found.words.split()[-1] == "boat"
        return boat and found.strength >= 2 and now.kind in _WATERSIDE

    def _elsewhere(self, found: Setting, now: Location | None) -> bool:
        if now is None:
            return True
        if found.name:
            return found.name != now.name and not now.name.endswith(found.name)
        if found.kind == now.kind:
            return (
                bool(found.words.split()[:-1])
                and found.strength >= 2
                and found.words not in now.words
                and now.kind not in _TOWN | {"room", "corridor", "tree"}
            )
        if now.kind in _TOWN and found.kind in _TOWN and now.words["named"]:
            return False
        if found.kind in ("room", "gate", "tree") and found.words.split()[-1] in (
            "room",
            "door",
            "gate",
            "gates",
            "tree",
            "house",
        ):
            inside = entries("places")[now.kind].rest[0] == "INT"
            return not inside or found.strength >= 2
        return True

    def _location(self, found: Setting, now: Location | None) -> Location:
        """The place by its name, or by its kind where it has none."""
        shown = found.name or found.words
        outer = now if now is not None and now.kind in _TOWN else self._outer
        near = now is not None and (now is outer or now.kind in ("corridor", "gate"))
        if (
            not found.name
            and outer is not None
            and near
            and outer.words["named"]
            and found.kind in _HOME
        ):
            shown = f"{outer.name} {found.words.split()[-1]}"
            known = next((item for item in self.locations.values() if item.name == shown), None)
            if known is not None:
                return known
        elif not found.name:
            same = [item for item in self.locations.values() if self._same(item, found, now)]
            if same:
                same[-1].words[found.words] += 1
                return same[-1]
        shown = re.sub(r"^(?:(?:huge|small|little|great|big|very) )+", "", shown)
        name = shown[:1].upper() + shown[1:]
        identity = new_id(self.locations, found.name or shown, found.kind)
        location = Location(identity, name, found.kind, Counter({found.words: 1}))
        if found.name or shown != found.words:
            location.words["named"] += 1
        self.locations[identity] = location
        return location

    def _same(self, item: Location, found: Setting, now: Location | None) -> bool:
        """Whether `the room` is this room: of one kind, and not another one by its words."""
        if item.kind != found.kind:
            return False
        outdoors = now is None or now.kind in ("corridor", *_TOWN)
        if item.words["named"] and item is not now and (item.kind not in _HOME or outdoors):
            return False
        return found.words in item.words or len(found.words.split()) == 1 or is_chinese(found.words)

    def _settle(self) -> None:
        """Places that no sentence named, the room that got a name later, times of day."""
        self.parts = [part for part in self.parts if part.units]
        named_rooms = [
            item for item in self.locations.values() if item.kind in _HOME and item.words["named"]
        ]
        for part in self.parts:
            here = part.location
            if (
                here is not None
                and not here.words["named"]
                and len(here.words) == 1
                and here.kind in _HOME
            ):
                same = [item for item in named_rooms if item.kind == here.kind]
                part.location = same[0] if len(same) == 1 else here
        known = next((part.location for part in self.parts if part.location), None)
        if known is None:
            known = self._guess([unit for part in self.parts for unit in part.units])
        before: Part | None = None
        for number, part in enumerate(self.parts):
            part.number = number
            for unit in part.units:
                unit.scene = number
            if part.location is None:
                part.location = self._mentioned(part)
            if part.location is None:
                part.location = before.location if before and before.location else known
            carry_over(part, before)
            before = part

    def _mentioned(self, part: Part) -> Location | None:
        """Of a scene that arrives nowhere: a place that the story knows and the scene names."""
        for unit in part.units:
            if unit.spoken:
                continue
            for item in self._settings(unit.text):
                same = [known for known in self.locations.values() if known.kind == item.kind]
                if same:
                    return same[0]
        return None

    def _guess(self, units: Sequence[Unit]) -> Location:
        """No sentence arrives anywhere: the place most talked of, else a field under the sky."""
        votes: Counter[str] = Counter()
        words: dict[str, str] = {}
        for unit in units:
            for item in self._settings(unit.text):
                votes[item.kind] += 1
                words.setdefault(item.kind, item.name or item.words)
        if votes:
            kind = min(votes, key=lambda key: (-votes[key], key))
            return self._location(Setting(kind, "", words[kind], 1), None)
        spoken = sum(1 for unit in units if unit.spoken)
        kind = "room" if spoken * 2 > len(units) else "field"
        chinese = bool(units) and is_chinese(units[0].text)
        entry = entries("places")[kind]
        return self._location(
            Setting(kind, "", entry.chinese[0] if chinese else entry.english[0], 1), None
        )


_LATE_HOUR = re.compile(r"past (?:eight|nine|ten|eleven)\b|(?:eight|nine|ten|eleven) o[’']clock")


def _block_settings(units: Sequence[Unit], named: Collection[str]) -> dict[int, str]:
    """Paragraphs that begin with speech and whose tag says where they play, by first unit."""
    found: dict[int, str] = {}
    says = talk("say")
    for before, unit in zip([None, *units], units, strict=False):
        turn = unit.told_by or unit.turn
        if turn is None or turn.level or (before is not None and before.block == unit.block):
            continue
        tag = turn.after
        says_so = any(word in says for word in re.findall(r"[a-z]+", tag.lower())[:3])
        if not says_so or len(tag) <= 40:
            continue
        if any(item.name and item.strength >= 0.7 for item in settings(tag, named)):
            found[unit.index] = tag
    return found
