"""The interpolator RIFE: a network that sees how two frames move into each other.

The network is this package's own writing of the published architecture; its weights (MIT, Megvii)
are read from a folder, never downloaded. It runs on the GPU where there is one, and on a CPU in
minutes for what takes a GPU seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from studio.engines.base import Rendered, Report
from studio.engines.requests import InterpolateRequest

SCALES = (0.25, 0.5, 1.0, 2.0)


class RifeSettings(BaseModel):
    """`engines: {interpolator: {engine: rife, …}}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: Path = Field(description="the folder that holds flownet.pkl, of RIFE HD release 3")
    scale: float = Field(
        default=0.5,
        description="of the pictures that motion is sought in: less for wider motion, and quicker",
    )

    @field_validator("scale")
    @classmethod
    def _of_the_network(cls, scale: float) -> float:
        if scale not in SCALES:
            raise ValueError(f"a scale is one of {', '.join(f'{each:g}' for each in SCALES)}")
        return scale


class Rife:
    """Interpolator by a network of intermediate flow."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "RIFE, a network of intermediate flow"
    embedded: ClassVar[bool] = False
    Settings: ClassVar[type[RifeSettings]] = RifeSettings

    def __init__(self, settings: RifeSettings) -> None:
        import cv2

        from studio.engines.rife.halves import Halves
        from studio.engines.rife.weights import load

        self.settings = settings
        self._halves = Halves(load(settings.weights), settings.scale)
        cv2.setNumThreads(1)

    @classmethod
    def ready(cls, settings: RifeSettings) -> None:
        """Raises Missing where there are no weights."""
        from studio.engines.rife.weights import file_in

        file_in(settings.weights)

    @classmethod
    def identity(cls, settings: RifeSettings) -> Mapping[str, Any]:
        """What of the settings makes the pictures: the weights by their content, and the scale.
        Raises Missing where there are none."""
        from studio.engines.rife.weights import sha256

        return {"weights": sha256(settings.weights), "scale": settings.scale}

    def interpolate(self, request: InterpolateRequest, folder: Path, report: Report) -> Rendered:
        """Writes inbetweens.mp4 into `folder`; the facts say on what device, and with which torch.
        Raises RenderFailed where the clip does not read."""
        import torch

        from studio.engines.inbetween.filming import interpolate

        rendered = interpolate(request, folder, report, self._halves.between)
        facts = {"device": str(self._halves.device), "torch": torch.__version__}
        return Rendered(rendered.files, {**rendered.facts, **facts})
