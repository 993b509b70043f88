"""Small boards for the sheets: shots given as the fields in which they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from studio.exchange.boards import Boards, BoardShot
from studio.schema.film import Film
from studio.schema.storyboard import Shot, Storyboard

NAMES = {"mara": "Mara", "tom": "Tom"}


def shot(**fields: Any) -> Shot:
    """A shot of two seconds with these fields."""
    return Shot.model_validate({"id": "sc010_sh010", "duration": "2s"} | fields)


def boards_of(
    *scenes: list[dict[str, Any]],
    pictures: tuple[Path, ...] = (),
    film: dict[str, Any] | None = None,
    headings: tuple[str, ...] = (),
    cast: dict[str, str] = NAMES,
) -> Boards:
    """Boards of scenes of shots, one after another, all with the same pictures."""
    board = Storyboard.model_validate(
        {
            "schema": "storyboard/1",
            "cast": {who: {"name": name} for who, name in cast.items()},
            "places": {"shore": {"name": "the shore"}},
            "scenes": [
                {
                    "id": f"sc{s:03d}0",
                    "heading": headings[s - 1] if headings else f"EXT. SHORE {s} - NIGHT",
                    "place": "shore",
                    "time": "night",
                    "shots": [
                        {"id": f"sc{s:03d}0_sh{n:03d}0", "duration": "2s"} | fields
                        for n, fields in enumerate(shots, start=1)
                    ],
                }
                for s, shots in enumerate(scenes, start=1)
            ],
        }
    )
    whole = Film.model_validate(
        {"schema": "film/1", "title": "The Keeper", "frame": "192x108"} | (film or {})
    )
    laid = []
    for index, (scene, each) in enumerate(board.shots()):
        frames = int(whole.seconds(each.duration) * whole.rate.fps)
        laid.append(BoardShot(scene, each, index * 48, frames, pictures))
    return Boards(whole, board, tuple(laid))


def picture(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (192, 108)) -> Path:
    """A picture in one colour."""
    Image.new("RGB", size, colour).save(path)
    return path


def font_of(characters: str, path: Path) -> Path:
    """A font that draws these characters as squares and has nothing else."""
    pen = TTGlyphPen(None)
    for index, corner in enumerate([(100, 0), (100, 800), (900, 800), (900, 0)]):
        (pen.lineTo if index else pen.moveTo)(corner)
    pen.closePath()
    square = pen.glyph()
    names = {f"u{ord(mark):04x}": mark for mark in characters}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(mark): name for name, mark in names.items()})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **dict.fromkeys(names, square)})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), **dict.fromkeys(names, (1000, 100))})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)
    return path
