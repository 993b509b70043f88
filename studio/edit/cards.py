"""Pictures with words: title and end cards, burnt-in captions, the reel's strip.

Everything is drawn by Pillow at the film's size and given as arrays, uint8: cards and
strips as RGB, height x width x 3, captions as RGBA, height x width x 4. Lines run as their
script does, from right to left where it is Hebrew or Arabic. Characters that no font of the
book has are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont, features

from studio.edit.directions import stretches
from studio.edit.fonts import FontBook, Style
from studio.edit.lines import wrap
from studio.ffmpeg import Frame
from studio.schema.time import Rate

REVISION = 2
"""Raised by hand when the same words give another picture."""

_INK = (13, 15, 19)
_PAPER = (238, 232, 220)
_MUTED = (160, 158, 150)
_ACCENT = (190, 142, 74)
_SAFE = 0.8
"""The share of the width that words may take."""


@dataclass(frozen=True)
class Card:
    """A card's words: a `heading` in large letters (may be empty) and smaller `lines`."""

    heading: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Pen:
    """A book's fonts in one style at one size."""

    book: FontBook
    style: Style
    size: int

    def width(self, text: str) -> float:
        return sum(
            font.getlength(run, direction=direction) for font, run, direction in self._runs(text)
        )

    def _runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str, str | None]]:
        """What is drawn from left to right: font, text, and the direction that Pillow sets it in
        (None: as the text has it)."""
        for stretch, leftward in stretches(text):
            runs = self.book.runs(stretch, self.style)
            for face, run in reversed(runs) if leftward else runs:
                if _shapes():
                    yield face.at(self.size), run, "rtl" if leftward else None
                else:
                    yield face.at(self.size), _turned(run) if leftward else run, None

    def draw(
        self,
        sheet: ImageDraw.ImageDraw,
        at: tuple[float, float],
        text: str,
        fill: tuple[int, int, int],
        stroke: int = 0,
    ) -> None:
        """Draws a line whose baseline begins at `at`, with a dark outline of `stroke` pixels."""
        x, y = at
        for font, run, direction in self._runs(text):
            sheet.text(
                *((x, y), run, fill, font),
                anchor="ls",
                stroke_width=stroke,
                stroke_fill=(0, 0, 0),
                direction=direction,
            )
            x += font.getlength(run, direction=direction)


@cache
def _shapes() -> bool:
    """Whether Pillow joins letters and turns lines itself; some installations lack that part."""
    return bool(features.check("raqm"))


def _turned(text: str) -> str:
    """A stretch from right to left, for a Pillow that draws only from left to right."""
    pairs = "()[]{}<>«»‹›"
    mirrored = {ord(mark): pairs[at ^ 1] for at, mark in enumerate(pairs)}
    return text.translate(mirrored)[::-1]


def card(card: Card, size: tuple[int, int], book: FontBook) -> Frame:
    """A title or end card of `size` (width, height)."""
    width, height = size
    image = Image.new("RGB", size, _INK)
    sheet = ImageDraw.Draw(image)
    heading, pen = _fitted(card.heading, size, book)
    small = _Pen(book, "text", max(8, round(height * 0.036)))
    lines = [part for line in card.lines for part in wrap(line, width * _SAFE, small.width)]
    steps = [pen.size * 1.3] * len(heading)
    gap = height * 0.085 if heading and lines else 0.0
    total = sum(steps) + gap + small.size * 1.75 * len(lines)
    y = (height - total) / 2
    for line in heading:
        pen.draw(sheet, ((width - pen.width(line)) / 2, y + pen.size), line, _PAPER)
        y += pen.size * 1.3
    if gap:
        half, thick = width * 0.035, max(1, round(height / 360))
        middle = round(y + gap * 0.45)
        sheet.rectangle(
            (width / 2 - half, middle, width / 2 + half, middle + thick - 1), fill=_ACCENT
        )
        y += gap
    for line in lines:
        place = ((width - small.width(line)) / 2, y + small.size * 1.2)
        small.draw(sheet, place, line, _MUTED if heading else _PAPER)
        y += small.size * 1.75
    return np.asarray(image)


def _fitted(text: str, size: tuple[int, int], book: FontBook) -> tuple[list[str], _Pen]:
    """A heading as at most three lines, in the largest letters in which it fits."""
    width, height = size
    for share in (0.115, 0.1, 0.085, 0.07, 0.055, 0.045):
        pen = _Pen(book, "title", max(10, round(height * share)))
        lines = wrap(text, width * _SAFE, pen.width)
        if len(lines) <= (2 if share > 0.07 else 3):
            break
    return lines, pen


def caption(
    lines: Sequence[str], size: tuple[int, int], book: FontBook
) -> tuple[Frame, tuple[int, int]]:
    """A burnt-in caption for frames of `size`: the RGBA picture and its corner (x, y). What the
    smallest letters leave too wide for the frame is broken into more lines."""
    width, height = size
    pen = _Pen(book, "text", max(8, round(height * 0.048)))
    while max(map(pen.width, lines)) > width * 0.9 and pen.size > 8:
        pen = _Pen(book, "text", pen.size - 1)
    lines = [part for line in lines for part in wrap(line, width * 0.9, pen.width)]
    stroke = max(1, round(pen.size / 11))
    step = round(pen.size * 1.3)
    wide = round(max(map(pen.width, lines))) + 4 * stroke
    image = Image.new("RGBA", (wide, step * len(lines) + 2 * stroke), (0, 0, 0, 0))
    sheet = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        place = ((wide - pen.width(line)) / 2, stroke + number * step + pen.size)
        pen.draw(sheet, place, line, (255, 255, 255), stroke)
    bottom = round(height * 0.07)
    return np.asarray(image), ((width - wide) // 2, height - bottom - image.height)


# --- the reel's strip ------------------------------------------------------------------


def strip_height(frame_height: int) -> int:
    """How high the strip below a frame of the reel is, in pixels; even."""
    return max(16, round(frame_height * 0.055 / 2) * 2)


class Strip:
    """The strip below the frames of one shot of the reel: shot, what is shown of it, timecode."""

    def __init__(self, shot: str, label: str, size: tuple[int, int], book: FontBook) -> None:
        width, height = size
        self._pen = _Pen(book, "text", max(8, round(height * 0.5)))
        margin, baseline = height * 0.6, height * 0.68
        self._blank = Image.new("RGB", size, _INK)
        sheet = ImageDraw.Draw(self._blank)
        self._pen.draw(sheet, (margin, baseline), shot, _PAPER)
        self._pen.draw(sheet, (width * 0.22, baseline), label, _MUTED)
        self._place = (width - margin - self._pen.width("00:00:00:00"), baseline)

    def at(self, frame: int, rate: Rate) -> Frame:
        """The strip below a frame of the film, RGB."""
        image = self._blank.copy()
        self._pen.draw(ImageDraw.Draw(image), self._place, timecode(frame, rate), _PAPER)
        return np.asarray(image)


def timecode(frame: int, rate: Rate) -> str:
    """The frame's place as hours, minutes, seconds and frames; no number is dropped."""
    seconds, frames = divmod(frame, round(rate.fps))
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{frames:02d}"
