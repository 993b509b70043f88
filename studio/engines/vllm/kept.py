"""The server that is kept between commands: `studio llm start`, `stop` and `status`.

One for each project, known by its record in the project's `.studio`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.engines.vllm import process, record, sleep
from studio.engines.vllm.loopback import call
from studio.engines.vllm.record import Record
from studio.engines.vllm.server import LOG, Server
from studio.engines.vllm.server import start as started
from studio.engines.vllm.settings import VllmSettings
from studio.errors import StudioError

State = Literal["running", "asleep", "starting"]


@dataclass(frozen=True)
class Standing:
    """How a kept server stands: `url` where it answers, `since` when it was started, `memory` in
    bytes of the machine's, `log` the file that it writes."""

    state: State
    model: str
    url: str
    pid: int
    since: str
    memory: int
    log: Path


def standing(folder: Path) -> Standing | None:
    """The kept server, None where there is none."""
    server = record.load(folder)
    if server is None:
        return None
    state: State = "asleep" if sleep.is_asleep(server) else "running"
    if call(server.port, "GET", "/health")[0] != 200:
        state = "starting"
    return Standing(
        state=state,
        model=server.model,
        url=server.address.url,
        pid=server.pid,
        since=server.since,
        memory=process.memory(server.pid, server.began),
        log=folder / LOG,
    )


def start(settings: VllmSettings, folder: Path, note: Callable[[str], None]) -> bool:
    """Have a server that answers, and keep it; whether it had to be started.

    Raises ProjectBusy while another command starts one, StudioError where one with other settings
    is kept, and whatever keeps a server from starting.
    """
    never = threading.Event()
    with record.starting(folder):
        if reach(settings, folder, note, never) is not None:
            return False
        saved: list[Record] = []

        def save(server: Record) -> None:
            saved.append(server)
            record.save(folder, server)

        try:
            started(settings, folder, note, never, keep=save)
        except BaseException:
            for server in saved:
                record.drop(folder, server)
            raise
    return True


def reach(
    settings: VllmSettings, folder: Path, note: Callable[[str], None], stopping: threading.Event
) -> Server | None:
    """The kept server, awake and ready to be asked; None where there is none. Raises StudioError
    where it was started with other settings."""
    found = record.load(folder)
    if found is None:
        return None
    if differs := found.differs(settings):
        raise StudioError(
            f"the language model that is kept was started with another {' and '.join(differs)}"
            " than film.yaml says",
            "stop it, then go on: studio llm stop",
        )
    server = Server(found, folder)
    server.wait(note, stopping)
    sleep.wake(folder, found)
    return server


def stop(folder: Path) -> str | None:
    """End the kept server and whatever a crash left of it; the model that it served, None where
    there was none."""
    server = record.load(folder)
    if server is None:
        return None
    process.end(server.pid, server.began)
    record.drop(folder, server)
    return server.model


def tenant(folder: Path) -> sleep.KeptServer | None:
    """The kept server as a tenant of the GPU, None where there is none."""
    server = record.load(folder)
    return None if server is None else sleep.KeptServer(folder, server)
