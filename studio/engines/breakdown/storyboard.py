"""From a story and a brief to the whole storyboard: every step in order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from studio.engines.breakdown.choosing import answers, choose, with_answers, with_causes, with_whole
from studio.engines.breakdown.coverage import Coverage
from studio.engines.breakdown.drafts import Draft, without_jumps
from studio.engines.breakdown.lexicon import entries
from studio.engines.breakdown.looks import describe, described, period_of, place_looks
from studio.engines.breakdown.mentions import People
from studio.engines.breakdown.names import names_in
from studio.engines.breakdown.parts import Part
from studio.engines.breakdown.people import find_people
from studio.engines.breakdown.prompts import keyframe, motion
from studio.engines.breakdown.reading import blocks
from studio.engines.breakdown.references import resolve
from studio.engines.breakdown.scenes import SceneFinder
from studio.engines.breakdown.script import entering, scripted
from studio.engines.breakdown.script_board import led_into, noted, synopsis, written
from studio.engines.breakdown.script_scenes import ScriptScenes
from studio.engines.breakdown.sentences import shortened, speech_seconds
from studio.engines.breakdown.splitting import split
from studio.engines.breakdown.timing import LONGEST, fit, half_seconds, steps_for
from studio.engines.breakdown.units import Unit, units_of
from studio.engines.breakdown.voice import Voice
from studio.engines.breakdown.weight import LONGEST as LINE
from studio.engines.breakdown.weight import weigh
from studio.engines.requests import Brief
from studio.errors import DocumentError
from studio.schema.story import Story
from studio.schema.storyboard import Line, Person, Place, Scene, Shot, Storyboard
from studio.schema.time import CUT, Duration, Transition


def board(story: Story, brief: Brief) -> Storyboard:
    """The storyboard of a story; its shots' durations add up to the brief's seconds.

    Durations are half seconds, 2 to 6 s (a film shorter than 2 s is one shot). Raises
    DocumentError where the story has no words.
    """
    units = scripted(story.scenes) if story.scenes else units_of(blocks(story.text))
    if not units:
        raise DocumentError(
            "the story has no words", "write a few sentences into it, then try again"
        )
    people = find_people(units, brief.language)
    resolve(units, people)
    if half_seconds(brief.seconds) > 7 * len(units):
        units = split(units, people)
    places = names_in(units, brief.language.startswith("de")).places
    finder = (ScriptScenes if story.scenes else SceneFinder)(units, places)
    for part in finder.parts:
        for unit in part.units:
            unit.aloud = unit.spoken or (unit.level > 0 and not part.told)
    weigh(units, people, story.title)
    _discount(finder.parts)
    voice = Voice(people, units)
    drafts = _covered(units, Coverage(finder.parts, voice), half_seconds(brief.seconds))
    lengths = _lengths(drafts, brief.seconds)
    told = _told(finder.parts, brief)
    return _assembled(drafts, lengths, units, people, told)


def _told(parts: Sequence[Part], brief: Brief) -> dict[int, str]:
    """For each part of the story, by number: a hash of its text, and of the length and language
    that the film has. A part that is there twice has two."""
    found: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for part in parts:
        said = [str(brief.seconds), brief.language]
        if part.script:
            said += [repr(part.script), part.entry]
        for unit in part.units:
            said += [unit.text, unit.heading]
        text = "\n".join(said)
        seen[text] += 1
        found[part.number] = hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:16]
    return found


def _discount(parts: Sequence[Part]) -> None:
    """A tale whose place is not shown is only heard: what does not fit a shot counts little."""
    for part in parts:
        for unit in part.units:
            if unit.level and not part.told and (unit.spoken or shortened(unit.text, LINE) is None):
                unit.weight *= 0.3


def _covered(units: Sequence[Unit], coverage: Coverage, total: int) -> list[Draft]:
    """As many shots as the length wants: more sentences while there are any, then more views."""
    low, high = 1, len(units)
    count = min(high, max(1, round(total / 6)))
    drafts: list[Draft] = []
    while low <= high:
        chosen = with_answers(units, choose(units, count), room=max(1, count // 5))
        chosen = with_whole(units, with_causes(units, chosen))
        found = coverage.cover(chosen, establish=total >= 24)
        enough = sum(draft.ideal for draft in found) >= total
        if enough or not drafts or len(found) > len(drafts):
            drafts = found
        if enough:
            high = count - 1
        else:
            low = count + 1
        count = min(high, max(low, count * total // sum(draft.ideal for draft in found)))
    missing = total - sum(min(LONGEST, draft.ideal + 2) for draft in drafts)
    if missing > 0:
        drafts = coverage.more(drafts, -(-missing // 9))
    drafts = _reduced(drafts, total)
    if len(drafts) * LONGEST < total:
        drafts = coverage.more(drafts, -(-total // LONGEST) - len(drafts))
    _silenced(drafts, total)
    _established(drafts, total)
    return drafts


def _established(drafts: Sequence[Draft], total: int) -> None:
    """Where there is time, the story's own sentence is told over the view of a place."""
    room = total - sum(draft.ideal for draft in drafts)
    for draft in drafts:
        if draft.kind == "establish" and draft.own:
            need = steps_for(speech_seconds(draft.own))
            if need - draft.ideal <= max(0, room):
                room -= max(0, need - draft.ideal)
                draft.narration = draft.own
                draft.measure()


def _silenced(drafts: Sequence[Draft], total: int) -> None:
    """Without the narration that the time does not hold, the lightest first."""
    told = sorted((d for d in drafts if d.narration), key=lambda draft: draft.unit.weight)
    for draft in told:
        if sum(other.least for other in drafts) > total:
            draft.narration = ""
            draft.measure()


def _reduced(drafts: list[Draft], total: int) -> list[Draft]:
    """Without the least shots, while their words need more time than there is."""
    while len(drafts) > 1 and sum(draft.least for draft in drafts) > total:
        inner = range(1, len(drafts) - 1) if len(drafts) > 2 else range(1)
        least = min(inner, key=lambda at: (_needed(drafts, at), _worth(drafts, at), at))
        gone = drafts.pop(least)
        opens = drafts[least] if least < len(drafts) else gone
        if gone.kind == "establish" and opens.kind == "act" and opens.framing != "insert":
            opens.size, opens.angle = "LS", "eye"
    if len(drafts) == 1 and drafts[0].least > (total if total <= LONGEST else total - 4):
        only, room = drafts[0], total if total <= LONGEST else min(LONGEST, total - 4)
        fits = shortened(only.line or only.narration, room / 2 - 0.3) or ""
        only.line, only.narration = (fits, "") if only.line else ("", fits)
        only.least = min(only.least, max(1, room))
    without_jumps(drafts)
    return drafts


def _needed(drafts: Sequence[Draft], at: int) -> bool:
    """Further views go first, and a shot of a place where something happens in it next."""
    if drafts[at].kind == "establish":
        return at + 1 < len(drafts) and drafts[at + 1].kind == "say"
    return drafts[at].kind != "extra"


def _worth(drafts: Sequence[Draft], at: int) -> float:
    """What a shot is worth: a question as much as its answer, and the other way round."""
    unit = drafts[at].unit
    worth = unit.weight
    for other in (drafts[at - 1].unit, drafts[(at + 1) % len(drafts)].unit):
        if answers(unit, other) or answers(other, unit):
            worth = max(worth, other.weight)
    return worth


def _lengths(drafts: Sequence[Draft], seconds: Fraction) -> list[Duration]:
    total = half_seconds(seconds)
    if len(drafts) == 1 and total < 4:
        return [Duration(seconds)]
    steps = fit([d.least for d in drafts], [d.ideal for d in drafts], total)
    return [Duration(Fraction(step, 2)) for step in steps]


def _assembled(
    drafts: Sequence[Draft],
    lengths: Sequence[Duration],
    units: Sequence[Unit],
    people: People,
    sources: dict[int, str],
) -> Storyboard:
    period = period_of(units)
    told = described(units, people)
    scenes: list[Scene] = []
    groups: list[tuple[Part, list[tuple[Draft, Duration]]]] = []
    for draft, length in zip(drafts, lengths, strict=True):
        if not groups or groups[-1][0] is not draft.part:
            groups.append((draft.part, []))
        groups[-1][1].append((draft, length))
    shown = {draft.unit.scene for draft in drafts} | {part.number for part, _ in groups}
    unshown = [f"-{told}" for number, told in sources.items() if number not in shown]
    for number, (part, made) in enumerate(groups):
        scene_id = f"sc{(number + 1) * 10:03d}"
        before = groups[number - 1][0] if number else None
        shots = [
            _shot(draft, length, f"{scene_id}_sh{(at + 1) * 10:03d}", _transition(at, part, before))
            for at, (draft, length) in enumerate(made)
        ]
        if part.script:
            shots = noted(led_into(shots, made, part), made, part)
        heart = max((draft for draft, _ in made), key=lambda draft: draft.unit.weight)
        its = sorted({part.number} | {draft.unit.scene for draft, _ in made})
        source = " ".join([*(sources[each] for each in its), *([] if number else unshown)])
        scenes.append(_scene(scene_id, part, heart, shots, source))
    used = {person.who for _, made in groups for draft, _ in made for person in draft.cast}
    used |= {draft.speaker for draft in drafts if draft.speaker}
    used |= {draft.second.speaker for draft in drafts if draft.second and draft.second.speaker}
    cast = {
        person.id: Person(name=person.name, looks=describe(person, told, period))
        for person in people.by_id.values()
        if person.id in used
    }
    places = {
        part.location.id: Place(name=part.location.name, looks=place_looks(part.location, period))
        for part, _ in groups
        if part.location
    }
    return Storyboard(schema="storyboard/1", cast=cast, places=places, scenes=scenes)


def _scene(scene_id: str, part: Part, heart: Draft, shots: list[Shot], source: str) -> Scene:
    location = part.location
    if location is None:
        raise AssertionError("every scene has a place")
    side = (
        entries("places")[location.kind].rest[0]
        if part.inside is None
        else "INT"
        if part.inside
        else "EXT"
    )
    told = " (FLASHBACK)" if part.told else ""
    heading = f"{side}. {location.name.upper()}{told} - {part.time.upper()}"
    return Scene(
        id=scene_id,
        heading=written(part) or heading,
        place=location.id,
        time=part.time,
        weather=part.weather,
        synopsis=synopsis(part) or heart.line or heart.narration or heart.action,
        told=source,
        shots=shots,
    )


def _transition(at: int, part: Part, before: Part | None) -> Transition:
    """Into a shot: the film opens from black, scenes dissolve, shots and asides cut; those of a
    screenplay cut, unless it says otherwise."""
    if at:
        return CUT
    if part.script and (before or part.entry):
        return entering(part.entry) or CUT
    if before is None:
        return Transition.parse("fade from black 1s")
    if part.cut_to and part.number == before.number + 1:
        return CUT
    if part.told != before.told:
        return Transition.parse("dissolve 1s")
    if part.jump and part.time != before.time:
        return Transition.parse("fade to black 1s")
    return Transition.parse("dissolve 0.5s")


def _lines(draft: Draft) -> list[Line]:
    if not (draft.speaker and draft.line):
        return []
    lines = [
        Line(who=draft.speaker, line=draft.line, how=draft.how or None, heard=draft.heard),
    ]
    second = draft.second
    if second is not None and second.speaker and second.turn is not None:
        turn = second.turn
        how = turn.how or None
        lines.append(Line(who=second.speaker, line=second.text, how=how, heard=turn.heard))
    return lines


def _shot(draft: Draft, length: Duration, shot_id: str, transition: Transition) -> Shot:
    part = draft.part
    kind = part.location.kind if part.location else "field"
    light = "{time}" + (", {weather}" if part.weather else "")
    subject = draft.subject
    return Shot(
        id=shot_id,
        size=draft.size,
        framing=draft.framing,
        angle=draft.angle,
        movement=draft.movement,
        duration=length,
        cast=draft.cast,
        action=draft.action,
        narration=draft.narration,
        dialogue=_lines(draft),
        transition=transition,
        keyframe=keyframe(draft.size, draft.framing, draft.angle, draft.cast, subject, light),
        motion=motion(draft.cast, kind, part.weather, draft.movement, subject),
    )
