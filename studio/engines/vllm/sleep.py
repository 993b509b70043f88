"""Sleeping and waking: what a kept server does with the card's memory between two stages.

Level 1 moves the weights to the machine's memory, level 2 drops them and reads them from disk
again. A question to a sleeping server hangs without an error, so it is woken before one is sent.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from studio.engines.vllm import process, record
from studio.engines.vllm.launch import GIB
from studio.engines.vllm.loopback import call
from studio.engines.vllm.record import Record, Sleep
from studio.errors import Missing
from studio.residency import Freed

SLEEP_SECONDS = 300
"""What falling asleep or waking may take: weights pass through memory or from disk."""


def is_asleep(server: Record) -> bool | None:
    """Whether a server sleeps; None where it knows no sleep, or does not answer."""
    status, said = call(server.port, "GET", "/is_sleeping")
    return bool(said["is_sleeping"]) if status == 200 and isinstance(said, dict) else None


def wake(folder: Path, server: Record) -> None:
    """Wake a server where it sleeps. Raises Missing where it does not wake."""
    if not is_asleep(server):
        return
    if server.asleep == 1:
        _post(server, "/wake_up")
    else:  # its weights were dropped; or somebody else put it to sleep, and perhaps dropped them
        _post(server, "/wake_up?tags=weights")
        _post(server, "/collective_rpc", {"method": "reload_weights"})
        _post(server, "/wake_up?tags=kv_cache")
    if is_asleep(server) is not False:
        raise Missing("the language model does not wake up", "stop it, and go on: studio llm stop")
    record.save(folder, server.model_copy(update={"asleep": 0}))


class KeptServer:
    """The server that `studio llm start` keeps, as a tenant of the GPU."""

    name = "the language model"

    def __init__(self, folder: Path, server: Record) -> None:
        self.folder = folder
        self.server = server

    def give_back(self) -> Freed:
        """Put it to sleep, and check by the card that its memory is free. Where it cannot sleep,
        or gives nothing back when it does, it is stopped, which `how` says.

        Level 1 where the machine has room for the weights, else level 2.
        """
        used = card_used()
        if self.server.device == "cpu" or is_asleep(self.server) is None:
            return self._stopped("stopped: it cannot sleep here", used)
        level = _level(self.server, used)
        record.save(self.folder, self.server.model_copy(update={"asleep": level}))
        status, _ = call(self.server.port, "POST", f"/sleep?level={level}", seconds=SLEEP_SECONDS)
        if status != 200 or is_asleep(self.server) is not True:
            return self._stopped("stopped: it did not fall asleep", used)
        freed = _freed(used)
        if freed is not None and freed < _cache(self.server) // 2:
            return self._stopped("stopped: asleep it gave no memory back", used)
        return Freed("asleep", freed)

    def _stopped(self, how: str, used: int | None) -> Freed:
        process.end(self.server.pid, self.server.began)
        record.drop(self.folder, self.server)
        return Freed(how, _freed(used))


def card_used() -> int | None:
    """Bytes of the cards' memory that are in use; None where no card can be asked."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "--query-gpu=memory.used", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
        return sum(int(line) for line in said.split()) * 2**20
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _level(server: Record, used: int | None) -> Sleep:
    """1 where the machine's memory takes the weights (what the card holds besides the attention
    cache) and keeps a tenth to spare, else 2."""
    held = 0 if used is None else used - _cache(server)
    return 1 if process.free_memory() > held * 1.1 else 2


def _cache(server: Record) -> int:
    return int(server.settings["kv_cache"]) * GIB


def _freed(used: int | None) -> int | None:
    now = card_used()
    return None if used is None or now is None else max(0, used - now)


def _post(server: Record, path: str, body: object = None) -> None:
    call(server.port, "POST", path, body=body, seconds=SLEEP_SECONDS)
