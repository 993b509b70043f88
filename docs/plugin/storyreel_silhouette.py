"""A painter for Storyreel: every shot as a paper silhouette before a coloured sky.

It reads the shot's fields (size, time of day, weather, who stands where) and leaves
the prompt alone. Equal requests give equal pictures: all chance comes from the seed.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from studio.engines.base import Rendered, Report
from studio.engines.requests import Figure, PaintRequest, Panel
from studio.errors import StudioError

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

FINER = 2  # drawn so many times larger, then scaled down: smooth edges

SKIES: dict[str, tuple[Colour, Colour, Colour]] = {  # top, horizon, sun or moon
    "dawn": ((118, 132, 171), (247, 199, 168), (255, 240, 214)),
    "day": ((112, 165, 194), (236, 228, 202), (255, 250, 230)),
    "dusk": ((62, 50, 92), (233, 132, 84), (255, 217, 150)),
    "night": ((12, 19, 42), (52, 79, 112), (232, 236, 224)),
}
HEIGHTS = {"ELS": 0.16, "LS": 0.42, "MLS": 0.8, "MS": 1.15, "MCU": 1.6, "CU": 2.3, "ECU": 3.4}
"""Height of a grown person by shot size, in heights of the frame."""
PLACES = {"left": 0.33, "center": 0.5, "right": 0.67}

# Outlines in heights of a person, from the feet upward, facing right.
FACE = [(-0.03, 0.8), (-0.03, 0.86), (-0.062, 0.9), (-0.062, 1.01), (0.062, 1.01)]
FACE += [(0.062, 0.9), (0.03, 0.86), (0.03, 0.8)]
PROFILE = [(-0.035, 0.8), (-0.035, 0.87), (-0.07, 0.92), (-0.06, 1.01), (0.045, 1.01)]
PROFILE += [(0.05, 0.945), (0.052, 0.94), (0.075, 0.915), (0.05, 0.908), (0.056, 0.89)]
PROFILE += [(0.045, 0.86), (0.028, 0.86), (0.025, 0.8)]
LEGS = [(-0.07, 0.5), (-0.065, 0.0), (-0.02, 0.0), (0.0, 0.4)]
LEGS += [(0.02, 0.0), (0.085, 0.0), (0.07, 0.5)]
SHOULDERS = [(0.03, 0.84), (0.12, 0.81), (0.14, 0.6)]
COATS = [
    [(-x, y) for x, y in SHOULDERS] + [(-low, hem), (low, hem)] + SHOULDERS[::-1]
    for low, hem in ((0.2, 0.2), (0.15, 0.36), (0.11, 0.44))
]
"""A cloak, a coat and a jacket; which of them somebody wears follows from their id."""


class SilhouetteSettings(BaseModel):
    """`ink`: the colour of the paper that is nearest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ink: str = Field(default="#14121f", pattern=r"^#[0-9a-fA-F]{6}$")


class Silhouette:
    """Paints with Pillow: sky, sun or moon, three hills, the people, the weather."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "silhouette: paper cut-outs drawn by rule, no model"
    embedded: ClassVar[bool] = True
    composes: ClassVar[bool] = True
    Settings: ClassVar[type[BaseModel]] = SilhouetteSettings

    def __init__(self, settings: SilhouetteSettings) -> None:
        self.ink = _colour(settings.ink)

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        """Writes keyframe.png of the asked size into `folder`."""
        from PIL import Image, ImageDraw

        panel = request.panel
        if panel is None:
            raise StudioError(f"{request.shot}: silhouette draws from a shot's fields")
        width, height = (side * FINER for side in request.size)
        time = next((name for name in SKIES if name in panel.time.lower()), "dusk")
        picture = _sky(time, width, height, request.seed)
        draw = ImageDraw.Draw(picture)
        for layer in range(3):
            haze = _mix(SKIES[time][1], self.ink, (0.35, 0.65, 1.0)[layer])
            draw.polygon(_hill(layer, width, height, request.seed), fill=haze)
            report(layer + 1, 4)
        rim = _mix(SKIES[time][2], self.ink, 0.3)
        for index, figure in enumerate(panel.figures):
            x = _place(figure, index, len(panel.figures)) * width
            _person(draw, figure, panel, (x, float(height)), rim, self.ink)
        _weather(draw, panel.weather.lower(), width, height, request.seed)
        file = folder / "keyframe.png"
        picture.resize(request.size, Image.Resampling.LANCZOS).save(file)
        report(4, 4)
        return Rendered({".png": file}, {"figures": len(panel.figures)})


# --- what is drawn, from back to front -------------------------------------------------


def _sky(time: str, width: int, height: int, seed: int) -> Image.Image:
    from PIL import Image, ImageDraw

    top, horizon, disc = SKIES[time]
    column = Image.new("RGB", (1, height))
    for row in range(height):
        column.putpixel((0, row), _mix(top, horizon, min(1.0, row / (height * 0.72))))
    picture = column.resize((width, height))
    draw = ImageDraw.Draw(picture)
    if time == "night":
        for star in range(70):
            x, y = _chance(seed, f"x{star}") * width, _chance(seed, f"y{star}") * height * 0.55
            size = FINER * (0.5 + _chance(seed, f"size{star}"))
            draw.ellipse((x - size, y - size, x + size, y + size), fill=_mix(top, disc, 0.7))
    x = width * (0.2 + 0.6 * _chance(seed, "disc"))
    y = height * {"dawn": 0.5, "day": 0.2, "dusk": 0.46, "night": 0.25}[time]
    halo = round(height * 0.9)
    mask = Image.radial_gradient("L").point(lambda far: max(0, 150 - far) ** 2 // 120)
    picture.paste(disc, (round(x) - halo // 2, round(y) - halo // 2), mask.resize((halo, halo)))
    radius = height * 0.075
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=disc)
    return picture


def _hill(layer: int, width: int, height: int, seed: int) -> list[Point]:
    base, swing = (0.6, 0.72, 0.9)[layer], (0.07, 0.06, 0.035)[layer]
    phases = [_chance(seed, f"hill{layer}{wave}") * math.tau for wave in range(3)]
    outline = []
    for step in range(161):
        along = step / 160
        waves = (math.sin(along * (2.1, 4.7, 9.3)[n] + phases[n]) / (n + 1) for n in range(3))
        outline.append((along * width, height * (base + swing * sum(waves))))
    return [(0.0, float(height)), *outline, (float(width), float(height))]


def _person(
    draw: ImageDraw.ImageDraw,
    figure: Figure,
    panel: Panel,
    ground: Point,
    rim: Colour,
    ink: Colour,
) -> None:
    x, frame = ground
    child = any(word in figure.looks for word in ("boy", "girl", "child"))
    tall = HEIGHTS[panel.size] * (0.72 if child else 1.0) * frame
    feet = frame * 0.28 + tall if HEIGHTS[panel.size] > 1 else frame * 0.94
    head = PROFILE if figure.facing in ("left", "right") else FACE
    facing = -1 if figure.facing == "left" else 1
    coat = COATS[int(_chance(0, figure.id) * len(COATS))]
    for colour, shift in ((rim, 0.006 * tall), (ink, 0.0)):
        for shape in (coat, LEGS, head):
            points = [
                (x + facing * dx * tall - shift, feet - dy * tall) for dx, dy in _rounded(shape)
            ]
            draw.polygon(points, fill=colour)


def _rounded(shape: list[Point]) -> list[Point]:
    """A closed outline with its corners cut off, and cut again, until it is a curve."""
    for _ in range(3):
        pairs = zip(shape, [*shape[1:], shape[0]], strict=True)
        shape = [
            (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
            for a, b in pairs
            for share in (0.25, 0.75)
        ]
    return shape


def _weather(draw: ImageDraw.ImageDraw, weather: str, width: int, height: int, seed: int) -> None:
    rain = "rain" in weather and "after" not in weather
    if not (rain or "storm" in weather or "snow" in weather):
        return
    for drop in range(260):
        x, y = _chance(seed, f"dx{drop}") * width * 1.1, _chance(seed, f"dy{drop}") * height
        if "snow" in weather:
            draw.ellipse((x, y, x + 3 * FINER, y + 3 * FINER), fill=(240, 240, 244))
        else:
            draw.line([(x, y), (x - height * 0.015, y + height * 0.05)], (150, 160, 176), FINER)


# --- small arithmetic ------------------------------------------------------------------


def _place(figure: Figure, index: int, people: int) -> float:
    """Where somebody stands, 0 to 1 of the width: where the shot says, else spread out."""
    return PLACES[figure.at] if figure.at else (index + 1) / (people + 1)


def _chance(seed: int, word: str) -> float:
    """A number from 0 to 1 that is always the same for a seed and a word."""
    digest = hashlib.sha256(f"{seed} {word}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32


def _mix(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
