"""Shots, slates and budgets that tests of prompts are made with."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from agents.bible import Bible, Framed, ScenePlan
from agents.wording.slate import Slate, Which
from studio.models import Budget
from studio.prompts import Prompter
from studio.schema.storyboard import Person, Place, Scene, Shot, Storyboard

BIBLE = Bible(
    logline="A keeper waits for a boat.",
    look="35mm film, muted teal, soft grain",
    cast={
        "mara": Person(name="Mara", looks="a woman of sixty, long grey braid, navy oilskin coat"),
        "tom": Person(name="Tom Hale", looks="a boy of ten, blond hair, red wool cap"),
        "finn": Person(name="Finn", looks="a young man with black curls and a yellow jersey"),
    },
    places={
        "gallery": Place(name="the lighthouse gallery", looks="an iron rail round white stone"),
        "office": Place(name="Harbour Office", looks="a low room with charts on the walls"),
    },
)


def count(text: str) -> int:
    """A token for three letters: more than a T5 or a CLIP tokenizer counts in English."""
    return math.ceil(len(text) / 3)


KEYFRAME = Budget("painter", 512, count, leading=77, count_leading=count)
MOTION = Budget("animator", 226, count)


def scene(**changes: Any) -> Scene:
    facts = {"id": "sc010", "heading": "EXT. GALLERY - DAY", "place": "gallery", "time": "day"}
    return Scene.model_validate(facts | changes)


def shot(people: str = "mara", **changes: Any) -> Shot:
    facts = {
        "id": "sc010_sh010",
        "duration": "4s",
        "movement": "dolly in",
        "cast": people.split(),
        "action": "Mara stands at the rail.",
    }
    return Shot.model_validate(facts | changes)


def slate(
    which: Which = "motion",
    people: str = "mara",
    *,
    tokens: int | None = None,
    told: str = "",
    in_scene: dict[str, Any] | None = None,
    **changes: Any,
) -> Slate:
    """A slate of the lighthouse film; `changes` are the shot's."""
    one = scene(**in_scene or {})
    taken = shot(people, **changes)
    storyboard = Storyboard(
        schema="storyboard/1",
        cast=dict(BIBLE.cast),
        places=dict(BIBLE.places),
        scenes=[one.model_copy(update={"shots": [taken]})],
    )
    budget = KEYFRAME if which == "keyframe" else MOTION
    if tokens is not None:
        budget = Budget(budget.model, tokens, count)
    return Slate(one, taken, Prompter(BIBLE.look, storyboard), which, budget, told)


def plan(**changes: Any) -> ScenePlan:
    text = "Mara stood at the rail. Tom came up the stairs and gave her the lantern."
    return ScenePlan(scene(**changes), text, (), ("mara", "tom"), Fraction(8))


def framed(**changes: Any) -> Framed:
    return Framed(shot(**changes), "Mara at the rail, her back to us", "She has turned")
