"""The shot list: one row a shot, as CSV for spreadsheets (RFC 4180, UTF-8 with a byte order
mark, so that they read every script)."""

from __future__ import annotations

import csv
import io

from studio.edit.cards import timecode
from studio.exchange.boards import Boards, BoardShot

COLUMNS = (
    *("shot", "scene", "heading", "place", "time", "start", "end", "frames", "seconds"),
    *("size", "framing", "angle", "movement", "transition", "cast", "action", "dialogue"),
    *("narration", "notes", "keyframe", "clip"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def shot_list(boards: Boards) -> bytes:
    """The list as the content of a file.

    `start` and `end` are timecodes on the film's own timeline, cards counted; `end` is the
    frame after the last. A cell that a spreadsheet would take for a formula begins with an
    apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for board in boards.shots:
        writer.writerow([_harmless(cell) for cell in _cells(boards, board)])
    return text.getvalue().encode("utf-8-sig")


def _cells(boards: Boards, board: BoardShot) -> list[str]:
    scene, shot, rate = board.scene, board.shot, boards.film.rate
    place = boards.storyboard.places.get(scene.place)
    return [
        shot.id,
        scene.id,
        scene.heading,
        place.name if place else scene.place,
        scene.time,
        timecode(board.start, rate),
        timecode(board.start + board.frames, rate),
        str(board.frames),
        f"{float(board.frames / rate.fps):.3f}",
        shot.size,
        shot.framing,
        shot.angle,
        shot.movement,
        str(shot.transition),
        ", ".join(boards.name(person.who) for person in shot.cast),
        shot.action,
        "\n".join(boards.spoken(line) + line.line for line in shot.dialogue),
        shot.narration,
        shot.notes,
        board.keyframe,
        board.clip,
    ]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
