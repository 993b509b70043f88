"""A run that has only so much time."""

from __future__ import annotations

import time

import pytest

from studio.executors import Cancel
from studio.stages.budget import Until, left, within

SCENES = {
    "sc010": [("a", 30.0), ("b", 30.0)],
    "sc020": [("c", 50.0), ("d", 50.0)],
    "sc030": [],
    "sc040": [("e", 20.0), ("f", 20.0)],
}


@pytest.mark.parametrize(
    ("budget", "shots"),
    [
        (1000, "abcdef"),
        (199, "abcd"),  # the last scene is left out whole
        (110, "abef"),  # and so is the second, after which the last one fits
        (60, "ab"),
        (59, "ef"),
        (39, "a"),  # not one scene fits: what fits of the first
        (29, ""),
    ],
)
def test_whole_scenes_come_first(budget: float, shots: str) -> None:
    assert within(budget, SCENES) == list(shots)


def test_of_a_scene_that_does_not_fit_the_shots_that_do_are_taken_in_order() -> None:
    assert within(100, {"sc010": [("a", 60), ("b", 50), ("c", 40)]}) == ["a", "c"]
    assert within(100, {}) == []
    assert within(100, {"sc010": []}) == []


def test_nothing_is_begun_once_the_time_is_over_and_nothing_is_ended() -> None:
    person = Cancel()
    later = Until(person, time.monotonic() + 1000)
    over = Until(person, time.monotonic())
    assert (later.is_set(), over.is_set()) == (False, True)
    assert not over.at_once
    assert not person.is_set()  # so that the run is not taken for one that a person stopped
    person.ask()
    assert later.is_set()
    person.ask()
    assert later.at_once
    assert over.at_once


def test_it_says_what_is_left() -> None:
    seconds = {"sc010_sh010": 600.0, "sc010_sh020": 300.0}
    assert left(list(seconds), lambda shot: seconds[shot]) == (
        "the budget leaves 2 clips for the next run, about 15 min: sc010_sh010, sc010_sh020"
    )
