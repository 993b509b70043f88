"""The embedded animator on pictures without layers, and on broken ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engines.requests import File
from studio.errors import RenderFailed
from studio.ffmpeg import read_frames
from studio.schema.storyboard import Movement
from tests.engines.filming import (
    MOVEMENTS,
    PANEL,
    SIZE,
    asked,
    difference,
    film,
    photo,
    raining,
    render,
)


def test_a_photograph_gets_the_move_alone(tmp_path: Path) -> None:
    picture = photo(tmp_path, Image.new("RGB", (64, 36), (90, 90, 90)))
    frames = film(asked(picture, "truck left", panel=raining("heavy rain")))
    assert all((frame == 90).all() for frame in frames)


@pytest.mark.parametrize("size", [(400, 300), (300, 400), (900, 200), (192, 108)])
@pytest.mark.parametrize("movement", ["static", "truck left", "zoom in", "dolly out", "tilt up"])
def test_a_photograph_is_cropped_and_never_stretched(
    tmp_path: Path, size: tuple[int, int], movement: Movement
) -> None:
    middle = np.array(size) / 2
    radius = 0.2 * min(size)
    image = Image.new("RGB", size, (0, 200, 0))
    across = np.hypot(*(np.mgrid[: size[1], : size[0]] + 0.5 - middle[::-1, None, None]))
    image.paste((200, 0, 0), mask=Image.fromarray((across < radius).astype(np.uint8) * 255))
    frames = film(asked(photo(tmp_path, image), movement))
    for frame in (frames[0], frames[-1]):
        red = frame[:, :, 0] > 100
        wide, tall = (np.flatnonzero(red.any(axis=axis)) for axis in (0, 1))
        assert len(wide) == pytest.approx(len(tall), abs=2)
        assert frame.max(axis=2).min() > 90
    assert difference(frames[0], frames[-1]) > 0


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_the_edge_of_a_photograph_never_shows(tmp_path: Path, movement: Movement) -> None:
    picture = photo(tmp_path, Image.new("RGB", SIZE, (200, 180, 160)))
    for frame in film(asked(picture, movement, panel=replace(PANEL, size="ELS"))):
        assert (frame == (200, 180, 160)).all()


@pytest.mark.parametrize(
    ("image", "name", "colour"),
    [
        (Image.new("RGB", (1, 1), (10, 200, 30)), "dot.png", (10, 200, 30)),
        (Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "ink.jpg", (255, 0, 0)),
        (Image.fromarray(np.full((30, 40), 40000, np.uint16)), "deep.png", (155, 155, 155)),
        (Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "clear.png", (255, 255, 255)),
        (Image.new("L", (40, 30), 77), "grey.png", (77, 77, 77)),
        (Image.new("P", (40, 30)), "palette.png", (0, 0, 0)),
        (Image.new("RGB", (3000, 2), (5, 6, 7)), "line.png", (5, 6, 7)),
    ],
)
def test_pictures_of_any_kind(
    tmp_path: Path, image: Image.Image, name: str, colour: tuple[int, int, int]
) -> None:
    frames = film(asked(photo(tmp_path, image, name), "zoom in", frames=3))
    assert np.abs(frames[-1].astype(int) - colour).max() <= 2


def test_a_clip_of_a_photograph_decodes_to_it(tmp_path: Path) -> None:
    picture = photo(tmp_path, Image.new("RGB", (400, 300), (200, 60, 60)))
    frames = list(read_frames(render(asked(picture, frames=3), tmp_path)))
    assert np.abs(frames[0].astype(int) - (200, 60, 60)).max() <= 3


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_a_broken_picture_is_said_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keyframe.png"
    path.write_bytes(content)
    with pytest.raises(RenderFailed, match=r"^keyframe\.png is no picture that reads") as error:
        render(asked(File(path, "0")), tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["gone.png", "gone.svg"])
def test_a_missing_file_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(RenderFailed, match=rf"^{name} does not open: "):
        render(asked(File(tmp_path / name, "0")), tmp_path)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("no drawing", "is no SVG that reads"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "is no SVG that reads: its viewBox"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>',
            "is no SVG that reads: its viewBox",
        ),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "shows nothing in groups"),
        ('<html viewBox="0 0 9 9"><p id="back">x</p></html>', "does not draw"),
    ],
)
def test_a_broken_drawing_is_said_in_one_line(tmp_path: Path, source: str, says: str) -> None:
    path = tmp_path / "panel.svg"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(RenderFailed, match=rf"^panel\.svg {says}") as error:
        render(asked(File(path, "0")), tmp_path)
    assert "\n" not in str(error.value)
