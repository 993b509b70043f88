"""What a server can do is found out by asking it, and never by what it calls itself."""

from __future__ import annotations

from typing import Any

import pytest

from studio.engines.vllm import probe
from studio.engines.vllm.probe import ODD, Model, abilities, models
from studio.engines.vllm.settings import Address, VllmSettings
from studio.errors import Missing, StudioError
from tests.engines.vllm.bad_server import HANGS, Said, answer, error, nowhere, said, serving

SETTINGS = VllmSettings(model="gull", context=4096)


def tokens(count: int) -> Said:
    return said({"choices": [], "usage": {"prompt_tokens": count}})


def sees(body: dict[str, Any]) -> bool:
    return "image_url" in str(body["messages"])


def able(_: int, body: dict[str, Any]) -> Said:
    if "response_format" in body:
        assert ODD not in str(body["messages"])
        return answer(f'{{"word": "{ODD}"}}')
    return tokens(80 if sees(body) else 12)


def plain(_: int, body: dict[str, Any]) -> Said:
    return answer("Hello there!")


def refusing(_: int, body: dict[str, Any]) -> Said:
    return error(400, "gull knows no json_schema and no image_url")


def test_a_server_that_can_do_all_that_we_ask() -> None:
    with serving(able) as server:
        found = abilities(server.address, SETTINGS)
    assert found.models == (Model("gull", 4096),)
    assert (found.model.has, found.model.line) == (True, "gull, 4096 tokens")
    assert (found.structured.has, found.vision.has) == (True, True)
    assert (found.tokenizer.has, found.sleep.has) == (False, False)


def test_a_server_that_takes_everything_and_heeds_nothing() -> None:
    with serving(plain) as server:
        found = abilities(server.address, SETTINGS)
    assert (found.structured.has, found.structured.line) == (False, "a JSON schema is ignored")
    assert (found.vision.has, found.vision.line) == (False, "a picture is taken, but not read")


def test_a_server_that_refuses_says_why() -> None:
    with serving(refusing) as server:
        found = abilities(server.address, SETTINGS)
    for ability in (found.structured, found.vision):
        assert ability.has is False
        assert "gull knows no json_schema" in ability.line


def test_a_model_that_says_nothing_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "LONG_PATIENCE", 0.2)
    with serving(lambda *_: HANGS) as server:
        found = abilities(server.address, SETTINGS)
    for ability in (found.structured, found.vision):
        assert ability.has is None
        assert ability.line == "no answer within 0.2 s"


def test_what_stands_in_film_yaml_is_held_against_the_server() -> None:
    with serving(able) as server:
        short = abilities(server.address, VllmSettings(model="gull", context=8192)).model
        assert (short.has, "lower `context`" in short.line) == (False, True)
        other = Address(server.address.url, "", "tern", ours=False)
        found = abilities(other, SETTINGS)
    assert (found.model.has, found.model.line) == (False, "no tern; it has gull")
    assert found.structured.has is found.vision.has is None


def test_a_server_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing, match="does not answer"):
        abilities(nowhere(), SETTINGS)


def test_a_path_that_is_none_of_the_protocol() -> None:
    with serving(able) as server:
        wrong = Address(server.address.url.removesuffix("/v1"), "", "gull", ours=False)
        with pytest.raises(Missing, match="does not speak the OpenAI protocol: HTTP 404"):
            models(wrong)


def test_an_address_that_is_none() -> None:
    with pytest.raises(StudioError, match="is no address"):
        models(Address("http://[::1/v1", "", "gull", ours=False))
