"""What stands under a panel: the words of a shot, as paragraphs of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from studio.exchange.boards import Boards, BoardShot
from studio.schema.storyboard import Angle

Kind = Literal["action", "dialogue", "narration", "notes"]


_ANGLES: dict[Angle, str] = {
    "high": "high angle",
    "low": "low angle",
    "dutch": "dutch angle",
}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph under a panel: its `text`, and the words that lead into it, such as who
    speaks."""

    kind: Kind
    text: str
    lead: str = ""


def length(boards: Boards, shot: BoardShot) -> str:
    """How long a shot lasts: 2.5s · 60f."""
    return f"{boards.seconds(shot.frames)}s · {shot.frames}f"


def facts(board: BoardShot) -> str:
    """How it is shot, in one line: size, movement, and what is out of the ordinary of framing,
    angle, transition and clip."""
    shot = board.shot
    parts: list[str] = [shot.size]
    if shot.framing != "single":
        parts.append(shot.framing)
    if shot.angle != "eye":
        parts.append(_ANGLES.get(shot.angle, shot.angle))
    parts.append(shot.movement)
    if str(shot.transition) != "cut":
        parts.append(str(shot.transition))
    if shot.source:
        parts.append(f"shows {shot.source.shot} from {shot.source.start}")
    if str(shot.speed) != "1":
        parts.append(f"speed {shot.speed}")
    if board.outdated:
        parts.append("the picture is older than these words")
    return " · ".join(parts)


def paragraphs(boards: Boards, board: BoardShot) -> Iterator[Paragraph]:
    """All that is seen, said and noted of a shot, in the order in which it is read."""
    shot = board.shot
    if shot.action.strip():
        yield Paragraph("action", _named(boards, shot.action))
    for line in shot.dialogue:
        yield Paragraph("dialogue", line.line, boards.spoken(line))
    if shot.narration.strip():
        yield Paragraph("narration", shot.narration, "NARRATION: ")
    if shot.notes.strip():
        yield Paragraph("notes", shot.notes, "NOTES: ")


def _named(boards: Boards, text: str) -> str:
    """An action with the names of people that it names in braces."""
    for who, name in boards.names.items():
        text = text.replace(f"{{{who}}}", name)
    return text
