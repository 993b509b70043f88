"""The screenwriter: from a story to its cast, its places and a plan of each scene.

Prose is read in parts (`prose.py`), a screenplay has its scenes already (`script.py`). What the
model gives no scenes of stays untold, and its text is kept for the writer by rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agents.asking import Answer, Asker, Question, Unanswered
from agents.bible import Bible, ScenePlan, Untold
from agents.pages import filled, quoted
from agents.reading.outline import EXAMPLE_SCHEMAS, Logline, Pitch, faults_of_pitch
from agents.reading.parts import tokens_in
from agents.reading.prose import in_prose
from agents.reading.script import in_script
from agents.reading.shares import timed
from agents.reading.sheets import ROLE, Sheet, Treatment, one_line, paintable, unpaintable
from studio.engines.requests import Brief
from studio.errors import DocumentError
from studio.schema.story import Story
from studio.schema.storyboard import Person, Place

__all__ = ["EXAMPLE_SCHEMAS", "screenplay"]

PITCH_TOKENS = 400


async def screenplay(
    asker: Asker, story: Story, brief: Brief, *, context: int, note: Callable[[str], None]
) -> tuple[Bible, list[ScenePlan | Untold]]:
    """The bible, and the film's scenes in order, their seconds adding up to the brief's.

    `context` is the tokens that a question and its answer share; `note` hears one line of what a
    person should know. Raises DocumentError where the story has no words, StudioError where the
    context is too small to work with.
    """
    if not re.search(r"\w", story.text) and not story.scenes:
        tip = "write a few sentences into it, then try again"
        raise DocumentError("the story has no words", tip)
    system = filled(ROLE, "system", language=brief.language)
    if story.scenes:
        treatment = await in_script(asker, story, system, context)
    else:
        treatment = await in_prose(asker, story, brief, system, context, note)
    parts = timed(treatment.parts, brief, note)
    people, places = _used(treatment, parts)
    if bare := [sheet.name for sheet in [*people.values(), *places.values()] if not sheet.looks]:
        note(f"the model gave no looks for {', '.join(bare)}: write them into storyboard.yaml")
    plans = [part for part in parts if isinstance(part, ScenePlan)]
    logline, look = await _pitched(asker, plans, brief, system, context)
    if look and not brief.look:
        note(f"film.yaml has no look; the writer proposes “{look}”: keep it by writing it there")
    bible = Bible(
        logline=logline,
        look=brief.look or look,
        cast={who: Person(name=one.name, looks=one.looks) for who, one in people.items()},
        places={at: Place(name=one.name, looks=one.looks) for at, one in places.items()},
    )
    return bible, parts


def _used(
    treatment: Treatment, parts: Sequence[ScenePlan | Untold]
) -> tuple[dict[str, Sheet], dict[str, Sheet]]:
    """The people and places that the film's scenes have; all of them where a part is untold."""
    plans = [part for part in parts if isinstance(part, ScenePlan)]
    if len(plans) < len(parts):
        return dict(treatment.people), dict(treatment.places)
    seen = treatment.voices.union(*(plan.people for plan in plans))
    sites = {plan.scene.place for plan in plans}
    return (
        {who: sheet for who, sheet in treatment.people.items() if who in seen},
        {at: sheet for at, sheet in treatment.places.items() if at in sites},
    )


async def _pitched(
    asker: Asker, plans: Sequence[ScenePlan], brief: Brief, system: str, context: int
) -> tuple[str, str]:
    """The logline, and a look where the film has none; empty where the model has not said."""
    if not plans:
        return "", ""
    lines = [f"{plan.scene.heading}: {plan.scene.synopsis}" for plan in plans]
    while tokens_in("\n".join(lines)) > context // 3 and len(lines) > 1:
        lines = lines[::2]
    part, schema = ("logline", Logline) if brief.look else ("pitch", Pitch)
    task = filled(ROLE, part, scenes=quoted("scenes", "\n".join(lines)))
    answer: Answer | None
    try:
        answer = await asker.ask(
            Question(ROLE, system, task, schema, PITCH_TOKENS, faults_of_pitch)
        )
    except Unanswered as nothing:
        answer = nothing.last
    logline = one_line(answer.logline) if isinstance(answer, Logline) else ""
    look = answer.look if isinstance(answer, Pitch) and not unpaintable(answer.look) else ""
    return logline, paintable(look)
