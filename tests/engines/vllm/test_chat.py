"""The chat model: what it sends, what it gives, when it sends nothing, and how it is given up."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from agents.asking import Asker
from studio.engines.vllm.chat import chat_model
from studio.engines.vllm.settings import Address, VllmSettings
from studio.errors import StudioError
from tests.engines.vllm.asked import Bird, Sent, ask, questions
from tests.engines.vllm.bad_server import (
    GOOD,
    HANGS,
    Said,
    answer,
    error,
    in_turn,
    nowhere,
    serving,
)

FORM = {"type": "json_schema", "json_schema": {"name": "Bird", "schema": {"type": "object"}}}


def said(address: Address, cache: Path, temperature: float = 0.7, **bound: object) -> AIMessage:
    settings = VllmSettings(model="gull", temperature=temperature, timeout=20)
    chat = chat_model(settings, lambda: address, lambda: None, cache, lambda: None)
    reply = chat.bind(**bound).invoke("Bird?")
    assert isinstance(reply, AIMessage)
    return reply


def test_it_sends_what_every_server_of_the_protocol_knows(tmp_path: Path) -> None:
    with serving(in_turn(GOOD)) as server:
        said(server.address, tmp_path, response_format=FORM, max_tokens=40, seed=3)
        headers, body = server.asked[0]
        assert body == {
            "model": "gull",
            "messages": [{"role": "user", "content": "Bird?"}],
            "response_format": FORM,
            "max_tokens": 40,
            "seed": 3,
            "temperature": 0.7,
            "stream": False,
        }
        assert "authorization" not in headers


def test_the_key_goes_along(tmp_path: Path) -> None:
    with serving(in_turn(GOOD)) as server:
        said(Address(server.address.url, "open sesame", "gull", ours=True), tmp_path)
        assert server.asked[0][0]["authorization"] == "Bearer open sesame"


@pytest.mark.parametrize(
    ("reply", "end", "refusal"),
    [
        (answer('{"word": "gu', "length"), "length", None),
        (answer("A gull."), "stop", None),
        (answer(None, refusal="no birds"), "stop", "no birds"),
        (answer(None, "content_filter"), "content_filter", "by the server's content filter"),
    ],
)
def test_an_answer_comes_as_it_was_given_and_again_from_the_cache(
    reply: Said, end: str, refusal: str | None, tmp_path: Path
) -> None:
    with serving(in_turn(reply)) as server:
        first = said(server.address, tmp_path, response_format=FORM, max_tokens=40)
    second = said(nowhere(), tmp_path, response_format=FORM, max_tokens=40)
    for message in (first, second):
        assert message.response_metadata["finish_reason"] == end
        assert message.additional_kwargs["refusal"] == refusal
        assert message.usage_metadata is not None
        assert message.usage_metadata["output_tokens"] == 5
    assert first.text == second.text


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    with serving(in_turn(answer("gull \ud83d"))) as server:
        assert said(server.address, tmp_path).text == "gull ?"


def test_what_an_answer_depends_on_is_asked_anew(tmp_path: Path) -> None:
    with serving(in_turn(GOOD)) as server:
        for _ in range(2):
            said(server.address, tmp_path, 0.7, seed=1)
            said(server.address, tmp_path, 0.7, seed=2)
            said(server.address, tmp_path, 0.8, seed=1)
            said(server.address, tmp_path, 0.7, seed=1, max_tokens=9)
            said(server.address, tmp_path, 0.7, seed=1, response_format=FORM)
        assert len(server.asked) == 5


def test_what_is_known_needs_no_server(tmp_path: Path) -> None:
    with serving(in_turn(GOOD)) as server:
        sent = Sent()
        assert ask(server.address, tmp_path, 3, sent=sent) == [Bird(word="gull")] * 3
        assert sent.count == len(server.asked) == 3

    def nobody() -> Address:
        raise AssertionError("the server is not needed")

    chat = chat_model(VllmSettings(model="gull"), nobody, lambda: None, tmp_path, sent.one)
    assert asyncio.run(Asker(chat).ask_all(questions(3))) == [Bird(word="gull")] * 3
    assert sent.count == 3


def test_an_error_of_starting_the_server_is_passed_on(tmp_path: Path) -> None:
    def broken() -> Address:
        raise StudioError("vLLM does not start", "look into its log")

    chat = chat_model(VllmSettings(), broken, lambda: None, tmp_path, lambda: None)
    with pytest.raises(StudioError, match="vLLM does not start"):
        asyncio.run(Asker(chat).ask_all(questions(3)))


def test_as_many_questions_as_are_allowed_are_under_way_together(tmp_path: Path) -> None:
    meeting = threading.Barrier(3, timeout=30)

    def together(*_: object) -> Said:
        meeting.wait()
        return GOOD

    with serving(together) as server:
        assert ask(server.address, tmp_path, 9, at_once=3) == [Bird(word="gull")] * 9
        assert server.together == 3


def test_a_chat_model_outlives_a_loop(tmp_path: Path) -> None:
    with serving(in_turn(GOOD)) as server:
        chat = chat_model(
            VllmSettings(model="gull"),
            lambda: server.address,
            lambda: None,
            tmp_path,
            lambda: None,
        )
        first, second, third = questions(3)
        assert asyncio.run(Asker(chat).ask_all([first, second])) == [Bird(word="gull")] * 2
        assert asyncio.run(Asker(chat).ask(third)) == Bird(word="gull")


def given_up(address: Callable[[], Address], cache: Path, reached: threading.Event) -> None:
    """Ask, and give it up once `reached`."""
    chat = chat_model(VllmSettings(model="gull"), address, lambda: None, cache, lambda: None)

    async def ask_and_give_up() -> None:
        asking = asyncio.ensure_future(Asker(chat).ask_all(questions(4)))
        while not reached.is_set():
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(ask_and_give_up())


def test_a_question_that_hangs_is_given_up(tmp_path: Path) -> None:
    reached = threading.Event()

    def hangs(*_: object) -> Said:
        reached.set()
        return HANGS

    with serving(hangs) as server:
        given_up(lambda: server.address, tmp_path, reached)


def test_a_server_that_starts_for_ever_is_given_up(tmp_path: Path) -> None:
    reached, end = threading.Event(), threading.Event()

    def starts() -> Address:
        reached.set()
        end.wait(30)
        return nowhere()

    given_up(starts, tmp_path, reached)
    assert not end.is_set()
    end.set()


def test_a_variable_that_langchain_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANGCHAIN_TRACING", "true")
    with pytest.raises(StudioError, match="LANGCHAIN_TRACING"):
        ask(nowhere(), tmp_path)


def test_nothing_in_the_environment_changes_where_a_question_goes(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from studio.engines.vllm.settings import Address\n"
        "from tests.engines.vllm.asked import ask\n"
        "print(ask(Address(sys.argv[1], '', 'gull', False), Path(sys.argv[2])))\n"
    )
    with (
        serving(in_turn(GOOD)) as server,
        serving(in_turn(error(500, "not for you"))) as elsewhere,
    ):
        away = elsewhere.address.url.removesuffix("/v1")
        environment = {
            **os.environ,
            "OPENAI_API_KEY": "secret",
            "OPENAI_ADMIN_KEY": "secret",
            "OPENAI_BASE_URL": elsewhere.address.url,
            "OPENAI_API_BASE": elsewhere.address.url,
            "OPENAI_ORG_ID": "secret",
            "OPENAI_PROJECT_ID": "secret",
            "OPENAI_CUSTOM_HEADERS": "Authorization: secret\nX-More: secret",
            "OPENAI_PROXY": away,
            "HTTP_PROXY": away,
            "http_proxy": away,
            "ALL_PROXY": "socks5://127.0.0.1:9",
            "NO_PROXY": "",
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_API_KEY": "secret",
            "LANGSMITH_ENDPOINT": away,
            "LANGCHAIN_ENDPOINT": away,
            "LANGSMITH_GATEWAY": away,
        }
        ran = subprocess.run(
            [sys.executable, "-c", program, server.address.url, str(tmp_path)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert ran.stdout == "[Bird(word='gull')]\n"
        assert ran.stderr == ""
        assert len(server.asked) == 1
        assert "secret" not in str(server.asked[0])
        assert elsewhere.paths == []
