"""When the further panels of a shot are shown: in its clip, in its slot, in another's slot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studio.edit.cut import Slot
from studio.engines.base import ENGINES, EngineSpec
from studio.engines.requests import File
from studio.errors import StudioError
from studio.schema.film import Film
from studio.schema.storyboard import Scene, Shot
from studio.schema.take import MadeBy, Take
from studio.stages.panels import panel_notes, panels_in_clip, panels_in_slot
from tests.conftest import FILM

SHOT = "sc010_sh010"


def film() -> Film:
    """At 12 frames a second."""
    return Film.model_validate(FILM)


def fields(*panels: str) -> Shot:
    return Shot.model_validate({"id": SHOT, "duration": "4s", "panels": list(panels)})


def slot(frames: int = 48, source_in: int = 6, speed: Fraction = Fraction(1)) -> Slot:
    return Slot("shot", 100, frames, SHOT, "sc010", source_in=source_in, source=SHOT, speed=speed)


def keyframe(*suffixes: str) -> Take:
    made = MadeBy(engine="board", revision=1, about="", embedded=True)
    files = dict.fromkeys((".png", *suffixes), "0")
    return Take(
        shot=SHOT, kind="keyframe", number=1, fingerprint="", made_by=made, request={}, files=files
    )


@pytest.mark.parametrize("moments", [(), ("1s", "2s")])
def test_a_painters_keyframe_has_none(moments: tuple[str, ...]) -> None:
    assert panels_in_clip(film(), fields(*moments), slot(), keyframe(".svg")) == ()


def test_the_moments_are_for_the_panels_of_the_take_that_is_shown() -> None:
    with pytest.raises(StudioError, match="and keyframe take 1 has 2 further panels of it"):
        panels_in_clip(film(), fields("1s"), slot(), keyframe("_b.png", "_c.png"))


def test_without_moments_they_are_spread_evenly() -> None:
    panels = panels_in_clip(film(), fields(), slot(), keyframe("_b.png", "_c.png"))
    assert panels == ((6 + 16, "_b.png"), (6 + 32, "_c.png"))


def test_moments_count_from_where_the_shot_begins() -> None:
    panels = panels_in_clip(film(), fields("1.5s", "30f"), slot(), keyframe("_b.png", "_c.png"))
    assert panels == ((6 + 18, "_b.png"), (6 + 30, "_c.png"))
    assert panels_in_slot(panels, slot()) == ((18, "_b.png"), (30, "_c.png"))


def test_a_slowed_clip_shows_them_at_the_moments_of_the_film() -> None:
    slow = slot(source_in=3, speed=Fraction(1, 2))
    panels = panels_in_clip(film(), fields("2s"), slow, keyframe("_b.png"))
    assert panels == ((3 + 12, "_b.png"),)
    assert panels_in_slot(panels, slow) == ((24, "_b.png"),)


def test_another_shot_of_the_same_clip_shows_what_is_there_then() -> None:
    panels = ((22, "_b.png"), (38, "_c.png"))
    assert panels_in_slot(panels, slot(source_in=30)) == ((-8, "_b.png"), (8, "_c.png"))


@pytest.mark.parametrize(
    ("moments", "pictures", "frames", "message"),
    [
        (["1s", "2s"], 2, 48, "panels: has 2 moments, and boards/ has 1 further panel of it"),
        (["1s"], 3, 48, "panels: has 1 moment, and boards/ has 2 further panels of it"),
        (["1s"], 1, 48, "panels: has 1 moment, and boards/ has no further panels of it"),
        (["2s", "1s"], 3, 48, "panels: 2s, 1s: 3 pictures do not follow each other within 4s"),
        (["1s", "1s"], 3, 48, "panels: 1s, 1s: 3 pictures do not follow each other within 4s"),
        (["0s"], 2, 48, "panels: 0s: 2 pictures do not follow each other within 4s"),
        (["4s"], 2, 48, "panels: 4s: 2 pictures do not follow each other within 4s"),
        ([], 3, 2, "3 pictures do not follow each other within 0.1667s"),
    ],
)
def test_panels_that_do_not_fit_are_refused(
    moments: list[str], pictures: int, frames: int, message: str
) -> None:
    with pytest.raises(StudioError) as raised:
        noted("pan", {SHOT: pictures}, fields(*moments), frames)
    assert raised.value.message == f"storyboard.yaml: {SHOT}: {message}"
    assert raised.value.tip


def noted(
    animator: str, pictures: dict[str, int], shot: Shot | None = None, frames: int = 48
) -> Any:
    """What is said of shots that have so many pictures."""
    scene = Scene.model_validate({"id": "sc010", "heading": "INT.", "place": "tower"})
    return panel_notes(
        film(),
        {id_: (scene, shot or fields()) for id_ in pictures},
        {id_: slot(frames) for id_ in pictures},
        {id_: (File(Path(), "0"),) * count for id_, count in pictures.items()},
        EngineSpec("animator", animator, ENGINES["animator"][animator]),
    )


def test_an_animator_that_leaves_panels_out_is_named() -> None:
    several = {f"sc010_sh0{n}0": 2 for n in range(1, 6)}
    assert noted("pan", several) == []
    assert noted("null", {SHOT: 1}) == []
    assert noted("null", several) == [
        "sc010_sh010, sc010_sh020, sc010_sh030 and 2 more: null moves the first picture alone, so"
        " the further panels are only in the reel, until there is a clip"
    ]
