"""The storyboarder, director and cinematographer: covers every scene with shots.

An answer whose shots only cut badly is asked for again once, with every reason; what is wrong
with its shots then is mended by rule. What an answer looks like is in `board`, a scene's matters
in `decoupage`, how shots cut together in `coverage`, how long they last in `timing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from agents.asking import SHOWN, Asker, Question, Unanswered
from agents.bible import Bible, Framed, ScenePlan, sheet, story_so_far
from agents.covering.board import EXAMPLE_SCHEMAS, Board, board, form_of, longest
from agents.covering.decoupage import Decoupage
from agents.covering.timing import LONGEST, SHORTEST, joined
from agents.pages import filled, quoted
from agents.reading.parts import tokens_in
from studio.engines.requests import Brief
from studio.schema.storyboard import Scene

__all__ = ["EXAMPLE_SCHEMAS", "boarded"]

ROLE = "storyboarder"
REASONS = 1300
"""Tokens of the reasons with which a question is asked again, at most."""
LEAST = 600
"""Tokens without which no answer is asked for."""


async def boarded(
    asker: Asker, bible: Bible, brief: Brief, film: Sequence[ScenePlan | Scene], *, context: int
) -> list[list[Framed] | Unanswered]:
    """The shots of every plan, in their order, their durations adding up to the scene's seconds;
    Unanswered where the model gave none that can be used. `film` is all of its scenes in order:
    those that have their shots already stay as they are.

    All scenes are asked for together. `context` is the tokens that a question and its answer
    share; they are estimated as a small vocabulary counts, about two letters a token. Where a
    scene's text is too long for it, its beats are given instead, then its synopsis alone; where
    the film has too many scenes, they are told by their headings, then not at all.
    """
    plans = [scene for scene in film if isinstance(scene, ScenePlan)]
    if not plans:
        return []
    scripted = any(beat.kind == "dialogue" for plan in plans for beat in plan.beats)
    scenes = [Decoupage(plan, bible, brief, scripted=scripted) for plan in plans]
    questions: list[Question[Board] | None] = []
    for system in _systems(bible, brief, plans):
        questions = [_question(scene, system, context) for scene in scenes]
        if all(questions) and tokens_in(system) <= context / 2:
            break
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
    each = iter(boards)
    around = [next(each) if isinstance(scene, ScenePlan) else scene for scene in film]
    made = joined([one if isinstance(one, list) else None for one in around])
    return [
        board or one for one, board in zip(around, made, strict=True) if not isinstance(one, Scene)
    ]


# --- asking ----------------------------------------------------------------------------


def _systems(bible: Bible, brief: Brief, plans: Sequence[ScenePlan]) -> Iterator[str]:
    """What all scenes' questions may begin with, ever shorter."""
    headings = "\n".join(f"{plan.scene.id} {plan.scene.heading}" for plan in plans)
    film = quoted("bible", sheet(bible))
    for scenes in (story_so_far(list(plans)), headings, "(too many to list)"):
        yield filled(
            ROLE, "system", language=brief.language, film=film, scenes=quoted("scenes", scenes)
        )


def _question(scene: Decoupage, system: str, context: int) -> Question[Board] | None:
    """The question of a scene; None where the context has no room for it."""
    seconds, people, lines = scene.plan.seconds, scene.people, scene.lines
    fewest, most = scene.fewest(), max(1, int(seconds / SHORTEST))
    a_shot = longest(len(people), lines) // 2
    again = SHOWN // 2 + max(REASONS, tokens_in(form_of(board(people, lines, fewest, most))))
    spare = context - tokens_in(system) - tokens_in(scene.task("", fewest, most)) - again
    # most answers' texts are a third as long as they may be
    need = max(LEAST, fewest * a_shot // 3)
    *fuller, shortest = scene.tellings()
    told = next((one for one in fuller if tokens_in(one) + need <= spare), shortest)
    room = spare - tokens_in(told)
    if room < LEAST:
        return None
    most = max(ceil(seconds / LONGEST), min(most, 3 * room // a_shot))
    fewest = min(fewest, most)
    return Question(
        role=ROLE,
        system=system,
        task=scene.task(told, fewest, most),
        schema=board(people, lines, fewest, most),
        tokens=min(room, a_shot * most + 200),
        check=scene.unusable,
        advice=scene.mendable,
    )
