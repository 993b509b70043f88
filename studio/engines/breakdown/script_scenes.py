"""The scenes of a screenplay: they begin where its headings stand, and play where these say."""

from __future__ import annotations

from collections import Counter

from studio.engines.breakdown.headings import heading_of
from studio.engines.breakdown.lexicon import entries
from studio.engines.breakdown.parts import Location, Part
from studio.engines.breakdown.places import Setting, settings, weather_of
from studio.engines.breakdown.scenes import SceneFinder
from studio.engines.breakdown.script import titled
from studio.engines.breakdown.units import Unit


class ScriptScenes(SceneFinder):
    """Walks the units of a screenplay once; no sentence moves a scene elsewhere."""

    def _take(self, unit: Unit, early: str | None) -> None:
        part = self.parts[-1] if self.parts else None
        if part is None or part.script is not unit.script:
            part = self._headed(unit, part)
        part.units.append(unit)
        unit.scene = part.number
        if not unit.spoken:
            part.weather = part.weather or weather_of(unit.text) or ""

    def _headed(self, unit: Unit, before: Part | None) -> Part:
        part = Part(len(self.parts), script=unit.script, entry=unit.entry)
        heading = heading_of(unit.script.heading if unit.script else "")
        part.inside, part.time, part.weather = heading.inside, heading.time, heading.weather
        if heading.goes_on and before is not None:
            part.time, part.weather = part.time or before.time, part.weather or before.weather
        part.location = self._named(heading.place, heading.inside, unit)
        self.parts.append(part)
        return part

    def _named(self, place: str, inside: bool | None, unit: Unit) -> Location | None:
        """The place of a heading; None where it names none, such as MONTAGE."""
        name = titled(place)[:200]
        for known in self.locations.values():
            if known.name.casefold() == name.casefold():
                return known
        found = settings(place.lower(), ())
        if not place or not (found or inside is not None):
            return None
        kind = found[-1].kind if found else "room" if inside else self._open_air(unit)
        return self._location(Setting(kind, name, place.lower(), 2), None)

    def _open_air(self, unit: Unit) -> str:
        """The kind of an outdoor place that its heading does not tell: what the scene names most
        often, else the place before, else a street."""
        beats = unit.script.beats if unit.script else ()
        votes = Counter(
            item.kind
            for beat in beats
            if beat.kind == "action"
            for item in settings(beat.text, ())
            if entries("places")[item.kind].rest[0] == "EXT"
        )
        if votes:
            return min(votes, key=lambda key: (-votes[key], key))
        last = self.parts[-1] if self.parts else None
        if last is None or last.location is None or last.indoors:
            return "street"
        return last.location.kind
