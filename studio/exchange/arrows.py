"""Arrows and lines as a story artist inks them: filled shapes with a white edge, so that they
read on a dark picture and on a light one.

Points are in pixels of the panel, (x, y) from its upper left corner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]

CAMERA: Colour = (214, 43, 32)
"""Of the camera's arrows."""

FIGURE: Colour = (20, 92, 196)
"""Of the figures' arrows."""

EDGE: Colour = (255, 255, 255)
_FINER = 3
"""Shapes are drawn so many times larger and scaled down, for smooth edges."""


@dataclass(frozen=True)
class Shape:
    """A filled outline in one colour."""

    outline: tuple[Point, ...]
    colour: Colour


def curve(start: Point, bend: Point, end: Point) -> list[Point]:
    """A path from `start` to `end`, pulled towards `bend`."""
    steps = 24
    path = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        path.append(
            (a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1])
        )
    return path


def orbit(centre: Point, radii: Point, begin: float, end: float) -> list[Point]:
    """A path along an ellipse, from angle `begin` to `end` in degrees; 90 is below the centre."""
    steps = 40
    angles = [math.radians(begin + (end - begin) * step / steps) for step in range(steps + 1)]
    return [
        (centre[0] + radii[0] * math.cos(a), centre[1] + radii[1] * math.sin(a)) for a in angles
    ]


def arrow(path: Sequence[Point], tail: float, body: float, head: float, colour: Colour) -> Shape:
    """An arrow along a path: its shaft grows from the width `tail` to `body`, and its head is
    `head` wide; all in pixels."""
    lengths = [math.dist(a, b) for a, b in pairwise(path)]
    total = sum(lengths)
    reach = min(head * 0.95, total * 0.6)
    left: list[Point] = []
    right: list[Point] = []
    gone = 0.0
    neck, ahead = path[0], (1.0, 0.0)
    for (a, b), length in zip(pairwise(path), lengths, strict=True):
        ahead = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
        share = gone / total
        half = (tail + (body - tail) * share) / 2
        left.append((a[0] + ahead[1] * half, a[1] - ahead[0] * half))
        right.append((a[0] - ahead[1] * half, a[1] + ahead[0] * half))
        neck = a
        if gone + length >= total - reach:
            over = total - reach - gone
            neck = (a[0] + ahead[0] * over, a[1] + ahead[1] * over)
            break
        gone += length
    tip = path[-1]
    along = math.dist(neck, tip) or 1.0
    ahead = ((tip[0] - neck[0]) / along, (tip[1] - neck[1]) / along)
    for half, (near, far) in ((body / 2, (left, right)), (head / 2, (left, right))):
        near.append((neck[0] + ahead[1] * half, neck[1] - ahead[0] * half))
        far.append((neck[0] - ahead[1] * half, neck[1] + ahead[0] * half))
    return Shape((*left, tip, *reversed(right)), colour)


def line(path: Sequence[Point], width: float, colour: Colour) -> Shape:
    """A line of one width along a path."""
    left: list[Point] = []
    right: list[Point] = []
    for index, (x, y) in enumerate(path):
        before, after = path[max(0, index - 1)], path[min(len(path) - 1, index + 1)]
        length = math.dist(before, after) or 1.0
        across = (
            (after[1] - before[1]) / length * width / 2,
            (before[0] - after[0]) / length * width / 2,
        )
        left.append((x + across[0], y + across[1]))
        right.append((x - across[0], y - across[1]))
    return Shape((*left, *reversed(right)), colour)


def ink(picture: Image.Image, shapes: Sequence[Shape], edge: float) -> None:
    """Draw shapes onto an RGB picture, each with a white edge of `edge` pixels."""
    if not shapes:
        return
    width, height = picture.size
    layer = Image.new("RGBA", (width * _FINER, height * _FINER), (*EDGE, 0))
    sheet = ImageDraw.Draw(layer)
    outlines = [[(x * _FINER, y * _FINER) for x, y in shape.outline] for shape in shapes]
    wide = max(2, round(edge * 2 * _FINER))
    for outline in outlines:
        sheet.polygon(outline, fill=(*EDGE, 255))
        sheet.line([*outline, outline[0], outline[1]], fill=(*EDGE, 255), width=wide, joint="curve")
    for outline, shape in zip(outlines, shapes, strict=True):
        sheet.polygon(outline, fill=(*shape.colour, 255))
    small = layer.reduce(_FINER)
    picture.paste(small.convert("RGB"), (0, 0), small.getchannel("A"))
