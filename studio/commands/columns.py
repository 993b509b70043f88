"""Lists in columns, of thousands of rows: rich's own tables measure and wrap every cell, which
takes longer than everything that a long film's `status` has to read."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

LEAST = 20
"""Cells that the last column keeps on a narrow screen."""


def columns(
    headings: Sequence[str], rows: Sequence[Sequence[str]], styles: dict[str, str], width: int
) -> Text:
    """Rows under their headings, one a line: each column as wide as its widest cell, the last
    cut to what is left of the screen's `width`. `styles` are those of cells' first words."""
    lines = [headings, *rows]
    wide = [max(map(cell_len, column)) + 2 for column in zip(*lines, strict=True)][:-1]
    left = max(LEAST, width - sum(wide))
    whole = Text()
    for line in lines:
        for cell, room in zip(line, wide, strict=False):
            word = cell.partition(" ")[0]
            style = "bold" if line is headings else styles.get(word)
            whole.append(word, style).append(set_cell_size(cell, room)[len(word) :])
        last = line[-1]
        shown = last
        if cell_len(last) > left:
            shown = last[: left - 1] if last.isascii() else set_cell_size(last, left - 1)
            shown += "…"
        whole.append(shown, "bold" if line is headings else None).append("\n")
    return whole
