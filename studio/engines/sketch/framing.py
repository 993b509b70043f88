"""The camera and the blocking of a panel: what is seen of the place, and where each of the
people stands, how large, and which way they look.

Takes a shot's size, angle, framing and figures; gives a `Camera` and `Stand`s in pixels.
Knows no colours and draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from studio.engines.requests import Figure, Panel
from studio.engines.sketch.place import choice
from studio.schema.storyboard import Angle, At, Facing, Size

UNITS = (1600.0, 900.0)
"""The frame of a place template at zoom 1, in its units."""

Detail = Literal["far", "full", "near"]
Layer = Literal["back", "middle", "front"]
CLOSE: frozenset[Size] = frozenset({"MS", "MCU", "CU", "ECU"})


class _Sized(NamedTuple):
    """Shares of the frame's height: a grown person's height, where the feet stand (or the
    eyes are, in close shots), the horizon; and the zoom on the place."""

    tall: float
    line: float
    horizon: float
    zoom: float


_SIZES: Mapping[Size, _Sized] = {
    "ELS": _Sized(0.165, 0.79, 0.55, 0.86),
    "LS": _Sized(0.64, 0.935, 0.40, 1.0),
    "MLS": _Sized(1.06, 1.16, 0.42, 1.16),
    "MS": _Sized(1.62, 0.31, 0.45, 1.42),
    "MCU": _Sized(2.25, 0.35, 0.47, 1.65),
    "CU": _Sized(4.1, 0.42, 0.5, 1.95),
    "ECU": _Sized(10.0, 0.46, 0.52, 2.4),
}


class _Angled(NamedTuple):
    """What an angle does: shift of the horizon, factor on people's height, shift of the
    line they stand on or look from, squash of their height, roll in degrees."""

    horizon: float = 0.0
    tall: float = 1.0
    line: float = 0.0
    squash: float = 1.0
    roll: float = 0.0


_ANGLES: Mapping[Angle, _Angled] = {
    "eye": _Angled(),
    "high": _Angled(-0.3, 0.92, 0.0, 0.93),
    "low": _Angled(0.33, 1.1, 0.045, 1.04),
    "overhead": _Angled(-0.5, 0.84, -0.06, 0.74),
    "worm's eye": _Angled(0.52, 1.26, 0.06, 1.1),
    "dutch": _Angled(roll=-7.0),
}


_AHEAD: Mapping[Facing | None, float] = {"left": 1.0, "right": -1.0}
_INWARD: Mapping[At, Facing] = {"left": "right", "right": "left", "center": "camera"}


@dataclass(frozen=True)
class Camera:
    """What is seen of the place. All in pixels of the frame but `zoom` (pixels per unit of
    the template at the middle layer) and `roll` (degrees)."""

    width: float
    height: float
    horizon: float
    shift: float
    unit: float
    zoom: float
    roll: float
    inside: bool

    def layer(self, name: Layer) -> str:
        """The transform that puts a layer of a place template into the frame: what is far
        grows and moves less than what is near, but for the walls of a room."""
        if name == "front":
            scale = self.unit * (0.9 + 0.1 * self.zoom)
            return _matrix(self.width / 2 + self.shift * 0.25, self.height - 450 * scale, scale)
        depth = 1.0 if name == "middle" else 0.85 if self.inside else 0.45
        scale = self.unit * (1 + (self.zoom - 1) * depth)
        return _matrix(self.width / 2 + self.shift * depth, self.horizon, scale)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the middle layer is in the frame."""
        scale = self.unit * self.zoom
        return self.width / 2 + self.shift + x * scale, self.horizon + y * scale

    def units(self, x: float) -> float:
        """The x of the middle layer, in the template's units, that lies at a pixel's x."""
        return (x - self.width / 2 - self.shift) / (self.unit * self.zoom)


@dataclass(frozen=True)
class Stand:
    """One of the people in the frame: `height` is a whole grown person's, in pixels; either
    the feet stand at `feet`, or the eyes are at `eyes`, in pixels from the top; `squash`
    is what the angle does to their height."""

    figure: Figure
    x: float
    height: float
    feet: float | None
    eyes: float | None
    detail: Detail
    squash: float = 1.0
    foreground: bool = False


def place_camera(
    panel: Panel, size: tuple[int, int], seed: int, inside: bool, landmark: float | None
) -> Camera:
    """The camera of a panel: the same place from a slightly different spot in every shot.

    `landmark` is where the place's main thing stands, in units of its template; people do
    not stand in front of it.
    """
    width, height = (float(side) for side in size)
    sized, angled = _SIZES[panel.size], _ANGLES[panel.angle]
    unit = max(width / UNITS[0], height / UNITS[1])
    close = panel.size in CLOSE
    steady = close or panel.size == "ELS"
    horizon = sized.horizon + angled.horizon * (0.7 if steady else 1.0)
    look = _AHEAD.get(looks(panel), 0.0)
    wander = choice(str(seed), "spot", 201) / 100 - 1
    shift = (wander * 0.05 + (look * 0.16 if close else 0.0)) * width
    zoom = sized.zoom * (1 + 0.04 * (choice(str(seed), "zoom", 201) / 100 - 1))
    if panel.angle == "dutch":
        zoom *= 1.06
    if landmark is not None and (figures := _seen(panel)):
        x = _arrange(panel, figures)[0].x
        shift = (0.27 if x > 0.5 else -0.27) * -width - landmark * unit * zoom
        shift = max(-0.15 * width, min(0.15 * width, shift))
    return Camera(width, height, horizon * height, shift, unit, zoom, angled.roll, inside)


def block(panel: Panel, camera: Camera, ground: float) -> tuple[Stand, ...]:
    """Where the people stand, those farther away first.

    `ground` is how far below the horizon the ground begins on which people can stand,
    in units of the place template.
    """
    figures = _seen(panel)
    if not figures:
        return ()
    stands = _arrange(panel, figures)
    placed = [_put(panel, camera, spot, ground) for spot in stands]
    return tuple(sorted(placed, key=lambda stand: (stand.foreground, stand.feet or stand.height)))


class _Spot(NamedTuple):
    """Somebody's place in the frame: x as a share of its width, scale against the size."""

    figure: Figure
    x: float
    scale: float = 1.0
    foreground: bool = False


def _seen(panel: Panel) -> tuple[Figure, ...]:
    """Who is in the picture: in a point of view not the viewer (the first of the cast who
    does not look into the camera), in an insert nobody, and in the closest shots the one
    whom they are about."""
    figures = panel.figures
    if panel.framing == "insert":
        return ()
    if panel.framing == "POV":
        seen = tuple(figure for figure in figures if figure.facing == "camera")
        return seen or figures[1:]
    if panel.size == "ECU":
        return figures[:1]
    return figures[:7]


def looks(panel: Panel) -> Facing | None:
    """Where the one looks whom the panel is about; None where it is about several or nobody."""
    figures = _seen(panel)
    if panel.framing == "over-the-shoulder" and len(figures) > 1:
        return _over_the_shoulder(figures)[0].figure.facing
    if len(figures) != 1:
        return None
    return figures[0].facing or _INWARD[_side(figures[0])]


def _side(figure: Figure) -> At:
    """The side of the frame that somebody keeps from shot to shot, unless told."""
    return figure.at or ("left", "right")[choice(figure.id, "side", 2)]


def _arrange(panel: Panel, figures: Sequence[Figure]) -> list[_Spot]:
    if panel.framing == "over-the-shoulder" and len(figures) > 1:
        return _over_the_shoulder(figures)
    if len(figures) == 1:
        return [_alone(panel, figures[0])]
    if len(figures) == 2:
        return _pair(panel, figures)
    return _group(figures)


def _alone(panel: Panel, figure: Figure) -> _Spot:
    side = _side(figure)
    facing = figure.facing or _INWARD[side]
    wide = {"ECU": 0.0, "CU": 0.08, "MCU": 0.12, "MS": 0.15}.get(panel.size, 0.18)
    if figure.at is None and facing in ("left", "right"):
        side = "right" if facing == "left" else "left"
    x = 0.5 + {"left": -wide, "center": 0.0, "right": wide}[side]
    return _Spot(replace(figure, facing=facing), x)


def _pair(panel: Panel, figures: Sequence[Figure]) -> list[_Spot]:
    """Two people: left and right, face to face; in a single the first is the larger."""
    left, right = sorted(figures, key=lambda figure: (_rank(figure), figure.id))
    apart = {"CU": 0.22, "MCU": 0.2, "MS": 0.18, "MLS": 0.15, "LS": 0.13}.get(panel.size, 0.045)
    back = 0.86 if panel.framing == "single" and panel.size in CLOSE else 1.0
    about = 0.5 if panel.size != "ELS" else 0.62
    return [
        _Spot(
            replace(figure, facing=figure.facing or ("right" if x < about else "left")),
            x,
            1.0 if figure is figures[0] else back,
        )
        for figure, x in ((left, about - apart), (right, about + apart))
    ]


def _rank(figure: Figure) -> int:
    """From left to right: where a person was put, else the side that they keep."""
    told = {"left": 0, "center": 3, "right": 6}
    if figure.at is not None:
        return told[figure.at]
    if figure.facing in ("left", "right"):
        return 1 if figure.facing == "right" else 5
    return 2 if _side(figure) == "left" else 4


def _over_the_shoulder(figures: Sequence[Figure]) -> list[_Spot]:
    """The one who speaks, or else the first, is seen across the shoulder of the other."""
    seen = next((figure for figure in figures if figure.speaks), figures[0])
    others = [figure for figure in figures if figure is not seen]
    over = next((figure for figure in others if figure.facing == "away"), others[0])
    side = _side(seen)
    if seen.at is None and seen.facing in ("left", "right"):
        side = "right" if seen.facing == "left" else "left"
    right = side != "left"
    return [
        _Spot(replace(seen, facing=seen.facing or ("left" if right else "right")),
              0.63 if right else 0.37),
        _Spot(replace(over, facing="away", speaks=False), 0.1 if right else 0.9, 1.0, True),
    ]  # fmt: skip


def _group(figures: Sequence[Figure]) -> list[_Spot]:
    """Three or more: spread over the frame, every second one farther away."""
    ordered = sorted(figures, key=lambda figure: (_rank(figure), figures.index(figure)))
    count = len(ordered)
    span = min(0.68, 0.2 * count)
    spots = []
    for index, figure in enumerate(ordered):
        x = 0.5 + span * ((index + 0.5) / count - 0.5) * count / (count - 0.6)
        facing = figure.facing or ("right" if x < 0.45 else "left" if x > 0.55 else "camera")
        spots.append(_Spot(replace(figure, facing=facing), x, 0.84 if index % 2 else 1.0))
    return spots


def _put(panel: Panel, camera: Camera, spot: _Spot, ground: float) -> Stand:
    sized, angled = _SIZES[panel.size], _ANGLES[panel.angle]
    height, width = camera.height, camera.width
    figure, x = spot.figure, spot.x * width
    if spot.foreground:
        tall = 3.3 if panel.size in CLOSE else 2.3
        return Stand(figure, x, tall * height, None, 0.4 * height, "full", foreground=True)
    tall = sized.tall * angled.tall * spot.scale * height
    detail: Detail = "near" if panel.size in ("MCU", "CU", "ECU") else "full"
    if panel.size in CLOSE:
        if len(_seen(panel)) > 1 and panel.framing != "over-the-shoulder":
            tall *= {"MS": 0.88, "MCU": 0.84, "CU": 0.72}.get(panel.size, 1.0)
        eyes = (sized.line + angled.line + (1 - spot.scale) * 0.2) * height
        return Stand(figure, x, tall, None, eyes, detail, angled.squash)
    if panel.size == "ELS":
        detail = "far"
        if camera.inside:
            tall *= 2.1
    if len(_seen(panel)) > 2 and panel.size == "MLS":
        tall *= 0.9
    line = (sized.line + angled.line) * height
    feet = camera.horizon + (line - camera.horizon) * spot.scale
    begins = camera.at(0, ground)[1]
    return Stand(figure, x, tall, max(feet, begins + 0.01 * height), None, detail, angled.squash)


def _matrix(x: float, y: float, scale: float) -> str:
    return f"translate({x:.2f} {y:.2f}) scale({scale:.4f})"
