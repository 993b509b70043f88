"""Flux beginning from a picture, and painting people from pictures of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio.engines.base import unheard
from studio.engines.diffusion.loading import load, ready
from studio.engines.flux import Flux
from studio.engines.flux.painting import Given, latents
from studio.engines.flux.pictures import KONTEXT_SIZES, each, side_by_side, sketched
from studio.engines.requests import File, PaintRequest
from studio.errors import RenderFailed
from studio.models.weights import known
from tests.engines import tiny_klein
from tests.engines.flux_requests import (
    PANEL,
    SIZE,
    file,
    opened,
    paint,
    picture,
    pixels,
    read_before,
    request,
)


@pytest.fixture(scope="session")
def klein(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_klein.save(tmp_path_factory.mktemp("klein") / "flux.2-klein-4b")


@pytest.fixture(scope="session")
def kontext(tiny_flux_dev: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FLUX.1-dev's shape under the name of Kontext's pipeline, as the published model has it."""
    folder = tmp_path_factory.mktemp("kontext") / "flux.1-kontext-dev"
    shutil.copytree(tiny_flux_dev, folder)
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(
        json.dumps(index | {"_class_name": "FluxKontextPipeline"})
    )
    return folder


@pytest.fixture(scope="session")
def read(tiny_flux_dev: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The prompt, as the encoders of FLUX.1 gave it: reading it takes longer than painting."""
    return read_before(tiny_flux_dev, tmp_path_factory.mktemp("read"))


@pytest.fixture
def asked(read: tuple[Path, ...]) -> Callable[..., PaintRequest]:
    """A request whose prompt was read before."""
    return lambda *given, **others: request(*given, read=read, **others)


# --- begins from a picture -------------------------------------------------------------


def test_the_less_strength_the_more_of_the_sketch_is_left(
    tiny_flux_dev: Path, tmp_path: Path
) -> None:
    """Told by the latents: a VAE of random weights decodes nothing that an eye knows again."""
    import torch

    ready()
    pipeline = load(tiny_flux_dev, "FluxImg2ImgPipeline", "float32")
    panel = sketched(request(), SIZE, tmp_path / "panel")
    with torch.no_grad():
        sketch = pipeline.vae.encode(pipeline.image_processor.preprocess(panel)).latent_dist.mean

    def how_far(strength: float) -> float:
        texts = (torch.zeros(1, 32), torch.zeros(1, 16, 32))
        given = Given(SIZE, texts, 7, 10, 3.5, panel, strength)
        made = latents(pipeline, known("FLUX.1-dev"), given, unheard)
        return float((made - sketch).abs().mean())

    near, middle, far = (how_far(strength) for strength in (0.1, 0.5, 1.0))
    assert near < middle < far
    assert near < 0.5 * far


def test_a_film_of_sketches_is_painted_from_them(
    asked: Callable[..., PaintRequest], tiny_flux_dev: Path, tmp_path: Path
) -> None:
    engine = opened(tiny_flux_dev, **{"from": "sketch", "strength": 0.5})
    made = paint(engine, tmp_path, asked())
    assert (made.facts["from"], made.facts["strength"]) == ("sketch", 0.5)
    panel = replace(PANEL, size="ECU")
    assert pixels(paint(engine, tmp_path, asked(panel=panel))) != pixels(made)
    with pytest.raises(RenderFailed, match="composes from a shot's fields"):
        paint(engine, tmp_path, asked(panel=None))


def test_a_picture_begins_from_what_a_person_drew_and_without_it_from_the_prompt(
    asked: Callable[..., PaintRequest], tiny_flux_dev: Path, tmp_path: Path
) -> None:
    engine = opened(tiny_flux_dev, **{"from": "board", "strength": 0.3}, steps=4)
    drawn = picture(tmp_path / "sc010_sh010.png", "black", (400, 100))
    by_drawing = paint(engine, tmp_path, asked(pictures=(drawn,)))
    assert by_drawing.facts["from"] == "board"
    cropped = paint(engine, tmp_path, asked(pictures=(drawn,), fit="left"))
    assert pixels(by_drawing) != pixels(cropped)
    alone = paint(engine, tmp_path, asked())
    assert "from" not in alone.facts
    assert alone.facts["steps"] == 4
    assert pixels(alone) not in (pixels(by_drawing), pixels(cropped))


def test_without_a_drawing_the_grey_start_leaves_nothing_behind(
    asked: Callable[..., PaintRequest],
    tiny_flux_dev: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = opened(tiny_flux_dev, **{"from": "board"})
    grey = pixels(paint(engine, tmp_path, asked()))
    new = Image.new
    monkeypatch.setattr(Image, "new", lambda mode, size, *_: new(mode, size, "orange"))
    assert pixels(paint(engine, tmp_path, asked())) == grey


def cmyk(path: Path) -> File:
    return picture(path.with_suffix(".jpg"), mode="CMYK")


def deep(path: Path) -> File:
    Image.new("I;16", (80, 60), 40_000).save(path)
    return file(path)


def dot(path: Path) -> File:
    return picture(path, size=(1, 1))


@pytest.mark.parametrize("made", [cmyk, deep, dot])
def test_odd_drawings_are_painted_from(
    asked: Callable[..., PaintRequest],
    tiny_flux_dev: Path,
    tmp_path: Path,
    made: Callable[[Path], File],
) -> None:
    engine = opened(tiny_flux_dev, **{"from": "board", "strength": 0.5})
    painted = paint(engine, tmp_path, asked(pictures=(made(tmp_path / "drawn.png"),)))
    assert len(pixels(painted)) == asked().size[0] * asked().size[1] * 3
    assert pixels(painted) != pixels(paint(engine, tmp_path, asked()))


def test_a_broken_drawing_fails_its_shot_with_one_line(
    asked: Callable[..., PaintRequest], tiny_flux_dev: Path, tmp_path: Path
) -> None:
    (tmp_path / "drawn.png").write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    engine = opened(tiny_flux_dev, **{"from": "board"})
    with pytest.raises(RenderFailed, match=r"drawn\.png is no picture that opens"):
        paint(engine, tmp_path, asked(pictures=(file(tmp_path / "drawn.png"),)))
    paint(engine, tmp_path, asked())  # and the engine goes on


# --- pictures of people ----------------------------------------------------------------


@pytest.fixture
def people(tmp_path: Path) -> tuple[File, File]:
    return (
        picture(tmp_path / "mara.png", "navy", (300, 450)),
        picture(tmp_path / "tom.jpg", "darkred", (640, 640), mode="CMYK"),
    )


def test_kontext_paints_people_from_their_pictures(
    asked: Callable[..., PaintRequest], kontext: Path, tmp_path: Path, people: tuple[File, File]
) -> None:
    engine = opened(kontext, steps=1)
    made = [
        paint(engine, tmp_path, asked(references=references))
        for references in ((), people, people[::-1])
    ]
    assert len({pixels(one) for one in made}) == 3
    with Image.open(made[1].files[".png"]) as shown:
        assert shown.size == SIZE


def test_klein_paints_people_from_their_pictures(
    klein: Path, tmp_path: Path, people: tuple[File, File]
) -> None:
    engine = opened(klein, steps=None)
    requests = [request(references=people[:count]) for count in (0, 1, 2)]
    made = [paint(engine, tmp_path, one) for one in requests]
    assert len({pixels(one) for one in made}) == 3
    assert made[0].facts["steps"] == 4
    (reading,) = Flux.readings(Flux.Settings(model=str(klein)), requests[0])
    assert (reading.kind, reading.tokens) == ("qwen3", 512)


def test_kleins_prompt_is_read_as_its_own_pipeline_reads_it(klein: Path) -> None:
    import torch
    from diffusers import Flux2KleinPipeline

    from studio.engines.diffusion.texts import read

    (reading,) = Flux.readings(Flux.Settings(model=str(klein)), request())
    pipeline = Flux2KleinPipeline.from_pretrained(klein, dtype=torch.float32)
    with torch.no_grad():
        wanted, _ = pipeline.encode_prompt(reading.text)
    assert torch.equal(read(reading, "cpu"), wanted)


def test_two_people_stand_side_by_side_as_wide_as_they_are(people: tuple[File, File]) -> None:
    row = side_by_side(people)
    assert row.size in KONTEXT_SIZES
    left, right = (row.getpixel((x, row.height // 2)) for x in (row.width // 3, row.width - 8))
    assert left[2] > left[0]  # navy
    assert right[0] > right[2]  # dark red


def test_references_keep_their_shape_and_are_no_larger_than_the_model_knows(
    tmp_path: Path,
) -> None:
    sizes = [one.size for one in each((picture(tmp_path / "wide.png", size=(3000, 1500)),))]
    assert sizes == [(1440, 720)]


def test_a_reference_that_shows_nobody_fails_its_shot(
    asked: Callable[..., PaintRequest], kontext: Path, tmp_path: Path
) -> None:
    engine = opened(kontext)
    dot = picture(tmp_path / "mara.png", size=(1, 1))
    with pytest.raises(RenderFailed, match=r"mara\.png is 1x1 pixels"):
        paint(engine, tmp_path, asked(references=(dot,)))
    (tmp_path / "tom.png").write_bytes(b"")
    with pytest.raises(RenderFailed, match=r"tom\.png is no picture that opens: it is empty"):
        paint(engine, tmp_path, asked(references=(file(tmp_path / "tom.png"),)))
