"""Small panels and pictures, how to ask for clips of them, and how to measure those."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.engines.base import NoSettings
from studio.engines.pan import Pan
from studio.engines.pan.scene import set_scene
from studio.engines.requests import AnimateRequest, File, Panel
from studio.schema.storyboard import Movement

Frame = npt.NDArray[Any]

WIDTH, HEIGHT = SIZE = (192, 108)
MOVEMENTS: tuple[Movement, ...] = get_args(Movement)

PANEL = Panel(
    size="MS",
    framing="single",
    angle="eye",
    heading="EXT. SHORE - DAY",
    place_id="shore",
    place="a shore",
    time="day",
    weather="",
    action="",
    look="",
)


def everywhere(colour: str, beyond: float = 0.15) -> str:
    """A rectangle over the frame and a part of it beyond, on every side."""
    return (
        f'<rect x="{-beyond * WIDTH}" y="{-beyond * HEIGHT}" width="{(1 + 2 * beyond) * WIDTH}" '
        f'height="{(1 + 2 * beyond) * HEIGHT}" fill="{colour}"/>'
    )


def person(x: float, y: float, wide: float, tall: float, who: str = "mara") -> str:
    """A white figure, in pixels."""
    body = f'<rect x="{x}" y="{y}" width="{wide}" height="{tall}" fill="#fff"/>'
    return f'<g class="figure" data-who="{who}">{body}</g>'


def disc(x: float, y: float, colour: str, more: str = "") -> str:
    return f'<circle cx="{x * WIDTH}" cy="{y * HEIGHT}" r="9" fill="{colour}" {more}/>'


GROUND = everywhere("#404040")
BACK = GROUND + disc(0.35, 0.4, "#f00")
MIDDLE = disc(0.5, 0.5, "#0f0")
FRONT = disc(0.65, 0.6, "#00f")


def drawing(
    folder: Path, back: str = BACK, middle: str = MIDDLE, front: str = FRONT, rest: str = ""
) -> File:
    path = folder / "panel.svg"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><g id="back">{back}</g><g id="middle">{middle}</g>'
        f'<g id="front">{front}</g>{rest}</svg>',
        encoding="utf-8",
    )
    return File(path, "0")


def photo(folder: Path, image: Image.Image, name: str = "photo.png") -> File:
    path = folder / name
    image.save(path)
    return File(path, "0")


def asked(picture: File, movement: Movement = "static", **changes: Any) -> AnimateRequest:
    """A clip of 4.5 seconds, in 18 frames."""
    layers = picture if picture.path.suffix == ".svg" else None
    request = AnimateRequest(
        shot="sc010_sh010",
        prompt="",
        avoid="",
        keyframe=picture,
        layers=layers,
        movement=movement,
        size=SIZE,
        rate=Fraction(4),
        frames=18,
        seed=7,
        panel=PANEL,
    )
    return replace(request, **changes)


def film(request: AnimateRequest) -> list[Frame]:
    """The frames before they are encoded."""
    scene = set_scene(request)
    return [scene.frame(number) for number in range(request.frames)]


def render(request: AnimateRequest, folder: Path) -> Path:
    pan = Pan(NoSettings())
    return pan.animate(request, folder, lambda *_: None).files[".mp4"]


def spot(frame: Frame, channel: int) -> tuple[float, float, float]:
    """Centre (x, y) in pixels and area of what is red, green or blue."""
    others = [frame[:, :, other].astype(float) for other in range(3) if other != channel]
    weight = np.clip(frame[:, :, channel].astype(float) - np.maximum(*others), 0, 255) / 255
    rows, columns = np.mgrid[: frame.shape[0], : frame.shape[1]]
    area = weight.sum()
    return (weight * columns).sum() / area, (weight * rows).sum() / area, area


def travel(frames: list[Frame]) -> list[tuple[float, float, float]]:
    """Of back, middle and front: the way right and down in pixels, and the growth of length."""
    ways = []
    for channel in range(3):
        (x, y, area), (last_x, last_y, last_area) = (
            spot(frame, channel) for frame in (frames[0], frames[-1])
        )
        ways.append((last_x - x, last_y - y, (last_area / area) ** 0.5))
    return ways


def difference(one: Frame, other: Frame) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def raining(weather: str, heading: str = "EXT. SHORE - DAY") -> Panel:
    return replace(PANEL, weather=weather, heading=heading)
