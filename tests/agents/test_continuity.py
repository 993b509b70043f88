"""Continuity: what is found in a scene goes to the prompter, twice at most."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from agents.asking import Asker
from agents.bible import Framed, ScenePlan
from agents.continuity import contradictions_in, prompted
from agents.scripted import ScriptedChat
from studio.engines.requests import Brief
from studio.errors import StudioError
from studio.schema.storyboard import Shot
from tests.agents.shots import BIBLE, KEYFRAME, MOTION, plan, shot

GOOD = {
    "keyframe": "Medium shot at eye level: {mara} stands at the rail of {place}, hands on the iron."
    " {look}.",
    "motion": "{mara} turns slowly from the rail. {movement}.",
}
BETTER = GOOD | {"motion": "{mara} sets the lantern down. {movement}."}
BAD = GOOD | {"motion": "Sie geht langsam und blickt auf das Meer und die Vögel über dem Wasser."}
NONE: dict[str, Any] = {"contradictions": []}


class Chat:
    """Answers for two shots of a scene; `prompts` and `finds` are called with the task."""

    def __init__(self, prompts: Callable[[str], Any], finds: Callable[[str], Any]) -> None:
        self.chat = ScriptedChat(reply=self._reply)
        self.tasks: list[tuple[str, str]] = []
        self._said = {"Prompts": prompts, "Contradictions": finds}

    def _reply(self, schema: str, messages: list[BaseMessage]) -> Any:
        self.tasks.append((schema, str(messages[1].content)))
        return self._said[schema](str(messages[1].content))

    def asked(self, schema: str) -> int:
        return sum(one == schema for one, _ in self.tasks)


def board(number: int = 2, of: ScenePlan | None = None) -> tuple[ScenePlan, Sequence[Framed]]:
    of = of or plan()
    return of, [Framed(shot(id=f"{of.scene.id}_sh{n:03d}")) for n in range(10, number * 10 + 1, 10)]


def run(
    chat: Chat, *boards: tuple[ScenePlan, Sequence[Framed]], context: int = 8192
) -> tuple[list[list[Shot]], list[str]]:
    notes: list[str] = []
    shots = asyncio.run(
        prompted(
            Asker(chat.chat),
            BIBLE,
            Brief(seconds=plan().seconds),
            boards or (board(),),
            KEYFRAME,
            MOTION,
            context=context,
            note=notes.append,
        )
    )
    return shots, notes


def about(shot_id: str, times: int) -> Callable[[str], Any]:
    """Finds something in that shot, so many times."""
    left = iter(range(times))

    def finds(_task: str) -> Any:
        if next(left, None) is None:
            return NONE
        return {"contradictions": [{"shot": shot_id, "what": "She has no lantern yet."}]}

    return finds


def test_what_holds_is_asked_once_and_nothing_is_noted() -> None:
    chat = Chat(lambda _: GOOD, lambda _: NONE)
    [shots], notes = run(chat)
    assert [(one.keyframe, one.motion) for one in shots] == [tuple(GOOD.values())] * 2
    assert [one.id for one in shots] == ["sc010_sh010", "sc010_sh020"]
    assert (chat.asked("Prompts"), chat.asked("Contradictions")) == (2, 1)
    assert notes == []


def test_all_questions_of_a_role_begin_alike() -> None:
    chat = Chat(lambda _: GOOD, lambda _: NONE)
    run(chat, board(), board(of=plan(id="sc020")))
    systems = {schema: set[str]() for schema in ("Prompts", "Contradictions")}
    for schema, messages in chat.chat.seen:
        systems[schema].add(str(messages[0].content))
    assert {schema: len(texts) for schema, texts in systems.items()} == {
        "Prompts": 1,
        "Contradictions": 1,
    }


def test_continuity_reads_the_story_and_the_prompts_as_the_models_will() -> None:
    chat = Chat(lambda _: GOOD, lambda _: NONE)
    run(chat)
    [task] = [task for schema, task in chat.tasks if schema == "Contradictions"]
    assert "Tom came up the stairs and gave her the lantern" in task
    assert "Mara, a woman of sixty, long grey braid, navy oilskin coat turns slowly" in task
    assert "The camera moves slowly closer" in task
    assert "{" not in task


def test_what_is_found_goes_to_the_prompter_of_that_shot_alone() -> None:
    chat = Chat(
        lambda task: BETTER if "She has no lantern yet." in task else GOOD,
        about("sc010_sh020", 1),
    )
    [shots], notes = run(chat)
    assert [one.motion for one in shots] == [GOOD["motion"], BETTER["motion"]]
    assert (chat.asked("Prompts"), chat.asked("Contradictions")) == (3, 2)
    assert notes == ["prompts of 2 shots: 1 (sc010_sh020) written again for continuity"]


def test_only_scenes_that_were_mended_are_looked_at_again() -> None:
    chat = Chat(lambda _: GOOD, about("sc010_sh010", 1))
    run(chat, board(), board(of=plan(id="sc020")))
    assert chat.asked("Contradictions") == 3


def test_mending_ends_after_two_rounds() -> None:
    chat = Chat(lambda _: GOOD, about("sc010_sh010", 99))
    run(chat)
    assert (chat.asked("Prompts"), chat.asked("Contradictions")) == (2 + 2, 2)


def test_questions_do_not_multiply_when_nothing_ever_holds() -> None:
    chat = Chat(lambda _: "no JSON", lambda _: "no JSON")
    [shots], notes = run(chat)
    assert all(one.keyframe is None and one.motion is None for one in shots)
    assert (chat.asked("Prompts"), chat.asked("Contradictions")) == (2 * 4, 2)
    assert notes == [
        "prompts of 2 shots: 2 (sc010_sh010, sc010_sh020) composed from their fields: the model's"
        " do not hold; 2 (sc010_sh010, sc010_sh020) not looked at by continuity"
    ]


def test_prompts_that_hold_are_kept_where_the_mended_ones_do_not() -> None:
    chat = Chat(
        lambda task: BAD if "She has no lantern yet." in task else GOOD, about("sc010_sh010", 1)
    )
    [shots], [note] = run(chat)
    assert shots[0].motion == GOOD["motion"]
    assert chat.asked("Prompts") == 2 + 2
    assert "1 (sc010_sh010) kept although continuity objects" in note


def test_a_long_scene_is_looked_at_in_parts() -> None:
    chat = Chat(lambda _: GOOD, lambda _: NONE)
    run(chat, board(30))
    tasks = [task for schema, task in chat.tasks if schema == "Contradictions"]
    seen = [id_ for task in tasks for id_ in re.findall(r"^(sc010_sh\d+)$", task, re.MULTILINE)]
    assert len(tasks) > 1
    assert seen == [f"sc010_sh{n:03d}" for n in range(10, 301, 10)]


def test_a_story_that_is_too_long_is_looked_at_by_what_happens() -> None:
    told = replace(plan(synopsis="Mara waits."), text="The sea was grey. " * 2000)
    chat = Chat(lambda _: GOOD, lambda _: NONE)
    run(chat, board(of=told))
    [task] = [task for schema, task in chat.tasks if schema == "Contradictions"]
    assert "what happens: Mara waits." in task
    assert "The sea was grey" not in task


def test_a_scene_without_shots_asks_nothing() -> None:
    chat = Chat(lambda _: GOOD, lambda _: NONE)
    assert run(chat, (plan(), [])) == ([[]], [])
    assert chat.tasks == []


def test_what_is_wrong_with_the_server_ends_it() -> None:
    def fails(_task: str) -> Any:
        raise StudioError("the server does not answer")

    with pytest.raises(StudioError, match="does not answer"):
        run(Chat(fails, lambda _: NONE))


def test_only_shots_that_were_asked_about_can_be_named() -> None:
    schema = json.dumps(contradictions_in(["sc010_sh010", "sc010_sh020"]).model_json_schema())
    assert '"enum": ["sc010_sh010", "sc010_sh020"]' in schema
    with pytest.raises(ValueError, match="sc010_sh010"):
        contradictions_in(["sc010_sh010"]).model_validate(
            {"contradictions": [{"shot": "sc010_sh030", "what": "x"}]}
        )
