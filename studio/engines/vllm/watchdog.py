"""Runs a server for as long as its parent lives: `python -I watchdog.py COMMAND…`.

Standard input is a pipe that the parent holds. When it ends, because the parent closed it or died
in whatever way, the server and all that it started are ended: asked first, then killed. The first
line on standard output is the server's process id, which is its group's as well. Ends with the
server's exit code, 128 more than the number of a signal. Standard library only, POSIX.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

PATIENCE = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 3.0))
"""What the group is sent, and how many seconds it then has to be gone."""


def end(group: int) -> None:
    """End every process of a group, and wait until they are gone."""
    for asked, seconds in PATIENCE:
        number: int = asked
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                os.killpg(group, number)
            except OSError:
                return  # nobody is left
            time.sleep(0.1)
            number = 0  # said once; from now on it only asks whether somebody is there


def main(command: list[str]) -> None:
    """Start the server, hand on its process id, and watch both parent and server."""
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=2, stderr=2, start_new_session=True
    )

    def heed_parent() -> None:
        sys.stdin.buffer.read()
        end(server.pid)

    threading.Thread(target=heed_parent, daemon=True).start()
    try:
        os.write(1, b"%d\n" % server.pid)
    except BrokenPipeError:
        end(server.pid)
    code = server.wait()
    end(server.pid)  # what the server left behind
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main(sys.argv[1:])
