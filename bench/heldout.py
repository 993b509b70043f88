"""A clip to hold frames out of: a camera that travels, turns and closes in over a textured ground,
and four textured shapes that travel and turn in front of it, and cross each other.

Its motion is about that of the clip behind the figures in the trade's comparisons: with every
frame held for the three that follow it at 8 frames a second it has 21 dB.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

SIZE = WIDTH, HEIGHT = 720, 480
RATE = 32

Picture = npt.NDArray[Any]

SHAPES = (
    # corners, inner radius, radius, place, speed, turn (rad/s), colour
    (10, 0.5, 130, (0.25, 0.35), (90, 30), 2.2, (190, 80, 60)),
    (4, 1.0, 110, (0.75, 0.30), (-110, 50), -1.4, (60, 90, 170)),
    (3, 1.0, 120, (0.55, 0.72), (50, -100), 1.7, (80, 150, 80)),
    (40, 1.0, 70, (0.20, 0.80), (170, -40), 0.6, (210, 190, 90)),
)


def frames(count: int) -> list[Picture]:
    """The clip's first frames, RGB, uint8."""
    random = np.random.default_rng(7)
    ground = texture(random, (1300, 1000), 7, (120, 115, 105), 60)
    shapes = [(*each, texture(random, (300, 300), 6, each[-1], 35)) for each in SHAPES]
    return [frame(number / RATE, ground, shapes) for number in range(count)]


def texture(
    random: np.random.Generator,
    size: tuple[int, int],
    octaves: int,
    tint: tuple[int, ...],
    contrast: float,
) -> Picture:
    """Noise of every size, coarse in colour and fine in light."""
    width, height = size
    light = np.zeros((height, width), np.float32)
    colour = np.zeros((height, width, 3), np.float32)
    for octave in range(octaves):
        fine = (height >> (octaves - octave), width >> (octaves - octave))
        noise = random.standard_normal(fine, np.float32)
        light += 0.75**octave * cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)
        if octave < 3:
            noise = random.standard_normal((*fine, 3), np.float32)
            colour += 0.75**octave * cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)
    light, colour = light / light.std(), colour / colour.std()
    values = np.array(tint) + contrast * (0.8 * light[..., None] + 0.45 * colour)
    return np.clip(values, 0, 255).astype(np.uint8)


def frame(seconds: float, ground: Picture, shapes: list[Any]) -> Picture:
    """The picture at a time."""
    at = (540 + 60 * seconds + 12 * np.sin(2 * seconds), 470 + 25 * np.sin(1.3 * seconds))
    turn, closer = 0.07 * np.sin(1.1 * seconds), 1 / (1 + 0.09 * seconds)
    picture = placed(ground, closer * turned(-turn), at, (WIDTH / 2, HEIGHT / 2))
    for corners, inner, radius, place, speed, turning, _, surface in shapes:
        centre = np.array(place) * SIZE + np.array(speed) * seconds
        turns = turned(turning * seconds)
        angles = np.arange(corners) * 2 * np.pi / corners
        reach = radius * np.where(np.arange(corners) % 2, inner, 1)
        outline = np.stack([np.cos(angles), np.sin(angles)], 1) * reach[:, None] @ turns.T + centre
        mask = np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.fillPoly(mask, [np.int32(np.round(outline * 256))], 255, cv2.LINE_AA, 8)
        covered = mask.astype(np.float32) / 255
        painted = placed(surface, turns.T, (150, 150), centre)
        picture = cv2.blendLinear(painted, picture, covered, 1 - covered)
    return picture


def turned(angle: float) -> Picture:
    """The matrix that turns by an angle."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def placed(surface: Picture, turns: Picture, point: Any, at: Any) -> Picture:
    """A surface seen so that its `point` lies `at` a place of the frame."""
    matrix = np.column_stack([turns, np.array(point) - turns @ np.array(at)])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(surface, matrix, SIZE, flags=flags, borderMode=cv2.BORDER_REFLECT)
