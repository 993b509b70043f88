"""The picture that a clip starts from: cropped to the model's size, of any kind that is a picture,
and one clear line where it is none. No model is needed for that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engines.cogvideox.starts import keyframe
from studio.engines.requests import AnimateRequest
from studio.errors import RenderFailed
from tests.engines.test_cogvideox import SIZE, file, picture


@pytest.fixture
def request_(tmp_path: Path) -> AnimateRequest:
    """A clip of the tiny model's size."""
    return AnimateRequest(
        shot="sc010_sh010",
        prompt="A boat rocks on the waves.",
        avoid="",
        keyframe=picture(tmp_path / "keyframe.png"),
        layers=None,
        movement="static",
        size=SIZE,
        rate=Fraction(8),
        frames=9,
        seed=7,
    )


def test_a_keyframe_is_cropped_and_never_stretched(
    request_: AnimateRequest, tmp_path: Path
) -> None:
    wide = Image.new("RGB", (1000, 200), "white")
    wide.paste("black", (450, 50, 550, 150))  # a square in the middle
    wide.save(tmp_path / "wide.png")
    made = keyframe(replace(request_, keyframe=file(tmp_path / "wide.png")))
    assert made.shape == (SIZE[1], SIZE[0], 3)
    down, across = np.nonzero(made[..., 0] < 128)
    assert abs((np.ptp(down) + 1) - (np.ptp(across) + 1)) <= 1
    assert abs(across.mean() - SIZE[0] / 2) < 1


@pytest.mark.parametrize("mode", ["CMYK", "I;16", "RGBA", "L"])
def test_keyframes_of_every_kind_are_taken(
    request_: AnimateRequest, mode: str, tmp_path: Path
) -> None:
    path = tmp_path / ("keyframe.jpg" if mode == "CMYK" else "keyframe.png")
    if mode == "I;16":
        Image.fromarray(np.full((180, 320), 32768, np.uint16)).save(path)
    else:
        Image.new("RGB", (320, 180), (128, 128, 128)).convert(mode).save(path)
    made = keyframe(replace(request_, keyframe=file(path)))
    assert np.abs(made.astype(int) - 128).max() < 12


@pytest.mark.parametrize("content_", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_broken_keyframe_is_one_clear_line(
    request_: AnimateRequest, content_: bytes, tmp_path: Path
) -> None:
    (tmp_path / "keyframe.png").write_bytes(content_)
    with pytest.raises(RenderFailed, match=r"keyframe\.png is no picture that opens"):
        keyframe(replace(request_, keyframe=file(tmp_path / "keyframe.png")))


def test_a_keyframe_of_one_pixel_is_refused(request_: AnimateRequest, tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "keyframe.png")
    with pytest.raises(RenderFailed, match="1x1 pixels: too small"):
        keyframe(replace(request_, keyframe=file(tmp_path / "keyframe.png")))
