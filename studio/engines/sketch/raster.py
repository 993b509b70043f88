"""SVG source to pixels, by resvg: the one module that knows it."""

from __future__ import annotations

from importlib import import_module

from studio.errors import Missing, RenderFailed


def rasterise(svg: str) -> bytes:
    """The picture as PNG, in the size that the SVG's root gives. Raises Missing where resvg
    is not installed, and RenderFailed where it refuses the picture."""
    try:
        resvg = import_module("resvg_py")
    except ImportError as error:
        raise Missing("the painter sketch needs resvg", "pip install resvg-py") from error
    try:
        return bytes(resvg.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
    except ValueError as error:
        raise RenderFailed(f"resvg cannot draw the panel: {error}") from error
