"""The test doubles: honest, exact, and as quick as a take allows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engines.base import NoSettings
from studio.engines.null import NullAnimator, NullPainter
from studio.engines.requests import AnimateRequest, File, PaintRequest
from studio.errors import Interrupted
from studio.ffmpeg import probe, read_frames


def painting(
    prompt: str = "a tower", seed: int = 1, size: tuple[int, int] = (33, 7)
) -> PaintRequest:
    return PaintRequest("sc010_sh010", prompt, "", size, seed)


def clip(prompt: str = "a tower", seed: int = 1, keyframe: str = "0") -> AnimateRequest:
    return AnimateRequest(
        shot="sc010_sh010",
        prompt=prompt,
        avoid="",
        keyframe=File(Path("keyframe.png"), keyframe),
        layers=None,
        movement="static",
        size=(64, 36),
        rate=Fraction(24000, 1001),
        frames=5,
        seed=seed,
    )


def paint(request: PaintRequest, folder: Path) -> Path:
    return NullPainter(NoSettings()).paint(request, folder, lambda *_: None).files[".png"]


def animate(request: AnimateRequest, folder: Path) -> Path:
    animator = NullAnimator(NoSettings())
    return animator.animate(request, folder, lambda *_: None).files[".mp4"]


def test_a_picture_is_flat_and_of_the_asked_size(tmp_path: Path) -> None:
    with Image.open(paint(painting(), tmp_path)) as image:
        assert (image.size, image.mode) == ((33, 7), "RGB")
        assert len(image.getcolors() or ()) == 1


def test_prompt_and_seed_make_the_picture(tmp_path: Path) -> None:
    requests = [painting(), painting("a boat"), painting(seed=2)]
    pictures = [paint(request, tmp_path).read_bytes() for request in requests]
    assert len(set(pictures)) == 3
    assert paint(painting(), tmp_path).read_bytes() == pictures[0]


def test_a_clip_is_exact_and_stands_still(tmp_path: Path) -> None:
    path = animate(clip(), tmp_path)
    video = probe(path)
    assert (video.size, video.rate, video.frames) == ((64, 36), Fraction(24000, 1001), 5)
    frames = np.stack(list(read_frames(path)))
    assert np.ptp(frames.astype(int), axis=(0, 1, 2)).max() <= 1


def test_prompt_seed_and_keyframe_make_the_clip(tmp_path: Path) -> None:
    requests = [clip(), clip("a boat"), clip(seed=2), clip(keyframe="1")]
    clips = [animate(request, tmp_path).read_bytes() for request in requests]
    assert len(set(clips)) == 4
    assert animate(clip(), tmp_path).read_bytes() == clips[0]


def test_an_interrupted_clip_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        NullAnimator(NoSettings()).animate(clip(), tmp_path, stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", [NullPainter, NullAnimator])
def test_they_say_what_they_are(engine: type[NullPainter] | type[NullAnimator]) -> None:
    assert engine.about == "a test double: flat colour, nothing drawn"
    assert engine.embedded
    assert not engine.composes
