"""Whether there is a cut between two neighbouring frames of a clip.

One picture is brought to the other along the optical flow between their thumbnails. Within a
shot little of a picture's own contrast is left of their difference, after a cut most of it: 0.26
at most of a textured scene at 8 frames a second with a fast camera and turning shapes
(bench/heldout.py), and 0.43 at least between shots of other setups in the example films; two
shots of one setup that hardly differ are not told apart. Both ways count, and mean brightness does
not, so that a fade is no cut; light that goes off at once is one.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from studio.ffmpeg import Frame

THRESHOLD = 0.4
"""Difference by contrast from which on two frames belong to two shots."""

_WIDTH = 128
_HEIGHTS = (48, 384)
"""DIS fails on slivers: a thumbnail of a clip of another shape is squeezed."""
_BLUR = 1.0


def is_cut(first: Frame, second: Frame) -> bool:
    """Whether two pictures of one size, (H, W, 3), RGB, uint8, belong to two shots."""
    one, two = _thumbnail(first), _thumbnail(second)
    contrast = (_contrast(one) + _contrast(two)) / 2 + 1
    return max(_unlike(one, two), _unlike(two, one)) / contrast > THRESHOLD


def _thumbnail(frame: Frame) -> npt.NDArray[Any]:
    low, high = _HEIGHTS
    height = max(low, min(high, round(frame.shape[0] * _WIDTH / frame.shape[1])))
    return np.asarray(cv2.resize(frame, (_WIDTH, height), interpolation=cv2.INTER_AREA))


def _contrast(picture: npt.NDArray[Any]) -> float:
    return float(np.abs(picture - picture.mean((0, 1))).mean())


def _unlike(picture: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    """What is left of the difference when the other is brought to the picture, 0 to 255."""
    grey, other_grey = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (picture, other))
    search: Any = cv2.DISOpticalFlow.create(cv2.DISOpticalFlow_PRESET_ULTRAFAST)
    flow = search.calc(grey, other_grey, None)
    rows, columns = np.indices(picture.shape[:2], np.float32)
    moved = cv2.remap(
        *(other, columns + flow[..., 0], rows + flow[..., 1], cv2.INTER_LINEAR),
        borderMode=cv2.BORDER_REPLICATE,
    )
    one, two = (cv2.GaussianBlur(each, (0, 0), _BLUR).astype(np.int16) for each in (picture, moved))
    return _contrast(one - two)
