"""One question to a server through LangChain's client, and what goes wrong with it.

It is loaded with the first question that is really sent: the vendors take seconds to load.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import openai
from langchain_core.messages import AIMessage, BaseMessage
from langchain_openai import ChatOpenAI

from studio.engines.vllm import faults, probe, wire
from studio.engines.vllm.settings import Address
from studio.errors import StudioError

HEADERS = {
    *("host", "connection", "accept", "accept-encoding", "content-type", "content-length"),
    "x-stainless-raw-response",
}
"""What is sent besides the key: nothing that the environment adds for OpenAI. The last one is how
the client finds its own way through a reply."""


class Refused(Exception):
    """An HTTP status that is no success."""

    def __init__(self, response: Any) -> None:
        super().__init__(response.status_code)
        self.status: int = response.status_code
        self.headers = response.headers
        try:
            self.body = response.json()
        except ValueError:
            self.body = response.text


class Strange(Exception):
    """A reply that is not the protocol's: its text."""


AMISS = (Refused, Strange, openai.OpenAIError, OSError)
"""What sending may raise."""


async def send(
    address: Address, messages: list[BaseMessage], sampling: dict[str, Any]
) -> AIMessage:
    """Ask once, over a connection of its own, and give the reply as it came. `sampling` stands in
    the body as it is: LangChain would give `max_tokens` the name that only OpenAI itself knows, and
    raise where an answer was cut off. Raises what AMISS says, and StudioError."""
    heard = []

    async def keep(request: Any) -> None:
        for name in set(request.headers) - HEADERS:
            del request.headers[name]
        request.headers.update(wire.key(address))

    async def listen(response: Any) -> None:
        heard.append(await response.aread())
        if response.status_code != 200:
            raise Refused(response)

    async with wire.opened(
        openai.DefaultAsyncHttpxClient,
        address,
        timeout=None,
        event_hooks={"request": [keep], "response": [listen]},
    ) as client:
        model = ChatOpenAI(
            model=address.model,
            base_url=address.url,
            api_key="none",
            max_retries=0,
            cache=False,
            use_responses_api=False,
            disable_streaming=True,
            output_version="v0",
            openai_proxy="",
            http_async_client=client,
            http_client=openai.DefaultHttpxClient(trust_env=False, verify=wire.trusted()),
            http_socket_options=(),
        )
        try:
            return await model.ainvoke(messages, extra_body=sampling)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Strange(b"".join(heard).decode("utf-8", "replace")) from error


def passes(error: Exception) -> bool:
    """Whether sending again may help: the server is busy, failing, or not there."""
    if isinstance(error, Refused):
        return error.status == 429 or error.status >= 500
    return isinstance(error, openai.APIConnectionError)


def asked_to_wait(error: Exception) -> float | None:
    """Seconds that the server asks to be left alone; None where it does not say."""
    if isinstance(error, Refused):
        with suppress(ValueError):
            return max(0.0, float(error.headers.get("retry-after", "")))
    return None


def fault(error: Exception, address: Address, seconds: float) -> StudioError:
    """What is wrong, in words; `seconds` is how long the answer was waited for. It asks the server
    for its models where it does not know ours."""
    if isinstance(error, Refused):
        if error.status == 404:
            with suppress(StudioError):
                served = [model.id for model in probe.models(address)]
                if address.model not in served:
                    return faults.unknown_model(address, served)
        where = error.headers.get("location")
        body = f"it sends on to {where}" if where else error.body
        return faults.refused(address, error.status, body)
    if isinstance(error, Strange):
        return faults.stranger(address, str(error))
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return faults.late(address, seconds)
    cause: BaseException = error
    while isinstance(cause, openai.APIConnectionError) and cause.__cause__:
        cause = cause.__cause__
    return faults.silent(address, cause)
