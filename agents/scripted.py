"""A chat model whose answers are a function: the double that the roles are tested with.

It is no model: it says what it was written to say. It follows LangChain's interface, so the same
code asks it and a server.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

Reply = Callable[[str, list[BaseMessage]], Any]
"""(name of the schema that is asked for, messages) -> an AIMessage, text, or what is to be JSON."""


class ScriptedChat(BaseChatModel):
    """Answers with what `reply` gives; `seen` keeps every (schema, messages) that it was asked."""

    reply: Reply
    seen: list[tuple[str, list[BaseMessage]]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        schema = kwargs.get("response_format", {}).get("json_schema", {}).get("name", "")
        self.seen.append((schema, messages))
        said = self.reply(schema, messages)
        if not isinstance(said, AIMessage):
            text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
            said = AIMessage(text, response_metadata={"finish_reason": "stop"})
        return ChatResult(generations=[ChatGeneration(message=said)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages, stop, **kwargs)
