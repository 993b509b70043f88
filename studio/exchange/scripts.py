"""A line of text as it is set: stretches of one font and one direction, from left to right.

Hebrew and Arabic run from right to left, numbers and names in other scripts inside them from
left to right, as Unicode's bidirectional algorithm says. Characters that no font has become a
mark that shows where they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from unicodedata import bidirectional

from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection

from studio.edit.fonts import Face, FontBook, Style

NO_GLYPH = "\ufffd"
"""Stands for a character that no font draws."""


_LEFTWARD = ("R", "AL", "AN", "RLE", "RLO", "RLI")
"""Classes of characters that make a line run both ways."""


@dataclass(frozen=True)
class Run:
    """A stretch of a line: its text in the order in which it is read, and how it is set."""

    face: Face
    text: str
    leftward: bool


def leftward(text: str) -> bool:
    """Whether a paragraph runs from right to left."""
    return auto_detect_base_direction(text) == TextDirection.RTL


def shown(text: str, book: FontBook) -> str:
    """The text with a mark for each character that no font of the book draws."""
    return text.translate({ord(character): NO_GLYPH for character in book.missing})


def visual_runs(
    line: str, book: FontBook, style: Style = "text", *, from_right: bool = False
) -> list[Run]:
    """The runs of a line from left to right; `from_right` is the direction of its paragraph."""
    line = shown(line, book)
    if not from_right and not any(bidirectional(mark) in _LEFTWARD for mark in line):
        return [Run(face, text, leftward=False) for face, text in book.runs(line, style)]
    paragraph = BidiParagraph(
        line, TextDirection.RTL if from_right else TextDirection.LTR, preserve_bn_chars=True
    )
    levels = [
        (character.embedding_level, character.character)
        for character in paragraph.get_characters_with_embedding_level()
    ]
    runs: list[tuple[int, Run]] = []
    for level, characters in groupby(levels, key=lambda each: each[0]):
        text = "".join(character for _, character in characters)
        odd = bool(level % 2)
        runs += [(level, Run(face, part, odd)) for face, part in book.runs(text, style)]
    return _reordered(runs)


def _reordered(runs: Sequence[tuple[int, Run]]) -> list[Run]:
    """Runs in reading order with their levels, put in the order in which they lie on the line:
    from the highest level down to the lowest odd one every stretch at or above it is reversed."""
    placed = list(runs)
    odd = [level for level, _ in placed if level % 2]
    for level in range(max((level for level, _ in placed), default=0), min(odd, default=1) - 1, -1):
        turned: list[tuple[int, Run]] = []
        for above, group in groupby(placed, key=lambda each, level=level: each[0] >= level):  # type: ignore[misc]
            stretch = list(group)
            turned += reversed(stretch) if above else stretch
        placed = turned
    return [run for _, run in placed]
