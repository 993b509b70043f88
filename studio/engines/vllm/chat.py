"""The chat model: LangChain's interface in front of a server that speaks the OpenAI protocol.

It looks into the cache of answers first, and asks where the server is only when something has to be
sent. An answer comes back as it was given, cut off (`finish_reason` "length") or refused
(`refusal`) as it may be; what is wrong with the server is one StudioError.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult, LLMResult
from langchain_core.utils.env import env_var_is_set
from langsmith import tracing_context

from studio.engines.vllm import faults
from studio.engines.vllm.cache import AnswerCache
from studio.engines.vllm.settings import Address, VllmSettings
from studio.errors import Missing, StudioError

T = TypeVar("T")

PAUSES = (0.5, 2.0)
"""Seconds before a request goes again to a server that was busy, failing or not there. One that ran
out of time does not: it would hang as long again."""
LONGEST_PAUSE = 30.0
"""Seconds that a busy server may ask for."""


def chat_model(
    settings: VllmSettings,
    address: Callable[[], Address],
    why_gone: Callable[[], str | None],
    cache_folder: Path,
    count: Callable[[], None],
) -> BaseChatModel:
    """A chat model that keeps its answers in `cache_folder`.

    `address` says where the server is, and may take its time to start it; it is called in threads,
    several at once. `why_gone` says how a server of ours ended, None while it works or where it is
    not ours; it may take its time too. `count` hears of every request that is sent. Raises
    StudioError where the environment asks LangChain for what it has given up.
    """
    for name in ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER"):
        if env_var_is_set(name):
            raise StudioError(f"LangChain does not run with {name} set", f"unset {name}")
    return _Chat(
        settings=settings,
        address=address,
        why_gone=why_gone,
        count=count,
        cache=AnswerCache(cache_folder),
    )


class _Chat(BaseChatModel):
    settings: VllmSettings
    address: Callable[[], Address]
    why_gone: Callable[[], str | None]
    count: Callable[[], None]

    @property
    def _llm_type(self) -> str:
        return "openai-protocol"

    def _get_llm_string(self, stop: list[str] | None = None, **bound: Any) -> str:
        """All that an answer depends on besides the messages: not where the server is."""
        return json.dumps([self.settings.model, self._sampling(stop, bound)], sort_keys=True)

    def _sampling(self, stop: list[str] | None, bound: dict[str, Any]) -> dict[str, Any]:
        ends = {"stop": stop} if stop else {}
        return {"temperature": self.settings.temperature, **ends, **bound}

    def generate(self, *args: Any, **kwargs: Any) -> LLMResult:
        """As LangChain has it, and nothing of it is told to LangSmith."""
        with tracing_context(enabled=False):
            return super().generate(*args, **kwargs)

    async def agenerate(self, *args: Any, **kwargs: Any) -> LLMResult:
        """As LangChain has it, and nothing of it is told to LangSmith."""
        with tracing_context(enabled=False):
            return await super().agenerate(*args, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return asyncio.run(self._agenerate(messages, stop, **kwargs))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = await self._sent(await _aside(self.address), messages, self._sampling(stop, kwargs))
        return ChatResult(generations=[ChatGeneration(message=_plain(reply))])

    async def _sent(
        self, address: Address, messages: list[BaseMessage], sampling: dict[str, Any]
    ) -> AIMessage:
        """The server's reply; asked for again where that may help."""
        from studio.engines.vllm import request

        seconds = self.settings.timeout
        pauses = iter(PAUSES)
        while True:
            self.count()
            try:
                async with asyncio.timeout(seconds):
                    return await request.send(address, messages, sampling)
            except request.AMISS as error:
                if gone := await _aside(self.why_gone):
                    raise Missing(gone, f"run the command again; {faults.KEPT}") from error
                pause = next(pauses, None) if request.passes(error) else None
                if pause is None:
                    fault = partial(request.fault, error, address, seconds)
                    raise await _aside(fault) from error
                pause = min(request.asked_to_wait(error) or pause, LONGEST_PAUSE)
            await asyncio.sleep(pause)


def _plain(reply: AIMessage) -> AIMessage:
    """A reply with what is kept of it: text that can be written to a file and sent again, why it
    ended, why it was refused, and its tokens."""
    end = reply.response_metadata.get("finish_reason")
    filtered = "by the server's content filter" if end == "content_filter" else None
    return AIMessage(
        str(reply.text).encode("utf-8", "replace").decode("utf-8"),
        additional_kwargs={"refusal": reply.additional_kwargs.get("refusal") or filtered},
        response_metadata={"finish_reason": end},
        usage_metadata=reply.usage_metadata,
    )


async def _aside(work: Callable[[], T]) -> T:
    """What `work` gives, from a thread that nobody waits for when the question is given up: asyncio
    would wait for its own threads at the end."""
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001  (it is raised where it is waited for)
            outcome.set_exception(error)

    threading.Thread(target=run, name="storyreel-llm", daemon=True).start()
    return await asyncio.wrap_future(outcome)
