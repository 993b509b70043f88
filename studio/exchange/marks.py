"""The marks of a storyboard panel: what arrows the camera's movement gets, and what arrow a
figure that moves.

The camera's marks lie along the edges of the frame, the figures' beside them. Places are
shares of the frame, so that they hold for every shape of frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.exchange.arrows import CAMERA, FIGURE, Colour, Point, Shape, arrow, curve, line, orbit
from studio.exchange.moves import Move, Way, move_of
from studio.schema.storyboard import Movement, Presence, Shot

_AT = {"left": 0.28, "center": 0.5, "right": 0.72}
_BESIDE = 0.07
"""From the middle of a figure to where its arrow begins."""

_LEVEL = 0.76
"""How far down the frame figures' arrows lie: below faces, above the lower edge."""


@dataclass(frozen=True)
class _Frame:
    width: int
    height: int

    @property
    def unit(self) -> float:
        return math.sqrt(self.width * self.height) / 100

    def at(self, x: float, y: float) -> Point:
        return x * self.width, y * self.height

    def arrow(
        self, start: Point, bend: Point, end: Point, colour: Colour, weight: float = 1
    ) -> Shape:
        path = curve(self.at(*start), self.at(*bend), self.at(*end))
        return self.along(path, colour, weight)

    def straight(self, start: Point, end: Point, colour: Colour, weight: float = 1) -> Shape:
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        return self.arrow(start, middle, end, colour, weight)

    def along(self, path: list[Point], colour: Colour, weight: float = 1) -> Shape:
        unit = self.unit * weight
        return arrow(path, 1.1 * unit, 2.3 * unit, 6.2 * unit, colour)


def camera_marks(movement: Movement, size: tuple[int, int]) -> list[Shape]:
    """The arrows of a movement in a panel of `size` (width, height); none for static."""
    frame = _Frame(*size)
    kind, _, way = movement.partition(" ")
    back = way in ("left", "up", "out")

    def straight(start: Point, end: Point, weight: float = 1) -> Shape:
        if back:
            start, end = end, start
        return frame.straight(start, end, CAMERA, weight)

    def bent(start: Point, bend: Point, end: Point, weight: float = 1) -> Shape:
        if back:
            start, end = end, start
        return frame.arrow(start, bend, end, CAMERA, weight)

    match kind:
        case "pan":
            return [bent((0.33, 0.87), (0.5, 0.99), (0.67, 0.87), 1.1)]
        case "tilt":
            return [bent((0.91, 0.33), (0.985, 0.5), (0.91, 0.67), 1.1)]
        case "truck":
            return [straight((0.36, y), (0.64, y)) for y in (0.08, 0.92)]
        case "pedestal":
            return [straight((x, 0.32), (x, 0.68)) for x in (0.05, 0.95)]
        case "crane":
            return [bent((0.93, 0.2), (0.97, 0.9), (0.62, 0.9), 1.35)]
        case "arc":
            path = orbit(frame.at(0.5, 0.72), frame.at(0.36, 0.2), 175, 5)
            return [frame.along(path[::-1] if back else path, CAMERA, 1.2)]
        case "dolly":
            return [straight(*ends, 1.1) for ends in _corners(0.06, 0.2)]
        case "zoom":
            inner = [frame.at(x, y) for x, y in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))]
            sides = zip(inner, [*inner[1:], inner[0]], strict=True)
            window = [line(side, 0.7 * frame.unit, CAMERA) for side in sides]
            return [*window, *(straight(*ends, 0.7) for ends in _corners(0.1, 0.28))]
        case "handheld":
            return list(_shake(frame))
    return []


def _corners(outer: float, inner: float) -> Iterator[tuple[Point, Point]]:
    """For each corner a line from near it (`outer`, a share of the frame) towards the middle."""
    for x in (0, 1):
        for y in (0, 1):
            low = 0.05 if y == 0 else 0.03  # clear of the words in the corners
            start = abs(x - outer), abs(y - outer - low)
            yield start, (abs(x - inner), abs(y - inner - low))


def _shake(frame: _Frame) -> Iterator[Shape]:
    """Short trembling lines at the four sides."""
    steps = 36
    for x, y, across in (
        (0.5, 0.94, True),
        (0.5, 0.06, True),
        (0.04, 0.5, False),
        (0.96, 0.5, False),
    ):
        path = []
        for step in range(steps + 1):
            along = (step / steps - 0.5) * 18 * frame.unit
            off = math.sin(step / steps * 6 * math.pi) * 1.3 * frame.unit
            middle = frame.at(x, y)
            dx, dy = (along, off) if across else (off, along)
            path.append((middle[0] + dx, middle[1] + dy))
        yield line(path, 0.9 * frame.unit, CAMERA)


def figure_marks(shot: Shot, names: Mapping[str, str], size: tuple[int, int]) -> list[Shape]:
    """An arrow for everybody in the shot who moves; `names` are the cast's by id."""
    frame = _Frame(*size)
    shapes = []
    for person, x in _places(shot):
        move, way = move_of(shot, person, names)
        if move is not None:
            shapes.append(_figure_mark(frame, x, move, way, person))
    return shapes


def _places(shot: Shot) -> Iterator[tuple[Presence, float]]:
    """Everybody with the middle of where they are, those without a place evenly between."""
    unplaced = [person for person in shot.cast if person.at is None]
    for person in shot.cast:
        if person.at is not None:
            yield person, _AT[person.at]
        else:
            yield person, (unplaced.index(person) + 1) / (len(unplaced) + 1)


def _figure_mark(frame: _Frame, x: float, move: Move, way: Way | None, person: Presence) -> Shape:
    facing = way or person.facing
    if facing not in ("left", "right"):
        near = "left" if x < 0.5 else "right"
        inward = "right" if x < 0.5 else "left"
        side = near if move == "leave" else inward
    else:
        side = facing
    ahead = -1 if side == "left" else 1
    y = _LEVEL
    depth = facing if facing in ("camera", "away") and move in ("go", "enter", "leave") else None
    if depth == "camera":
        return frame.straight((x, y - 0.14), (x + 0.03 * ahead, y + 0.16), FIGURE, 1.25)
    if depth == "away":
        return frame.straight((x, y + 0.12), (x + 0.03 * ahead, y - 0.14), FIGURE, 0.8)
    start = x + _BESIDE * ahead
    match move:
        case "turn":
            turns = (150, 395) if ahead > 0 else (30, -215)
            path = orbit(
                frame.at(x, y + 0.04), frame.at(0.095, 0.085), turns[0] + 180, turns[1] + 180
            )
            return frame.along(path, FIGURE)
        case "up" | "down":
            low, high = (start, y + 0.06), (start + 0.07 * ahead, y - 0.26)
            bend = (start + 0.09 * ahead, y - 0.05)
            return frame.arrow(*((low, bend, high) if move == "up" else (high, bend, low)), FIGURE)
        case "jump":
            top = (start + 0.1 * ahead, y - 0.42)
            end = min(0.975, max(0.025, start + 0.22 * ahead))
            return frame.arrow((start, y - 0.02), top, (end, y), FIGURE)
        case "enter":
            end = x - _BESIDE * ahead
            begin = end - 0.24 * ahead
        case "leave":
            begin, end = start, (0.985 if ahead > 0 else 0.015)
        case "go":
            begin, end = start, start + 0.22 * ahead
    begin, end = (min(0.985, max(0.015, place)) for place in (begin, end))
    return frame.arrow((begin, y), ((begin + end) / 2, y - 0.035), (end, y), FIGURE)
