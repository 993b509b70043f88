"""Where the camera is in every frame of a move, and how it then sees a layer.

A small model of a real camera: it travels, turns, rolls and zooms in front of flat
layers that stand one behind the other, and every movement of the storyboard is a line
of `MOVES`. What tells a dolly from a zoom, or a truck from a pan, follows from the
layers' depth and is decided nowhere else. It knows no pixels, only the frame's size.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.schema.storyboard import Movement, Size

Matrix = npt.NDArray[np.floating[Any]]
"""3 x 3, of the plane: from a layer's frame coordinates to those of the screen."""


@dataclass(frozen=True)
class Camera:
    """A pose, relative to that of the keyframe.

    `x`, `y` (right, up) are travel in frame widths and heights as the layer of the people
    shows it, `z` (forward) is in distances of that layer. `pan`, `tilt` (right, up) are
    turns, by the frame widths and heights that the picture slides; `roll` is in radians,
    `zoom` is the logarithm of the lens's factor.
    """

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    zoom: float = 0.0

    def scaled(self, part: float) -> Camera:
        """The pose at a part of the way from the keyframe's."""
        return Camera(*(part * value for value in astuple(self)))

    def view(self, depth: float, size: tuple[int, int]) -> Matrix:
        """How a layer is seen that is `depth` times as far as the people, in a frame of `size`."""
        width, height = size
        lens = math.exp(self.zoom)
        grow = lens * depth / (depth - self.z)
        by = lens / (depth - self.z)
        right = -(by * self.x + lens * self.pan) * width
        down = (by * self.y + lens * self.tilt) * height
        cos, sin = math.cos(self.roll), math.sin(self.roll)
        centre = moved(width / 2, height / 2)
        turned = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        seen = np.array([[grow, 0.0, right], [0.0, grow, down], [0.0, 0.0, 1.0]])
        view: Matrix = centre @ turned @ seen @ moved(-width / 2, -height / 2)
        return view


def moved(right: float, down: float) -> Matrix:
    """The matrix of a plain move."""
    return np.array([[1.0, 0.0, right], [0.0, 1.0, down], [0.0, 0.0, 1.0]])


MOVES: dict[Movement, Camera] = {
    "static": Camera(z=0.03),
    "pan left": Camera(pan=-1.0, x=-0.08),
    "pan right": Camera(pan=1.0, x=0.08),
    "tilt up": Camera(tilt=1.0, y=0.08),
    "tilt down": Camera(tilt=-1.0, y=-0.08),
    "dolly in": Camera(z=1.0),
    "dolly out": Camera(z=-0.9),
    "truck left": Camera(x=-0.85),
    "truck right": Camera(x=0.85),
    "pedestal up": Camera(y=0.85),
    "pedestal down": Camera(y=-0.85),
    "zoom in": Camera(zoom=1.2),
    "zoom out": Camera(zoom=-1.1),
    "crane up": Camera(y=0.95, tilt=-0.35, z=-0.1),
    "crane down": Camera(y=-0.95, tilt=0.35, z=0.1),
    "arc left": Camera(x=-1.25, pan=1.1, z=0.2),
    "arc right": Camera(x=1.25, pan=-1.1, z=0.2),
}
"""The pose at the end of a travel of one. A static camera all but stands; handheld has no
such end, and is not among them."""

_PACE: dict[Size, float] = {
    "ECU": 0.45, "CU": 0.6, "MCU": 0.7, "MS": 0.85, "MLS": 0.95, "LS": 1.0, "ELS": 1.1,
}  # fmt: skip
"""Close pictures move slower: the same travel looks faster on a face."""

_TRAVEL_A_SECOND = 0.023
_LONGEST_TRAVEL = 0.11


def path(
    movement: Movement, frames: int, rate: Fraction, size: Size | None, seed: int
) -> list[Camera]:
    """The camera's pose in each of `frames` frames; the first is that of the keyframe.

    The speed is that of a calm operator, whatever the clip's length; very long clips
    move slower. `size` is that of the shot where it is known. Only handheld uses `seed`.
    """
    pace = _PACE[size or "MS"]
    times = [float(number / rate) for number in range(frames)]
    if movement == "handheld":
        return [pose.scaled(pace) for pose in _handheld(times, seed)]
    travel = min(_LONGEST_TRAVEL, _TRAVEL_A_SECOND * pace * float(frames / rate))
    last = max(frames - 1, 1)
    return [MOVES[movement].scaled(travel * _ease(number / last)) for number in range(frames)]


def _ease(part: float) -> float:
    """From 0 to 1: it moves from the start, and starts and ends softer than its middle."""
    return 0.6 * part + 0.4 * part * part * (3 - 2 * part)


_SHAKE = Camera(x=0.005, y=0.004, z=0.004, pan=0.005, tilt=0.007, roll=0.004)
"""How far a steady hand strays, about."""

_SHAKE_HERTZ = (0.17, 0.31, 0.53, 0.89, 1.4, 2.1)
"""From the sway of the body to the tremor of the arms."""


def _handheld(times: list[float], seed: int) -> list[Camera]:
    rng = np.random.default_rng([seed, 1])
    strays = []
    for reach in astuple(_SHAKE):
        phases = rng.uniform(0, 2 * math.pi, len(_SHAKE_HERTZ))
        stray = [
            sum(
                (math.sin(2 * math.pi * hertz * time + phase) - math.sin(phase)) / (1 + 2 * hertz)
                for hertz, phase in zip(_SHAKE_HERTZ, phases, strict=True)
            )
            for time in times
        ]
        strays.append([reach * value for value in stray])
    return [Camera(*pose) for pose in zip(*strays, strict=True)]
