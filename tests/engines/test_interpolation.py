"""What holds for every interpolator: moments, counts, cuts, and bad input."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from studio import ffmpeg
from studio.engines.flow.motion import between
from studio.engines.inbetween.cuts import is_cut
from studio.engines.inbetween.moments import Moment, moments
from studio.engines.requests import File
from studio.errors import Interrupted, RenderFailed
from studio.ffmpeg import probe

from .inbetweening import WIDTH, asked, disc, engine, ground, likeness, scene, shown, write

COUNT = 7
EMBEDDED = ("hold", "blend", "flow", "minterpolate")
MOVING = ("flow", "minterpolate")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> File:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return write(path, [scene(time) for time in range(COUNT)])


@pytest.fixture(scope="module")
def spliced(tmp_path_factory: pytest.TempPathFactory) -> File:
    """Four frames of one scene, then four of another."""
    path = tmp_path_factory.mktemp("spliced") / "clip.mp4"
    return write(path, [scene(time, seed=1 + time // 4) for time in range(8)])


def unheard(*_: int) -> None:
    pass


@pytest.mark.parametrize("name", EMBEDDED)
@pytest.mark.parametrize(("own", "rate"), [(8, 24), (8, 25), (16, 24), (24, 10)])
def test_frame_n_shows_the_moment_n_by_rate(
    clip: File, tmp_path: Path, name: str, own: int, rate: int
) -> None:
    request = asked(clip, COUNT, own, rate)
    made = engine(name).interpolate(request, tmp_path, unheard).files[".mp4"]
    found = probe(made)
    assert (found.frames, found.rate, found.size) == (request.frames, request.rate, (128, 96))
    step = own / rate
    far = {"hold": 0.51, "blend": 0.2}.get(name, 0.15)
    for number, picture in enumerate(shown(made)):
        assert abs(disc(picture) - number * step) < far, number


@pytest.mark.parametrize("rate", ["30", "32", "60", "24000/1001", "8", "4"])
@pytest.mark.parametrize("name", ["flow", "minterpolate"])
def test_any_rate_is_exact(clip: File, tmp_path: Path, name: str, rate: str) -> None:
    request = asked(clip, COUNT, 8, rate)
    made = engine(name).interpolate(request, tmp_path, unheard).files[".mp4"]
    assert (probe(made).frames, probe(made).rate) == (request.frames, Fraction(rate))
    assert list(tmp_path.iterdir()) == [made]


def test_frames_between_frames_are_counted(clip: File) -> None:
    assert asked(clip, 49, 8, 24).frames == 48 * 3 + 1
    told = list(moments(asked(clip, 3, 8, 24)))
    assert [(each.source, each.share) for each in told] == [
        *((0, 0), (0, Fraction(1, 3)), (0, Fraction(2, 3))),
        *((1, 0), (1, Fraction(1, 3)), (1, Fraction(2, 3)), (2, 0)),
    ]
    assert [each.number for each in told] == list(range(7))


@pytest.mark.parametrize("name", EMBEDDED)
def test_the_last_frame_stands_until_its_time_is_over(
    clip: File, tmp_path: Path, name: str
) -> None:
    request = asked(clip, COUNT, 8, 24, frames=COUNT * 3)
    pictures = shown(engine(name).interpolate(request, tmp_path, unheard).files[".mp4"])
    assert len(pictures) == 21
    assert min(likeness(picture, scene(COUNT - 1)) for picture in pictures[-3:]) > 30
    with pytest.raises(RenderFailed, match="7 frames at 8 a second do not make 22 at 24"):
        engine(name).interpolate(asked(clip, COUNT, 8, 24, COUNT * 3 + 1), tmp_path, unheard)


@pytest.mark.parametrize("name", EMBEDDED)
def test_a_clip_of_one_frame_stands(tmp_path: Path, name: str) -> None:
    one = write(tmp_path / "clip.mp4", [scene(0)])
    (tmp_path / "out").mkdir()
    request = asked(one, 1, 8, 24, frames=3)
    made = engine(name).interpolate(request, tmp_path / "out", unheard).files[".mp4"]
    assert probe(made).frames == 3


@pytest.mark.parametrize("name", EMBEDDED)
def test_the_clips_own_frames_are_kept(clip: File, tmp_path: Path, name: str) -> None:
    made = engine(name).interpolate(asked(clip, COUNT, 8, 24), tmp_path, unheard).files[".mp4"]
    for own, kept in zip(shown(clip.path), shown(made)[::3], strict=True):
        assert likeness(own, kept) > 36


@pytest.mark.parametrize("name", EMBEDDED)
def test_nothing_is_made_across_a_cut(spliced: File, tmp_path: Path, name: str) -> None:
    rendered = engine(name).interpolate(asked(spliced, 8, 8, 32), tmp_path, unheard)
    pictures, own = shown(rendered.files[".mp4"]), shown(spliced.path)
    assert rendered.facts.get("cuts") == (None if name == "hold" else [4])
    for number, nearer in ((13, 3), (14, 3), (15, 4)):
        assert likeness(pictures[number], own[nearer]) > 36, number


def test_a_cut_is_told_from_motion_and_from_a_fade() -> None:
    assert is_cut(scene(0, 1), scene(0, 2))
    assert is_cut(ground(1), ground(2))
    assert not is_cut(scene(0), scene(3))
    assert not is_cut(scene(0), (scene(0) * 0.8).astype(np.uint8))
    dark = np.zeros_like(scene(0))
    assert not is_cut(dark, dark + 2)


@pytest.mark.parametrize("name", MOVING)
def test_motion_is_nearer_to_the_truth_than_a_dissolve(
    clip: File, tmp_path: Path, name: str
) -> None:
    means = []
    for each in ("blend", name):
        made = engine(each).interpolate(asked(clip, COUNT, 8, 16), tmp_path, unheard)
        pictures = shown(made.files[".mp4"])
        means.append(np.mean([likeness(pictures[n], scene(n / 2)) for n in range(1, 13, 2)]))
    assert means[1] > means[0] + 3


@pytest.mark.parametrize("size", [(2, 2), (8, 8), (16, 300), (300, 16), (34, 18), (514, 258)])
def test_flow_and_cuts_take_pictures_of_any_shape(size: tuple[int, int]) -> None:
    width, height = size
    one, two = (
        cv2.resize(ground(1)[:, shift:][:, :WIDTH], size, interpolation=cv2.INTER_AREA)
        for shift in (0, 4)
    )
    is_cut(one, two)
    halfway = between(one, two)(Moment(1, 0, Fraction(1, 2)))
    assert (halfway.shape, halfway.dtype) == ((height, width, 3), np.uint8)
    assert likeness(halfway, one) > 20


def test_equal_requests_give_equal_bytes(clip: File, tmp_path: Path) -> None:
    bytes_ = set()
    for _ in range(2):
        made = engine("flow").interpolate(asked(clip, COUNT, 8, 24), tmp_path, unheard)
        bytes_.add(made.files[".mp4"].read_bytes())
    assert len(bytes_) == 1


def test_a_clip_is_never_held_as_a_whole(tmp_path: Path) -> None:
    pictures = [ground(1, 320, 240) for _ in range(60)]
    clip = write(tmp_path / "clip.mp4", pictures)
    del pictures
    blend = engine("blend")
    tracemalloc.start()
    try:
        blend.interpolate(asked(clip, 60, 8, 12), tmp_path, unheard)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60 * 320 * 240 * 3 * 0.4


@pytest.mark.parametrize("name", EMBEDDED)
@pytest.mark.parametrize("after", [1, 5])
def test_a_stopped_one_leaves_nothing(clip: File, tmp_path: Path, name: str, after: int) -> None:
    heard: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        heard.append((done, total))
        if done == after:
            raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        engine(name).interpolate(asked(clip, COUNT, 8, 24), tmp_path, stop)
    assert heard == [(done, 19) for done in range(1, after + 1)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", EMBEDDED)
def test_a_clip_that_does_not_read_is_said(clip: File, tmp_path: Path, name: str) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip.path.read_bytes()[:400])
    odd = tmp_path / "odd.mkv"
    source = ("-f", "lavfi", "-i", "testsrc=size=33x21:rate=8", "-frames:v", "3")
    ffmpeg.run([*source, "-c:v", "ffv1", odd], "drawing")
    cases: list[tuple[Any, int, str]] = [
        (broken, 7, "broken.mp4 is no video that plays"),
        (tmp_path / "none.mp4", 7, "none.mp4 is no video that plays"),
        (odd, 3, "odd.mkv is 33x21: clips have even sides"),
        (clip.path, 9, "frames from number 0 on, not 9"),
    ]
    (tmp_path / "out").mkdir()
    for path, count, what in cases:
        with pytest.raises(RenderFailed, match=what):
            engine(name).interpolate(
                asked(File(path, "0"), count, 8, 24), tmp_path / "out", unheard
            )
    assert list((tmp_path / "out").iterdir()) == []
