"""A server on standby: nothing is started before the first question has to be asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from studio.engines.vllm import kept, sleep
from studio.engines.vllm.server import Server, start
from studio.engines.vllm.settings import Address, VllmSettings
from studio.errors import Interrupted, StudioError


class Standby:
    """The server of one talk: the kept one where there is one, else one that ends with the talk.

    Its methods may be called from several threads at once.
    """

    def __init__(self, settings: VllmSettings, folder: Path, note: Callable[[str], None]) -> None:
        self._settings = settings
        self._folder = folder
        self._note = note
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server: Server | None = None
        self._fault: StudioError | None = None

    def address(self) -> Address:
        """Where the server answers, now that it does: it is started, waited for or woken as need
        be. What kept it from starting is said to all who ask; it is not tried again."""
        with self._lock:
            if self._closing.is_set():
                raise Interrupted("stopped before the language model was asked")
            if self._fault is not None:
                raise type(self._fault)(*self._fault.args)
            try:
                return self._ready().record.address
            except StudioError as error:
                self._fault = error
                raise

    def why_gone(self) -> str | None:
        """In words how the server ended; None while it works, or was not needed yet."""
        server = self._server
        return None if server is None else server.why_gone()

    def close(self) -> None:
        """End a server that was started for this talk; a kept one stays."""
        self._closing.set()
        with self._lock:
            if self._server is not None and self._server.started is not None:
                self._server.stop()

    def _ready(self) -> Server:
        asked = self._settings, self._folder, self._note, self._closing
        if self._server is None:
            self._server = kept.reach(*asked) or start(*asked)
        elif self._server.started is None:
            sleep.wake(self._folder, self._server.record)
        return self._server
