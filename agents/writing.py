"""From a story to its storyboard: the roles in order.

Each role's questions are under way together, its answers are checked, and what stays without an
answer that holds is written by rules and says so (`Scene.by`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from agents.asking import Asker, Unanswered
from agents.bible import Bible, Framed, ScenePlan, Untold
from agents.by_rules import entered, part_by_rules, shots_by_rules
from agents.continuity import prompted
from agents.screenwriter import screenplay
from agents.storyboarder import boarded
from studio.engines.base import Aid, Writer
from studio.engines.requests import Brief
from studio.errors import StudioError
from studio.models import Budget
from studio.schema.story import Story
from studio.schema.storyboard import Scene, Shot, Storyboard

HEED = 0.2
"""Seconds between two looks at whether a person wants to stop."""
NAMED = 4
"""Scenes that a note names at most."""
SHOWN = 60
"""Characters of a part of the story in a note."""

T = TypeVar("T")


async def written(story: Story, brief: Brief, aid: Aid) -> Storyboard:
    """A storyboard of `brief.seconds`. Raises Missing where the model is not there, and what
    `aid.report` raises."""
    if aid.talk is None or aid.rules is None or aid.keyframe is None or aid.motion is None:
        raise StudioError("the writers' room was given no language model to work with")
    with aid.talk() as talk:
        asker = Asker(talk.chat, at_once=talk.at_once, seed=brief.seed)
        budgets = aid.keyframe, aid.motion
        work = _written(story, brief, aid, aid.rules, budgets, asker, talk.context)
        storyboard = await _heeding(work, asker, aid)
        aid.note(_said(asker, storyboard, talk.requests))
    return storyboard


async def _heeding(work: Coroutine[Any, Any, T], asker: Asker, aid: Aid) -> T:
    """Do the work; `aid.report` hears of it all the time, and may end it by raising."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            aid.report(asker.answered, asker.tally.asked)
            await asyncio.wait([task], timeout=HEED)
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _written(
    story: Story,
    brief: Brief,
    aid: Aid,
    rules: Writer,
    budgets: tuple[Budget, Budget],
    asker: Asker,
    context: int,
) -> Storyboard:
    bible, parts = await screenplay(asker, story, brief, context=context, note=aid.note)
    bible, scenes = _numbered(rules, bible, parts, brief, aid.note)
    plans = [scene for scene in scenes if isinstance(scene, ScenePlan)]
    boards = await boarded(asker, bible, brief, scenes, context=context)
    covered: list[tuple[ScenePlan, Sequence[Framed]]] = []
    done: dict[str, Scene] = {scene.id: scene for scene in scenes if isinstance(scene, Scene)}
    reasons: dict[str, list[str]] = {}
    for plan, board in zip(plans, boards, strict=True):
        if isinstance(board, Unanswered):
            ruled = shots_by_rules(rules, plan, bible, brief)
            bible, done[plan.scene.id] = ruled.bible, _with_ids(ruled.scenes[0], plan.scene.id)
            reasons.setdefault(board.reasons[0], []).append(plan.scene.id)
        else:
            covered.append((plan, board))
    for reason, ids in reasons.items():
        aid.note(
            f"{_listed(ids)}: by rules, as the model gave no shots that can be used ({reason})"
        )
    shots = await prompted(
        asker,
        bible,
        brief,
        covered,
        *budgets,
        context=context,
        note=aid.note,
    )
    for (plan, _), made in zip(covered, shots, strict=True):
        done[plan.scene.id] = plan.scene.model_copy(update={"shots": made})
    return _assembled(bible, [done[scene_id] for scene_id in sorted(done, key=_number)])


def _numbered(
    rules: Writer,
    bible: Bible,
    parts: Sequence[ScenePlan | Untold],
    brief: Brief,
    note: Callable[[str], None],
) -> tuple[Bible, list[ScenePlan | Scene]]:
    """The scenes with their ids, in the order of the film; untold parts have become scenes."""
    scenes: list[ScenePlan | Scene] = []
    for part in parts:
        if isinstance(part, Untold):
            note(f"by rules, as the model gave no scenes of it: “{_beginning(part.text)}…”")
            ruled = part_by_rules(rules, part, bible, brief)
            bible = ruled.bible
            scenes += ruled.scenes
        else:
            scenes.append(part)
    numbered: list[ScenePlan | Scene] = []
    for number, scene in enumerate(scenes, 1):
        id_ = f"sc{number * 10:03d}"
        if isinstance(scene, ScenePlan):
            named = scene.scene.model_copy(update={"id": id_})
            numbered.append(replace(scene, scene=named))
        else:
            numbered.append(_with_ids(scene, id_))
    return bible, numbered


def _with_ids(scene: Scene, id_: str) -> Scene:
    shots = [
        shot.model_copy(update={"id": f"{id_}_sh{at * 10:03d}"})
        for at, shot in enumerate(scene.shots, 1)
    ]
    return scene.model_copy(update={"id": id_, "shots": shots})


def _number(scene_id: str) -> int:
    return int(scene_id.removeprefix("sc"))


def _assembled(bible: Bible, scenes: Sequence[Scene]) -> Storyboard:
    """The storyboard, with the people and places that its shots use."""
    seen = {who for scene in scenes for shot in scene.shots for who in _people(shot)}
    places = {scene.place for scene in scenes}
    return Storyboard(
        schema="storyboard/1",
        cast={who: person for who, person in bible.cast.items() if who in seen},
        places={at: place for at, place in bible.places.items() if at in places},
        scenes=entered(scenes),
    )


def _people(shot: Shot) -> list[str]:
    return [who.who for who in shot.cast] + [line.who for line in shot.dialogue]


# --- what a person is told -------------------------------------------------------------


def _said(asker: Asker, storyboard: Storyboard, requests: int) -> str:
    """What it took, as it was: asked, asked again, and what fell to the writer by rules."""
    tally = asker.tally
    by_rules = [scene.id for scene in storyboard.scenes if scene.by]
    unasked = "" if requests else ", all from the answers kept"
    return (
        f"questions: {tally.asked}, asked again: {tally.again}, answers mended or given up:"
        f" {tally.failed}{unasked}; scenes by rules: {len(by_rules)} of {len(storyboard.scenes)}"
        + (f" ({_listed(by_rules)})" if by_rules else "")
    )


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{', '.join(ids[:NAMED])}{more}"


def _beginning(text: str) -> str:
    return " ".join(text.split())[:SHOWN]
