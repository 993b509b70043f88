"""The storyboard as a PDF for the table: six annotated panels a page, with their words.

Equal boards give equal bytes: the date that a PDF has to carry is always the same.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

from fpdf import FPDF
from PIL import Image

from studio.edit.fonts import Style, face_for
from studio.exchange.arrows import CAMERA, FIGURE, Colour, arrow
from studio.exchange.boards import Boards
from studio.exchange.panels import annotated
from studio.exchange.scripts import leftward
from studio.exchange.sheet_layout import (
    BAND,
    BETWEEN,
    CELL,
    COLUMNS,
    FACT_SIZE,
    GAP,
    ID_SIZE,
    LEADING,
    MARGIN,
    NOTE_SIZE,
    PAGE,
    ROW,
    TOP,
    Boxes,
    Cell,
    Layout,
    Row,
    boxes,
    lay_out_sheets,
)
from studio.exchange.shot_text import Kind, facts, paragraphs
from studio.exchange.typesetting import POINT, Line, Typesetter

_INK: Colour = (28, 30, 34)
_MUTED: Colour = (112, 112, 110)
_RULE: Colour = (188, 186, 180)
_BAND: Colour = (38, 42, 50)
_AGAIN: Colour = (230, 228, 222)
_WHITE: Colour = (255, 255, 255)
_COLOURS: dict[Kind, Colour] = {
    "action": _INK,
    "dialogue": (24, 62, 128),
    "narration": (78, 66, 112),
    "notes": (150, 66, 20),
}
_DOTS_A_MM = 220 / 25.4
_WORDS = "page of continued on shots film the camera moves figure move Storyboard …·0123456789"


def storyboard_pdf(boards: Boards) -> tuple[bytes, tuple[str, ...]]:
    """The PDF, and the characters in it that no font here draws; each of those is shown as a
    mark. Raises StudioError where a font of the system cannot be put into a PDF."""
    book = face_for(_all_text(boards), boards.film.language)
    pdf = FPDF(orientation="landscape", unit="mm", format="A4")
    pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
    pdf.alias_nb_pages(None)  # type: ignore[arg-type]  # a story may well say {nb}
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    pdf.set_title(boards.film.title)
    pdf.set_creator("Storyreel")
    pdf.set_lang(boards.film.language)
    pdf.add_page()
    with Typesetter(pdf, book) as setter:
        drawing = _Drawing(pdf, setter, boards, lay_out_sheets(boards, setter))
        drawing.draw()
        return bytes(pdf.output()), book.missing


def _all_text(boards: Boards) -> str:
    parts = [boards.film.title, _WORDS]
    for board in boards.shots:
        parts += [board.scene.heading, facts(board)]
        parts += [paragraph.lead + paragraph.text for paragraph in paragraphs(boards, board)]
    return "".join(parts)


class _Drawing:
    """Draws a layout onto the pages of a PDF, the first of which is there."""

    def __init__(self, pdf: FPDF, setter: Typesetter, boards: Boards, layout: Layout) -> None:
        self.pdf = pdf
        self.setter = setter
        self.boards = boards
        self.layout = layout
        self.boxes: Boxes = boxes(boards)

    def draw(self) -> None:
        for number, rows in enumerate(self.layout.pages, start=1):
            self._page(number)
            for index, row in enumerate(rows):
                self._row(row, TOP + index * ROW, first=index == 0)
        for number, notes in enumerate(self.layout.notes, start=len(self.layout.pages) + 1):
            self._page(number)
            self._text("Continued", MARGIN, TOP + 5, 11, _INK, "title")
            for note in notes:
                colour = _COLOURS[note.kind] if note.kind else _INK
                size = NOTE_SIZE if note.kind else NOTE_SIZE + 0.8
                self.setter.set(note.line, note.x, note.baseline, size, colour, width=note.width)

    def _page(self, number: int) -> None:
        """A page's title, number and legend."""
        pdf, film, shots = self.pdf, self.boards.film, self.boards.shots
        if number > 1:
            pdf.add_page()
        right = PAGE[0] - MARGIN
        self._end(f"page {number} of {self.layout.count}", right, 11.5, 7.5, _MUTED)
        size = self._fitting(film.title, right - MARGIN - 35, 12.5, "title")
        self._text(film.title, MARGIN, 11.5, size, _INK, "title")
        self._rule(MARGIN, 14.5, right)
        foot = PAGE[1] - 6.5
        frames = sum(board.frames for board in shots)
        about = f"{len(shots)} shots  ·  {self.boards.seconds(frames)}s  ·  {film.frame}"
        self._text(f"{about}  ·  {film.rate} fps", MARGIN, foot, 6.4, _MUTED)
        x = right
        for words, colour in (("the figure moves", FIGURE), ("the camera moves", CAMERA)):
            x -= self.setter.width(words, 6.4)
            self._text(words, x, foot, 6.4, _MUTED)
            x -= 9
            mark = arrow(
                [(x, foot - 0.8), (x + 4, foot - 0.8), (x + 7.5, foot - 0.8)], 0.5, 0.9, 2.2, colour
            )
            pdf.set_fill_color(*colour)
            pdf.polygon(list(mark.outline), style="F")
            x -= 7

    def _row(self, row: Row, y: float, *, first: bool) -> None:
        if row.opens or first:
            self._band(row, y)
        for column, cell in enumerate(row.cells):
            self._cell(cell, MARGIN + column * (CELL + GAP), y)
        self.pdf.set_draw_color(*_AGAIN)
        self.pdf.set_line_width(0.2)
        px, py, wide, high = self.boxes.picture
        for column in range(len(row.cells), COLUMNS):  # empty frames, to draw in
            self.pdf.rect(MARGIN + column * (CELL + GAP) + px, y + py, wide, high)

    def _band(self, row: Row, y: float) -> None:
        """The scene's heading: dark where the scene begins, light where it goes on."""
        pdf, wide = self.pdf, PAGE[0] - 2 * MARGIN
        ground, ink = (_BAND, _WHITE) if row.opens else (_AGAIN, _INK)
        pdf.set_fill_color(*ground)
        pdf.rect(MARGIN, y, wide, BAND, style="F")
        heading = row.scene.heading if row.opens else f"{row.scene.heading}  (continued)"
        begins = MARGIN + 3 + max(14.0, self.setter.width(row.scene.id, 7.5) + 4)
        about = self._scene_in_numbers(row.scene.id)
        right = MARGIN + wide - 3
        room = right - self.setter.width(about, 7.5) - 6 - begins
        size = self._fitting(heading, room, 8.6)
        self._text(row.scene.id, MARGIN + 3, y + 3.9, 7.5, ink)
        self._end(about, right, y + 3.9, 7.5, ink)
        self._text(heading, begins, y + 3.9, size, ink)
        if row.opens:
            pdf.start_section(f"{row.scene.id}  {row.scene.heading}")

    def _scene_in_numbers(self, scene: str) -> str:
        frames = [board.frames for board in self.boards.shots if board.scene.id == scene]
        count = f"{len(frames)} shot{'s' if len(frames) > 1 else ''}"
        return f"{count} · {self.boards.seconds(sum(frames))}s"

    def _cell(self, cell: Cell, x: float, y: float) -> None:
        px, py, wide, high = self.boxes.picture
        size = max(2, round(wide * _DOTS_A_MM)), max(2, round(high * _DOTS_A_MM))
        panel = annotated(cell.picture, cell.board.shot, size, self.boards.names, cell.letter)
        self.pdf.image(_jpeg(panel), x + px, y + py, wide, high, alt_text=cell.title)
        self.pdf.set_draw_color(*_INK)
        self.pdf.set_line_width(0.25)
        self.pdf.rect(x + px, y + py, wide, high)
        tx, ty, room, _ = self.boxes.text
        x, y = x + tx, y + ty
        y += ID_SIZE * LEADING * POINT
        self._text(cell.title, x, y, ID_SIZE, _INK)
        self._end(cell.aside, x + room, y, ID_SIZE - 1, _INK)
        for line in cell.facts:
            y += FACT_SIZE * LEADING * POINT
            self.setter.set(line, x, y, FACT_SIZE, _MUTED, width=room)
        if cell.words:
            self._rule(x, y + 1.1, x + room)
            y += 0.9
        for words in cell.words:
            y += BETWEEN * (words is not cell.words[0])
            for line in words.lines:
                y += cell.size * LEADING * POINT
                self.setter.set(
                    *(line, x + words.indent, y, cell.size, _COLOURS[words.kind]),
                    width=room - words.indent,
                )
        if cell.continued:
            y += cell.size * LEADING * POINT
            page = self.layout.places[cell.title]
            self._end(f"continued on page {page}", x + room, y, cell.size, CAMERA)

    def _text(
        self,
        words: str,
        x: float,
        baseline: float,
        size: float,
        colour: Colour,
        style: Style = "text",
    ) -> None:
        """Words that begin at `x`, whatever their script."""
        self.setter.set(Line(words, leftward(words)), x, baseline, size, colour, style=style)

    def _end(self, words: str, right: float, baseline: float, size: float, colour: Colour) -> None:
        """Words that end at `right`."""
        self._text(words, right - self.setter.width(words, size), baseline, size, colour)

    def _fitting(self, words: str, room: float, size: float, style: Style = "text") -> float:
        """The size of type, at most `size`, at which words fit into one line."""
        return size * room / max(room, self.setter.width(words, size, style) * 1.02)

    def _rule(self, x: float, y: float, right: float) -> None:
        self.pdf.set_draw_color(*_RULE)
        self.pdf.set_line_width(0.2)
        self.pdf.line(x, y, right, y)


def _jpeg(panel: Image.Image) -> io.BytesIO:
    data = io.BytesIO()
    panel.save(data, "JPEG", quality=88, subsampling=0)
    data.seek(0)
    return data
