"""The film's seconds among its scenes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from agents.bible import ScenePlan, Untold
from agents.reading.shares import scenes_needed, scenes_wanted, shares, timed
from studio.engines.requests import Brief
from studio.schema.story import Beat
from studio.schema.storyboard import Scene


def plan(text: str, beats: int = 2, heading: str = "INT. KITCHEN - NIGHT") -> ScenePlan:
    scene = Scene(id="sc000", heading=heading, place="kitchen")
    return ScenePlan(scene, text, tuple(Beat("action", "She runs.") for _ in range(beats)))


@pytest.mark.parametrize(
    "seconds", [Fraction(6), Fraction(61, 2), Fraction(1001, 24), Fraction(9, 4)]
)
@pytest.mark.parametrize("weights", [[1.0], [1, 1, 1], [0.01, 5, 0.01], [3, 2, 1]])
def test_seconds_add_up_in_halves_of_two_at_least(seconds: Fraction, weights: list[float]) -> None:
    weights = weights[: max(1, int(seconds // 2))]
    found = shares(weights, seconds)
    assert sum(found) == seconds
    assert all((each * 2).denominator == 1 for each in found[:-1])
    assert len(found) == 1 or min(found) >= 2


def test_more_happens_longer() -> None:
    assert shares([3, 1], Fraction(16)) == [12, 4]
    assert shares([100, 1], Fraction(10)) == [8, 2]
    parts = timed([plan("word " * 90), plan("word " * 10)], Brief(Fraction(20)), print)
    assert parts[0].seconds > 2 * parts[1].seconds
    busy = timed([plan("word", beats=6), plan("word", beats=1)], Brief(Fraction(20)), print)
    assert busy[0].seconds > busy[1].seconds


def test_without_time_the_lightest_are_left_out_and_said() -> None:
    notes: list[str] = []
    parts = [plan("long " * 40), plan("x", 1, "EXT. YARD - DAY"), plan("long " * 30)]
    found = timed(parts, Brief(Fraction(5)), notes.append)
    assert [part.text for part in found] == [parts[0].text, parts[2].text]
    assert notes == [
        "1 of 3 scenes have no time and are left out: EXT. YARD - DAY; "
        "a film longer by 1s shows them all"
    ]
    assert isinstance(found[0], ScenePlan)
    assert [word[:1] == "-" for word in found[0].scene.told.split()] == [False, True]


def test_one_scene_has_all_the_time_there_is() -> None:
    assert timed([plan("a")], Brief(Fraction(1)), print)[0].seconds == 1


def test_ids_count_parts_and_an_untold_part_has_its_time() -> None:
    found = timed(
        [plan("a"), Untold("b" * 9, "", Fraction()), plan("c")], Brief(Fraction(12)), print
    )
    assert [part.scene.id for part in found if isinstance(part, ScenePlan)] == ["sc010", "sc030"]
    assert isinstance(found[1], Untold)
    assert found[1].seconds >= 2
    assert len(found[1].told) == 16


def test_told_is_of_text_length_and_language_and_a_text_twice_has_two() -> None:
    film = Brief(Fraction(12))

    def told(*texts: str, brief: Brief = film) -> list[str]:
        return [
            part.scene.told
            for part in timed([plan(text) for text in texts], brief, print)
            if isinstance(part, ScenePlan)
        ]

    twice = told("a", "a")
    assert len(set(twice)) == 2
    assert told("a", "b")[0] == twice[0]
    assert told("a", brief=Brief(Fraction(13))) != told("a")
    assert told("a", brief=replace(film, language="de")) != told("a")


def test_scenes_are_longer_in_a_long_film() -> None:
    assert [scenes_wanted(Fraction(n)) for n in (1, 20, 60, 600, 1200)] == [1, 2, 7, 33, 43]
    assert [scenes_needed(Fraction(n)) for n in (1, 60, 61, 1200)] == [1, 1, 2, 20]
