"""Reads the prompts of a whole film before anything is painted: one text encoder in memory at a
time, and one load for all models that share it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

from studio.engines.base import Rendered, Report
from studio.engines.diffusion.settings import Device
from studio.engines.requests import ReadRequest

if TYPE_CHECKING:
    from studio.engines.diffusion.texts import Encoder


class TextsSettings(BaseModel):
    """`device` as of the models that are read for: the graphics card where nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    device: Device | None = None


class Texts:
    """Reads texts. An encoder stays loaded until another one is asked for, so that requests in the
    order of their encoders load each of them once."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "prompts, read by the text encoders of models"
    embedded: ClassVar[bool] = False
    composes: ClassVar[bool] = False
    Settings: ClassVar[type[TextsSettings]] = TextsSettings

    def __init__(self, settings: TextsSettings) -> None:
        """Raises Missing where torch or transformers are not installed, or a card is not there."""
        from studio.engines.diffusion.loading import device_of, ready

        ready()
        self._device = device_of(settings.device)
        self._loaded: tuple[str, Encoder] | None = None

    def read(self, request: ReadRequest, folder: Path, report: Report) -> Rendered:
        """Writes `states.safetensors` into `folder`. The facts say whether an encoder was loaded
        for it. Raises Missing where it does not load, RenderFailed for a text that is too long."""
        from safetensors.torch import save_file

        report(0, 1)
        loads = self._loaded is None or self._loaded[0] != request.encoder
        encoder = self._encoder(request)
        file = folder / "states.safetensors"
        save_file({"states": encoder.states(request.reading).contiguous()}, file)
        report(1, 1)
        return Rendered({".safetensors": file}, {"loads": int(loads), "device": self._device})

    def _encoder(self, request: ReadRequest) -> Encoder:
        from studio.engines.diffusion.ladder import free
        from studio.engines.diffusion.texts import Encoder

        if self._loaded is None or self._loaded[0] != request.encoder:
            self._loaded = None
            free()
            self._loaded = (request.encoder, Encoder(request.reading, self._device))
        return self._loaded[1]
