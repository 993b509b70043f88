"""The language model `vllm`: a server of its own on this machine, or any that speaks the OpenAI
protocol at `base_url`.

Light to import: server and client are loaded when a talk begins.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from studio.engines.base import Talk
from studio.engines.vllm.settings import KEY_VARIABLE, RECORD, Address, VllmSettings
from studio.errors import Missing
from studio.residency import Tenant

INSTALL = 'install it with: pip install "storyreel[llm]"'


class Vllm:
    """A language model on a vLLM server that is started when it is needed, kept by `studio llm
    start`, or running elsewhere."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "a large language model of your choice, on a vLLM or OpenAI-type server"
    embedded: ClassVar[bool] = False
    Settings: ClassVar[type[VllmSettings]] = VllmSettings

    def __init__(self, settings: VllmSettings) -> None:
        self.settings = settings

    @contextmanager
    def talk(self, folder: Path, note: Callable[[str], None]) -> Iterator[Talk]:
        """Ready to answer. `folder` is the project's `.studio`: log, record and answers lie there.

        With the first question that no kept answer serves, a kept server is used, or one is
        started that ends with the talk. Raises Missing where the client is not installed; what is
        wrong with a server is raised by the question.
        """
        try:
            from studio.engines.vllm.chat import chat_model
            from studio.engines.vllm.standby import Standby
        except ModuleNotFoundError as error:
            raise Missing(
                f"{error.name} is not installed, which talks to the language model",
                INSTALL,
            ) from error
        talk = Talk(chat=None, context=self.settings.context, at_once=self.settings.at_once)

        def count() -> None:
            talk.requests += 1

        if self.settings.base_url is not None:
            there = address_of(self.settings, self.settings.base_url)
            host = urlsplit(there.url).hostname or ""
            if host not in ("localhost", "::1") and not host.startswith("127."):
                note(f"what the language model is asked goes to another machine: {host}")
            talk.chat = chat_model(
                self.settings, lambda: there, lambda: None, folder / "answers", count
            )
            yield talk
            return
        standby = Standby(self.settings, folder, note)
        talk.chat = chat_model(
            self.settings, standby.address, standby.why_gone, folder / "answers", count
        )
        try:
            yield talk
        finally:
            standby.close()

    def looked(self, folder: Path) -> Iterable[tuple[bool, str, str]]:
        """What `doctor` says of it."""
        try:
            from studio.engines.vllm.checkup import looked
        except ModuleNotFoundError as error:
            return [(False, f"{error.name} is not installed", INSTALL)]
        return looked(self.settings, folder)

    def tenant(self, folder: Path) -> Tenant | None:
        """The server that `studio llm start` keeps; None where none is kept."""
        if not (folder / RECORD).is_file():
            return None
        from studio.engines.vllm import kept

        return kept.tenant(folder)


def address_of(settings: VllmSettings, base_url: str) -> Address:
    """A server that runs already, with the key that the environment holds for it. An address
    without a path is that of a server whose protocol is at /v1."""
    url = base_url.rstrip("/")
    if not urlsplit(url).path:
        url += "/v1"
    return Address(url, os.environ.get(KEY_VARIABLE, ""), settings.model, ours=False)
