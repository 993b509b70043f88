"""The pictures that a keyframe is painted from: the one that it begins with, and those of the
people in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engines.base import NoSettings, unheard
from studio.engines.requests import File, PaintRequest
from studio.errors import RenderFailed

if TYPE_CHECKING:
    from PIL.Image import Image

Size = tuple[int, int]

SMALLEST = 64
"""Pixels of the shorter side of a reference picture: of less no model makes out anybody."""

LARGEST = 1024 * 1024
"""Pixels of a reference picture, as Flux was trained."""

KONTEXT_SIZES: tuple[Size, ...] = (
    (672, 1568),
    (688, 1504),
    (720, 1456),
    (752, 1392),
    (800, 1328),
    (832, 1248),
    (880, 1184),
    (944, 1104),
    (1024, 1024),
    (1104, 944),
    (1184, 880),
    (1248, 832),
    (1328, 800),
    (1392, 752),
    (1456, 720),
    (1504, 688),
    (1568, 672),
)
"""Pictures that Kontext was trained with: `PREFERRED_KONTEXT_RESOLUTIONS` of diffusers 0.42."""


def sketched(request: PaintRequest, size: Size, folder: Path) -> Image:
    """The embedded painter's panel of the shot, at `size`. Raises RenderFailed without the shot's
    fields."""
    from PIL import Image

    from studio.engines.sketch import Sketch

    folder.mkdir()
    asked = PaintRequest(
        request.shot, request.prompt, request.avoid, size, request.seed, request.panel
    )
    panel = Sketch(NoSettings()).paint(asked, folder, unheard)
    return Image.open(panel.files[".png"]).convert("RGB")


def drawn(request: PaintRequest, size: Size) -> Image:
    """A person's own picture of the shot, cropped to `size`. Raises RenderFailed where it does not
    open."""
    from studio.engines.board.picture import fitted

    picture, _ = fitted(request.pictures[0], size, request.fit)
    return picture


def side_by_side(references: tuple[File, ...]) -> Image:
    """Pictures of people in a row, all equally high, as one picture of a size that Kontext knows.
    Raises RenderFailed where one does not open or is too small."""
    from PIL import Image, ImageOps

    height = 1024
    row = [_scaled(file, lambda w, h: (round(w * height / h), height)) for file in references]
    whole = Image.new("RGB", (sum(one.width for one in row), height))
    left = 0
    for one in row:
        whole.paste(one, (left, 0))
        left += one.width
    shape = whole.width / whole.height
    size = min(KONTEXT_SIZES, key=lambda known: abs(shape - known[0] / known[1]))
    return ImageOps.fit(whole, size, Image.Resampling.LANCZOS)


def each(references: tuple[File, ...]) -> list[Image]:
    """Pictures of people, none larger than the model was trained with, in multiples of 16. Raises
    RenderFailed where one does not open or is too small."""

    def bounded(width: int, height: int) -> Size:
        scale = min(1.0, (LARGEST / (width * height)) ** 0.5)
        return max(16, int(width * scale) // 16 * 16), max(16, int(height * scale) // 16 * 16)

    return [_scaled(file, bounded) for file in references]


def _scaled(file: File, size: Callable[[int, int], Size]) -> Image:
    """A picture at the size that `size` makes of its own width and height."""
    from studio.engines.board.picture import fitted

    _, facts = fitted(file, (SMALLEST, SMALLEST), "center")
    width, height = (int(side) for side in facts["size"].split("x"))
    if min(width, height) < SMALLEST:
        raise RenderFailed(
            f"{file.path.name} is {width}x{height} pixels: too small to paint somebody from",
            f"{SMALLEST} pixels a side are the least, 512 are good",
        )
    return fitted(file, size(width, height), "center")[0]
