"""Painters that misbehave on demand, for the executor's tests: the prompt says how."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import PaintRequest, ReadRequest
from studio.errors import Missing, RenderFailed


class Moody:
    """Paints its prompt into a text file, or crashes, raises or lies as the prompt says."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "a double that misbehaves"
    embedded: ClassVar[bool] = True
    composes: ClassVar[bool] = False
    Settings = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.opened = os.getpid()

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        report(1, 2)
        match request.prompt:
            case "crash":
                os.kill(os.getpid(), signal.SIGKILL)
            case "raise":
                raise RenderFailed("the picture came out black", "try another seed")
            case "lack":
                raise Missing("the weights are not whole", "get them once more")
            case "lack once" if not Path(request.avoid).exists():
                Path(request.avoid).touch()
                raise Missing("this card is too small", "take another")
            case "surprise":
                raise KeyError("unexpected")
            case "memory":
                raise MemoryError
            case "lie":
                return Rendered({".png": folder / "nothing.png"})
            case "endless":
                while True:
                    time.sleep(0.05)
                    report(1, 2)
            case "slow":
                for step in range(10):
                    time.sleep(0.05)
                    report(step, 10)
            case "wait":
                marker = Path(request.avoid)
                marker.write_text(str(os.getpid()))
                signal.pause()
        out = folder / "out.png"
        out.write_text(f"{request.prompt} {self.opened}")
        return Rendered({".png": out}, {"painted": request.prompt})


class Unopenable(Moody):
    """Refuses to open, as an engine whose weights are missing."""

    def __init__(self, settings: NoSettings) -> None:
        raise Missing("the weights are not there", "studio models pull")


VISIBLE = os.environ.get("CUDA_VISIBLE_DEVICES", "all")
"""The cards that this process saw when it imported this module, as a vendor would."""
PATIENCE = 30  # seconds


class OnACard(Moody):
    """Says which cards it sees; paints until somebody else paints too, where it is asked to."""

    embedded: ClassVar[bool] = False

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        if request.prompt == "together":
            Path(request.avoid, VISIBLE).touch()
            until = time.monotonic() + PATIENCE
            while len(list(Path(request.avoid).iterdir())) < 2:
                if time.monotonic() > until:
                    raise RenderFailed("nobody else came")
                time.sleep(0.01)
        if request.prompt == "crash once" and not Path(request.avoid).exists():
            Path(request.avoid).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self._said(folder)

    def read(self, request: ReadRequest, folder: Path, report: Report) -> Rendered:
        return self._said(folder)

    def _said(self, folder: Path) -> Rendered:
        out = folder / "out.png"
        out.write_text(VISIBLE)
        return Rendered({".png": out}, {"visible": VISIBLE, "opened": self.opened})
