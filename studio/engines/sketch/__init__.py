"""The embedded painter: storyboard panels drawn from SVG templates, without a model.

`Sketch` takes a `PaintRequest` with its panel and writes `panel.svg`, whose groups back,
middle and front the animator can move, and `panel.png`, the same rasterised by resvg.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import PaintRequest
from studio.engines.sketch.compose import compose
from studio.engines.sketch.raster import rasterise
from studio.errors import RenderFailed


class Sketch:
    """Draws a panel. Raises Missing where resvg is not installed."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "storyboard panels drawn from SVG templates, no model"
    embedded: ClassVar[bool] = True
    composes: ClassVar[bool] = True
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        """Writes `panel.svg` and `panel.png` into `folder`. Raises RenderFailed without a
        panel, and Missing where resvg is not installed."""
        if request.panel is None:
            raise RenderFailed(
                f"{request.shot}: the painter sketch composes from a shot's fields, and got none",
                "choose a painter that works from the prompt alone",
            )
        report(0, 2)
        drawing = compose(request.panel, request.size, request.seed)
        svg, png = folder / "panel.svg", folder / "panel.png"
        svg.write_text(drawing, encoding="utf-8")
        report(1, 2)
        png.write_bytes(rasterise(drawing))
        report(2, 2)
        return Rendered({".png": png, ".svg": svg})
