"""What lives and drifts in the embedded animator's clips."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from studio.engines.requests import Figure
from tests.engines.filming import (
    GROUND,
    MIDDLE,
    PANEL,
    Frame,
    asked,
    difference,
    drawing,
    film,
    person,
    raining,
    travel,
)


def test_static_is_held_and_alive(tmp_path: Path) -> None:
    frames = film(asked(drawing(tmp_path, middle=MIDDLE + person(60, 20, 30, 80))))
    assert difference(frames[0], frames[-1]) > 0.1
    assert all(abs(x) < 0.6 and abs(y) < 0.6 for x, y, _ in travel(frames))


def head_and_feet(frame: Frame) -> tuple[float, float]:
    """How far right the white figure stands at its head and at its feet, in pixels."""
    white = np.clip(frame.min(axis=2).astype(float) - 64, 0, None)
    columns = np.arange(frame.shape[1])
    head, feet = white[30:36].sum(axis=0), white[84:88].sum(axis=0)
    return float((head * columns).sum() / head.sum()), float((feet * columns).sum() / feet.sum())


def test_people_sway_and_stand_on_their_feet(tmp_path: Path) -> None:
    layers = drawing(tmp_path, GROUND, person(82, 10, 28, 84), "")
    places = np.array([head_and_feet(frame) for frame in film(asked(layers, frames=60))])
    head, feet = np.ptp(places, axis=0)
    assert 0.08 < head < 1
    assert feet < 0.4 * head


def test_everybody_moves_in_their_own_way_and_speakers_more(tmp_path: Path) -> None:
    def life(who: str, *figures: Figure) -> list[float]:
        layers = drawing(tmp_path, GROUND, person(82, 20, 28, 74, who), "")
        request = asked(layers, rate=Fraction(8), frames=32, panel=replace(PANEL, figures=figures))
        return [float(frame[17:23, 90:100].mean()) for frame in film(request)]

    silent = life("mara", Figure("mara", "Mara", ""))
    speaking = life("mara", Figure("mara", "Mara", "", speaks=True))
    assert np.std(np.diff(speaking)) > 1.5 * np.std(np.diff(silent)) > 0
    assert life("tom") != life("ada")


@pytest.mark.parametrize("thing", ["water", "glow", "cloud", "fog", "snow", "rain"])
def test_what_can_move_does(tmp_path: Path, thing: str) -> None:
    lines = "".join(
        f'<path d="M{x} -10l-4 130" stroke="#fff" stroke-width="8" opacity=".7"/>'
        for x in range(20, 180, 23)
    )
    alive, held = (
        film(asked(drawing(tmp_path, GROUND, group, ""), rate=Fraction(6)))
        for group in (f'<g class="{thing}">{lines}</g>', f"<g>{lines}</g>")
    )
    most, least = (
        max(difference(frames[0], frame) for frame in frames) for frames in (alive, held)
    )
    assert most > 1.5 * least


def fall(frames: list[Frame]) -> tuple[float, float]:
    """The way right and down, in pixels, from one frame to the next."""
    one, other = (frame.max(axis=2).astype(np.float32) for frame in frames[:2])
    (right, down), _ = cv2.phaseCorrelate(one, other)
    return right, down


def test_drawn_rain_falls_along_its_streaks(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    streaks = "".join(
        f'<path d="M{x:.1f} {y:.1f}l-3 12" stroke="#fff" stroke-width="1.2"/>'
        for x, y in rng.uniform((-20, -20), (210, 120), (70, 2))
    )
    rain = drawing(tmp_path, GROUND, "", f'<g class="rain">{streaks}</g>')
    right, down = fall(film(asked(rain, rate=Fraction(24), frames=2)))
    assert 4 < down < 12
    assert right / down == pytest.approx(-3 / 12, abs=0.08)


@pytest.mark.parametrize(
    ("weather", "heading", "falls"),
    [
        ("heavy rain", "EXT. SHORE - DAY", (4, 12)),
        ("下雨", "外景 海边 日", (4, 12)),
        ("light snow", "EXT. SHORE - DAY", (0.2, 2)),
        ("大雪", "外景 海边 日", (0.2, 2)),
    ],
)
def test_weather_that_is_not_drawn_comes_from_its_words(
    tmp_path: Path, weather: str, heading: str, falls: tuple[float, float]
) -> None:
    layers = drawing(tmp_path, GROUND, "", "")
    request = asked(layers, rate=Fraction(24), frames=2, panel=raining(weather, heading))
    assert falls[0] < fall(film(request))[1] < falls[1]


@pytest.mark.parametrize("weather", ["thick fog", "薄雾"])
def test_fog_veils_and_drifts(tmp_path: Path, weather: str) -> None:
    layers = drawing(tmp_path, GROUND, "", "")
    foggy, clear = (film(asked(layers, panel=raining(words))) for words in (weather, ""))
    assert foggy[0].mean() > clear[0].mean() + 10
    assert difference(foggy[0], foggy[-1]) > difference(clear[0], clear[-1])


@pytest.mark.parametrize(
    ("weather", "heading"),
    [
        ("clearing after rain", "EXT. SHORE - DAY"),
        ("the rain has stopped", "EXT. SHORE - DAY"),
        ("雨后", "外景 海边 日"),
        ("heavy rain", "INT. KITCHEN - NIGHT"),
        ("大雨", "内景 厨房 夜"),
        ("clear", "EXT. SHORE - DAY"),
    ],
)
def test_no_weather_where_it_is_over_or_outside(tmp_path: Path, weather: str, heading: str) -> None:
    layers = drawing(tmp_path)
    wet = film(asked(layers, frames=1, panel=raining(weather, heading)))[0]
    assert np.array_equal(wet, film(asked(layers, frames=1))[0])
