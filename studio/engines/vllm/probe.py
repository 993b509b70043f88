"""What a server that speaks the OpenAI protocol can do, found out by asking it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from studio.engines.vllm import faults, wire
from studio.engines.vllm.settings import Address, VllmSettings

PATIENCE = 5.0
"""Seconds for what the server says by itself."""
LONG_PATIENCE = 30.0
"""Seconds for what its model says: it may have to be loaded first."""
ODD = "quorvelith"
"""A word that no model says by itself."""
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIJtb3RD77SAA6VEEAoFAIBAIBAK"
    "BQCAQfA8G18/waiADHKgAAAAASUVORK5CYII="
)
"""A grey PNG of 64x64 pixels."""


@dataclass(frozen=True)
class Model:
    """A model that a server has; `context` in tokens, where it says so."""

    id: str
    context: int | None = None


@dataclass(frozen=True)
class Ability:
    """Something that a server can do, or cannot, and how that showed; `has` is None where it did
    not show."""

    name: str
    has: bool | None
    line: str


@dataclass(frozen=True)
class Abilities:
    """The models that a server has, and what it can do with ours."""

    models: tuple[Model, ...]
    model: Ability
    structured: Ability
    vision: Ability
    tokenizer: Ability
    sleep: Ability


def models(address: Address) -> tuple[Model, ...]:
    """The models that the server has. Raises Missing where none answers, StudioError where it does
    not take the key."""
    with _client(address) as client:
        code, body = _ask(client, "GET", f"{address.url}/models")
        if code is None:
            raise faults.silent(address, body)
        if code != 200:
            raise faults.refused(address, code, body)
        try:
            return tuple(Model(str(one["id"]), _context(one)) for one in body["data"])
        except (TypeError, LookupError, AttributeError) as error:
            raise faults.stranger(address, body) from error


def abilities(address: Address, settings: VllmSettings) -> Abilities:
    """Everything that the server can do. Raises as `models` does, and nothing else."""
    served = models(address)
    root = address.url.removesuffix("/v1")
    mine = next((model for model in served if model.id == address.model), None)
    with _client(address) as client:
        code, said = _ask(client, "GET", f"{root}/is_sleeping")
        sleep = code == 200 and isinstance(said, dict) and "is_sleeping" in said
        asleep = sleep and said["is_sleeping"] is True
        if asleep or mine is None:
            why = "not asked, since the server is asleep" if asleep else "not asked without a model"
            structured = Ability("structured output", None, why)
            vision = Ability("vision", None, why)
        else:
            structured = _structured(client, address)
            vision = _vision(client, address)
        tokenizer = _tokenizer(client, root, address)
    return Abilities(
        models=served,
        model=_model(mine, served, address, settings),
        structured=structured,
        vision=vision,
        tokenizer=tokenizer,
        sleep=Ability("sleep", sleep, "/is_sleeping answers" if sleep else "no /is_sleeping"),
    )


def _model(
    mine: Model | None, served: tuple[Model, ...], address: Address, settings: VllmSettings
) -> Ability:
    if mine is None:
        names = ", ".join(model.id for model in served) or "none"
        return Ability("model", False, f"no {address.model}; it has {names}")
    if mine.context is None:
        return Ability("model", True, mine.id)
    line = f"{mine.id}, {mine.context} tokens"
    if mine.context < settings.context:
        return Ability("model", False, f"{line}: lower `context`, which is {settings.context}")
    return Ability("model", True, line)


def _structured(client: httpx.Client, address: Address) -> Ability:
    """Whether an answer is held to a schema: to one that nobody would meet by chance."""
    schema = {
        "type": "object",
        "properties": {"word": {"type": "string", "enum": [ODD]}},
        "required": ["word"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "word", "schema": schema}}
    code, said = _chat(client, address, "Greet me.", max_tokens=60, response_format=form)
    name = "structured output"
    if code == 200:
        held = ODD in _content(said)
        return Ability(name, held, "held to a JSON schema" if held else "a JSON schema is ignored")
    return Ability(name, None if code is None else False, faults.words(said))


def _vision(client: httpx.Client, address: Address) -> Ability:
    """Whether a picture is taken, and read: then the question has more tokens with it."""
    text = {"type": "text", "text": "What is this?"}
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PICTURE}"}}
    code, said = _chat(client, address, [text, picture], max_tokens=1)
    if code != 200:
        return Ability("vision", None if code is None else False, faults.words(said))
    _, blind = _chat(client, address, [text], max_tokens=1)
    seen, unseen = _asked(said), _asked(blind)
    if seen is not None and seen == unseen:
        return Ability("vision", False, "a picture is taken, but not read")
    return Ability("vision", True, "pictures are read" if seen and unseen else "pictures are taken")


def _tokenizer(client: httpx.Client, root: str, address: Address) -> Ability:
    body = {"model": address.model, "prompt": "one", "content": "one"}
    code, said = _ask(client, "POST", f"{root}/tokenize", body)
    has = code == 200 and isinstance(said, dict) and "tokens" in said
    return Ability("tokenizer", has, "/tokenize answers" if has else "no /tokenize")


def _client(address: Address) -> httpx.Client:
    return wire.opened(httpx.Client, address, headers=wire.key(address))


def _chat(client: httpx.Client, address: Address, content: Any, **more: Any) -> tuple[Any, Any]:
    body = {"model": address.model, "messages": [{"role": "user", "content": content}], **more}
    return _ask(client, "POST", f"{address.url}/chat/completions", body, LONG_PATIENCE)


def _ask(
    client: httpx.Client, method: str, url: str, body: Any = None, seconds: float = PATIENCE
) -> tuple[int | None, Any]:
    """(status, what was said: JSON, or text); (None, why) where nothing came."""
    try:
        response = client.request(method, url, json=body, timeout=seconds)
    except httpx.TimeoutException:
        return None, f"no answer within {seconds:g} s"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, error
    try:
        return response.status_code, response.json()
    except ValueError:
        return response.status_code, response.text


def _content(said: Any) -> str:
    """The answer in a reply; nothing where it has none."""
    try:
        return str(said["choices"][0]["message"]["content"])
    except (TypeError, LookupError):
        return ""


def _asked(said: Any) -> int | None:
    """Tokens of the question, where the reply says so."""
    try:
        return int(said["usage"]["prompt_tokens"])
    except (TypeError, LookupError, ValueError):
        return None


def _context(one: dict[str, Any]) -> int | None:
    tokens = one.get("max_model_len") or (one.get("meta") or {}).get("n_ctx")
    return tokens if isinstance(tokens, int) else None
