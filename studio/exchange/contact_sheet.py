"""The contact sheet: every shot as a small picture, in order, with its id and length, and each
scene's heading over the row where it begins.

It is at most 4000 pixels wide; many shots give small pictures, so that the sheet stays one that
opens. Pictures are read one after another.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw, features

from studio.edit.fonts import FontBook, Style, face_for
from studio.exchange.arrows import Colour
from studio.exchange.boards import Boards, BoardShot
from studio.exchange.panels import filled
from studio.exchange.scripts import Run, leftward, visual_runs

WIDEST = 4000
_LARGEST = 480
"""Width of the pictures of a short film."""

_TALLEST = 1.35
"""Height of a sheet, as a multiple of its width, at which pictures become smaller."""

_GROUND: Colour = (24, 26, 30)
_PAPER: Colour = (236, 232, 222)
_MUTED: Colour = (150, 148, 142)
_ACCENT: Colour = (214, 160, 84)


@dataclass(frozen=True)
class Grid:
    """The measures of a sheet in pixels: `heading` and `label` are the strips above and below
    a picture."""

    columns: int
    rows: int
    thumb: tuple[int, int]
    gap: int
    heading: int
    label: int
    title: int

    @property
    def step(self) -> tuple[int, int]:
        """From one picture to the next, across and down."""
        wide, high = self.thumb
        return wide + self.gap, self.heading + high + self.label + self.gap

    @property
    def size(self) -> tuple[int, int]:
        """Of the whole sheet."""
        across, down = self.step
        return self.columns * across + self.gap, self.title + self.rows * down + self.gap


def grid_for(shots: int, shape: float) -> Grid:
    """The grid for a number of shots whose frames have the shape width / height."""
    for columns in range(min(6, max(1, shots)), max(6, shots) + 1):
        grid = _grid(shots, columns, shape)
        if grid.size[1] <= _TALLEST * grid.size[0] or columns >= shots:
            break
    return grid


def _grid(shots: int, columns: int, shape: float) -> Grid:
    wide = min(_LARGEST, int(WIDEST / (columns + (columns + 1) * 0.06)))
    gap = max(2, int(wide * 0.06))
    high = max(1, round(wide / shape))
    text = max(7, round(wide * 0.062))
    rows = math.ceil(shots / columns)
    return Grid(columns, rows, (wide, high), gap, round(text * 1.9), round(text * 1.6), text * 5)


def contact_sheet(boards: Boards) -> tuple[bytes, tuple[str, ...]]:
    """The sheet as the content of a PNG file, and the characters of its headings that no font
    here draws; each of those is shown as a mark."""
    frame = boards.film.frame
    grid = grid_for(len(boards.shots), frame.width / frame.height)
    headings = "".join(board.scene.heading for board in boards.shots)
    book = face_for(f"{boards.film.title}{headings}", boards.film.language)
    sheet = Image.new("RGB", grid.size, _GROUND)
    pen = _Pen(ImageDraw.Draw(sheet), book)
    _title(pen, boards, grid)
    for index, board in enumerate(boards.shots):
        row, column = divmod(index, grid.columns)
        across, down = grid.step
        x = grid.gap + column * across
        y = grid.title + row * down
        opens = index == 0 or boards.shots[index - 1].scene.id != board.scene.id
        if opens or column == 0:
            _heading(pen, boards.shots[index:], grid, (x, y), opens, grid.columns - column)
        y += grid.heading
        picture = board.pictures[0] if board.pictures else None
        sheet.paste(filled(picture, grid.thumb, board.shot.fit), (x, y))
        _label(pen, boards, board, grid, (x, y + grid.thumb[1]))
    data = io.BytesIO()
    sheet.save(data, "PNG")
    return data.getvalue(), book.missing


@dataclass(frozen=True)
class _Pen:
    sheet: ImageDraw.ImageDraw
    book: FontBook

    def width(self, text: str, size: int, style: Style = "text") -> float:
        runs = visual_runs(text, self.book, style, from_right=leftward(text))
        return sum(run.face.at(size).getlength(run.text, direction=_way(run)) for run in runs)

    def write(
        self, text: str, x: float, baseline: float, size: int, colour: Colour, style: Style = "text"
    ) -> None:
        for run in visual_runs(text, self.book, style, from_right=leftward(text)):
            font = run.face.at(size)
            way = _way(run)
            self.sheet.text((x, baseline), run.text, colour, font, anchor="ls", direction=way)
            x += font.getlength(run.text, direction=way)

    def shortened(self, text: str, room: float, size: int) -> str:
        """The text, or as much of its beginning as fits, with an ellipsis."""
        if self.width(text, size) <= room:
            return text
        while text and self.width(f"{text}…", size) > room:
            text = text[:-1]
        return f"{text.rstrip()}…"


def _way(run: Run) -> Literal["ltr", "rtl"] | None:
    """The direction that Pillow is told, where it can set text in either."""
    if not features.check("raqm"):
        return None
    return "rtl" if run.leftward else "ltr"


def _title(pen: _Pen, boards: Boards, grid: Grid) -> None:
    size = round(grid.title * 0.36)
    room = grid.size[0] - 2 * grid.gap
    frames = sum(board.frames for board in boards.shots)
    about = f"{len(boards.shots)} shots · {boards.seconds(frames)}s"
    small = max(7, size // 2)
    while size > small and pen.width(boards.film.title, size, "title") > room * 0.75:
        size -= 1
    baseline = grid.title * 0.6
    pen.write(boards.film.title, grid.gap, baseline, size, _PAPER, "title")
    x = grid.gap + room - pen.width(about, small)
    if x > grid.gap + pen.width(boards.film.title, size, "title") + grid.gap:
        pen.write(about, x, baseline, small, _MUTED)


def _heading(
    pen: _Pen,
    following: tuple[BoardShot, ...],
    grid: Grid,
    at: tuple[int, int],
    opens: bool,
    columns: int,
) -> None:
    """A rule over the scene's pictures in this row, with its heading where it begins."""
    scene = following[0].scene
    here = 0
    for board in following[:columns]:
        if board.scene.id != scene.id:
            break
        here += 1
    x, y = at
    room = here * grid.step[0] - grid.gap
    thick = max(1, grid.heading // 12)
    colour = _ACCENT if opens else _MUTED
    pen.sheet.rectangle((x, y, x + room - 1, y + thick - 1), fill=colour)
    size = max(7, round(grid.heading * 0.52))
    words = f"{scene.id}  {scene.heading}" if opens else f"{scene.id}  …"
    baseline = y + grid.heading * 0.76
    pen.write(pen.shortened(words, room, size), x, baseline, size, colour)


def _label(pen: _Pen, boards: Boards, board: BoardShot, grid: Grid, at: tuple[int, int]) -> None:
    """Id and length below a picture; the id alone where there is no room for both."""
    size = max(7, round(grid.label * 0.62))
    x, baseline = at[0], at[1] + grid.label * 0.78
    last = f"{boards.seconds(board.frames)}s"
    name = board.shot.id
    while size > 6 and pen.width(f"{name} {last}", size) > grid.thumb[0]:
        size -= 1
    pen.write(name, x, baseline, size, _PAPER)
    pen.write(last, x + grid.thumb[0] - pen.width(last, size), baseline, size, _MUTED)
