"""Every way in which a server is bad: one clear line, or the question is asked again."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.asking import Unanswered
from studio.engines.vllm import chat
from studio.engines.vllm.settings import Address
from studio.errors import Missing, StudioError
from tests.engines.vllm.asked import Bird, Sent, ask
from tests.engines.vllm.bad_server import (
    GOOD,
    HANGS,
    PAGE,
    RESETS,
    Said,
    answer,
    error,
    in_turn,
    nowhere,
    said,
    serving,
)

CONTEXT = "This model's maximum context length is 4096 tokens, but 5000 were requested"
BROKEN = {
    "the key": (error(401, "Unauthorized"), 2, "does not take the key", "STORYREEL_LLM_KEY"),
    "no access": (error(403, "Forbidden"), 2, "does not take the key", "STORYREEL_LLM_KEY"),
    "the path": (said({"detail": "Not Found"}, 404), 4, "not speak the OpenAI protocol", "/v1"),
    "sent on": (Said(b"", 302, headers=(("Location", "/x"),)), 4, "it sends on to /x", "/v1"),
    "busy": (error(429, "slow down"), 4, "too busy: slow down", "at_once"),
    "failing": (error(500, "CUDA out of memory"), 4, "HTTP 500: CUDA out of memory", "log"),
    "loading": (error(503, "Loading model"), 4, "HTTP 503: Loading model", "log"),
    "resets": (RESETS, 4, "does not answer: ", "base_url"),
    "hangs": (HANGS, 4, "did not answer within 1 s", "timeout"),
    "too large": (error(413, "Payload Too Large"), 2, "too long", "context"),
    "invalid": (error(400, "Invalid schema for response_format"), 2, "refuses the form", "JSON"),
    "too long": (error(400, CONTEXT), 2, "too long", "context"),
    "the schema": (error(400, "Grammar error: uniqueItems"), 2, "refuses the form", "JSON schema"),
    "the question": (error(400, "top_k must be positive"), 2, "(HTTP 400): top_k", ""),
    "a page": (PAGE, 4, "protocol: Router login", "/v1"),
    "an error page": (Said(PAGE.body, 404, "text/html"), 4, "HTTP 404, Router login", "/v1"),
    "an empty body": (Said(b""), 4, "protocol: it says nothing", "/v1"),
    "half a body": (Said(GOOD.body[:40]), 4, "not speak the OpenAI protocol", "/v1"),
    "invalid UTF-8": (Said(b'{"choices": "\xff\xfe"}'), 4, "not speak the OpenAI protocol", "/v1"),
    "another protocol": (said({"response": "hello"}), 4, '{"response": "hello"}', "/v1"),
    "no choices": (said({"choices": None}), 4, "not speak the OpenAI protocol", "/v1"),
    "nothing chosen": (said({"choices": []}), 4, "not speak the OpenAI protocol", "/v1"),
    "a list": (said([1, 2]), 4, "[1, 2]", "/v1"),
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "PAUSES", (0.0, 0.0))


def fails(address: Address, cache: Path, **how: object) -> StudioError:
    with pytest.raises(StudioError) as raised:
        ask(address, cache, **how)  # type: ignore[arg-type]
    assert "\n" not in raised.value.message
    assert "\n" not in raised.value.tip
    assert raised.value.__cause__ is not None
    return raised.value


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_server_is_one_clear_line(name: str, tmp_path: Path) -> None:
    what, code, message, tip = BROKEN[name]
    with serving(in_turn(what)) as server:
        fault = fails(server.address, tmp_path, timeout=1 if what.hangs else 20)
        assert fault.exit_code == code
        assert server.address.url in fault.message
        assert message in fault.message
        assert tip in fault.tip
        assert "<" not in fault.message
        passing = what.resets or what.status in (429, 500, 503)
        assert len(server.asked) == (3 if passing else 1)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    address = nowhere()
    fault = fails(address, tmp_path)
    assert isinstance(fault, Missing)
    assert f"the language model at {address.url} does not answer" in fault.message
    assert "base_url" in fault.tip


@pytest.mark.parametrize("url", ["http://[::1/v1", "http://gull:99999/v1"])
def test_an_address_that_is_none(url: str, tmp_path: Path) -> None:
    fault = fails(Address(url, "", "gull", ours=False), tmp_path)
    assert f"{url!r} is no address" in fault.message
    assert "base_url" in fault.tip


def test_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALL_PROXY", "gull://127.0.0.1:9")
    fault = fails(Address("http://gull.example/v1", "", "gull", ours=False), tmp_path)
    assert "the proxy to http://gull.example/v1 cannot be used" in fault.message
    assert "ALL_PROXY" in fault.tip


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    unknown = in_turn(error(404, "The model `gull` does not exist."))
    with serving(unknown, models=("tern", "skua")) as server:
        fault = fails(server.address, tmp_path)
    assert isinstance(fault, Missing)
    assert "no model 'gull'; it has tern, skua" in fault.message
    assert "`model`" in fault.tip


def test_a_server_of_ours_says_how_it_ended(tmp_path: Path) -> None:
    sent = Sent()
    fault = fails(nowhere(), tmp_path, gone="the server ended: killed", sent=sent)
    assert isinstance(fault, Missing)
    assert fault.message == "the server ended: killed"
    assert sent.count == 1


@pytest.mark.parametrize(
    "first", [error(429, "slow down", Retry_After="0"), error(502, "Bad Gateway"), RESETS]
)
def test_what_passes_is_not_heard_of(first: Said, tmp_path: Path) -> None:
    with serving(in_turn(first, GOOD)) as server:
        assert ask(server.address, tmp_path) == [Bird(word="gull")]
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (answer("Of course! The bird is a gull."), "not JSON"),
        (answer('{"word": "seagull"}'), "word: "),
        (answer('{"word": "鷗"}'), "word: "),
        (answer('{"wort": "Möwe"}'), "word: Field required"),
        (answer('{"word": "gull", "gull": "gull'), "not JSON"),
        (answer('{"word": "' + "gull" * 400, "length"), "too long"),
        (answer(""), "empty"),
        (answer(None), "empty"),
        (answer(None, refusal="I cannot"), "refused (I cannot)"),
        (answer(None, "content_filter"), "content filter"),
    ],
)
def test_a_bad_answer_is_asked_for_again(bad: Said, reason: str, tmp_path: Path) -> None:
    with serving(in_turn(bad, GOOD)) as server:
        assert ask(server.address, tmp_path) == [Bird(word="gull")]
        assert len(server.asked) == 2
        assert reason in server.asked[1][1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    "text",
    [
        'Here it is:\n```json\n{"word": "gull"}\n```\nAnything else?',
        '<think>{"word"?} A tern? No.</think>\n{"word": "gull"}',
    ],
)
def test_an_answer_without_constraint_is_read(text: str, tmp_path: Path) -> None:
    with serving(in_turn(answer(text))) as server:
        assert ask(server.address, tmp_path) == [Bird(word="gull")]
        assert len(server.asked) == 1


def test_answers_that_never_hold_leave_the_question_unanswered(tmp_path: Path) -> None:
    with serving(in_turn(answer("gull gull gull", "length"))) as server:
        (first,) = ask(server.address, tmp_path)
        assert isinstance(first, Unanswered)
        assert len(server.asked) == 4
        (second,) = ask(server.address, tmp_path)
        assert isinstance(second, Unanswered)
        assert len(server.asked) == 4, "the second run replays what the first one got"


def test_a_run_that_ends_in_the_middle_is_taken_up(tmp_path: Path) -> None:
    down = error(500, "engine is dead")
    with serving(in_turn(GOOD, GOOD, GOOD, down)) as server:
        fault = fails(server.address, tmp_path, many=8, at_once=1)
        assert "engine is dead" in fault.message
        assert "kept" in fault.tip
        assert len(list(tmp_path.glob("*.json"))) == 3
    with serving(in_turn(GOOD)) as server:
        sent = Sent()
        assert ask(server.address, tmp_path, 8, sent=sent) == [Bird(word="gull")] * 8
        assert len(server.asked) == sent.count == 5
