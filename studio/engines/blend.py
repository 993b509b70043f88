"""The interpolator that dissolves from frame to frame.

The mean is that of the values as they are stored: of linear light it is further from what was
held out, by 0.2 dB (bench/interpolation.py's clip).
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import InterpolateRequest


class Blend:
    """Interpolator by short dissolves: soft, cheap, and double edges where something moves."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "neighbouring frames dissolved, no model"
    embedded: ClassVar[bool] = True
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def interpolate(self, request: InterpolateRequest, folder: Path, report: Report) -> Rendered:
        """Writes inbetweens.mp4 into `folder`. Raises RenderFailed where the clip does not read."""
        import cv2
        import numpy as np

        from studio.engines.inbetween.filming import View, interpolate
        from studio.engines.inbetween.moments import Moment
        from studio.ffmpeg import Frame

        def dissolve(first: Frame, second: Frame) -> View:
            def view(moment: Moment) -> Frame:
                share = float(moment.share)
                return np.asarray(cv2.addWeighted(first, 1 - share, second, share, 0), np.uint8)

            return view

        return interpolate(request, folder, report, dissolve)
