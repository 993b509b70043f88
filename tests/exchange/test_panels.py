"""Panels: the picture, and arrows that point where things go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.exchange.arrows import CAMERA, EDGE, FIGURE, Colour
from studio.exchange.panels import annotated, filled
from tests.exchange.sample import NAMES, picture, shot

SIZE = (480, 270)
GREY = (120, 120, 120)


def drawn(path: Path, colour: Colour, **fields: Any) -> NDArray[np.bool_]:
    """Where a panel on grey has a colour, without the words in its corners."""
    panel = annotated(picture(path / "grey.png", GREY), shot(**fields), SIZE, NAMES)
    found = np.all(np.abs(np.asarray(panel).astype(int) - colour) < 40, axis=2)
    found[-26:, :170] = False
    return np.asarray(found)


def points_at(found: NDArray[np.bool_], axis: int) -> int:
    """1 where the head of an arrow, where it is widest, lies at the higher end of an axis
    (0: down, 1: right), else -1."""
    widths = found.sum(axis=1 - axis)
    places = np.flatnonzero(widths)
    return 1 if np.argmax(widths) > (places[0] + places[-1]) / 2 else -1


@pytest.mark.parametrize(
    ("movement", "axis", "sign"),
    [
        ("pan left", 1, -1),
        ("pan right", 1, 1),
        ("truck left", 1, -1),
        ("truck right", 1, 1),
        ("tilt up", 0, -1),
        ("tilt down", 0, 1),
        ("pedestal up", 0, -1),
        ("pedestal down", 0, 1),
    ],
)
def test_camera_arrows_point_the_way_it_moves(
    tmp_path: Path, movement: str, axis: int, sign: int
) -> None:
    assert points_at(drawn(tmp_path, CAMERA, movement=movement), axis) == sign


def test_a_crane_sweeps_up_or_down(tmp_path: Path) -> None:
    assert points_at(drawn(tmp_path, CAMERA, movement="crane up")[:160], 0) == -1
    assert points_at(drawn(tmp_path, CAMERA, movement="crane down")[200:], 1) == -1


@pytest.mark.parametrize(("movement", "inward"), [("dolly in", True), ("dolly out", False)])
def test_a_dolly_points_into_the_picture_or_out_of_it(
    tmp_path: Path, movement: str, inward: bool
) -> None:
    corner = drawn(tmp_path, CAMERA, movement=movement)[20:130, :240]
    assert (points_at(corner, 1) == 1) == inward


def test_every_movement_but_static_is_drawn(tmp_path: Path) -> None:
    assert not drawn(tmp_path, CAMERA, movement="static").any()
    seen = set()
    for movement in ("zoom in", "zoom out", "arc left", "arc right", "handheld", "crane down"):
        found = drawn(tmp_path, CAMERA, movement=movement)
        assert found.sum() > 300
        seen.add(found.tobytes())
    assert len(seen) == 6


@pytest.mark.parametrize(("at", "facing"), [("left", "right"), ("right", "left")])
def test_a_figure_that_walks_has_an_arrow_where_it_faces(
    tmp_path: Path, at: str, facing: str
) -> None:
    person = {"who": "mara", "at": at, "facing": facing, "does": "walks"}
    found = drawn(tmp_path, FIGURE, cast=[person])
    ahead = 1 if facing == "right" else -1
    assert points_at(found, 1) == ahead
    middle = np.flatnonzero(found.any(axis=0)).mean() / SIZE[0]
    assert (middle - (0.28 if at == "left" else 0.72)) * ahead > 0.05


def test_leaving_goes_to_the_edge_and_entering_begins_there(tmp_path: Path) -> None:
    person = {"who": "mara", "at": "right", "facing": "right"}
    leaves = np.flatnonzero(drawn(tmp_path, FIGURE, cast=[person | {"does": "leaves"}]).any(axis=0))
    assert leaves[-1] > 0.95 * SIZE[0]
    person = {"who": "mara", "at": "left", "facing": "right"}
    enters = np.flatnonzero(drawn(tmp_path, FIGURE, cast=[person | {"does": "enters"}]).any(axis=0))
    assert enters[0] < 0.06 * SIZE[0]
    assert enters[-1] < 0.28 * SIZE[0]


def test_towards_the_camera_and_away(tmp_path: Path) -> None:
    for facing, sign in (("camera", 1), ("away", -1)):
        person = {"who": "mara", "at": "center", "facing": facing, "does": "walks"}
        assert points_at(drawn(tmp_path, FIGURE, cast=[person]), 0) == sign


def test_who_stays_has_no_arrow(tmp_path: Path) -> None:
    person = {"who": "mara", "at": "left", "facing": "right", "does": "stands still"}
    assert not drawn(tmp_path, FIGURE, cast=[person]).any()


@pytest.mark.parametrize("colour", [(0, 0, 0), CAMERA, FIGURE])
def test_arrows_have_a_white_edge(tmp_path: Path, colour: Colour) -> None:
    panel = annotated(picture(tmp_path / "a.png", colour), shot(movement="pan left"), SIZE, NAMES)
    low = np.asarray(panel)[200:, 180:]
    assert np.all(low > np.array(EDGE) - 60, axis=2).sum() > 100


def test_a_further_panel_has_its_letter_and_no_arrows(tmp_path: Path) -> None:
    path = picture(tmp_path / "b.png", GREY)
    one = shot(movement="pan left", cast=[{"who": "mara", "does": "walks"}])
    further = np.asarray(annotated(path, one, SIZE, NAMES, "b"))
    for colour in (CAMERA, FIGURE):
        assert not np.all(np.abs(further.astype(int) - colour) < 40, axis=2).any()


def test_pictures_fill_the_panel_and_keep_what_the_shot_says(tmp_path: Path) -> None:
    wide = Image.new("RGB", (400, 100), (0, 0, 255))
    wide.paste((255, 0, 0), (0, 0, 200, 100))
    wide.save(tmp_path / "wide.png")
    for fit, colour in (("left", (255, 0, 0)), ("right", (0, 0, 255))):
        panel = filled(tmp_path / "wide.png", (100, 100), fit)  # type: ignore[arg-type]
        assert panel.size == (100, 100)
        assert panel.getpixel((50, 50)) == colour


def test_without_a_picture_the_frame_is_empty_and_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    frames = {filled(path, SIZE).tobytes() for path in (None, broken, tmp_path / "gone.png")}
    assert len(frames) == 3  # each says what is the matter
    for path in (None, broken):
        annotated(path, shot(movement="zoom in"), (36, 64), NAMES)


def test_transparent_pictures_lie_on_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (64, 36), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert filled(tmp_path / "clear.png", (64, 36)).getpixel((5, 5)) == (255, 255, 255)
