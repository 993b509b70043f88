"""The camera's setups in a scene: what lies behind the people depends on where it looks.

A scene is shot in setups, each lit for itself. In the master the place is seen as it is.
In close shots the camera looks across the people: at somebody who faces right it looks
towards the lit side of the place, at somebody who faces left (the reverse angle) towards
its shaded side, which is the place the other way round; and with both in the frame the
place behind them is kept down, so that the faces lead. A thing is shown in warm light.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.engines.requests import Panel
from studio.engines.sketch.framing import looks
from studio.engines.sketch.light import Light


@dataclass(frozen=True)
class Setup:
    """How the place behind a close shot is seen: the other way round or not, and how much
    of its red, green and blue light there is (1 is as drawn)."""

    mirrored: bool
    light: tuple[float, float, float]


LAMPLIT, UNLIT = Setup(False, (1.42, 1.24, 0.98)), Setup(True, (0.42, 0.5, 0.7))
SUNLIT, SHADY = Setup(False, (1.25, 1.2, 1.1)), Setup(True, (0.66, 0.68, 0.74))
DIM, SOFT = Setup(False, (0.6, 0.64, 0.78)), Setup(False, (0.74, 0.76, 0.82))
TABLE = Setup(False, (1.25, 1.06, 0.86))


def setup_of(panel: Panel, light: Light) -> Setup:
    """The setup of a close shot: by where the one whom it is about looks; a thing lies in
    the light."""
    if panel.framing == "insert":
        return TABLE
    lit, shaded, both = (LAMPLIT, UNLIT, DIM) if light.dark else (SUNLIT, SHADY, SOFT)
    return {"right": lit, "left": shaded}.get(looks(panel) or "", both)
