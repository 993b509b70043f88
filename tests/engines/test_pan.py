"""The embedded animator: what each move shows, and that no edge ever does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
import resvg_py

from studio.engines.base import NoSettings
from studio.engines.pan import Pan
from studio.errors import Interrupted
from studio.ffmpeg import probe
from studio.schema.storyboard import Movement
from tests.engines.filming import (
    GROUND,
    HEIGHT,
    MOVEMENTS,
    PANEL,
    SIZE,
    WIDTH,
    asked,
    difference,
    disc,
    drawing,
    everywhere,
    film,
    person,
    raining,
    render,
    spot,
    travel,
)

# --- the clip --------------------------------------------------------------------------


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_every_movement_gives_exactly_the_asked_clip(tmp_path: Path, movement: Movement) -> None:
    rate = Fraction(24000, 1001)
    request = asked(drawing(tmp_path), movement, rate=rate, frames=11)
    video = probe(render(request, tmp_path))
    assert (video.size, video.rate, video.frames) == (SIZE, rate, 11)


@pytest.mark.parametrize("frames", [1, 2])
def test_the_shortest_clips(tmp_path: Path, frames: int) -> None:
    assert probe(render(asked(drawing(tmp_path), frames=frames), tmp_path)).frames == frames


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_a_clip_begins_at_the_keyframe(tmp_path: Path, movement: Movement) -> None:
    layers = drawing(tmp_path)
    png = resvg_py.svg_to_bytes(svg_path=str(layers.path))
    keyframe = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert difference(film(asked(layers, movement))[0], np.asarray(keyframe)) < 0.6


def test_equal_requests_give_equal_bytes(tmp_path: Path) -> None:
    request = asked(
        drawing(tmp_path, middle=person(80, 30, 20, 60)), "handheld", panel=raining("rain")
    )
    first = render(request, tmp_path).read_bytes()
    assert render(request, tmp_path).read_bytes() == first
    assert render(replace(request, seed=8), tmp_path).read_bytes() != first


def test_the_seed_leaves_a_planned_move_alone(tmp_path: Path) -> None:
    request = asked(drawing(tmp_path), "arc left")
    one, other = film(request)[-1], film(replace(request, seed=8))[-1]
    assert np.array_equal(one, other)


def test_an_interrupted_render_leaves_nothing(tmp_path: Path) -> None:
    request, folder = asked(drawing(tmp_path)), tmp_path / "take"
    folder.mkdir()

    def stop(done: int, total: int) -> None:
        if done == 5:
            raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        Pan(NoSettings()).animate(request, folder, stop)
    assert list(folder.iterdir()) == []


def test_progress_counts_up_to_the_frames(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    request = asked(drawing(tmp_path), frames=4)
    Pan(NoSettings()).animate(request, tmp_path, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (4, 4)
    assert seen == sorted(seen)


def test_the_module_loads_no_vendor() -> None:
    code = (
        "import sys, studio.engines.pan; sys.exit(any(m in sys.modules for m in ('cv2', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- the camera ------------------------------------------------------------------------

# The way of the front layer on the screen: right and down in pixels (None: not looked at),
# and whether it grows.
SEEN: dict[Movement, tuple[int, int, int]] = {
    "pan left": (1, 0, 0),
    "pan right": (-1, 0, 0),
    "tilt up": (0, 1, 0),
    "tilt down": (0, -1, 0),
    "truck left": (1, 0, 0),
    "truck right": (-1, 0, 0),
    "pedestal up": (0, 1, 0),
    "pedestal down": (0, -1, 0),
    "dolly in": (1, 1, 1),
    "dolly out": (-1, -1, -1),
    "zoom in": (1, 1, 1),
    "zoom out": (-1, -1, -1),
    "crane up": (0, 1, -1),
    "crane down": (0, -1, 1),
    "arc left": (1, 0, 1),
    "arc right": (-1, 0, 1),
}


@pytest.mark.parametrize("movement", SEEN)
def test_the_picture_moves_against_the_camera(tmp_path: Path, movement: Movement) -> None:
    right, down, growth = travel(film(asked(drawing(tmp_path), movement)))[2]
    for way, sign, least in zip(
        (right, down, growth - 1), SEEN[movement], (0.8, 0.8, 0.008), strict=True
    ):
        if sign:
            assert sign * way > least


@pytest.mark.parametrize("movement", [name for name in SEEN if "in" not in name])
def test_the_speed_is_a_calm_one(tmp_path: Path, movement: Movement) -> None:
    ways = travel(film(asked(drawing(tmp_path), movement)))
    parts = [max(abs(x) / WIDTH, abs(y) / HEIGHT, abs(grow - 1)) for x, y, grow in ways]
    assert 0.03 < max(parts) < 0.13


@pytest.mark.parametrize("movement", ["truck left", "truck right"])
def test_near_layers_travel_more_when_the_camera_does(tmp_path: Path, movement: Movement) -> None:
    back, middle, front = (abs(way[0]) for way in travel(film(asked(drawing(tmp_path), movement))))
    assert front > 1.4 * middle > 2 * back > 0


@pytest.mark.parametrize("movement", ["pan left", "pan right"])
def test_a_turn_of_the_camera_moves_all_alike(tmp_path: Path, movement: Movement) -> None:
    back, _, front = (abs(way[0]) for way in travel(film(asked(drawing(tmp_path), movement))))
    assert 1 <= front / back < 1.2


@pytest.mark.parametrize("movement", ["zoom in", "zoom out"])
def test_a_zoom_grows_all_alike(tmp_path: Path, movement: Movement) -> None:
    growths = [way[2] for way in travel(film(asked(drawing(tmp_path), movement)))]
    assert max(growths) - min(growths) < 0.01


def test_a_dolly_grows_what_is_near(tmp_path: Path) -> None:
    back, middle, front = (way[2] for way in travel(film(asked(drawing(tmp_path), "dolly in"))))
    assert front - 1 > 1.4 * (middle - 1) > 2 * (back - 1) > 0


def test_a_crane_looks_down_as_it_rises(tmp_path: Path) -> None:
    back, _, front = (way[1] for way in travel(film(asked(drawing(tmp_path), "crane up"))))
    assert front > 3
    assert back < 0


def test_an_arc_turns_the_near_against_the_far(tmp_path: Path) -> None:
    back, _, front = (way[0] for way in travel(film(asked(drawing(tmp_path), "arc left"))))
    assert front > 2
    assert back < -2


def test_close_sizes_move_slower(tmp_path: Path) -> None:
    ways = []
    for size in ("ECU", "ELS"):
        request = asked(drawing(tmp_path), "truck left", panel=replace(PANEL, size=size))
        ways.append(travel(film(request))[2][0])
    assert ways[1] > 1.8 * ways[0]


def test_a_move_is_smooth_and_on_its_way_from_the_start(tmp_path: Path) -> None:
    request = asked(drawing(tmp_path), "pan left", rate=Fraction(24), frames=96)
    places = np.array([spot(frame, 2)[0] for frame in film(request)])
    steps = np.diff(places)
    assert np.abs(np.diff(steps)).max() < 0.01
    assert steps[0] > 0.4 * steps.mean()
    assert steps[0] < steps[48] > steps[-1] > 0


def test_handheld_strays_a_little_and_never_jumps(tmp_path: Path) -> None:
    request = asked(drawing(tmp_path), "handheld", rate=Fraction(24), frames=96)
    places = np.array([spot(frame, 1)[:2] for frame in film(request)])
    assert 0.5 < np.ptp(places[:, 0]) < 0.05 * WIDTH
    assert np.abs(np.diff(places, axis=0)).max() < 0.4


# --- edges -----------------------------------------------------------------------------


@pytest.mark.parametrize("beyond", [0.15, 0.0])
@pytest.mark.parametrize("movement", MOVEMENTS)
def test_no_edge_of_a_layer_ever_shows(tmp_path: Path, movement: Movement, beyond: float) -> None:
    """Each layer covers a third of the frame's height; all are full of red, and so is the rim."""

    def band(top: float, bottom: float, colour: str) -> str:
        return (
            f'<rect x="{-beyond * WIDTH}" width="{(1 + 2 * beyond) * WIDTH}" '
            f'y="{top * HEIGHT}" height="{(bottom - top) * HEIGHT}" fill="{colour}"/>'
        )

    middle, front = band(0.35, 0.8, "#f0f"), band(0.7, 1 + beyond, "#f88")
    layers = drawing(tmp_path, everywhere("#ff0", beyond), middle, front)
    panel = replace(PANEL, size="ELS")
    for frame in film(asked(layers, movement, panel=panel, frames=24))[::4]:
        rim = np.concatenate([frame[0], frame[-1], frame[:, 0], frame[:, -1]])
        assert rim[:, 0].min() > 250
        for side in (0, -1):
            assert frame[0, side] == pytest.approx((255, 255, 0))
            assert frame[HEIGHT // 2, side] == pytest.approx((255, 0, 255))
            assert frame[-1, side] == pytest.approx((255, 136, 136))


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_things_leave_and_enter_the_frame(tmp_path: Path, movement: Movement) -> None:
    """Discs stand over every edge; where one has left, nothing of it is drawn."""
    edges = [(x, y) for x in (-0.04, 0.02, 0.5, 0.98, 1.04) for y in (-0.07, 0.03, 0.97, 1.07)]
    discs = "".join(disc(x, y, "#00f") for x, y in edges)
    frames = film(asked(drawing(tmp_path, GROUND, "", discs), movement))
    assert {frame.shape for frame in frames} == {(HEIGHT, WIDTH, 3)}
    assert all(tuple(frame[HEIGHT // 2, WIDTH // 4]) == (64, 64, 64) for frame in frames)


def test_edges_keep_their_colour(tmp_path: Path) -> None:
    layers = drawing(tmp_path, everywhere("#fff"), disc(0.5, 0.5, "#fff"), disc(0.4, 0.6, "#fff"))
    assert min(frame.min() for frame in film(asked(layers, "truck left"))) >= 252


def test_the_finish_lies_still_on_the_lens(tmp_path: Path) -> None:
    finish = f'<g id="finish">{disc(0.5, 0.5, "#ff0")}</g>'
    frames = film(
        asked(drawing(tmp_path, GROUND, "", disc(0.2, 0.2, "#00f"), finish), "truck left")
    )
    centre = slice(40, 68), slice(82, 110)
    assert np.array_equal(frames[0][centre], frames[-1][centre])
    assert difference(frames[0], frames[-1]) > 0
