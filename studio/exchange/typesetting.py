"""Setting text on a PDF's pages: real, selectable text in any script that a font here draws.

All lengths are in millimetres, sizes of type in points. Lines are broken and measured before
they are set, so that a page is laid out knowing what fits.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.errors import FPDFException
from fpdf.fonts import TTFFont

from studio.edit.fonts import Face, FontBook, Style
from studio.edit.lines import pieces
from studio.errors import StudioError
from studio.exchange.arrows import Colour
from studio.exchange.scripts import leftward, visual_runs

POINT = 25.4 / 72
"""A point in millimetres."""


@dataclass(frozen=True)
class Line:
    """A set line: its text, and whether its paragraph runs from right to left."""

    text: str
    from_right: bool = False


class Typesetter:
    """Measures, breaks and sets text in the fonts of a book. A context: the fonts' files are
    open until it ends, which is after the PDF was put out."""

    def __init__(self, pdf: FPDF, book: FontBook) -> None:
        self._pdf = pdf
        self._book = book
        self._families: dict[Face, str] = {}
        self.width = lru_cache(maxsize=100_000)(self._width)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _width(self, text: str, size: float, style: Style = "text") -> float:
        """How wide a text is in one line."""
        runs = visual_runs(text, self._book, style, from_right=leftward(text))
        return sum(self._measured(run.face, run.text, size, run.leftward) for run in runs)

    def lines(self, text: str, width: float, size: float, lead: str = "") -> list[Line]:
        """A text as lines of at most `width`, each as full as it gets; newlines are kept. The
        text, not what leads into it, says whether it runs from right to left."""
        lines: list[Line] = []
        for paragraph in text.splitlines() or [""]:
            from_right = leftward(paragraph)
            words = " ".join(f"{lead}{paragraph}".split())
            lines += [Line(line, from_right) for line in self._filled(words, width, size)]
            lead = ""
        return lines

    def shortened(self, line: Line, width: float, size: float) -> Line:
        """As much of a line's beginning as leaves room for an ellipsis after it."""
        text = line.text
        while text and self.width(f"{text} …", size) > width:
            text = text[:-1]
        return Line(f"{text.rstrip()} …", line.from_right)

    def _filled(self, text: str, width: float, size: float) -> list[str]:
        lines: list[str] = []
        line, used = "", 0.0
        for piece in pieces(text):
            if line and used + self.width(piece.rstrip(), size) > width:
                lines.append(line.rstrip())
                line, used = "", 0.0
            while self.width(piece.rstrip(), size) > width and len(piece) > 1:
                fits = self._breaks(piece, width, size)
                lines.append(piece[:fits])
                piece = piece[fits:]
            line += piece
            used += self.width(piece, size)
        return [*lines, line.rstrip()] if line.strip() else lines

    def _breaks(self, piece: str, width: float, size: float) -> int:
        """Where a piece that is too wide is broken: before no mark that belongs to a letter."""
        fits = next(
            (n for n in range(2, len(piece)) if self.width(piece[:n], size) > width), len(piece)
        )
        at = fits - 1
        while at > 1 and unicodedata.category(piece[at]) in ("Mn", "Mc", "Me", "Cf"):
            at -= 1
        return at

    def set(
        self,
        line: Line,
        x: float,
        baseline: float,
        size: float,
        colour: Colour,
        *,
        style: Style = "text",
        width: float = 0,
    ) -> None:
        """Set a line from `x` on; one that runs from right to left ends at x + width."""
        runs = visual_runs(line.text, self._book, style, from_right=line.from_right)
        measured = [self._measured(run.face, run.text, size, run.leftward) for run in runs]
        if line.from_right:
            x += max(0.0, width - sum(measured))
        self._pdf.set_text_color(*colour)
        for run, wide in zip(runs, measured, strict=True):
            self._choose(run.face, size, run.leftward)
            self._pdf.set_xy(x, baseline - 0.8 * size * POINT)
            self._pdf.cell(wide, size * POINT, run.text)
            x += wide

    def _measured(self, face: Face, text: str, size: float, from_right: bool) -> float:
        self._choose(face, size, from_right)
        font = self._pdf.current_font
        assert isinstance(font, TTFFont)  # noqa: S101 - all fonts come through _choose
        direction = TextDirection.RTL if from_right else TextDirection.LTR
        shaping = {"features": {}, "fragment_direction": direction}
        return font.get_text_width(text, size, shaping)[1] * POINT

    def _choose(self, face: Face, size: float, from_right: bool) -> None:
        pdf = self._pdf
        if face not in self._families:
            family = f"face{len(self._families)}"
            try:
                pdf.add_font(family, fname=face.path, collection_font_number=face.number)
            except (FPDFException, OSError, KeyError, ValueError, AssertionError) as error:
                raise StudioError(
                    f"the font {face.path.name} cannot be put into a PDF: {error}",
                    "install another font for these characters, such as Noto, or remove this one",
                ) from error
            self._families[face] = family
        pdf.set_font(self._families[face], size=size)
        pdf.set_text_shaping(direction="rtl" if from_right else "ltr")
