"""Asking until an answer holds: what is asked again, how often, and what ends it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult
from pydantic import Field

from agents.asking import (
    AGAIN,
    REASONS,
    Answer,
    Asker,
    Question,
    Unanswered,
    response_format,
)
from agents.scripted import ScriptedChat
from studio.errors import Missing


class Bird(Answer):
    word: str = Field(min_length=2, max_length=20)
    wings: int = Field(default=2, ge=2, le=2, title="Wings", description="How many")


GULL = {"word": "gull", "wings": 2}


def question(task: str = "Which bird?", check: Any = lambda _: ()) -> Question[Bird]:
    return Question("namer", "You name birds.", task, Bird, 40, check)


def in_turn(*replies: Any) -> ScriptedChat:
    """A chat that says one after another; the last for ever."""
    left = list(replies)
    return ScriptedChat(reply=lambda *_: left.pop(0) if len(left) > 1 else left[0])


def asked(chat: ScriptedChat, put: Question[Bird]) -> tuple[Bird | Unanswered, Asker]:
    asker = Asker(chat)
    (answer,) = asyncio.run(asker.ask_all([put]))
    return answer, asker


def last_words(chat: ScriptedChat) -> str:
    return str(chat.seen[-1][1][-1].content)


def ended(text: str, reason: str, refusal: str | None = None) -> AIMessage:
    return AIMessage(
        text,
        response_metadata={"finish_reason": reason},
        additional_kwargs={"refusal": refusal},
    )


def advised(*replies: Any, again: int = 3, check: Any = lambda _: ()) -> tuple[Any, Asker, str]:
    chat = in_turn(*replies)
    put = replace(
        question(check=check),
        advice=lambda bird: ["a longer word"] if len(bird.word) < 5 else [],
        again=again,
    )
    answer, asker = asked(chat, put)
    return answer, asker, last_words(chat)


def test_advice_is_told_once_and_an_answer_holds_in_spite_of_it() -> None:
    answer, asker, said = advised(GULL, {"word": "crow", "wings": 2})
    assert answer == Bird(word="crow")
    assert "- a longer word" in said
    assert (asker.tally.again, asker.tally.failed) == (1, 0)
    answer, asker, _ = advised({"word": "albatross", "wings": 2})
    assert asker.tally.again == 0


def test_advice_is_told_with_the_reasons_and_alone_ends_nothing() -> None:
    answer, _, said = advised(GULL, check=lambda _: ["no bird"])
    assert isinstance(answer, Unanswered)
    assert answer.reasons == ["no bird"]
    assert "longer" not in said
    assert advised("?", "?", GULL, again=2)[0] == Bird(word="gull")


def test_an_answer_that_holds_is_asked_for_once() -> None:
    chat = in_turn(GULL)
    answer, asker = asked(chat, question())
    assert answer == Bird(word="gull")
    (schema, messages), *more = chat.seen
    assert (schema, more) == ("Bird", [])
    assert [(one.type, one.content) for one in messages] == [
        ("system", "You name birds."),
        ("human", "Which bird?"),
    ]
    assert (asker.tally.asked, asker.tally.again, asker.tally.failed) == (1, 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "<think>A {bird}? A tern, or\n{}.</think>\n" + json.dumps(GULL),
        "```json\n" + json.dumps(GULL) + "\n```",
        "Of course! " + json.dumps(GULL) + " Anything else?",
        '{"word": "gull", "wings":\n 2}',
        "A {gull}? No.</think>" + json.dumps(GULL),
    ],
)
def test_an_answer_of_a_model_that_chatters_is_read(text: str) -> None:
    answer, asker = asked(in_turn(text), question())
    assert answer == Bird(word="gull")
    assert asker.tally.again == 0


def test_control_characters_within_words_are_read() -> None:
    answer, _ = asked(in_turn('{"word": "gu\tll", "wings": 2}'), question())
    assert answer == Bird(word="gu\tll")


@pytest.mark.parametrize(
    ("bad", "reasons"),
    [
        ({"word": "g", "wings": 3}, ["word: String should have", "wings: Input should be"]),
        ({"name": "gull"}, ["word: Field required", "name: Extra inputs"]),
        ("A gull, of course.", ["was not JSON"]),
        ('{"word": "gull"', ["was not JSON"]),
        ('{"word": "\\ud83d", "wings": 2}', ["was not JSON"]),
        ('{"word": ' + "[" * 100_000, ["was not JSON"]),
        ("[1, 2]", ["the answer: Input should be"]),
        ("", ["was empty"]),
        (ended('{"word": "gullgull', "length"), ["too long and was cut off"]),
        (ended("", "stop", "no birds"), ["you refused (no birds)"]),
    ],
)
def test_what_does_not_hold_is_asked_for_again_with_every_reason(
    bad: Any, reasons: list[str]
) -> None:
    chat = in_turn(bad, GULL)
    answer, asker = asked(chat, question())
    assert answer == Bird(word="gull")
    assert asker.tally.again == 1
    for reason in reasons:
        assert reason in last_words(chat)
    told = '"additionalProperties": false' in last_words(chat)
    assert told != ("cut off" in last_words(chat)), "the form is told to who missed it"


def test_an_answer_of_the_form_is_told_its_faults_and_not_the_form() -> None:
    def no_gulls(bird: Bird) -> Sequence[str]:
        return ["no gulls", "no waders"] if bird.word == "gull" else []

    chat = in_turn(GULL, {"word": "tern", "wings": 2})
    answer, _ = asked(chat, question(check=no_gulls))
    assert answer == Bird(word="tern")
    assert "- no gulls\n- no waders\n" in last_words(chat)
    assert "schema" not in last_words(chat)
    assert chat.seen[1][1][2].content == json.dumps(GULL)


def test_it_is_asked_again_three_times_at_most_each_time_from_the_start() -> None:
    chat = in_turn("no", "nay", "never", "not", "too late")
    answer, asker = asked(chat, question())
    assert isinstance(answer, Unanswered)
    assert [len(messages) for _, messages in chat.seen] == [2, 4, 4, 4]
    assert len(chat.seen) == AGAIN + 1
    assert answer.last is None
    assert str(answer).startswith("namer: the answer was not JSON")
    assert (asker.tally.again, asker.tally.failed) == (3, 1)
    assert asker.tally.by_role == {"namer": 1}


def test_the_newest_answer_of_the_form_is_kept() -> None:
    chat = in_turn(GULL, {"word": "tern", "wings": 2}, "prose")
    answer, _ = asked(chat, question(check=lambda _: ["wrong"]))
    assert isinstance(answer, Unanswered)
    assert answer.last == Bird(word="tern")
    assert "was not JSON" in answer.reasons[0]


def test_reasons_and_bad_answers_are_shown_in_bounds() -> None:
    chat = in_turn("gull " * 5000, GULL)
    asked(chat, question())
    assert len(str(chat.seen[1][1][2].content)) < 1600
    chat = in_turn(GULL)
    answer, _ = asked(chat, question(check=lambda _: [f"fault {n}" for n in range(99)]))
    assert isinstance(answer, Unanswered)
    assert len(answer.reasons) == REASONS


def test_each_question_and_try_has_a_seed_of_its_own_and_the_room_of_the_answer() -> None:
    bound: list[dict[str, Any]] = []

    class Listening(ScriptedChat):
        async def _agenerate(self, messages: Any, *rest: Any, **kwargs: Any) -> ChatResult:
            bound.append(kwargs)
            return await super()._agenerate(messages, *rest, **kwargs)

    chat = Listening(reply=lambda *_: "")
    both = [question(), replace(question(), task="Name another.")]
    asyncio.run(Asker(chat, seed=7).ask_all(both))
    seeds = [one["seed"] for one in bound]
    assert len(set(seeds)) == 8
    bound.clear()
    asyncio.run(Asker(chat, seed=7).ask_all(both))
    assert [one["seed"] for one in bound] == seeds
    bound.clear()
    asyncio.run(Asker(chat, seed=8).ask_all(both))
    assert [one["seed"] for one in bound] != seeds
    assert {one["max_tokens"] for one in bound} == {40}
    assert all(one["response_format"] == response_format(Bird) for one in bound)


def test_the_form_holds_what_constrains_and_nothing_else() -> None:
    form = response_format(Bird)["json_schema"]
    assert (form["name"], form["strict"]) == ("Bird", True)
    assert form["schema"] == {
        "type": "object",
        "properties": {
            "word": {"type": "string", "minLength": 2, "maxLength": 20},
            "wings": {"type": "integer", "minimum": 2, "maximum": 2},
        },
        "required": ["word", "wings"],
        "additionalProperties": False,
    }


def test_answers_come_in_the_order_of_the_questions() -> None:
    def reply(_: str, messages: list[BaseMessage]) -> Any:
        return {"word": messages[1].content, "wings": 2}

    asker = Asker(ScriptedChat(reply=reply))
    answers = asyncio.run(asker.ask_all([question(f"gull {n}") for n in range(9)]))
    assert answers == [Bird(word=f"gull {n}") for n in range(9)]


def test_no_more_than_allowed_are_under_way_together() -> None:
    under_way: list[int] = [0]
    most: list[int] = [0]

    class Busy(ScriptedChat):
        async def _agenerate(self, messages: Any, *rest: Any, **kwargs: Any) -> ChatResult:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            for _ in range(10):
                await asyncio.sleep(0)
            under_way[0] -= 1
            return await super()._agenerate(messages, *rest, **kwargs)

    asker = Asker(Busy(reply=lambda *_: GULL), at_once=4)
    assert len(asyncio.run(asker.ask_all([question()] * 11))) == 11
    assert most == [4]


def test_a_fault_of_the_server_ends_all_that_is_under_way() -> None:
    given_up: list[int] = []

    class Failing(ScriptedChat):
        async def _agenerate(self, messages: Any, *rest: Any, **kwargs: Any) -> ChatResult:
            if messages[1].content == "fail":
                raise Missing("the server has gone")
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                given_up.append(1)
                raise
            raise AssertionError

    asker = Asker(Failing(reply=lambda *_: GULL))
    with pytest.raises(Missing, match="the server has gone"):
        asyncio.run(asker.ask_all([question(), question(), question("fail"), question()]))
    assert len(given_up) == 3
    assert asker.tally.failed == 0, "a question that was given up has not failed"


def test_one_question_that_stays_unanswered_is_its_own_matter() -> None:
    def reply(_: str, messages: list[BaseMessage]) -> Any:
        return "no" if messages[1].content == "hard" else GULL

    asker = Asker(ScriptedChat(reply=reply))
    answers = asyncio.run(asker.ask_all([question(), question("hard"), question()]))
    assert [isinstance(answer, Unanswered) for answer in answers] == [False, True, False]
    with pytest.raises(Unanswered, match="namer: "):
        asyncio.run(Asker(ScriptedChat(reply=reply)).ask(question("hard")))


def test_what_is_done_with_is_counted() -> None:
    seen: list[tuple[int, int]] = []

    def reply(_: str, messages: list[BaseMessage]) -> Any:
        seen.append((asker.answered, asker.tally.asked))
        return "no" if messages[1].content == "hard" else GULL

    asker = Asker(ScriptedChat(reply=reply), at_once=1)
    asyncio.run(asker.ask_all([question(), question("hard"), question()]))
    assert seen == [(0, 3), *[(1, 3)] * (AGAIN + 1), (2, 3)]
    assert (asker.answered, asker.tally.asked, asker.tally.failed) == (3, 3, 1)
