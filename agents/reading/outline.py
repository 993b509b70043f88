"""What the screenwriter is answered with: who and where, scenes, the film in a sentence; and every
reason why an answer cannot stand, in words for the model.

Forms are made for one question each, so that an answer cannot name whom nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, create_model

from agents.asking import Answer
from agents.reading.letters import in_other_letters
from agents.reading.parts import Part
from agents.reading.sheets import one_line, unpaintable

NOBODY = "nobody"

Name = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Looks = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=240)]
Action = Annotated[str, StringConstraints(min_length=1, max_length=140)]
"""Longer than the words that the page asks for: a grammar ends a text at its limit, in the midst
of a word."""


class Described(Answer):
    """Somebody or some place that is new in a part."""

    name: Name
    looks: Looks


class Cast(Answer):
    """Who and where is new in a part, and how far the story has come by its end."""

    summary: Annotated[str, StringConstraints(max_length=320)]
    people: list[Described]
    places: list[Described]


class Told(Answer):
    """A scene; `begins` is the number of the passage that it begins with."""

    begins: int
    side: Literal["INT", "EXT"]
    place: str
    time: Literal["dawn", "morning", "day", "noon", "afternoon", "dusk", "evening", "night"]
    weather: Literal[
        "none", "clear", "hazy", "overcast", "foggy", "drizzle", "rain", "storm", "snow", "windy"
    ]
    synopsis: Sentence
    beats: list[Action] = Field(min_length=1, max_length=5)
    people: list[str]


class Scenes(Answer):
    """The scenes of a part, in the order of the story."""

    scenes: list[Told]


class Logline(Answer):
    """The film in a sentence."""

    logline: Sentence


class Pitch(Logline):
    """The film in a sentence, and how its pictures look."""

    look: Annotated[str, StringConstraints(min_length=1, max_length=160)]


def cast_schema(people: int, places: int, *, first: bool) -> type[Cast]:
    """The form of an answer with so many people and places at most; the first part has a place."""
    return create_model(
        "Cast",
        __base__=Cast,
        people=(list[Described], Field(max_length=people)),
        places=(list[Described], Field(min_length=int(first), max_length=places)),
    )


def faults_of_cast(cast: Cast) -> list[str]:
    """Every reason why people and places cannot stand."""
    faults = []
    for kind, sheets in (("people", cast.people), ("places", cast.places)):
        names = [one_line(sheet.name).casefold() for sheet in sheets]
        for at, sheet in enumerate(sheets):
            if not re.search(r"[^\W_]", sheet.name):
                faults.append(f"{kind}[{at}] has no name")
            elif names[at] in names[:at]:
                faults.append(f"{kind}: {sheet.name} is there twice")
            if why := unpaintable(sheet.looks):
                faults.append(f"{kind}[{at}]: the looks of {sheet.name[:50]}: {why}")
    return faults


def scenes_schema(
    part: Part, people: Sequence[str], places: Sequence[str], least: int, most: int
) -> type[Scenes]:
    """The form of an answer of `least` to `most` scenes that can name nobody who is unknown."""
    who: Any = Literal.__getitem__(tuple(people) or (NOBODY,))
    where: Any = Literal.__getitem__(tuple(places))
    told = create_model(
        "Told",
        __base__=Told,
        begins=(int, Field(ge=part.first, le=part.last)),
        place=(where, ...),
        people=(list[who], Field(max_length=6)),
    )
    several: Any = list[told]
    return create_model(
        "Scenes", __base__=Scenes, scenes=(several, Field(min_length=least, max_length=most))
    )


def faults_of_scenes(answer: Scenes, language: str) -> list[str]:
    """Every reason why scenes of a film in that language are put right by rule, or stand badly."""
    faults = []
    for at, (one, other) in enumerate(zip(answer.scenes, answer.scenes[1:], strict=False), 1):
        if other.begins == one.begins:
            faults.append(f"scenes[{at}]: two scenes begin with {one.begins}")
        elif other.begins < one.begins:
            faults.append(
                f"scenes[{at}] begins with {other.begins}, before {one.begins}: not in order"
            )
    for at, scene in enumerate(answer.scenes):
        if not re.search(r"\w", scene.synopsis):
            faults.append(f"scenes[{at}]: the synopsis says nothing")
        elif in_other_letters(scene.synopsis, language):
            faults.append(f"scenes[{at}]: the synopsis is not in the film's language ({language})")
        faults += [
            f"scenes[{at}].beats[{n}] says nothing"
            for n, beat in enumerate(scene.beats)
            if not re.search(r"\w", beat)
        ]
    return faults


def script_schema(asked: Sequence[str]) -> type[Answer]:
    """The form of an answer with the looks of each `person_…` and `place_…`, and the synopsis of
    each `scene_…`, none left out."""
    fields: dict[str, Any] = {
        name: (Sentence if name.startswith("scene_") else Looks, ...) for name in asked
    }
    return create_model("Script", __base__=Answer, **fields)


def faults_of_script(answer: Answer) -> list[str]:
    """Every reason why looks and synopses cannot stand."""
    faults = []
    for name, text in answer.model_dump().items():
        if name.startswith("scene_"):
            faults += [] if re.search(r"\w", text) else [f"{name} says nothing"]
        elif why := unpaintable(text):
            faults.append(f"{name} {why}")
    return faults


def faults_of_pitch(answer: Logline) -> list[str]:
    """Every reason why a logline and a look cannot stand."""
    faults = [] if re.search(r"\w", answer.logline) else ["the logline says nothing"]
    if isinstance(answer, Pitch) and (why := unpaintable(answer.look)):
        faults.append(f"the look {why}")
    return faults


EXAMPLE_SCHEMAS: tuple[type[Answer], ...] = (
    cast_schema(6, 3, first=True),
    scenes_schema(Part(("One.", "Two.", "Three."), 4), ["mara", "finn"], ["tower"], 1, 3),
    script_schema(["person_mara", "place_tower", "scene_1", "scene_2"]),
    Logline,
    Pitch,
)
"""Every form of an answer that the screenwriter asks for, with ids as a story may have them."""
