"""A vLLM server of our own: started on a free port with a key that nobody else knows, waited for,
and ended with all that it started.

A server that belongs to a run is started through the watchdog, so that it ends with the run however
that ends; one that is kept leads a life of its own. Knows no project and no film.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from studio.engines.vllm import launch, process, watchdog
from studio.engines.vllm.loopback import HOST, call
from studio.engines.vllm.record import Record, started_with
from studio.engines.vllm.settings import VllmSettings
from studio.errors import Interrupted, Missing, StudioError

LONGEST = 600
"""Seconds that a start may take; a cold one of a large model takes minutes."""
DYING = 15
"""Seconds in which a server that no longer works has ended."""
TRIES = 3
"""Ports that are tried: another program may take one before the server does."""
LOG = "llm.log"
SHOWN = 240
"""Characters of the log that a message holds."""

_PREFIX = re.compile(r"^(?:\(\w[^)]*\) )?(?:(?:ERROR|CRITICAL) [\d-]+ [\d:]+ \[[^\]]*\] ?)?")
_FAULT = re.compile(r"^(?:[\w.]*(?:Error|Exception|Failure)|[\w.]+: error): (.+)")
_INVALID = re.compile(r"\d+ validation errors? for ")
_GENERAL = re.compile(r"Engine core initialization failed|EngineCore encountered|WorkerProc")


class PortTaken(Exception):
    """Another program took the port first."""


@dataclass
class Server:
    """A server that was started here, or found through its record. `started` is its own process,
    or the watchdog's, None where it was found."""

    record: Record
    folder: Path
    started: subprocess.Popen[bytes] | None = None

    def why_gone(self) -> str | None:
        """In words how it ended, None while it works. One that runs but does not work any more is
        given the time that it needs to end."""
        until = time.monotonic() + DYING
        while process.lives(self.record.pid, self.record.began):
            if call(self.record.port, "GET", "/health")[0] == 200:
                return None
            if time.monotonic() > until:
                return "the language model's server does not answer any more" + self._last_words()
            time.sleep(0.2)
        return self._ended()

    def wait(self, note: Callable[[str], None], stopping: threading.Event) -> None:
        """Until it answers as ours. Raises Missing where it ends before, PortTaken where that is
        why, Interrupted once `stopping` is set."""
        began = said = time.monotonic()
        while process.lives(self.record.pid, self.record.began):
            if self._is_ours():
                return
            now = time.monotonic()
            if now - began > LONGEST:
                raise Missing(
                    f"the language model did not answer within {LONGEST // 60} minutes",
                    f"read what it does: {self.folder / LOG}",
                )
            if now - said >= 10:
                said = now
                note(f"the language model starts ({now - began:.0f} s) …")
            if stopping.wait(0.3):
                raise Interrupted(
                    "stopped while the language model started", "go on with the same command"
                )
        if b"ddress already in use" in _tail(self.folder / LOG):
            raise PortTaken
        ended = self._ended()
        tip = f"its whole log: {self.folder / LOG}"
        if "Sleep mode is not supported" in ended:
            tip = f"without a GPU, write device: cpu under llm in film.yaml; {tip}"
        raise Missing(ended, tip)

    def stop(self) -> None:
        """End it and all that it started; nothing where it is gone."""
        if self.started is not None and self.started.stdin is not None:
            self.started.stdin.close()  # the watchdog ends it, whatever becomes of us
        process.end(self.record.pid, self.record.began)
        if self.started is not None:
            self.started.wait()
            if self.started.stdout is not None:
                self.started.stdout.close()

    def leave(self) -> None:
        """Let it outlive this process, which is not going to wait for it."""
        if self.started is not None:
            self.started.returncode = 0

    def _is_ours(self) -> bool:
        """Whether our own process answers on the port, and knows its key: a stranger that took the
        port meanwhile is sent nothing."""
        record = self.record
        return (
            process.listens(record.pid, record.began, record.port)
            and call(record.port, "GET", "/health")[0] == 200
            and call(record.port, "GET", "/v1/models", key=record.key)[0] == 200
        )

    def _ended(self) -> str:
        code = None if self.started is None else self.started.wait()
        if code is None:
            return f"the language model's server ended{self._last_words()}"
        number = -code if code < 0 else code - 128
        if number in set(signal.Signals):
            name = signal.Signals(number).name
            why = ", perhaps for lack of memory" if name == "SIGKILL" else ""
            return f"the language model's server was killed ({name}){why}"
        return f"the language model's server ended with exit code {code}{self._last_words()}"

    def _last_words(self) -> str:
        words = last_words(self.folder / LOG)
        return f"; its log says: {words}" if words else f"; read its log: {self.folder / LOG}"


def start(
    settings: VllmSettings,
    folder: Path,
    note: Callable[[str], None],
    stopping: threading.Event,
    *,
    keep: Callable[[Record], None] | None = None,
) -> Server:
    """A server that answers. It ends with this process, unless `keep` takes its record.

    `folder` is the project's `.studio`, where the log is written. Raises StudioError and Missing
    for all that is refused, and where the server does not come up.
    """
    command = launch.command(settings, folder.resolve().parent)
    note(f"the language model {launch.served_name(settings.model)} starts …")
    for _ in range(TRIES):
        server = _spawned(command, settings, folder, watched=keep is None)
        try:
            if keep is not None:
                keep(server.record)
            server.wait(note, stopping)
        except PortTaken:
            server.stop()
        except BaseException:
            server.stop()
            raise
        else:
            if keep is not None:
                server.leave()
            return server
    raise StudioError(
        f"other programs took the port of the language model {TRIES} times", "try again"
    )


def _spawned(command: list[str], settings: VllmSettings, folder: Path, *, watched: bool) -> Server:
    """The server's process, just started."""
    key, port = secrets.token_urlsafe(32), free_port()
    command = [*command, f"--port={port}"]
    if watched:
        command = [sys.executable, "-I", watchdog.__file__, *command]
    with _new_log(folder) as log:
        started = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if watched else subprocess.DEVNULL,
            stdout=subprocess.PIPE if watched else log,
            stderr=log,
            env=launch.environment(settings, key),
            cwd=folder.resolve().anchor,  # Python finds modules in the folder it is started in
            start_new_session=True,
        )
    try:
        pid = int(started.stdout.readline()) if started.stdout is not None else started.pid
        began = process.began(pid)
    except (ValueError, Missing) as error:
        started.communicate()
        raise Missing(
            "the language model's server ended as soon as it was started",
            f"its log: {folder / LOG}",
        ) from error
    record = Record(
        pid=pid,
        began=began,
        port=port,
        key=key,
        model=launch.served_name(settings.model),
        settings=started_with(settings),
        since=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return Server(record, folder, started)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


# --- the log ---------------------------------------------------------------------------


def last_words(log: Path) -> str:
    """Why a server ended, by its log: the last fault that names a cause; empty where none does."""
    text = _tail(log).decode(errors="replace")
    lines = [_PREFIX.sub("", line).strip() for line in text.split("\n")]
    faults = [number for number, line in enumerate(lines) if _FAULT.match(line)]
    for number in reversed(faults):
        line = lines[number]
        if _INVALID.search(line) and number + 1 < len(lines):
            return _short(lines[number + 1].removeprefix("Value error, ").partition(" [type=")[0])
        if not _GENERAL.search(line):
            return _short(line)
    return "its engine died without a reason, perhaps for lack of memory" if faults else ""


def _short(line: str) -> str:
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rsplit(' ', 1)[0]} …"


def _tail(log: Path) -> bytes:
    """The last 4 MiB of the log: every question under way adds a long trace to the first fault."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 2**22))
            return file.read()
    except OSError:
        return b""


def _new_log(folder: Path) -> BinaryIO:
    """An empty log. One that is there is removed, never written through: it may be a link."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
