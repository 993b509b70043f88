"""A cel: one piece of the picture that moves as one, and how it is laid on a frame.

The word is from drawn animation, where each moving thing has a transparent sheet of its
own. Pixels are RGBA, uint8, premultiplied by their alpha, so that edges keep their
colour wherever a sheet is moved by parts of a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import cv2
import numpy as np
import numpy.typing as npt

from studio.engines.pan.camera import Matrix, moved
from studio.engines.pan.framing import Rect

Pixels = npt.NDArray[Any]
"""Height x width x 4, premultiplied RGBA, uint8."""

Rows = npt.NDArray[np.float32]
"""One value for each row of a cel's pixels."""

Moving = Literal["figure", "rain", "snow", "fog", "cloud", "glow", "water"]
"""What can move by itself, by the class of its group in a panel's SVG."""

MOVING: tuple[Moving, ...] = get_args(Moving)


@dataclass(frozen=True)
class Drift:
    """How a cel differs from where it was drawn, at one moment.

    `shift` is a move (right, down) in the cel's pixels, `rows` are such moves of each row.
    `light`, 0 to 1, dims.
    """

    shift: tuple[float, float] = (0.0, 0.0)
    rows: tuple[Rows, Rows] | None = None
    light: float = 1.0


Motion = Callable[[float], Drift]
"""The drift at a time in seconds from the clip's first frame."""


@dataclass(frozen=True)
class Cel:
    """`place` maps its pixels to the picture's frame coordinates; `depth` is that of the
    camera, None for what lies on the lens; `name` tells its movement apart from others'.

    With a `period` (width, height) the pixels show the same twice beside and below each
    other: what then leaves on one side comes back on the other.
    """

    pixels: Pixels
    place: Matrix
    depth: float | None
    kind: Moving | None = None
    name: str = ""
    period: tuple[int, int] | None = None

    @cached_property
    def floor(self) -> int:
        """The row from which on nothing shows through it; the number of its rows where all does."""
        gaps = np.flatnonzero((self.pixels[:, :, 3] < 255).any(axis=1))
        return int(gaps[-1]) + 1 if len(gaps) else 0

    @cached_property
    def through(self) -> Pixels:
        """How much of what lies behind shows through, 0 to 255, in each channel."""
        return _through(self.pixels)

    @property
    def density(self) -> float:
        """Its pixels a pixel of the frame."""
        return 1.0 / float(self.place[0, 0])


def hides_from(cel: Cel, view: Matrix, drift: Drift, size: tuple[int, int]) -> int:
    """The row of a frame of `size` from which on a cel hides all that is behind it.

    The number of the frame's rows where it does nowhere, or where it is not worth knowing.
    """
    (width, height), (rows, columns) = size, cel.pixels.shape[:2]
    if cel.floor == rows or cel.period or drift.light < 1:
        return height
    corners = np.array([(0, columns, 0, columns), (cel.floor, cel.floor, rows, rows), (1,) * 4])
    x, y, _ = view @ cel.place @ moved(*drift.shift) @ corners
    spare = 1 + (max(float(np.abs(row).max()) for row in drift.rows) if drift.rows else 0.0)
    beside = max(x[0], x[2]) > -spare or min(x[1], x[3]) < width + spare
    if beside or min(y[2], y[3]) < height + spare:
        return height
    return max(0, math.ceil(float(max(y[0], y[1])) + spare))


def lay(frame: Pixels, cel: Cel, view: Matrix, drift: Drift, solid: int, hidden: int) -> None:
    """Lays a cel over a frame, in place, as `view` (picture to screen) shows it.

    From the row `solid` on it hides what is behind it, from `hidden` on it is itself hidden.
    """
    width, height = cel.period or (cel.pixels.shape[1], cel.pixels.shape[0])
    shown = view @ cel.place @ (np.eye(3) if cel.period else moved(*drift.shift))
    whole = drift.rows is None and _is_whole(shown) and _is_whole(moved(*drift.shift))
    sheet = Rect(0, 0, width, height).seen_through(shown)
    target = (sheet if whole else sheet.grown(1)).within(Rect.of((frame.shape[1], hidden)))
    left, top = math.floor(target.left), math.floor(target.top)
    right = min(math.ceil(target.right), frame.shape[1])
    bottom = min(math.ceil(target.bottom), hidden)
    if left >= right or top >= bottom:
        return
    source = moved(-0.5, -0.5) @ np.linalg.inv(shown) @ moved(left + 0.5, top + 0.5)
    if cel.period:
        source = moved(-drift.shift[0] % width, -drift.shift[1] % height) @ source
    size = (right - left, bottom - top)
    patch, through = (
        _cut_out(cel, source, size) if whole else (_warped(cel, source, size, drift), None)
    )
    if drift.light < 1:
        patch, through = cv2.convertScaleAbs(patch, alpha=drift.light), None
    under = frame[top:bottom, left:right]
    clear = min(max(solid - top, 0), bottom - top)
    if clear:
        through = _through(patch[:clear]) if through is None else through[:clear]
        cv2.multiply(under[:clear], through, dst=under[:clear], scale=1 / 255)
        cv2.add(under[:clear], patch[:clear], dst=under[:clear])
    under[clear:] = patch[clear:]


def _cut_out(cel: Cel, source: Matrix, size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """The pixels that come to lie on the target as they are, and what shows through them."""
    x, y = round(source[0, 2]), round(source[1, 2])
    part = slice(y, y + size[1]), slice(x, x + size[0])
    return cel.pixels[part], cel.through[part]


def _warped(cel: Cel, source: Matrix, size: tuple[int, int], drift: Drift) -> Pixels:
    """The pixels of a target of `size`, from between those of the cel."""
    if drift.rows is not None:
        return cv2.remap(cel.pixels, *_bent(source, size, drift.rows), cv2.INTER_LINEAR)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(cel.pixels, source[:2], size, flags=flags)


def _is_whole(matrix: Matrix) -> bool:
    """Whether it moves by whole pixels and does nothing else."""
    return bool(
        np.array_equal(matrix, np.round(matrix)) and np.array_equal(matrix[:2, :2], np.eye(2))
    )


def _bent(
    source: Matrix, size: tuple[int, int], rows: tuple[Rows, Rows]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The pixel of the cel for each of the target's, where its rows are moved by `rows`."""
    x = np.arange(size[0], dtype=np.float32)
    y = np.arange(size[1], dtype=np.float32)
    middle = source[1, 0] * size[0] / 2 + source[1, 1] * y + source[1, 2]
    right, down = (np.interp(middle, np.arange(len(row)), row) for row in rows)
    across = [(source[axis, 0] * x).astype(np.float32)[None, :] for axis in (0, 1)]
    along = [
        (source[axis, 1] * y + source[axis, 2] - move).astype(np.float32)[:, None]
        for axis, move in enumerate((right, down))
    ]
    return across[0] + along[0], across[1] + along[1]


def _through(pixels: Pixels) -> Pixels:
    return cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(pixels, 3)), cv2.COLOR_GRAY2RGBA)
