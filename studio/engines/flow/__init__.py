"""The embedded interpolator: optical flow, no model.

Moving edges travel instead of dissolving. What one of two frames hides, and thin things that
move further than they are wide, may show double. It reads the clip and knows no project.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import InterpolateRequest


class Flow:
    """Interpolator that moves what two frames show to where it is between them."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "optical flow between frames, no model"
    embedded: ClassVar[bool] = True
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def interpolate(self, request: InterpolateRequest, folder: Path, report: Report) -> Rendered:
        """Writes inbetweens.mp4 into `folder`. Raises RenderFailed where the clip does not read."""
        from studio.engines.flow.motion import between
        from studio.engines.inbetween.filming import interpolate

        return interpolate(request, folder, report, between)
