"""Where everything stands on the sheets of a storyboard: landscape A4, six panels a page, a
scene in rows of its own.

Lengths are in millimetres from the upper left corner of a page, sizes of type in points.
Text that does not fit under its panel in the smallest type ends in "…", and all of it is
laid out on further pages after the panels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from studio.exchange.boards import Boards, BoardShot
from studio.exchange.shot_text import Kind, Paragraph, facts, length, paragraphs
from studio.exchange.typesetting import POINT, Line, Typesetter
from studio.schema.storyboard import Scene

PAGE = (297.0, 210.0)
MARGIN = 10.0
TOP = 17.0
"""Where the first row of a page begins, below the film's title."""

ROWS, COLUMNS = 2, 3
ROW = 91.5
GAP = 9.0
CELL = (PAGE[0] - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
BAND = 5.6
"""Height of a scene's heading; every row has room for one, so that panels stay in line."""

LEADING = 1.3
"""From line to line, as a multiple of the size of type."""

BETWEEN = 0.5
"""From paragraph to paragraph, besides the leading."""

ID_SIZE, FACT_SIZE = 8.4, 6.6
NOTE_SIZE = 8.0
_TEXT_SIZES = (8.0, 7.4, 6.8, 6.2)
_PICTURE_HIGH = 50.0
_INDENT: dict[Kind, float] = {"dialogue": 2.5}


@dataclass(frozen=True)
class Words:
    """Lines of a paragraph, set from `indent` on."""

    kind: Kind
    lines: tuple[Line, ...]
    indent: float = 0


@dataclass(frozen=True)
class Cell:
    """A panel with its words. `letter` marks a further panel of the same shot; `continued` says
    that the words are not all here."""

    board: BoardShot
    picture: Path | None
    letter: str
    title: str
    aside: str
    facts: tuple[Line, ...]
    words: tuple[Words, ...]
    size: float
    continued: bool


@dataclass(frozen=True)
class Row:
    """Up to three panels of one scene; `opens` says that the scene begins here."""

    scene: Scene
    opens: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Note:
    """A line on a page of continued words: its place, size and kind; headings have none."""

    x: float
    baseline: float
    line: Line
    width: float
    kind: Kind | None = None


@dataclass
class Layout:
    """The pages of panels, and the pages of continued words after them. `places` tells on which
    page a shot's words are continued."""

    pages: list[tuple[Row, ...]] = field(default_factory=list)
    notes: list[list[Note]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self.pages) + len(self.notes)


@dataclass(frozen=True)
class Boxes:
    """Where a cell's picture and its text lie, from the cell's upper left corner: (x, y, width,
    height)."""

    picture: tuple[float, float, float, float]
    text: tuple[float, float, float, float]


def boxes(boards: Boards) -> Boxes:
    """The boxes for a film's shape of frame: upright frames have their text at their side."""
    shape = boards.film.frame.width / boards.film.frame.height
    below = BAND + 1.8
    room = ROW - below - 2
    if shape < 1:
        high = min(room, 0.55 * CELL / shape)
        wide = high * shape
        return Boxes((0, below, wide, high), (wide + 3, below, CELL - wide - 3, room))
    wide = min(CELL, _PICTURE_HIGH * shape)
    high = wide / shape
    return Boxes((0, below, wide, high), (0, below + high + 1, CELL, room - high - 1))


def lay_out_sheets(boards: Boards, setter: Typesetter) -> Layout:
    """All pages of a storyboard."""
    layout = Layout()
    rows = list(_rows(boards, setter, boxes(boards)))
    layout.pages = [tuple(rows[n : n + ROWS]) for n in range(0, len(rows), ROWS)] or [()]
    too_long = [
        (cell.title, list(paragraphs(boards, cell.board)))
        for row in rows
        for cell in row.cells
        if cell.continued
    ]
    _lay_out_notes(layout, too_long, setter)
    return layout


def _rows(boards: Boards, setter: Typesetter, box: Boxes) -> Iterator[Row]:
    cells: list[Cell] = []
    opens = True
    for index, board in enumerate(boards.shots):
        after = boards.shots[index + 1] if index + 1 < len(boards.shots) else None
        for cell in _cells(boards, board, setter, box):
            cells.append(cell)
            if len(cells) == COLUMNS:
                yield Row(board.scene, opens, tuple(cells))
                cells, opens = [], False
        if after is None or after.scene.id != board.scene.id:
            if cells:
                yield Row(board.scene, opens, tuple(cells))
            cells, opens = [], True


def _cells(boards: Boards, board: BoardShot, setter: Typesetter, box: Boxes) -> Iterator[Cell]:
    for index, picture in enumerate(board.pictures or (None,)):
        if index == 0:
            yield _first_cell(boards, board, picture, setter, box)
            continue
        letter = chr(ord("a") + index) if index < 26 else str(index + 1)
        begins = Fraction(board.frames * index, len(board.pictures))
        if index <= len(board.shot.panels):
            begins = boards.film.seconds(board.shot.panels[index - 1]) * boards.film.rate.fps
        aside = f"from {boards.seconds(round(begins))}s"
        title = f"{board.shot.id} · {letter}"
        yield Cell(board, picture, letter, title, aside, (), (), _TEXT_SIZES[0], continued=False)


def _first_cell(
    boards: Boards, board: BoardShot, picture: Path | None, setter: Typesetter, box: Boxes
) -> Cell:
    _, _, width, height = box.text
    shown = setter.lines(facts(board), width, FACT_SIZE)
    room = height - (ID_SIZE * LEADING + len(shown) * FACT_SIZE * LEADING) * POINT - 1.6
    told = list(paragraphs(boards, board))
    for size in _TEXT_SIZES:
        words = _set(told, setter, width, size)
        continued = _high(words, size) > room
        if not continued:
            break
    if continued:
        most = int((room - _gaps(words)) / (size * LEADING * POINT)) - 1
        words = _shortened(words, most, setter, width, size)
    return Cell(
        *(board, picture, "", board.shot.id, length(boards, board), tuple(shown)),
        *(tuple(words), size, continued),
    )


def _set(told: Sequence[Paragraph], setter: Typesetter, width: float, size: float) -> list[Words]:
    words = []
    for paragraph in told:
        indent = _INDENT.get(paragraph.kind, 0)
        lines = setter.lines(paragraph.text, width - indent, size, paragraph.lead)
        words.append(Words(paragraph.kind, tuple(lines), indent))
    return words


def _high(words: Sequence[Words], size: float) -> float:
    lines = sum(len(each.lines) for each in words)
    return lines * size * LEADING * POINT + _gaps(words)


def _gaps(words: Sequence[Words]) -> float:
    return max(0, len(words) - 1) * BETWEEN


def _shortened(
    words: Sequence[Words], most: int, setter: Typesetter, width: float, size: float
) -> list[Words]:
    """The first `most` lines, the last of them with an ellipsis at its end."""
    kept: list[Words] = []
    left = max(1, most)
    for each in words:
        lines = each.lines[:left]
        left -= len(lines)
        if lines:
            kept.append(Words(each.kind, lines, each.indent))
    last = kept[-1]
    end = setter.shortened(last.lines[-1], width - last.indent, size)
    return [*kept[:-1], Words(last.kind, (*last.lines[:-1], end), last.indent)]


def _lay_out_notes(
    layout: Layout, entries: Sequence[tuple[str, list[Paragraph]]], setter: Typesetter
) -> None:
    """Continued words in two columns a page."""
    width = (PAGE[0] - 2 * MARGIN - GAP) / 2
    step = NOTE_SIZE * LEADING * POINT
    top, bottom = TOP + 10, TOP + ROWS * ROW
    column, y = 2, 0.0
    for title, told in entries:
        words = _set(told, setter, width, NOTE_SIZE)
        lines: list[tuple[Kind | None, float, Line]] = [(None, 0, Line(title))]
        lines += [(each.kind, each.indent, line) for each in words for line in each.lines]
        for index, (kind, indent, line) in enumerate(lines):
            keep = 2 if index == 0 else 1  # a heading does not stand alone at the foot
            if column == 2 or y + keep * step > bottom:
                column, y = (column + 1 if column < 1 else 0), top
                if column == 0:
                    layout.notes.append([])
            if index == 0:
                layout.places[title] = layout.count
            y += step
            x = MARGIN + column * (width + GAP) + indent
            layout.notes[-1].append(Note(x, y, line, width - indent, kind))
        y += step
