"""The storyboarder, director and cinematographer: covers every scene with shots.

An answer whose shots only cut badly is asked for again with every reason, and after the last try
its shots are mended by rule. What an answer looks like is in `board`, a scene's matters in
`decoupage`, how shots cut together in `coverage`, how long they last in `timing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from agents.asking import SHOWN, Asker, Question, Unanswered
from agents.bible import Bible, Framed, ScenePlan, sheet, story_so_far
from agents.covering.board import EXAMPLE_SCHEMAS, Board, board, form_of, longest
from agents.covering.decoupage import Decoupage
from agents.covering.timing import LONGEST, SHORTEST, joined
from agents.pages import filled, quoted
from agents.reading.parts import tokens_in
from studio.engines.base import Brief

__all__ = ["EXAMPLE_SCHEMAS", "boarded"]

ROLE = "storyboarder"
USUAL = 6
"""Seconds of a shot: so many shots a scene may always have, however small the context."""
REASONS = 1300
"""Tokens of the reasons with which a question is asked again, at most."""
LEAST = 600
"""Tokens without which no answer is asked for."""


async def boarded(
    asker: Asker, bible: Bible, brief: Brief, plans: Sequence[ScenePlan], *, context: int
) -> list[list[Framed] | Unanswered]:
    """The shots of every scene, in the order of the plans, their durations adding up to the
    scene's seconds; Unanswered where the model gave none that can be used.

    All scenes are asked for together. `context` is the tokens that a question and its answer
    share; they are estimated as a small vocabulary counts, about two letters a token. Where a
    scene's text is too long for it, its beats are given instead, then its synopsis alone; where
    the film has too many scenes, they are told by their headings, then not at all.
    """
    if not plans:
        return []
    system = _system(bible, brief, plans, context)
    scripted = any(beat.kind == "dialogue" for plan in plans for beat in plan.beats)
    scenes = [Decoupage(plan, bible, brief, scripted=scripted) for plan in plans]
    questions = [_question(scene, system, context) for scene in scenes]
    asked = [question for question in questions if question is not None]
    answers = iter(await asker.ask_all(asked))
    boards: list[list[Framed] | Unanswered] = []
    for scene, question in zip(scenes, questions, strict=True):
        if question is None:
            boards.append(Unanswered(ROLE, [f"a context of {context} tokens is too small"]))
            continue
        answer = next(answers)
        if isinstance(answer, Unanswered):
            last = answer.last
            if not isinstance(last, Board) or scene.unusable(last):
                boards.append(answer)
                continue
            answer = last
        boards.append(scene.framed(answer))
    known = [None if isinstance(one, Unanswered) else one for one in boards]
    return [one if made is None else made for one, made in zip(boards, joined(known), strict=True)]


# --- asking ----------------------------------------------------------------------------


def _system(bible: Bible, brief: Brief, plans: Sequence[ScenePlan], context: int) -> str:
    """What all scenes' questions begin with: at most half of the context."""
    headings = "\n".join(f"{plan.scene.id} {plan.scene.heading}" for plan in plans)
    film = quoted("bible", sheet(bible))
    system = ""
    for scenes in (story_so_far(list(plans)), headings, "(too many to list)"):
        system = filled(
            ROLE, "system", language=brief.language, film=film, scenes=quoted("scenes", scenes)
        )
        if tokens_in(system) <= context / 2:
            break
    return system


def _question(scene: Decoupage, system: str, context: int) -> Question[Board] | None:
    """The question of a scene; None where the context has no room for it."""
    seconds, people, lines = scene.plan.seconds, scene.people, scene.lines
    fewest, usual = ceil(seconds / LONGEST), ceil(seconds / USUAL)
    most = max(1, int(seconds / SHORTEST))
    a_shot = longest(len(people), lines) // 2
    again = SHOWN // 2 + max(REASONS, tokens_in(form_of(board(people, lines, fewest, most))))
    spare = context - tokens_in(system) - tokens_in(scene.task("", fewest, most)) - again
    # most answers' texts are half as long as they may be
    need = max(LEAST, usual * a_shot // 2)
    *fuller, shortest = scene.tellings()
    told = next((one for one in fuller if tokens_in(one) + need <= spare), shortest)
    room = spare - tokens_in(told)
    if room < LEAST:
        return None
    most = max(usual, min(most, 2 * room // a_shot))
    return Question(
        role=ROLE,
        system=system,
        task=scene.task(told, fewest, most),
        schema=board(people, lines, fewest, most),
        tokens=min(room, a_shot * most + 200),
        check=scene.faults,
    )
