"""The interpolator that adds nothing: every moment shows the nearer of the clip's frames."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import InterpolateRequest


class Hold:
    """Interpolator that repeats frames: motion on twos and threes, as drawn films have it."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "frames held, none added"
    embedded: ClassVar[bool] = True
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def interpolate(self, request: InterpolateRequest, folder: Path, report: Report) -> Rendered:
        """Writes inbetweens.mp4 into `folder`. Raises RenderFailed where the clip does not read."""
        from studio.engines.inbetween.filming import hold, interpolate

        return interpolate(request, folder, report, hold)
