"""Breaking text into lines, in scripts with spaces between words and in those without.

It knows no fonts: how wide a text is, a function says (`columns` counts as a terminal
does, a font measures pixels).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]

_NOT_FIRST = "。，、！？；：·…—～”’）》」』】〉〕%,.!?;:)]}»"
_NOT_LAST = "“‘（《「『【〈〔([{«"


def is_wide(character: str) -> bool:
    """Whether a character takes two columns, as Chinese, Japanese and Korean ones do."""
    return unicodedata.east_asian_width(character) in "WF"


def columns(text: str) -> int:
    """The width of a text in columns; combining marks take none."""
    return sum(1 + is_wide(mark) for mark in text if not unicodedata.combining(mark))


def pieces(text: str) -> Iterator[str]:
    """The text in pieces after each of which a line may end, spaces at a piece's end.

    Between characters without spaces a line neither begins with closing punctuation nor
    ends with opening punctuation.
    """
    start = 0
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        if after.isspace():
            continue
        dash = before in "-–—" and index - start > 1 and after not in _NOT_FIRST
        between = is_wide(before) or is_wide(after)
        if (
            before.isspace()
            or dash
            or (between and after not in _NOT_FIRST and before not in _NOT_LAST)
        ):
            yield text[start:index]
            start = index
    if text[start:]:
        yield text[start:]


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """As few lines of at most `width` as hold the text, about equally long.

    A piece that is wider than `width` by itself is broken anywhere.
    """
    fewest = _fill(text, width, measure)
    low, high = width / max(1, len(fewest)), width
    best = fewest
    for _ in range(12 if len(fewest) > 1 else 0):
        middle = (low + high) / 2
        lines = _fill(text, middle, measure)
        if len(lines) > len(fewest) or max(map(measure, lines)) > middle:
            low = middle
        else:
            best, high = lines, middle
    return best


def _fill(text: str, width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in pieces(" ".join(text.split())):
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        while measure(piece.rstrip()) > width and len(piece) > 1:
            cut = next(n for n in range(len(piece), 0, -1) if n == 1 or measure(piece[:n]) <= width)
            lines.append(piece[:cut])
            piece = piece[cut:]
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines
