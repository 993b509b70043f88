"""The processes of a server: one group, led by the process that was started.

A process is known by its id and the time it began, so that an id which the system gave to
somebody else since is never taken for ours, and never ended.
"""

from __future__ import annotations

import contextlib
import os
import time

from studio.errors import Missing

try:
    import psutil
except ImportError as error:
    raise Missing(
        "psutil is not installed, which looks after the language model's server",
        'install it with: pip install "storyreel[llm]"',
    ) from error

TERMINATE_SECONDS = 10
KILL_SECONDS = 5


def began(pid: int) -> float:
    """When a process began, in seconds since 1970. Raises Missing where it is gone."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error as error:
        raise Missing(f"the process {pid} is gone") from error


def lives(pid: int, since: float) -> bool:
    """Whether the process that began at `since` still runs."""
    try:
        process = psutil.Process(pid)
        ours = bool(process.create_time() == since)
        return ours and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def group(pid: int, since: float) -> list[psutil.Process]:
    """All that still runs of the group which the process led, also where it is gone itself."""
    with contextlib.suppress(psutil.NoSuchProcess):
        if psutil.Process(pid).create_time() != since:
            return []
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            ours = os.getpgid(process.pid) == pid and process.create_time() >= since
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def end(pid: int, since: float) -> bool:
    """End the whole group, and wait until it is gone; whether there was one."""
    left = found = group(pid, since)
    for kill, seconds in ((False, TERMINATE_SECONDS), (True, KILL_SECONDS)):
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill() if kill else process.terminate()
        until = time.monotonic() + seconds
        while (left := group(pid, since)) and time.monotonic() < until:
            time.sleep(0.1)
    return bool(found)


def listens(pid: int, since: float, port: int) -> bool:
    """Whether it is this group that answers on a port."""
    for process in group(pid, since):
        with contextlib.suppress(psutil.Error):
            for connection in process.net_connections(kind="tcp4"):
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                    return True
    return False


def memory(pid: int, since: float) -> int:
    """Bytes of the machine's memory that the group holds."""
    held = 0
    for process in group(pid, since):
        with contextlib.suppress(psutil.Error):
            held += process.memory_info().rss
    return held


def free_memory() -> int:
    """Bytes of the machine's memory that are free to use."""
    return int(psutil.virtual_memory().available)
