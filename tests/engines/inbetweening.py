"""A small clip in motion, how to ask for it at another rate, and how to measure what comes back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from studio.engines.base import ENGINES, EngineSpec
from studio.engines.requests import File, InterpolateRequest
from studio.ffmpeg import Encoding, FrameWriter, read_frames

Picture = npt.NDArray[Any]

SIZE = WIDTH, HEIGHT = 128, 96
SPEED = 5
"""Pixels that the disc travels to the right in the time of one frame; the ground goes the other
way, by one."""

LOSSLESS = Encoding(crf=0, preset="ultrafast", threads=1)


def ground(seed: int, width: int = 2 * WIDTH, height: int = HEIGHT) -> Picture:
    noise = np.random.default_rng(seed).uniform(20, 150, (height // 6, width // 6, 3))
    grown = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(grown, 0, 255).astype(np.uint8)


def scene(time: float, seed: int = 1) -> Picture:
    """A white disc over a textured ground, `time` in frames."""
    shift = np.array([[1.0, 0, -40 - time], [0, 1, 0]])
    picture = cv2.warpAffine(ground(seed), shift, SIZE, flags=cv2.INTER_LINEAR)
    centre = (np.array([30 + SPEED * time, HEIGHT / 2]) * 256).round().astype(int)
    cv2.circle(picture, centre.tolist(), 12 * 256, (255, 255, 255), -1, cv2.LINE_AA, 8)
    return picture


def disc(picture: Picture) -> float:
    """How far right the disc's middle is, in times of one frame."""
    weight = np.clip(picture.min(2).astype(float) - 200, 0, None)
    return float(((weight.sum(0) * np.arange(WIDTH)).sum() / weight.sum() - 30) / SPEED)


def write(path: Path, pictures: list[Picture], rate: Fraction = Fraction(8)) -> File:
    height, width = pictures[0].shape[:2]
    with FrameWriter(path, (width, height), rate, LOSSLESS) as writer:
        for picture in pictures:
            writer.write(picture)
    return File(path, "0")


def asked(
    clip: File, count: int, own: object, rate: object, frames: int | None = None
) -> InterpolateRequest:
    """As many frames as lie within the clip, where none are named."""
    step = Fraction(str(own)) / Fraction(str(rate))
    return InterpolateRequest(
        shot="sc010_sh010",
        clip=clip,
        clip_rate=Fraction(str(own)),
        clip_frames=count,
        rate=Fraction(str(rate)),
        frames=int((count - 1) / step) + 1 if frames is None else frames,
    )


def engine(name: str, **settings: object) -> Any:
    return EngineSpec("interpolator", name, ENGINES["interpolator"][name], settings).open()


def shown(path: Path) -> list[Picture]:
    return list(read_frames(path))


def likeness(one: Picture, other: Picture) -> float:
    """PSNR in dB."""
    error = float(np.mean((one.astype(float) - other) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-3)))
