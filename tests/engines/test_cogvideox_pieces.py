"""How a longer clip is put together of several: counted, joined where a piece is still good, and
kept in the colours of the first. No model is needed for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import cv2
import numpy as np
import pytest

from studio.engines.cogvideox.colours import Grade
from studio.engines.cogvideox.pieces import clip_frames, good, joined, piece_seed
from studio.errors import RenderFailed, StudioError
from studio.ffmpeg import Frame
from studio.models.contract import contract

FRAMES = 9
SIZE = (96, 64)

Drift = Callable[[np.ndarray, float], np.ndarray]


def scene(number: int) -> Frame:
    """A moving camera over soft shapes, as it should look: one picture a frame, for any number."""
    width, height = SIZE
    across, down = np.meshgrid(np.arange(width) + 2 * number, np.arange(height))
    red = 110 + 60 * np.sin(across / 9) + 20 * np.sin(down / 3)
    green = 100 + 50 * np.cos(across / 13 + down / 11)
    blue = 90 + 40 * np.sin(down / 7 - across / 17)
    return np.clip(np.dstack([red, green, blue]), 0, 255).astype(np.uint8)


def burnt(picture: np.ndarray, amount: float) -> np.ndarray:
    """More contrast and a warm tint, as clips drift that go on from their own last frames."""
    return (picture - 110) * (1 + 0.25 * amount) + 110 + amount * np.array([14.0, 2.0, -16.0])


class Drifting:
    """Gives pieces of `scene` that drift further with every frame from the frame they begin at."""

    def __init__(self, drift: Drift = burnt) -> None:
        self.drift, self.first, self.made = drift, 0, 0

    def __call__(self, piece: int, seam: Frame | None) -> Sequence[Frame]:
        assert (seam is None) == (piece == 0)
        self.made += 1
        # a piece that begins at a frame inherits what is wrong with that frame
        base = np.zeros(3) if seam is None else seam.mean((0, 1)) - scene(self.first).mean((0, 1))
        frames = [
            np.clip(self.drift(scene(self.first + place) + base, place / FRAMES), 0, 255)
            for place in range(FRAMES)
        ]
        self.first += FRAMES - 1
        return [frame.astype(np.uint8) for frame in frames]


def lab(frame: Frame) -> np.ndarray:
    return cv2.cvtColor(frame.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def off(frames: Sequence[Frame], first: int = 0) -> np.ndarray:
    """How far each frame's mean colour is from the true one's, in L*a*b*."""
    true = [lab(scene(first + place)).mean((0, 1)) for place in range(len(frames))]
    return np.array(
        [
            np.linalg.norm(lab(frame).mean((0, 1)) - one)
            for frame, one in zip(frames, true, strict=True)
        ]
    )


# --- counted ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needed", "pieces", "frames"),
    [(1, 1, 49), (49, 1, 49), (30, 3, 49), (50, 2, 97), (97, 3, 97), (98, 3, 145)],
)
def test_as_few_pieces_as_do(needed: int, pieces: int, frames: int) -> None:
    assert clip_frames(contract("CogVideoX-5B-I2V"), needed, pieces) == frames


def test_a_shot_that_is_too_long_is_told_how_long_it_may_be() -> None:
    with pytest.raises(StudioError, match=r"98 frames .* 97 in 2 pieces: 12\.12 s"):
        clip_frames(contract("CogVideoX-5B-I2V"), 98, 2)


def test_a_model_of_pictures_makes_no_clips() -> None:
    with pytest.raises(StudioError, match="paints pictures"):
        clip_frames(contract("FLUX.1-schnell"), 1, 1)


def test_every_piece_has_a_seed_of_its_own() -> None:
    seeds = [piece_seed(7, piece) for piece in range(5)]
    assert seeds[0] == 7
    assert len(set(seeds) | {piece_seed(8, piece) for piece in range(5)}) == 10
    assert all(0 <= seed < 2**63 for seed in seeds)  # what torch takes


# --- joined ----------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "made"), [(5, 1), (9, 1), (10, 2), (17, 2), (18, 3), (25, 3)])
def test_exactly_the_asked_frames_and_no_piece_too_many(count: int, made: int) -> None:
    pieces = Drifting()
    assert len(list(joined(pieces, count, 3))) == count
    assert pieces.made == made


def test_the_frame_at_the_seam_is_shown_once() -> None:
    frames = list(joined(Drifting(lambda picture, _: picture), 25, 3))
    for number, frame in enumerate(frames):
        right, late, early = (
            np.abs(frame.astype(int) - scene(number + by)).mean() for by in (0, -1, 1)
        )
        assert right < min(late, early, 6)  # the camera's move changes the mean a little, too
    steps = [np.abs(one.astype(int) - other).mean() for one, other in pairwise(frames)]
    assert min(steps) > 0.6 * max(steps)  # the camera never stands still


def test_a_piece_goes_on_from_its_last_good_frame() -> None:
    dark = [scene(number) for number in range(6)] + [np.zeros_like(scene(0))] * 3
    assert good(dark) == 6
    asked: list[Frame] = []

    def make(piece: int, seam: Frame | None) -> Sequence[Frame]:
        if seam is not None:
            asked.append(seam)
        return [scene(5 + number) for number in range(FRAMES)] if piece else dark

    frames = list(joined(make, 14, 2))
    assert len(frames) == 14
    assert np.array_equal(asked[0], scene(5))
    assert min(frame.mean() for frame in frames) > 50


def test_black_ends_that_leave_too_few_frames_fail_the_shot() -> None:
    dark = [scene(number) for number in range(6)] + [np.zeros_like(scene(0))] * 3
    with pytest.raises(RenderFailed, match="turned black"):
        list(joined(lambda *_: dark, 17, 2))


def test_a_clip_that_is_to_end_in_black_ends_in_black() -> None:
    dark = [scene(number) for number in range(6)] + [np.zeros_like(scene(0))] * 3
    assert not list(joined(lambda *_: dark, 9, 2))[-1].any()


# --- colours ---------------------------------------------------------------------------


def test_colours_drift_no_further_than_in_the_first_piece() -> None:
    pieces = Drifting()
    left = [*pieces(0, None)]
    while len(left) < 41:
        left += pieces(1, left[-1])[1:]
    matched = list(joined(Drifting(), 41, 5))
    assert off(left).max() > 40  # unmatched the picture burns
    assert off(matched).max() < 1.2 * off(matched[:FRAMES]).max()
    contrast = [lab(frame)[..., 0].std() for frame in matched]
    assert max(contrast[FRAMES:]) < 1.1 * max(contrast[:FRAMES])


def test_no_jump_is_seen_at_a_seam() -> None:
    means = [lab(frame).mean((0, 1)) for frame in joined(Drifting(), 41, 5)]
    steps = [np.linalg.norm(one - other) for one, other in pairwise(means)]
    seams = [number for number in range(len(steps)) if number and number % (FRAMES - 1) == 0]
    within = [step for number, step in enumerate(steps) if number not in seams]
    assert max(steps[number] for number in seams) <= 1.2 * max(within)


def test_what_happens_in_a_piece_is_left_alone() -> None:
    first = [scene(number) for number in range(FRAMES)]
    piece = [scene(FRAMES - 1 + number) for number in range(FRAMES)]
    lit = [frame.copy() for frame in piece]
    lit[4] = np.clip(lit[4] + 40.0, 0, 255).astype(np.uint8)  # lightning
    matched = list(Grade(first).matched(lit, first[-1]))
    flash = lab(matched[4])[..., 0].mean() - lab(matched[3])[..., 0].mean()
    assert flash > 0.9 * (lab(lit[4])[..., 0].mean() - lab(lit[3])[..., 0].mean())


def test_flat_pictures_stay_flat() -> None:
    grey = np.full((*SIZE[::-1], 3), 90, np.uint8)
    frames = list(Grade([grey] * 3).matched([grey + 1] * 3, grey))
    assert all(np.abs(frame.astype(int) - 90).max() <= 1 for frame in frames)
