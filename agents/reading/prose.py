"""Prose, read by the screenwriter in parts.

First one part after another, for who is in it and where it happens, with a running summary; then
all parts at once for their scenes, which can name nobody and no place that is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from agents.asking import Asker, Question, Unanswered
from agents.bible import ScenePlan, Untold
from agents.pages import filled, quoted
from agents.reading.outline import (
    Cast,
    Described,
    Scenes,
    Told,
    cast_schema,
    faults_of_cast,
    faults_of_scenes,
    scenes_schema,
)
from agents.reading.parts import (
    NUMBER,
    Allowance,
    Part,
    allowance,
    parts_of,
    passages_of,
    tokens_in,
)
from agents.reading.shares import scenes_needed, scenes_wanted
from agents.reading.sheets import (
    ROLE,
    Roster,
    Sheet,
    Treatment,
    one_line,
    paintable,
    told_of,
    unpaintable,
)
from studio.engines.requests import Brief
from studio.schema.story import Beat, Story
from studio.schema.storyboard import Scene

SCENE_TOKENS, SHEET_TOKENS = 600, 280
"""What a scene takes of an answer, and a person with half a place: more than most do."""

_PUT_IN = ("story", "number", "parts", "before", "known", "people", "places", "seconds", "wanted")
BLANK = dict.fromkeys((*_PUT_IN, "first"), "")
"""A question of the page without what is put into it."""


@dataclass(frozen=True)
class Reading:
    """A part of the story: `number` of `parts`, what came `before` it, `share` of the story."""

    part: Part
    number: int
    parts: int
    share: Fraction
    before: str = ""
    people: Mapping[str, Sheet] = field(default_factory=dict)
    places: Mapping[str, Sheet] = field(default_factory=dict)
    """Who and where is known at its end."""


async def in_prose(
    asker: Asker,
    story: Story,
    brief: Brief,
    system: str,
    context: int,
    note: Callable[[str], None],
) -> Treatment:
    """The people, places and scenes of a story; a part without scenes is untold."""
    page = max(tokens_in(filled(ROLE, part, **BLANK)) for part in ("cast", "scenes"))
    fixed = tokens_in(system) + page + tokens_in(story.title)
    wanted = scenes_wanted(brief.seconds)
    passages = passages_of(story.text, 2 * wanted)
    room = allowance(context, fixed, sum(tokens_in(each) + NUMBER for each in passages))
    most = max(1, min(24, room.answer // SCENE_TOKENS))
    parts = parts_of(passages, room.part, wanted, most)
    sizes = [tokens_in(part.text) for part in parts]
    people, places = Roster("person"), Roster("place")
    readings: list[Reading] = []
    before = ""
    for number, (part, size) in enumerate(zip(parts, sizes, strict=True), 1):
        reading = Reading(part, number, len(parts), Fraction(size, sum(sizes)), before)
        reading = replace(reading, people=dict(people.sheets), places=dict(places.sheets))
        cast = await _read(asker, _cast_of(story, reading, system, room))
        if cast is None:
            note(f"part {number} of {len(parts)}: the model did not say who and where is in it")
        else:
            _take(cast.people, people)
            _take(cast.places, places)
            before = one_line(cast.summary)
        readings.append(replace(reading, people=dict(people.sheets), places=dict(places.sheets)))
    placed = [reading for reading in readings if reading.places]
    answers = await asker.ask_all(
        [_scenes_of(story, reading, brief, system, room, most) for reading in placed]
    )
    told = {reading.number: answer for reading, answer in zip(placed, answers, strict=True)}
    plans: list[ScenePlan | Untold] = []
    for reading in readings:
        answer = told.get(reading.number)
        formed = answer.last if isinstance(answer, Unanswered) else answer
        scenes = _mended(formed.scenes) if isinstance(formed, Scenes) else []
        plans += _planned(reading, scenes) or [Untold(reading.part.text.strip(), "", brief.seconds)]
    return Treatment(tuple(plans), people.sheets, places.sheets)


# --- who and where, part after part ----------------------------------------------------


async def _read(asker: Asker, question: Question[Cast]) -> Cast | None:
    """The answer, or the newest that has its form; None where none had."""
    try:
        return await asker.ask(question)
    except Unanswered as nothing:
        return nothing.last if isinstance(nothing.last, Cast) else None


def _cast_of(story: Story, reading: Reading, system: str, room: Allowance) -> Question[Cast]:
    most = max(2, min(12, room.answer // SHEET_TOKENS))
    task = filled(
        ROLE,
        "cast",
        **_opening(story, reading),
        known=_known(reading, room)[0],
        people=str(most),
        places=str(most // 2),
    )
    schema = cast_schema(most, most // 2, first=not reading.places)
    return Question(ROLE, system, task, schema, room.answer, faults_of_cast)


def _take(described: Sequence[Described], roster: Roster) -> None:
    """Who has a name is taken; looks that cannot be painted are left open."""
    for one in described:
        if re.search(r"[^\W_]", one.name):
            roster.add(one_line(one.name), "" if unpaintable(one.looks) else paintable(one.looks))


def _opening(story: Story, reading: Reading) -> dict[str, str]:
    """What both questions of a part begin with, word for word: the server reads it once."""
    title = f"{story.title}\n" if story.title else ""
    return {
        "story": quoted("story", title + reading.part.numbered()),
        "number": str(reading.number),
        "parts": str(reading.parts),
        "before": quoted("summary", reading.before or "(nothing: the story begins here)"),
    }


def _known(reading: Reading, room: Allowance) -> tuple[str, list[str], list[str]]:
    """People and places as they are read, and the ids of those that there was room for."""
    text = f"{reading.before} {reading.part.text}"
    who, where = (
        told_of(sheets, room.known // 2, text) for sheets in (reading.people, reading.places)
    )
    lines = ["People:", *(who.values() or ["- none"]), "Places:", *(where.values() or ["- none"])]
    return quoted("known", "\n".join(lines)), list(who), list(where)


# --- scenes, all parts at once ---------------------------------------------------------


def _scenes_of(
    story: Story, reading: Reading, brief: Brief, system: str, room: Allowance, most: int
) -> Question[Scenes]:
    part = reading.part
    most, seconds = min(most, len(part.passages)), brief.seconds * reading.share
    wanted = max(1, min(most, round(scenes_wanted(brief.seconds) * reading.share)))
    least = min(most, scenes_needed(seconds))
    known, who, where = _known(reading, room)
    task = filled(
        ROLE,
        "scenes",
        **_opening(story, reading),
        known=known,
        seconds=str(max(2, round(seconds))),
        wanted="1 scene" if wanted == 1 else f"{wanted} scenes",
        first=str(part.first),
    )
    schema = scenes_schema(part, who, where, least, min(most, 2 * max(least, wanted)))
    advice = partial(faults_of_scenes, language=brief.language)
    return Question(ROLE, system, task, schema, room.answer, advice=advice)


def _mended(scenes: Sequence[Told]) -> list[Told]:
    """Scenes in the order of the story, those that begin together as one, without empty beats,
    a synopsis standing for beats that are missing and a beat for a synopsis."""
    mended: list[Told] = []
    for scene in sorted(scenes, key=lambda scene: scene.begins):
        beats = [beat for beat in scene.beats if re.search(r"\w", beat)]
        synopsis = scene.synopsis if re.search(r"\w", scene.synopsis) else ""
        if not beats and not synopsis:
            continue
        whole = scene.model_copy(
            update={"beats": beats or [synopsis], "synopsis": synopsis or beats[0]}
        )
        if mended and mended[-1].begins == scene.begins:
            first = mended.pop()
            whole = first.model_copy(
                update={
                    "synopsis": f"{first.synopsis} {whole.synopsis}",
                    "beats": [*first.beats, *whole.beats],
                    "people": [*first.people, *whole.people],
                }
            )
        mended.append(whole)
    return mended


def _planned(reading: Reading, scenes: Sequence[Told]) -> list[ScenePlan | Untold]:
    """The scenes with their text: the first from the part's beginning, the last to its end."""
    part = reading.part
    starts = [part.first, *(scene.begins for scene in scenes[1:]), part.last + 1]
    plans: list[ScenePlan | Untold] = []
    for scene, begins, ends in zip(scenes, starts, starts[1:], strict=False):
        place = reading.places[scene.place]
        plans.append(
            ScenePlan(
                scene=Scene(
                    id="sc000",
                    heading=f"{scene.side}. {place.name.upper()} - {scene.time.upper()}",
                    place=scene.place,
                    time=scene.time,
                    weather="" if scene.weather == "none" else scene.weather,
                    synopsis=one_line(scene.synopsis),
                ),
                text=part.between(begins, ends),
                beats=tuple(Beat("action", one_line(beat)) for beat in scene.beats),
                people=tuple(dict.fromkeys(who for who in scene.people if who in reading.people)),
            )
        )
    return plans
