"""The answers of a language model, kept as files: what was asked once is not asked again.

A file an answer, named by the hash of all that it depends on. Several processes may read and write
the same folder; a file that does not read is as good as none, and is written anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from langchain_core.caches import BaseCache
from langchain_core.messages import AIMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, Generation
from pydantic import BaseModel, ConfigDict, ValidationError

from studio.errors import StudioError


class Kept(BaseModel):
    """An answer as its file holds it, of use or not: `finish_reason` is the server's, `refusal` why
    it was refused, `asked` and `answered` are the tokens of question and answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    content: str
    finish_reason: str | None
    refusal: str | None
    asked: int
    answered: int

    @classmethod
    def of(cls, message: AIMessage) -> Kept:
        """What is kept of a message."""
        usage = message.usage_metadata
        return cls(
            content=str(message.text),
            finish_reason=message.response_metadata.get("finish_reason"),
            refusal=message.additional_kwargs.get("refusal"),
            asked=usage["input_tokens"] if usage else 0,
            answered=usage["output_tokens"] if usage else 0,
        )

    def message(self) -> AIMessage:
        """The message again."""
        return AIMessage(
            self.content,
            additional_kwargs={"refusal": self.refusal},
            response_metadata={"finish_reason": self.finish_reason},
            usage_metadata=UsageMetadata(
                input_tokens=self.asked,
                output_tokens=self.answered,
                total_tokens=self.asked + self.answered,
            ),
        )


class AnswerCache(BaseCache):
    """Answers in `folder`, which is made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lookup(self, prompt: str, llm_string: str) -> list[Generation] | None:
        """The answer to `prompt` from the model and with the sampling of `llm_string`, if kept."""
        try:
            kept = Kept.model_validate_json(self._file(prompt, llm_string).read_bytes())
        except (OSError, ValidationError):
            return None
        return [ChatGeneration(message=kept.message())]

    def update(self, prompt: str, llm_string: str, return_val: Sequence[Generation]) -> None:
        """Keep an answer. Raises StudioError where the folder cannot be written."""
        kept = Kept.of(cast("AIMessage", cast("ChatGeneration", return_val[0]).message))
        file = self._file(prompt, llm_string)
        part = file.with_name(f".{file.stem}.{os.getpid()}.{secrets.token_hex(4)}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(kept.model_dump_json(), encoding="utf-8")
            part.replace(file)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise StudioError(
                f"the language model's answers cannot be kept in {self._folder}: {error.strerror}",
                "make room on the disk, or let the folder be written",
            ) from error

    def clear(self, **_: Any) -> None:
        """Forget every answer."""
        for file in self._folder.glob("*.json"):
            file.unlink(missing_ok=True)

    def _file(self, prompt: str, llm_string: str) -> Path:
        name = hashlib.sha256(json.dumps([prompt, llm_string]).encode()).hexdigest()
        return self._folder / f"{name}.json"
