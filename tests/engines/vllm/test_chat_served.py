"""The chat model in front of a real vLLM server with random weights: nothing but the schema makes
sense of what it says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from pydantic import Field

from agents.asking import Answer, Asker, Question
from studio.engines.vllm.chat import chat_model
from studio.engines.vllm.probe import abilities
from studio.engines.vllm.settings import Address, VllmSettings
from tests.engines.vllm.asked import Sent


class Bird(Answer):
    name: str = Field(min_length=1, max_length=16)
    wings: int = Field(ge=0, le=2)


class Flock(Answer):
    title: str = Field(min_length=1, max_length=24)
    weather: Literal["calm", "storm"]
    birds: tuple[Bird, ...] = Field(min_length=1, max_length=3)
    leader: Bird | None


def answered(server: Address, cache: Path, seeds: range) -> tuple[list[object], int, int]:
    """What is answered to a question a seed at temperature 1, how many requests were sent, and how
    many answers were asked for again."""
    sent = Sent()
    settings = VllmSettings(model=server.model, temperature=1, timeout=120)
    chat = chat_model(settings, lambda: server, lambda: None, cache, sent.one)

    async def ask() -> tuple[list[object], int]:
        askers = [Asker(chat, seed=seed) for seed in seeds]
        put = Question("namer", "You name birds.", "Which birds?", Flock, 600)
        answers = await asyncio.gather(*(asker.ask_all([put]) for asker in askers))
        return [one for some in answers for one in some], sum(one.tally.again for one in askers)

    answers, again = asyncio.run(ask())
    return answers, sent.count, again


def test_every_answer_has_the_form_and_is_asked_for_once(
    vllm_server: Address, tmp_path: Path
) -> None:
    answers, sent, again = answered(vllm_server, tmp_path, range(20))
    assert [type(answer) for answer in answers] == [Flock] * 20
    assert (sent, again) == (20, 0)
    assert len({str(answer) for answer in answers}) > 15, "another seed, another answer"
    assert answered(vllm_server, tmp_path, range(20)) == (answers, 0, 0)


def test_questions_that_are_under_way_together_are_all_answered(
    vllm_server: Address, tmp_path: Path
) -> None:
    sent = Sent()
    settings = VllmSettings(model=vllm_server.model, temperature=1, timeout=120)

    def run() -> tuple[list[object], int]:
        chat = chat_model(settings, lambda: vllm_server, lambda: None, tmp_path, sent.one)
        asker = Asker(chat)
        put = [Question("namer", "You name birds.", f"Bird {n}?", Bird, 200) for n in range(8)]
        return list(asyncio.run(asker.ask_all(put))), asker.tally.again

    answers, again = run()
    assert [type(answer) for answer in answers] == [Bird] * 8
    assert sent.count == 8 + again
    assert run() == (answers, again)
    assert sent.count == 8 + again, "the second time nothing is asked"


def test_what_the_server_can_do(vllm_server: Address) -> None:
    found = abilities(vllm_server, VllmSettings(model=vllm_server.model, context=8192))
    assert (found.model.has, found.structured.has, found.vision.has) == (True, True, True)
    assert (found.tokenizer.has, found.models[0].context) == (True, 8192)
