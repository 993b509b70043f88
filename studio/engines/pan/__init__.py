"""The embedded animator: the camera's move over the panel's layers, no model.

A panel with layers becomes a picture with depth: near layers travel further than far
ones, people breathe and sway, weather drifts, water and lamps shimmer. A picture
without layers, a photograph or a model's keyframe, gets the camera's move alone. Further
panels of the shot follow as hard changes, and the camera's move goes on over them. Equal
requests give equal bytes. It reads the picture and the request and knows no project.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import AnimateRequest


class Pan:
    """Animator of storyboard panels and of single pictures."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "the camera's move over the panel's layers, no model"
    embedded: ClassVar[bool] = True
    composes: ClassVar[bool] = True
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        import cv2

        self.settings = settings
        cv2.setNumThreads(1)

    def animate(self, request: AnimateRequest, folder: Path, report: Report) -> Rendered:
        """Writes clip.mp4 into `folder`: the asked frames, size and rate, from the keyframe on.

        Raises RenderFailed where a picture or its layers cannot be read.
        """
        from studio.engines.pan.scene import stretches
        from studio.ffmpeg import TAKE, FrameWriter

        path = folder / "clip.mp4"
        with FrameWriter(path, request.size, request.rate, TAKE) as writer:
            for scene, numbers in stretches(request):
                for number in numbers:
                    writer.write(scene.frame(number))
                    report(number + 1, request.frames)
        return Rendered({".mp4": path})
