"""What may be wrong with a server, in words for a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.engines.vllm.settings import KEY_VARIABLE, Address
from studio.errors import Missing, StudioError

KEPT = "what was answered is kept: the same command asks only the rest"
SHOWN = 240
"""Characters of a server's own words."""


def silent(address: Address, why: object) -> Missing:
    """Nothing listens there, or it hung up."""
    return Missing(
        f"{_at(address)} does not answer: {words(why, 'it hung up')}",
        "start its server, or mend `base_url` under engines: llm in film.yaml",
    )


def late(address: Address, seconds: float) -> Missing:
    """It took the question, and said nothing in time."""
    return Missing(
        f"{_at(address)} did not answer within {seconds:g} s",
        f"raise `timeout` or lower `at_once` under engines: llm in film.yaml; {KEPT}",
    )


def stranger(address: Address, why: object) -> Missing:
    """Something answers, but not as the protocol has it."""
    return Missing(
        f"what answers at {address.url} does not speak the OpenAI protocol: "
        f"{words(why, 'it says nothing')}",
        "`base_url` under engines: llm usually ends in /v1, such as http://127.0.0.1:8000/v1",
    )


def unknown_model(address: Address, served: Sequence[str]) -> Missing:
    """The server has other models."""
    return Missing(
        f"the server at {address.url} has no model {address.model!r}; "
        f"it has {', '.join(served) or 'none'}",
        "set `model` under engines: llm in film.yaml to one that it has, or load it there",
    )


def refused(address: Address, code: int, body: object) -> StudioError:
    """It answered with the HTTP status `code`; `body` is parsed JSON, or text."""
    at, why = _at(address), words(body)
    if code in (401, 403):
        return StudioError(
            f"{at} does not take the key: {why}",
            f"put its API key into the environment variable {KEY_VARIABLE}",
        )
    if code < 400 or code in (404, 405):
        return stranger(address, f"HTTP {code}, {why}")
    if code == 429:
        return Missing(f"{at} is too busy: {why}", f"lower `at_once` under engines: llm; {KEPT}")
    if code >= 500:
        return Missing(f"{at} failed with HTTP {code}: {why}", f"its own log says why; {KEPT}")
    if re.search(r"context|max_model_len|too (long|large)", why, re.IGNORECASE):
        return StudioError(
            f"a question is too long for {at}: {why}",
            "set `context` under engines: llm in film.yaml to what that server has",
        )
    if re.search(r"schema|grammar|response_format|structured", why, re.IGNORECASE):
        return StudioError(
            f"{at} refuses the form that its answer is to have: {why}",
            "use a server that holds answers to a JSON schema, as vLLM, llama.cpp, Ollama and "
            "LM Studio do; `studio doctor` shows what this one can do",
        )
    return StudioError(f"{at} refuses the question (HTTP {code}): {why}")


def words(said: object, otherwise: str = "it gives no reason") -> str:
    """A server's own words in one line: the message in JSON, or text without its markup."""
    while isinstance(said, dict):
        said = said.get("message") or said.get("error") or said.get("detail")
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", str(said or ""), flags=re.DOTALL)
    text = " ".join(text.split())
    return (f"{text[:SHOWN]} …" if len(text) > SHOWN else text) or otherwise


def _at(address: Address) -> str:
    return f"the language model at {address.url}"
