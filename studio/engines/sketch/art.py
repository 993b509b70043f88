"""What a drawn thing is: `Art`, a fragment of SVG with its measures, and `Shade`, the
light that falls on it.

The seam between those who draw single things (figures, props) and those who compose a
panel of them. Knows no colours, no files and no frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]


@dataclass(frozen=True)
class Art:
    """A fragment of SVG whose origin is the ground point between the feet, or the base
    of a prop. y grows downward, so what stands on the ground lies in negative y.

    `width` and `height` are in the fragment's own units, at the height asked for;
    `eye` is where a figure's eyes are, relative to the origin.
    """

    svg: str
    width: float
    height: float
    eye: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Shade:
    """What the light does to things that stand in it.

    `key` and `ambient` are hex colours of the key light and of the shadow side;
    `strength`, 0 to 1, is how far `ambient` tints (noon 0.1, night or silhouette 0.7);
    `side` is where the key light comes from; `rim`, 0 to 1, is the light on the edges.
    """

    key: str
    ambient: str
    strength: float
    side: Side
    rim: float
