"""Which part of a picture a move sees, and how it is framed so that no edge shows.

Rectangles are in frame coordinates: pixels of the frame as the keyframe shows it, its
left upper corner at 0, 0; a picture may reach beyond the frame on every side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from studio.engines.pan.camera import Camera, Matrix


@dataclass(frozen=True)
class Rect:
    """A rectangle by its edges, `right` and `bottom` beyond `left` and `top`."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, size: tuple[int, int]) -> Self:
        """The frame itself."""
        return cls(0, 0, size[0], size[1])

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def grown(self, by: float) -> Rect:
        """Larger by `by` on every side (smaller, where it is below zero)."""
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def within(self, other: Rect) -> Rect:
        """What both cover; where that is nothing, it has no width or no height."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Rect(
            left,
            top,
            max(left, min(self.right, other.right)),
            max(top, min(self.bottom, other.bottom)),
        )

    def seen_through(self, matrix: Matrix) -> Rect:
        """The smallest rectangle around this one's picture under `matrix`."""
        xs = (self.left, self.right, self.left, self.right)
        ys = (self.top, self.top, self.bottom, self.bottom)
        x, y, _ = matrix @ np.array([xs, ys, (1.0,) * 4])
        return Rect(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def around(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around all of them (at least one)."""
    rects = tuple(rects)
    return Rect(
        min(rect.left for rect in rects),
        min(rect.top for rect in rects),
        max(rect.right for rect in rects),
        max(rect.bottom for rect in rects),
    )


def window(poses: Iterable[Camera], depth: float, size: tuple[int, int]) -> Rect:
    """What a move sees, at one time or another, of the layer at `depth`."""
    frame = Rect.of(size)
    return around(frame.seen_through(np.linalg.inv(pose.view(depth, size))) for pose in poses)


def fit(window: Rect, drawn: Rect) -> Matrix:
    """How the picture is framed first, so that a move that sees `window` stays on `drawn`.

    Nothing is done where it does; else the picture is enlarged and shifted as little as
    serves. It maps frame coordinates of the picture to those that the camera looks at.
    """
    scale = max(1.0, window.width / drawn.width, window.height / drawn.height)
    width, height = window.width / scale, window.height / scale
    left = _between(window.left + (window.width - width) / 2, drawn.left, drawn.right - width)
    top = _between(window.top + (window.height - height) / 2, drawn.top, drawn.bottom - height)
    return np.array(
        [
            [scale, 0.0, window.left - scale * left],
            [0.0, scale, window.top - scale * top],
            [0.0, 0.0, 1.0],
        ]
    )


def _between(value: float, low: float, high: float) -> float:
    return max(low, min(value, high))
