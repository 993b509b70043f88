"""A panel's layers as cels: how deep they lie, how far they are drawn, and their pixels.

A coarse look at every part comes first; it tells which pieces of the frame a part covers,
so that only those are drawn in full.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any
from xml.etree import ElementTree

import cv2
import numpy as np
import numpy.typing as npt
import resvg_py

from studio.engines.pan.camera import moved
from studio.engines.pan.cel import Cel, Pixels
from studio.engines.pan.framing import Rect
from studio.engines.pan.tree import Layer, Part, Tree
from studio.errors import RenderFailed

DEPTHS: dict[Layer, float] = {"back": 3.5, "middle": 1.0, "front": 0.65}
"""How far each layer is from the camera, in distances of the middle, where people stand."""

_REACH = 0.03
"""How far beyond what is seen a thing that moves by itself is kept, in frame widths."""

_GRID = (160, 90)
_GRID_BEYOND = (32, 18)
"""The coarse look: columns and rows in the frame, and beyond it on each side."""

_AGAIN = "paint the keyframe again, or mend the file"


class Drawing:
    """An SVG with layers, framed to fill `size` (width, height), never stretched.

    Raises RenderFailed for what is no SVG, or has none of the layers.
    """

    def __init__(self, svg: bytes, size: tuple[int, int], name: str) -> None:
        self.size, self._name = size, name
        try:
            self._tree = Tree(svg)
            left, top, width, height = self._tree.view_box
        except (ElementTree.ParseError, ValueError) as error:
            raise RenderFailed(f"{name} is no SVG that reads: {error}", _AGAIN) from error
        self._unit = min(width / size[0], height / size[1])
        self._corner = (
            left + (width - self._unit * size[0]) / 2,
            top + (height - self._unit * size[1]) / 2,
        )
        looks = [(part, self._raster(part, *self._grid)[:, :, 3]) for part in self._tree.parts]
        self._looks = [(part, alpha) for part, alpha in looks if alpha.any()]
        layers = {part.layer for part, _ in self._looks}
        self.depths = tuple(depth for layer, depth in DEPTHS.items() if layer in layers)
        if not self.depths:
            raise RenderFailed(f"{name} shows nothing in groups back, middle and front", _AGAIN)

    @property
    def alive(self) -> bool:
        """Whether anything in it moves by itself."""
        return any(part.kind for part, _ in self._looks)

    @property
    def _grid(self) -> tuple[Rect, tuple[int, int]]:
        """The frame with its surroundings, and the columns and rows of the coarse look at it."""
        (width, height), (columns, rows), (beside, above) = self.size, _GRID, _GRID_BEYOND
        x, y = width * beside / columns, height * above / rows
        return Rect(-x, -y, width + x, height + y), (columns + 2 * beside, rows + 2 * above)

    @cached_property
    def drawn(self) -> Rect:
        """The frame, and as much around it as is drawn without gaps, in frame coordinates."""
        columns, rows = self._grid[1]
        clear = np.ones((rows, columns), np.float32)
        for part, alpha in self._looks:
            if part.layer in DEPTHS:
                clear *= 1 - alpha.astype(np.float32) / 255
        return self._from_grid(*_full_around_frame(clear < 0.02)).grown(-1)

    def cels(self, windows: dict[float, Rect], density: dict[float, float]) -> Iterator[Cel]:
        """The cels, from the back to the front, as far as they are ever seen.

        `windows` is what is seen of each layer (frame coordinates), `density` how many
        pixels a pixel of the frame has there, both by depth.
        """
        for part, alpha in self._looks:
            depth = DEPTHS.get(part.layer)
            sharp = 1.0 if depth is None or part.kind == "rain" else density[depth]
            if depth is None:
                area = Rect.of(self.size)
            elif part.kind:
                area = windows[depth].grown(_REACH * self.size[0])
            else:
                area = windows[depth].grown(2).within(self.drawn.grown(1))
            filled = np.argwhere(alpha)
            (top, left), (bottom, right) = filled.min(axis=0) - 1, filled.max(axis=0) + 2
            rect = self._from_grid(left, top, right, bottom).within(area)
            if not (rect.width and rect.height):
                continue
            x, y = math.floor(rect.left), math.floor(rect.top)
            width, height = (
                math.ceil((rect.right - x) * sharp),
                math.ceil((rect.bottom - y) * sharp),
            )
            place = np.array([[1 / sharp, 0, x], [0, 1 / sharp, y], [0, 0, 1.0]])
            rect = Rect(x, y, x + width / sharp, y + height / sharp)
            pixels = self._raster(part, rect, (width, height))
            cel = Cel(pixels, place, depth, part.kind, part.name)
            yield from _cut(cel) if part.kind in (None, "cloud", "glow") else (cel,)

    def _from_grid(self, left: float, top: float, right: float, bottom: float) -> Rect:
        rect, (columns, rows) = self._grid
        x, y = rect.width / columns, rect.height / rows
        return Rect(
            rect.left + left * x, rect.top + top * y, rect.left + right * x, rect.top + bottom * y
        )

    def _raster(self, part: Part, rect: Rect, size: tuple[int, int]) -> Pixels:
        """The pixels of a part within `rect` (frame coordinates), `size` wide and high."""
        left, top = (
            corner + self._unit * edge
            for corner, edge in zip(self._corner, (rect.left, rect.top), strict=True)
        )
        width, height = self._unit * rect.width, self._unit * rect.height
        source = self._tree.source(
            part,
            {
                "width": str(size[0]),
                "height": str(size[1]),
                "viewBox": f"{left:.6f} {top:.6f} {width:.6f} {height:.6f}",
                "preserveAspectRatio": "none",
            },
        )
        try:
            return _lens_pixels(source) if part.layer == "finish" else _pixels(source)
        except ValueError as error:
            raise RenderFailed(f"{self._name} does not draw: {error}", _AGAIN) from error


def _pixels(source: str) -> Pixels:
    """An SVG's pixels. Fonts of the machine are left out: they would differ elsewhere."""
    png = resvg_py.svg_to_bytes(svg_string=source, skip_system_fonts=True)
    straight: npt.NDArray[Any] | None
    straight = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert straight is not None  # noqa: S101 - resvg has just written it
    straight = cv2.cvtColor(straight, cv2.COLOR_BGRA2RGBA)
    alpha = cv2.extractChannel(straight, 3)
    cover = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return cv2.multiply(straight, cover, scale=1 / 255)


def _cut(cel: Cel) -> Iterator[Cel]:
    """The pieces of a cel between which nothing is drawn: a few small sheets are laid quicker
    than a large and empty one."""
    drawn = cel.pixels[:, :, 3] > 0
    for top, bottom in _runs(np.any(drawn, axis=1)):
        for left, right in _runs(np.any(drawn[top:bottom], axis=0)):
            pixels = np.ascontiguousarray(cel.pixels[top:bottom, left:right])
            yield replace(cel, pixels=pixels, place=cel.place @ moved(left, top))


_GAP = 24
"""Fewer empty rows or columns than this are not worth a cut."""


def _runs(filled: npt.NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Where the filled runs begin and end, with one more on either side where there is one."""
    places = np.flatnonzero(filled)
    if not len(places):
        return
    breaks = np.flatnonzero(np.diff(places) > _GAP)
    firsts, lasts = places[np.r_[0, breaks + 1]], places[np.r_[breaks, -1]]
    for first, last in zip(firsts, lasts, strict=True):
        yield max(0, int(first) - 1), min(len(filled), int(last) + 2)


_lens_pixels = lru_cache(maxsize=2)(_pixels)
"""What lies on the lens is mostly the same in every shot, and slow to draw."""


def _full_around_frame(full: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """The largest box around the frame that is full, as left, top, right, bottom on the grid."""
    rows, columns = full.shape
    left, top = _GRID_BEYOND
    right, bottom = left + _GRID[0], top + _GRID[1]
    before = None
    while before != (left, top, right, bottom):
        before = left, top, right, bottom
        if left > 0 and full[top:bottom, left - 1].all():
            left -= 1
        if right < columns and full[top:bottom, right].all():
            right += 1
        if top > 0 and full[top - 1, left:right].all():
            top -= 1
        if bottom < rows and full[bottom, left:right].all():
            bottom += 1
    return left, top, right, bottom
