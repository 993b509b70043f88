"""The record of a kept server, and the processes that it stands for: no server runs here."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from studio.engines.vllm import kept, process, record
from studio.engines.vllm.record import Record, started_with
from studio.engines.vllm.settings import VllmSettings
from studio.errors import ProjectBusy, StudioError

SETTINGS = VllmSettings(model="some/model", device="cpu")
Leader = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def leader() -> Iterator[Leader]:
    """A process that leads a group of its own, as a server does; its group is ended afterwards."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin(code: str = "input()") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", code]
        begun.append(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        )
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()
        one.communicate()


def record_of(pid: int, began: float, settings: VllmSettings = SETTINGS) -> Record:
    return Record(
        pid=pid,
        began=began,
        port=9,
        key="secret",
        model=settings.model,
        settings=started_with(settings),
        since="2026-01-01T00:00:00+00:00",
    )


def test_only_the_owner_reads_the_record(tmp_path: Path, leader: Leader) -> None:
    pid = leader("input()").pid
    kept_one = record_of(pid, process.began(pid))
    record.save(tmp_path, kept_one)
    assert stat.S_IMODE((tmp_path / "llm.json").stat().st_mode) == 0o600
    assert record.load(tmp_path) == kept_one
    assert [path.name for path in tmp_path.iterdir()] == ["llm.json"]


def test_a_process_with_the_same_id_is_left_alone(tmp_path: Path, leader: Leader) -> None:
    """The system has given the server's id to somebody else since."""
    stranger = leader("input()")
    record.save(tmp_path, record_of(stranger.pid, process.began(stranger.pid) - 100))
    assert kept.stop(tmp_path) is None
    assert stranger.poll() is None
    assert not (tmp_path / "llm.json").exists()


def test_what_a_crashed_server_left_is_cleared_away(tmp_path: Path, leader: Leader) -> None:
    """Its own process is gone, one that it started still holds memory."""
    crashed = leader(
        "import subprocess, sys\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)\n"
        "sys.stdout.flush(); input()"
    )
    assert crashed.stdout is not None
    survivor = psutil.Process(int(crashed.stdout.readline()))
    began = process.began(crashed.pid)
    crashed.kill()
    crashed.wait()
    assert process.group(crashed.pid, began) == [survivor]
    record.save(tmp_path, record_of(crashed.pid, began))
    assert kept.standing(tmp_path) is None
    assert not process.group(crashed.pid, began)
    assert not (tmp_path / "llm.json").exists()


def test_a_damaged_record_is_none(tmp_path: Path) -> None:
    (tmp_path / "llm.json").write_text('{"pid": "1')
    assert record.load(tmp_path) is None
    assert not (tmp_path / "llm.json").exists()


def test_one_command_starts_at_a_time(tmp_path: Path) -> None:
    with record.starting(tmp_path), pytest.raises(ProjectBusy, match="another command is starting"):
        kept.start(SETTINGS, tmp_path, print)


def test_a_server_with_other_settings_is_not_used(tmp_path: Path, leader: Leader) -> None:
    pid = leader("input()").pid
    record.save(tmp_path, record_of(pid, process.began(pid)))
    other = SETTINGS.model_copy(update={"context": 4096, "kv_cache": 9, "temperature": 0.1})
    with pytest.raises(StudioError, match="another context and kv_cache than film") as refused:
        kept.reach(other, tmp_path, print, threading.Event())
    assert "studio llm stop" in refused.value.tip


def test_stop_ends_the_whole_group(tmp_path: Path, leader: Leader) -> None:
    server = leader("input()")
    began = process.began(server.pid)
    record.save(tmp_path, record_of(server.pid, began))
    assert kept.stop(tmp_path) == "some/model"
    assert not process.group(server.pid, began)
    assert kept.stop(tmp_path) is None
