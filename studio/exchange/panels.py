"""A storyboard panel: a shot's picture with the arrows of camera and figures over it, its id
and its size in the corners, its movement below.

Takes values: a picture file or none, the shot, the panel's size. A picture that is missing or
does not read gives an empty frame that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from studio.edit.fonts import face_for
from studio.exchange.arrows import CAMERA, Colour, ink
from studio.exchange.marks import camera_marks, figure_marks
from studio.schema.storyboard import Fit, Shot

_BLANK: Colour = (233, 231, 226)
_FAINT: Colour = (150, 146, 138)
_PLATE: Colour = (22, 24, 28)
_PAPER: Colour = (255, 255, 255)
_KEPT: dict[Fit, tuple[float, float]] = {
    "center": (0.5, 0.5),
    "top": (0.5, 0.0),
    "bottom": (0.5, 1.0),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
}


def annotated(
    picture: Path | None,
    shot: Shot,
    size: tuple[int, int],
    names: Mapping[str, str],
    letter: str = "",
) -> Image.Image:
    """The shot's panel, RGB, of `size` (width, height).

    `names` are the cast's by id, for finding who moves. A `letter` (b, c, …) marks a further
    panel of the shot, which a person drew to show what comes next: it gets no arrows.
    """
    panel = filled(picture, size, shot.fit)
    if not letter:
        shapes = [*camera_marks(shot.movement, size), *figure_marks(shot, names, size)]
        ink(panel, shapes, edge=max(1.0, (size[0] * size[1]) ** 0.5 / 260))
    height = max(9, round(min(size[1] * 0.052, size[0] * 0.05)))
    _tag(panel, f"{shot.id} · {letter}" if letter else shot.id, height, _PLATE)
    _tag(panel, shot.size, height, _PLATE, right=True)
    if shot.movement != "static" and not letter:
        _tag(panel, shot.movement.upper(), height, CAMERA, low=True)
    return panel


def filled(picture: Path | None, size: tuple[int, int], fit: Fit = "center") -> Image.Image:
    """A picture scaled and cropped to fill `size`, RGB; an empty frame that says so where there
    is none, or where the file does not read."""
    if picture is None:
        return _empty(size, "no picture yet")
    try:
        with Image.open(picture) as opened:
            opened.draft("RGB", size)
            ImageOps.exif_transpose(opened, in_place=True)
            whole = _opaque(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return _empty(size, f"{picture.name} does not read")
    scale = min(whole.width / size[0], whole.height / size[1])
    wide, high = min(size[0] * scale, whole.width), min(size[1] * scale, whole.height)
    left, top = (whole.width - wide) * _KEPT[fit][0], (whole.height - high) * _KEPT[fit][1]
    box = (left, top, min(whole.width, left + wide), min(whole.height, top + high))
    return whole.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3)


def _opaque(picture: Image.Image) -> Image.Image:
    """A picture as RGB, on paper where it is transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, (*_PAPER, 255))
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")


def _empty(size: tuple[int, int], words: str) -> Image.Image:
    """A light frame with a cross and words in its middle."""
    width, height = size
    panel = Image.new("RGB", size, _BLANK)
    sheet = ImageDraw.Draw(panel)
    thin = max(1, round(height / 300))
    for ends in ((0, 0, width, height), (0, height, width, 0)):
        sheet.line(ends, fill=tuple(part - 14 for part in _BLANK), width=thin)
    font = next(iter(face_for("").runs("x")))[0].at(
        max(9, round(min(height * 0.075, width * 0.06)))
    )
    left, top, right, bottom = sheet.textbbox(
        (width / 2, height / 2), words, font=font, anchor="mm"
    )
    pad = font.size * 0.5
    sheet.rectangle((left - pad, top - pad, right + pad, bottom + pad), fill=_BLANK)
    sheet.text((width / 2, height / 2), words, fill=_FAINT, font=font, anchor="mm")
    return panel


def _tag(
    panel: Image.Image,
    words: str,
    height: int,
    plate: Colour,
    *,
    right: bool = False,
    low: bool = False,
) -> None:
    """Words on a small plate in a corner of the panel."""
    sheet = ImageDraw.Draw(panel)
    font = next(iter(face_for("").runs("x")))[0].at(height)
    pad = round(height * 0.38)
    wide, tall = round(font.getlength(words)) + 2 * pad, round(height * 1.45)
    x = panel.width - wide if right else 0
    y = panel.height - tall if low else 0
    sheet.rectangle((x, y, x + wide - 1, y + tall - 1), fill=plate)
    sheet.text((x + wide / 2, y + tall / 2), words, fill=_PAPER, font=font, anchor="mm")
