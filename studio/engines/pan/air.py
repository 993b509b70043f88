"""What drifts through the air: rain, snow, fog and clouds.

Where a panel draws them they move; where it does not and the shot's weather asks for
rain, snow or fog outdoors, a veil of it is made here.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from studio.engines.pan.cel import Cel, Drift, Motion, Pixels
from studio.engines.pan.framing import Rect
from studio.engines.requests import Panel

Weather = Literal["rain", "snow", "fog"]

_RAIN = 1.7
_SNOW = 0.075
"""How fast they fall, in frame heights a second."""

_SLIDE = {"fog": 0.009, "cloud": 0.005}
"""Frame widths a second."""

_LONGEST_SLIDE = 0.025
"""Frame widths in a clip, so that what slides does not show where it ends."""


def raining(cel: Cel, size: tuple[int, int]) -> tuple[Cel, Motion]:
    """Rain along its own streaks; what leaves below comes back from above.

    Where it fills the frame of `size` it falls before the lens: it is too fast for anyone
    to see how the camera passes it. It moves by whole pixels, for the same reason.
    """
    (x, y), speed = _streak(cel.pixels[:, :, 3]), _RAIN * size[1] * cel.density
    left, top = cel.place[0, 2], cel.place[1, 2]
    rows, columns = cel.pixels.shape[:2]
    fills = left <= 0 and top <= 0 and left + columns >= size[0] and top + rows >= size[1]
    cel = _endless(replace(cel, depth=None) if fills and cel.density == 1 else cel)
    return cel, lambda time: Drift(shift=(round(x * speed * time), round(y * speed * time)))


def snowing(cel: Cel, frame_height: int) -> tuple[Cel, Motion]:
    """Snow, downwards and to and fro; what leaves below comes back from above."""
    speed, sway = (part * frame_height * cel.density for part in (_SNOW, 0.012))

    def at(time: float) -> Drift:
        return Drift(shift=(sway * math.sin(1.9 * time) - 0.15 * speed * time, speed * time))

    return _endless(cel), at


def _endless(cel: Cel) -> Cel:
    height, width = cel.pixels.shape[:2]
    pixels = cv2.copyMakeBorder(cel.pixels, 0, height, 0, width, cv2.BORDER_WRAP)
    return replace(cel, pixels=pixels, period=(width, height))


def sliding(cel: Cel, frame_width: int, seconds: float) -> Motion:
    """Fog and clouds, slowly before the wind, which comes from the right as the rain does."""
    speed = min(_SLIDE[cel.kind or "fog"], _LONGEST_SLIDE / seconds) * frame_width * cel.density
    return lambda time: Drift(shift=(-speed * time, 0.0))


def _streak(alpha: Pixels) -> tuple[float, float]:
    """The direction (right, down) of length 1 in which the lines of a picture run, downwards."""
    right = cv2.Sobel(alpha, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(alpha, cv2.CV_32F, 0, 1)
    cross = float((right * down).mean())
    spread = np.array([[float((right**2).mean()), cross], [cross, float((down**2).mean())]])
    x, y = np.linalg.eigh(spread)[1][:, 0]
    return (float(-x), float(-y)) if y < 0 else (float(x), float(y))


# --- weather that the panel does not draw ----------------------------------------------

_WORDS: dict[Weather, str] = {
    "snow": r"snow|blizzard|sleet|雪",
    "rain": r"rain|drizzle|downpour|\bshower|storm|雨",
    "fog": r"\bfog|\bmist|\bhaz[ey]\b|smog|雾|霧|霾",
}
_OVER = (
    r"\b(after|before|no|without)\s+(the\s+|a\s+)?\w+|\w+\s+(has\s+|have\s+)?"
    r"(stop|end|clear|lift|pass)\w*|[雨雪雾霧](后|後|停|散|过|過)|无[雨雪雾]"
)


def weather_of(panel: Panel) -> Weather | None:
    """What the shot's weather sends through the air; nothing indoors, or when it is over."""
    if re.match(r"\s*(INT\b|内景|室内)", panel.heading, re.IGNORECASE):
        return None
    words = re.sub(_OVER, " ", panel.weather.lower())
    return next((kind for kind, pattern in _WORDS.items() if re.search(pattern, words)), None)


def veil(weather: Weather, region: Rect, frame_height: int, depth: float, seed: int) -> Cel:
    """A cel of rain, snow or fog over all of `region` (frame coordinates)."""
    rng = np.random.default_rng([seed, 2])
    coarse = 4 if weather == "fog" else 1
    size = math.ceil(region.width / coarse) + 1, math.ceil(region.height / coarse) + 1
    if weather == "fog":
        alpha, colour = _mist(size, rng), (214, 219, 224)
    else:
        alpha, colour = _specks(weather, size, frame_height, rng), (226, 232, 240)
    light = np.array([*colour, 255], np.float32) / 255
    pixels = (alpha[:, :, None] * light * 255).astype(np.uint8)
    place = np.array(
        [[coarse, 0, math.floor(region.left)], [0, coarse, math.floor(region.top)], [0, 0, 1.0]]
    )
    return Cel(pixels, place, depth, weather, f"veil of {weather}")


def _specks(
    weather: Weather, size: tuple[int, int], frame_height: int, rng: np.random.Generator
) -> npt.NDArray[np.floating[Any]]:
    """Streaks or flakes, 0 to 1, small and faint ones the most; the picture tiles."""
    width, height = size
    veil: npt.NDArray[Any] = np.zeros((height, width), np.uint8)
    unit = frame_height / 720
    for x, y, near in rng.uniform(0, 1, (700 if weather == "rain" else 420, 3)):
        near = near**2.5
        strength = int(60 + 90 * near) if weather == "rain" else int(120 + 110 * near)
        for left in (x * width, (x - 1) * width, (x + 1) * width):
            for top in (y * height, (y - 1) * height):
                start = round(16 * left), round(16 * top)
                if weather == "rain":
                    length = (34 + 60 * near) * unit
                    end = round(16 * (left - 0.13 * length)), round(16 * (top + length))
                    thick = max(1, round((1 + 1.2 * near) * unit))
                    cv2.line(veil, start, end, strength, thick, cv2.LINE_AA, 4)
                else:
                    radius = round(16 * (1.2 + 3.6 * near) * unit)
                    cv2.circle(veil, start, radius, strength, -1, cv2.LINE_AA, 4)
    if weather == "snow":
        veil = cv2.GaussianBlur(veil, (0, 0), max(0.6, 0.9 * unit))
    return veil.astype(np.float32) / 255


def _mist(size: tuple[int, int], rng: np.random.Generator) -> npt.NDArray[np.floating[Any]]:
    """Soft banks, 0 to 0.5, thicker towards the ground."""
    width, height = size
    x = np.linspace(0, 2 * math.pi, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 2 * math.pi, height, dtype=np.float32)[:, None]
    banks = np.zeros((height, width), np.float32)
    for wide in (1, 2, 3, 5):
        for high in (1, 3, 6):
            phase = rng.uniform(0, 2 * math.pi, 2)
            banks += np.cos(wide * x + phase[0]) * np.cos(high * y / 2 + phase[1]) / (wide + high)
    ground = np.linspace(0.1, 0.32, height, dtype=np.float32)[:, None]
    return np.clip(ground + 0.1 * banks, 0, 0.5)
