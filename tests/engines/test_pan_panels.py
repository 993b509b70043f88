"""The embedded animator on a shot with further panels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engines.pan.scene import stretches
from studio.engines.requests import AnimateRequest, PanelAt
from studio.errors import RenderFailed
from studio.ffmpeg import read_frames
from tests.engines.filming import SIZE, Frame, asked, drawing, film, photo, render

RED, GREEN, BLUE = (200, 0, 0), (0, 200, 0), (0, 0, 200)


def flat(folder: Path, colour: tuple[int, int, int], first: int) -> PanelAt:
    name = f"{colour}.png".replace(" ", "")
    return PanelAt(photo(folder, Image.new("RGB", SIZE, colour), name), first)


def shown(request: AnimateRequest) -> list[Frame]:
    """The frames before they are encoded, each under its own number."""
    frames = []
    for scene, numbers in stretches(request):
        assert numbers[0] == len(frames)
        frames += [scene.frame(number) for number in numbers]
    return frames


def coloured(frames: list[Frame]) -> list[int]:
    return [int(frame.mean(axis=(0, 1)).argmax()) for frame in frames]


def test_panels_change_hard_at_their_frames(tmp_path: Path) -> None:
    keyframe = flat(tmp_path, RED, 0).picture
    panels = (flat(tmp_path, GREEN, 5), flat(tmp_path, BLUE, 6))
    request = asked(keyframe, "dolly in", panels=panels)
    frames = list(read_frames(render(request, tmp_path)))
    assert coloured(frames) == [0] * 5 + [1] + [2] * 12


def test_the_move_goes_on_over_the_panels(tmp_path: Path) -> None:
    noise = Image.effect_noise((3 * SIZE[0], 3 * SIZE[1]), 60).resize(SIZE).convert("RGB")
    picture = photo(tmp_path, noise)
    request = asked(picture, "truck left", panels=(PanelAt(picture, 7), PanelAt(picture, 12)))
    for one, other in zip(shown(request), film(asked(picture, "truck left")), strict=True):
        assert np.array_equal(one, other)


def test_a_drawn_panel_is_followed_by_a_flat_picture(tmp_path: Path) -> None:
    request = asked(drawing(tmp_path), "static", panels=(flat(tmp_path, GREEN, 9),))
    frames = shown(request)
    assert len(frames) == 18
    assert all((frame == GREEN).all() for frame in frames[9:])
    assert not any((frame == GREEN).all() for frame in frames[:9])


@pytest.mark.parametrize(
    ("firsts", "colours"),
    [((0, 9), [1] * 9 + [2] * 9), ((9, 18), [0] * 9 + [1] * 9), ((20, 30), [0] * 18)],
)
def test_there_are_exactly_the_asked_frames(
    tmp_path: Path, firsts: tuple[int, int], colours: list[int]
) -> None:
    panels = (flat(tmp_path, GREEN, firsts[0]), flat(tmp_path, BLUE, firsts[1]))
    assert coloured(shown(asked(flat(tmp_path, RED, 0).picture, panels=panels))) == colours


def test_a_panel_that_does_not_read_is_named(tmp_path: Path) -> None:
    keyframe, panel = flat(tmp_path, RED, 0), flat(tmp_path, GREEN, 9)
    panel.picture.path.write_bytes(b"broken")
    with pytest.raises(RenderFailed, match="is no picture that reads"):
        render(asked(keyframe.picture, panels=(panel,)), tmp_path)
