"""What the tests of flux ask for: settings, requests, pictures, and what came out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from PIL import Image

from studio.engines.base import Rendered, unheard
from studio.engines.flux import Flux
from studio.engines.requests import Figure, File, PaintRequest, Panel, ReadRequest
from studio.engines.texts import Texts, TextsSettings

SIZE = (192, 128)
PANEL = Panel(
    size="MS",
    framing="single",
    angle="eye",
    heading="EXT. SHORE - DAY",
    place_id="shore",
    place="a shore of black basalt",
    time="day",
    weather="clear",
    action="Mara looks out to sea.",
    look="pencil",
    figures=(Figure("mara", "Mara", "a woman of sixty, grey braid"),),
)


def opened(model: Path, **settings: Any) -> Flux:
    """The engine on the CPU, with two steps where nothing else is said."""
    given = {"model": str(model), "device": "cpu", "steps": 2} | settings
    return Flux(Flux.Settings.model_validate(given))


def read_before(model: Path, folder: Path) -> tuple[Path, ...]:
    """The prompt of `request`, read once for many pictures."""
    texts, files = Texts(TextsSettings(device="cpu")), []
    readings = Flux.readings(Flux.Settings(model=str(model)), request())
    for number, reading in enumerate(readings):
        own = folder / str(number)
        own.mkdir()
        read = texts.read(ReadRequest("", reading, str(number)), own, unheard)
        files.append(read.files[".safetensors"])
    return tuple(files)


def request(seed: int = 7, size: tuple[int, int] = SIZE, **others: Any) -> PaintRequest:
    given: dict[str, Any] = {"panel": PANEL} | others
    return PaintRequest("sc010_sh010", "a gull on a rock", "", size, seed, **given)


def paint(engine: Flux, folder: Path, asked: PaintRequest, report: Any = unheard) -> Rendered:
    """Painted into a folder of its own below `folder`."""
    own = folder / f"painted-{len(list(folder.glob('painted-*')))}"
    own.mkdir(parents=True)
    return engine.paint(asked, own, report)


def pixels(rendered: Rendered) -> bytes:
    with Image.open(rendered.files[".png"]) as picture:
        return picture.tobytes()


def file(path: Path) -> File:
    return File(path, hashlib.sha256(path.read_bytes()).hexdigest())


def picture(
    path: Path, colour: str = "navy", size: tuple[int, int] = (300, 400), mode: str = "RGB"
) -> File:
    """A picture of one colour with a paler left half."""
    made = Image.new("RGB", size, colour)
    made.paste("white", (0, 0, size[0] // 2, size[1]))
    made.convert(mode).save(path)
    return file(path)
