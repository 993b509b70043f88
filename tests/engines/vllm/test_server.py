"""A real vLLM server of our own, from start to end. Every start takes most of a minute, so each of
these tests walks a long way with one server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from langchain_core.messages import HumanMessage

from studio.engines.vllm import Vllm, VllmSettings, kept, record, server, sleep
from studio.engines.vllm.loopback import HOST, call
from studio.errors import Missing
from studio.residency import Residency
from tests.conftest import Gen, Studio, Tiny

CARD = """#!/bin/sh
# a card whose memory in use is the next line of a file
head -n 1 {said} && sed -i 1d {said}
"""


def ask(chat: Any, text: str, tokens: int = 8) -> str:
    reply = asyncio.run(chat.bind(max_tokens=tokens, seed=1).ainvoke([HumanMessage(text)]))
    return str(reply.response_metadata["finish_reason"])


def until(happened: Callable[[], Any], what: str, seconds: float = 120) -> Any:
    """Wait for an event; `seconds` only bound a test that has failed."""
    end = time.monotonic() + seconds
    while not (result := happened()):
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.1)
    return result


Mine = Callable[[], list[psutil.Process]]


def servers(below: int) -> list[psutil.Process]:
    """The vLLM servers that a process started, however far below."""
    found = []
    for process in psutil.Process(below).children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it may have ended meanwhile
            words = process.cmdline()
            if "-m" in words[:3] and "vllm.entrypoints.openai.api_server" in words:
                found.append(process)
    return found


@pytest.fixture
def mine() -> Mine:
    """The servers that this test started; one for all tests may run besides."""
    others = servers(os.getpid())
    return lambda: [server for server in servers(os.getpid()) if server not in others]


def test_a_kept_server_is_used_sleeps_and_is_woken(
    mine: Mine,
    tiny: Tiny,
    gen: Gen,
    studio: Studio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choice = {"engine": "vllm", **tiny.settings()}
    project = gen(film={"engines": {"llm": choice, "painter": "null", "animator": "null"}})
    folder = project.studio_folder
    started = studio("llm", "start", "-p", project.root)
    try:
        assert started.code == 0, started.err
        assert " runs at http://127.0.0.1:" in started.err
        assert "runs already" in studio("llm", "start", "-p", project.root).err
        shown = studio("llm", "status", "-p", project.root, "--json")
        found = record.load(folder)
        assert found is not None
        assert '"state": "running"' in shown.out
        assert found.address.url in shown.out
        assert found.key not in shown.out + started.err
        assert found.key not in " ".join(psutil.Process(found.pid).cmdline())
        assert call(found.port, "GET", "/v1/models")[0] == 401

        settings = VllmSettings.model_validate(tiny.settings())
        before = mine()
        with Vllm(settings).talk(folder, print) as talk:
            assert ask(talk.chat, "awake?") == "length"
            # a question to a sleeping server would hang: it is woken first, from whatever level
            for level in (1, 2):
                assert call(found.port, "POST", f"/sleep?level={level}")[0] == 200
                assert "asleep" in studio("llm", "status", "-p", project.root).err
                assert ask(talk.chat, f"and after level {level}?") == "length"
                assert sleep.is_asleep(found) is False
            assert talk.requests == 3
        assert mine() == before, "a talk starts no second server, and stops no kept"

        # a card is asked what a sleeping server gave back
        said = tmp_path / "said"
        program = tmp_path / "bin" / "nvidia-smi"
        program.parent.mkdir()
        program.write_text(CARD.format(said=said))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
        on_card = found.model_copy(update={"settings": {**found.settings, "device": "gpu"}})
        said.write_text("9000\n1000\n")
        tenant = sleep.KeptServer(folder, on_card)
        card = Residency()
        card.take(tenant)
        freed = card.clear()
        assert freed is not None
        assert (freed.how, freed.bytes_) == ("asleep", 8000 * 2**20)
        asleep = record.load(folder)
        assert asleep is not None
        assert asleep.asleep in (1, 2)
        sleep.wake(folder, asleep)
        assert sleep.is_asleep(found) is False

        said.write_text("9000\n8900\n100\n")
        freed = tenant.give_back()
        assert (freed.how, freed.bytes_) == (
            "stopped: asleep it gave no memory back",
            8900 * 2**20,
        )
        assert kept.tenant(folder) is None
        assert "no language model is kept" in studio("llm", "status", "-p", project.root).err
    finally:
        stopped = studio("llm", "stop", "-p", project.root)
    assert "no language model is kept" in stopped.err
    assert not mine()


def test_a_server_that_is_killed_while_it_answers(
    mine: Mine, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first port was taken meanwhile, and its end is one clear error."""
    folder = tmp_path / "film" / ".studio"
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        ports = iter([taken.getsockname()[1]])
        free = server.free_port
        monkeypatch.setattr(server, "free_port", lambda: next(ports, 0) or free())
        settings = VllmSettings.model_validate(tiny.settings())
        with Vllm(settings).talk(folder, print) as talk:
            assert ask(talk.chat, "first") == "length"
            assert ask(talk.chat, "first") == "length"
            assert talk.requests == 1, "a kept answer is not asked for again"
            (ours,) = mine()
            raised: list[BaseException] = []

            def ask_long() -> None:
                try:
                    for n in range(200):
                        ask(talk.chat, f"long {n}", tokens=4000)
                except BaseException as error:  # noqa: BLE001 - it is what the test is about
                    raised.append(error)

            asking = threading.Thread(target=ask_long)
            asking.start()
            until(lambda: talk.requests > 1, "a second question")
            time.sleep(0.5)
            ours.kill()
            asking.join()
            (error,) = raised
            assert isinstance(error, Missing)
            assert "the language model's server was killed (SIGKILL)" in error.message
            assert "\n" not in error.message
    assert not mine()


def test_a_server_does_not_outlive_a_run_that_is_killed(tiny: Tiny, tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys\n"
        "from langchain_core.messages import HumanMessage\n"
        "from studio.engines.vllm import Vllm, VllmSettings\n"
        f"settings = VllmSettings(**{tiny.settings()!r})\n"
        f"with Vllm(settings).talk(pathlib.Path({str(tmp_path / '.studio')!r}), print) as talk:\n"
        "    asyncio.run(talk.chat.ainvoke([HumanMessage('?')]))\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    try:
        (ours,) = until(lambda: servers(run.pid), "a server")
        # far enough for the server to have processes of its own
        until(lambda: len(ours.children()) > 1, "an engine")
        group = [ours, *ours.children(recursive=True)]
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    until(lambda: not any(_runs(process) for process in group), "the end of the server")


def test_a_server_that_cannot_start_says_why(mine: Mine, tiny: Tiny, tmp_path: Path) -> None:
    settings = VllmSettings.model_validate(tiny.settings(context=16384))
    folder = tmp_path / "film" / ".studio"
    with Vllm(settings).talk(folder, print) as talk:
        for _ in range(2):  # what kept it from starting is said again, it is not tried again
            with pytest.raises(Missing, match="ended with exit code 1") as missing:
                ask(talk.chat, "?")
            assert "max_model_len (16384) is greater than" in missing.value.message
            assert str(folder / "llm.log") in missing.value.tip
    assert talk.requests == 0
    assert not mine()


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
