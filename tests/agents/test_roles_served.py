"""Every form that a role asks for, answered by a real vLLM server with random weights at
temperature 1: twenty of twenty answers are what the form says."""

from __future__ import annotations

import asyncio
import importlib
from itertools import cycle
from pathlib import Path

import pytest

from agents.asking import Answer, Asker, Question, Unanswered
from studio.engines.vllm.chat import chat_model
from studio.engines.vllm.settings import Address, VllmSettings

TOKENS = {
    "screenwriter": 1840,
    "storyboarder": 4000,
    "prompter": 1200,
    "continuity": 1300,
    "script_doctor": 2730,
}
"""What an answer of each role may take in a context of 8192 tokens."""


@pytest.mark.parametrize("role", TOKENS)
def test_twenty_of_twenty_answers_have_their_form(
    role: str, vllm_server: Address, tmp_path: Path
) -> None:
    forms: tuple[type[Answer], ...] = importlib.import_module(f"agents.{role}").EXAMPLE_SCHEMAS
    settings = VllmSettings(model=vllm_server.model, temperature=1, timeout=240)
    sent: list[None] = []
    chat = chat_model(
        settings, lambda: vllm_server, lambda: None, tmp_path, lambda: sent.append(None)
    )
    questions = [
        Question(role, "You make films.", f"Film {seed}.", form, TOKENS[role], again=0)
        for seed, form in zip(range(20), cycle(forms), strict=False)
    ]
    answers = asyncio.run(Asker(chat, at_once=16).ask_all(questions))
    assert [str(answer) for answer in answers if isinstance(answer, Unanswered)] == []
    assert [type(answer) for answer in answers] == [question.schema for question in questions]
    assert len({answer.model_dump_json() for answer in answers}) > 15, "as many answers as seeds"
    assert len(sent) == 20
