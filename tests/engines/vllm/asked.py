"""A question, and a chat model for a server: what the tests of this folder ask with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agents.asking import Answer, Asker, Question, Unanswered
from studio.engines.vllm.chat import chat_model
from studio.engines.vllm.settings import Address, VllmSettings


class Bird(Answer):
    word: Literal["gull", "tern"]


@dataclass
class Sent:
    """How many requests were sent."""

    count: int = 0

    def one(self) -> None:
        self.count += 1


def questions(many: int = 1) -> list[Question[Bird]]:
    return [Question("namer", "You name birds.", f"Bird {n}?", Bird, 40) for n in range(many)]


def ask(
    address: Address,
    cache: Path,
    many: int = 1,
    *,
    sent: Sent | None = None,
    gone: str | None = None,
    timeout: int = 20,
    at_once: int = 16,
) -> list[Bird | Unanswered]:
    """The answers to `many` questions."""
    settings = VllmSettings(model=address.model, timeout=timeout)
    chat = chat_model(
        settings, lambda: address, lambda: gone, cache, sent.one if sent else Sent().one
    )
    return asyncio.run(Asker(chat, at_once=at_once).ask_all(questions(many)))
