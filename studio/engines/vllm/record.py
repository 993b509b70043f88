"""The record of a server that is kept: `llm.json` in the folder, readable by its owner alone,
since it holds the server's key. And the lock that lets only one command start a server.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from studio.engines.vllm import process
from studio.engines.vllm.loopback import HOST
from studio.engines.vllm.settings import RECORD, Address, VllmSettings
from studio.errors import ProjectBusy

Sleep = Literal[0, 1, 2]


class Record(BaseModel):
    """A server that was started: its process, which leads a group of its own, and how it is
    reached. `began` is when the process began, `model` the name that it serves, `settings` what it
    was started with, `asleep` the level that it was put to sleep at, 0 where it is awake."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pid: int
    began: float
    port: int
    key: str
    model: str
    settings: dict[str, Any]
    since: str
    asleep: Sleep = 0

    @property
    def address(self) -> Address:
        """Where it answers."""
        return Address(f"http://{HOST}:{self.port}/v1", self.key, self.model, ours=True)

    @property
    def device(self) -> str:
        """`gpu` or `cpu`."""
        return str(self.settings["device"])

    def differs(self, settings: VllmSettings) -> list[str]:
        """The settings that it was started with otherwise."""
        wanted = started_with(settings)
        return [name for name in wanted if wanted[name] != self.settings.get(name)]


def started_with(settings: VllmSettings) -> dict[str, Any]:
    """The settings that make a server another one: not how it is asked."""
    names = {"model", "python", "device", "context", "kv_cache", "arguments"}
    return settings.model_dump(mode="json", include=names)


def load(folder: Path) -> Record | None:
    """The server that is kept. What remains of one that is gone is cleared away."""
    path = _path(folder)
    try:
        record = Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        path.unlink(missing_ok=True)
        return None
    if process.lives(record.pid, record.began):
        return record
    process.end(record.pid, record.began)
    drop(folder, record)
    return None


def save(folder: Path, record: Record) -> None:
    """Write the record whole, for its owner's eyes alone."""
    part = folder / f".llm.json.{os.getpid()}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(record.model_dump(), file, indent=1)
    part.replace(_path(folder))


def drop(folder: Path, record: Record) -> None:
    """Remove the record, unless it is another server's by now."""
    path = _path(folder)
    try:
        current = Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return
    if (current.pid, current.began) == (record.pid, record.began):
        path.unlink(missing_ok=True)


@contextmanager
def starting(folder: Path) -> Iterator[None]:
    """Hold the right to start a server here. Raises ProjectBusy where somebody else has it."""
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "llm.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ProjectBusy(
            "another command is starting the language model",
            "wait until it runs; see how far it is with: studio llm status",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _path(folder: Path) -> Path:
    return folder / RECORD
