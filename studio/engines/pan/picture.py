"""A picture without layers (a photograph, a model's keyframe) as one cel.

It fills the frame and is cropped, never stretched. What lies beyond the frame, where
the picture has another shape, is there for the camera to move into.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from studio.engines.pan.cel import Cel
from studio.engines.pan.framing import Rect
from studio.errors import RenderFailed

DEPTH = 1.0
"""All of the picture moves as the people in a panel would."""


class Picture:
    """A picture file, framed to fill `size` (width, height).

    Raises RenderFailed where the file is missing or no picture.
    """

    alive = False
    """Nothing in it moves by itself."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._image = _read(path)
        height, width = self._image.shape[:2]
        self._unit = min(width / size[0], height / size[1])
        beside = (width / self._unit - size[0]) / 2
        above = (height / self._unit - size[1]) / 2
        self.drawn = Rect(-beside, -above, size[0] + beside, size[1] + above)
        self.depths = (DEPTH,)

    def cels(self, windows: dict[float, Rect], density: dict[float, float]) -> list[Cel]:
        """The part of the picture that is ever seen, as one cel.

        `windows` is what is seen (frame coordinates), by depth. The picture is brought to
        `density` pixels a pixel of the frame where it has more, and left as it is where it
        has fewer.
        """
        unit, drawn, region = self._unit, self.drawn, windows[DEPTH].grown(2)
        height, width = self._image.shape[:2]
        left = max(0, int((region.left - drawn.left) * unit) - 1)
        top = max(0, int((region.top - drawn.top) * unit) - 1)
        right = min(width, int((region.right - drawn.left) * unit) + 2)
        bottom = min(height, int((region.bottom - drawn.top) * unit) + 2)
        part = self._image[top:bottom, left:right]
        shrink = density[DEPTH] / unit
        if shrink < 1:
            fewer = max(1, round((right - left) * shrink)), max(1, round((bottom - top) * shrink))
            part = cv2.resize(part, fewer, interpolation=cv2.INTER_AREA)
        x, y = (right - left) / part.shape[1] / unit, (bottom - top) / part.shape[0] / unit
        edge = cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        place = np.array(
            [
                [x, 0.0, drawn.left + left / unit - x],
                [0.0, y, drawn.top + top / unit - y],
                [0.0, 0.0, 1.0],
            ]
        )
        return [Cel(cv2.cvtColor(edge, cv2.COLOR_BGR2RGBA), place, DEPTH)]


def _read(path: Path) -> npt.NDArray[Any]:
    """A picture as BGR, uint8; where it is transparent, white paper shows."""
    tip = "give a PNG or JPEG that other programs open, or paint the keyframe again"
    image: npt.NDArray[Any] | None
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if len(data) else None
        if image is not None and (image.ndim != 3 or image.shape[2] != 4):
            image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    except OSError as error:
        raise RenderFailed(f"{path.name} does not open: {error.strerror}", tip) from error
    except cv2.error as error:
        raise RenderFailed(f"{path.name} is no picture that reads: {error.err}", tip) from error
    if image is None:
        raise RenderFailed(f"{path.name} is no picture that reads", tip)
    if image.dtype == np.uint16:
        image = cv2.convertScaleAbs(image, alpha=1 / 257)
    if image.shape[2] == 4:
        alpha = image[:, :, 3:].astype(np.uint16)
        image = ((image[:, :, :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
    return image
