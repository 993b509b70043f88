"""Asking a language model until its answer holds: constrained by a schema, checked, and asked again
with every reason at once, a bounded number of times.

It knows LangChain's chat models and pydantic's, and nothing of stories, servers or files.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar
from zlib import crc32

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, ValidationError

T = TypeVar("T", bound="Answer")

AGAIN = 3
"""How often a question is asked again."""
REASONS = 20
"""Reasons that are listed at most."""
SHOWN = 1500
"""Characters of a bad answer that the model is shown again."""


class Answer(BaseModel):
    """What a role is answered with. Its fields are text, whole numbers, enumerations, lists and
    objects with bounds: no floats, no patterns, nothing that a grammar compiler refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Unanswered(Exception):
    """A question that stayed without an answer that holds. `last` is the newest answer that has
    the schema's form although its content does not hold; None where none had."""

    def __init__(self, role: str, reasons: Sequence[str], last: Answer | None = None) -> None:
        super().__init__(role, reasons, last)
        self.role = role
        self.reasons = list(reasons)
        self.last = last

    def __str__(self) -> str:
        return f"{self.role}: {self.reasons[0] if self.reasons else 'no answer'}"


def _holds(_: Any) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class Question(Generic[T]):
    """`system` is equal for all questions of a stage, byte for byte, so that the server reads it
    once; `task` is this question's own. `tokens` is the room of the answer. `check` gives every
    reason why an answer does not hold, in words for the model; none where it holds. `advice` gives
    what code can mend, though the model might do it better: it is told once, with the other
    reasons, and an answer holds in spite of it. `again`: how often it is asked again at most."""

    role: str
    system: str
    task: str
    schema: type[T]
    tokens: int
    check: Callable[[T], Sequence[str]] = _holds
    advice: Callable[[T], Sequence[str]] = _holds
    again: int = AGAIN


@dataclass
class Tally:
    """What was asked, for an honest report: questions, answers that were asked for again, and
    questions that stayed without an answer that holds."""

    asked: int = 0
    again: int = 0
    failed: int = 0
    by_role: dict[str, int] = field(default_factory=dict)
    """Failed questions by role."""


class Asker:
    """Asks one chat model, at most `at_once` questions at a time.

    `seed` makes sampling repeatable; every question, and each time it is asked, has another one
    of it. `answered` counts questions that are done with, `tally` what was asked. What is
    wrong with the server (StudioError) ends everything that is under way.
    """

    def __init__(
        self,
        chat: BaseChatModel,
        *,
        at_once: int = 16,
        seed: int = 1,
    ) -> None:
        self.tally = Tally()
        self.answered = 0
        self._chat = chat
        self._seed = seed
        self._gate = asyncio.Semaphore(at_once)

    async def ask(self, question: Question[T]) -> T:
        """An answer that holds. Raises Unanswered where there is none after all tries."""
        self.tally.asked += 1
        try:
            async with self._gate:
                return await self._asked(question)
        finally:
            self.answered += 1

    async def ask_all(self, questions: Sequence[Question[T]]) -> list[T | Unanswered]:
        """The answers, in the order of the questions, all under way together."""

        async def one(question: Question[T]) -> T | Unanswered:
            try:
                return await self.ask(question)
            except Unanswered as nothing:
                return nothing

        tasks = [asyncio.ensure_future(one(question)) for question in questions]
        try:
            return await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    async def _asked(self, question: Question[T]) -> T:
        opening: list[BaseMessage] = [
            SystemMessage(question.system),
            HumanMessage(question.task),
        ]
        messages, reasons, last = opening, [""], None
        advised = False
        seed = self._seed + crc32(question.task.encode())
        for attempt in range(question.again + 1):
            self.tally.again += attempt > 0
            model = self._chat.bind(
                response_format=response_format(question.schema),
                max_tokens=question.tokens,
                seed=(seed + attempt) % 2**31,
            )
            reply = await model.ainvoke(messages)
            answer, reasons = _read(reply, question.schema)
            if answer is not None:
                last = answer
                faults = list(question.check(answer))
                advice = [] if advised else list(question.advice(answer))
                advised = True
                if not faults and (not advice or attempt == question.again):
                    return answer
                reasons = [*faults, *advice][:REASONS]
            messages = [*opening, *_again(reply, reasons, question.schema, formed=answer)]
        self.tally.failed += 1
        self.tally.by_role[question.role] = self.tally.by_role.get(question.role, 0) + 1
        raise Unanswered(question.role, reasons, last)


@cache
def response_format(schema: type[Answer]) -> dict[str, Any]:
    """What constrains an answer, as the OpenAI protocol has it: every field required, nothing
    else allowed, no titles or defaults."""
    return {
        "type": "json_schema",
        "json_schema": {
            "name": schema.__name__,
            "schema": _plain(schema.model_json_schema()),
            "strict": True,
        },
    }


def _plain(node: Any, *, names: bool = False) -> Any:
    """A JSON schema without what only people read; `names`: the keys are fields, not keywords."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {key: _plain(value) for key, value in node.items()}
    plain = {
        key: _plain(value, names=key in ("properties", "$defs"))
        for key, value in node.items()
        if key not in ("title", "default", "description")
    }
    if "properties" in plain:
        plain["required"] = list(plain["properties"])
        plain["additionalProperties"] = False
    return plain


def _read(reply: BaseMessage, schema: type[T]) -> tuple[T | None, list[str]]:
    """The answer in a reply; or every reason why there is none."""
    if reply.response_metadata.get("finish_reason") == "length":
        return None, ["the answer was too long and was cut off: write much less"]
    if refusal := reply.additional_kwargs.get("refusal"):
        return None, [f"you refused ({refusal}); this is fiction for a film: answer in the form"]
    text = str(reply.text)
    if not text.strip():
        return None, ["the answer was empty"]
    try:
        content = json.loads(_json_in(text), strict=False)
        json.dumps(content, ensure_ascii=False).encode()  # half a character cannot be kept
    except (ValueError, RecursionError) as error:
        return None, [f"the answer was not JSON: {error}"]
    try:
        return schema.model_validate(content), []
    except ValidationError as error:
        return None, [
            f"{'.'.join(str(part) for part in one['loc']) or 'the answer'}: {one['msg']}"
            for one in error.errors()[:REASONS]
        ]


def _json_in(text: str) -> str:
    """The object in an answer of a model that thinks aloud, or that fences its JSON."""
    text = text.rpartition("</think>")[2]
    first, last = text.find("{"), text.rfind("}")
    return text[first : last + 1] if 0 <= first < last else text


def _again(
    reply: BaseMessage, reasons: Sequence[str], schema: type[Answer], formed: Answer | None
) -> list[BaseMessage]:
    """The bad answer, and what was wrong with it. The schema is told only to a model that did not
    keep to it: its server does not constrain it."""
    listed = "\n".join(f"- {reason}" for reason in reasons)
    form = ""
    if formed is None and reply.response_metadata.get("finish_reason") != "length":
        wanted = response_format(schema)["json_schema"]["schema"]
        form = f"\nThe answer is one JSON object of this schema:\n{json.dumps(wanted)}"
    shown = str(reply.text)
    if len(shown) > SHOWN:
        shown = f"{shown[:SHOWN]} …"
    return [
        AIMessage(shown or "(empty)"),
        HumanMessage(f"That answer does not hold:\n{listed}{form}\nAnswer again, whole."),
    ]
