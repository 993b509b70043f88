"""How long shots last, and how they are joined."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from agents.bible import Framed
from agents.covering.timing import joined, timed, untimely
from studio.schema.storyboard import Line, Shot

LONG = "On the ninth day she stopped looking for the boat that was to come."  # 14 words, 5.4 s


def shot(seconds: float = 4, transition: str = "cut", **fields: Any) -> Shot:
    return Shot(
        id="sc010_sh010",
        duration=f"{seconds}s",  # type: ignore[arg-type]
        transition=transition,  # type: ignore[arg-type]
        **fields,
    )


def lengths(shots: list[Shot]) -> list[float]:
    return [float(one.duration.amount) for one in shots]


@pytest.mark.parametrize(
    ("given", "seconds", "made"),
    [
        ([4, 4], 8, [4, 4]),
        ([2, 4], 9, [4, 5]),
        ([2, 8], 9, [4, 5]),
        ([2, 4], 12, [6, 6]),
        ([8, 2, 2], 6, [2, 2, 2]),
        ([2, 2, 8], 24, [8, 8, 8]),
        ([3], 1, [1]),
        ([3], Fraction(1, 4), [0.25]),
        ([4, 4], Fraction(83, 10), [4, 4.3]),
    ],
)
def test_durations_add_up_to_the_scene(
    given: list[float], seconds: Fraction, made: list[float]
) -> None:
    assert lengths(timed([shot(one) for one in given], Fraction(seconds))) == made


def test_a_shot_lasts_as_long_as_what_is_said_in_it() -> None:
    shots = [shot(2, narration=LONG), shot(8)]
    assert untimely(shots, Fraction(10)) == []
    assert lengths(timed(shots, Fraction(10))) == [5.5, 4.5]


def test_words_that_do_not_fit_are_left_out_and_noted() -> None:
    line = Line(who="mara", line=LONG)
    shots = [shot(4, narration="Rain.", dialogue=[line]), shot(4, dialogue=[line])]
    said = untimely(shots, Fraction(8))
    assert said == [
        "what is said takes 11.2 s, and the scene has 8 s in 2 shots of 2 to 8 s: say less, or in"
        " other shots"
    ]
    made = timed(shots, Fraction(8))
    assert [len(one.dialogue) for one in made] == [0, 1]
    assert made[0].notes == f"left out for time: Rain.\nleft out for time: mara: {LONG}"
    assert untimely(made, Fraction(8)) == []


def test_a_wrong_length_is_told() -> None:
    assert untimely([shot(4), shot(4)], Fraction(10)) == []
    assert untimely([shot(2)], Fraction(1)) == untimely([shot(4)], Fraction(3)) == []
    assert untimely([shot(4), shot(4)], Fraction(17)) == [
        "the shots last 8 s together, but the scene lasts 17 s"
    ]


@pytest.mark.parametrize(
    ("scenes", "made"),
    [
        ([[(4, "dissolve 0.5s"), (4, "cut")]], ["fade from black 1s", "cut"]),
        ([[(4, "cut")], [(4, "dissolve 0.5s")]], ["fade from black 1s", "dissolve 0.5s"]),
        ([[(2, "cut")], [(2, "fade to black 1s")]], ["fade from black 1s", "cut"]),
        ([[(4, "cut")], [(0.5, "dissolve 0.5s")]], ["fade from black 1s", "cut"]),
        ([[(0.5, "cut")], [(4, "dip to white 0.5s")]], ["cut", "cut"]),
        ([None, [(4, "dissolve 0.5s")]], ["dissolve 0.5s"]),
        ([None, [(4, "fade to black 1s")]], ["cut"]),
    ],
)
def test_a_transition_that_does_not_fit_is_a_cut(
    scenes: list[list[tuple[float, str]] | None], made: list[str]
) -> None:
    framed = [scene and [Framed(shot(*one)) for one in scene] for scene in scenes]
    after = joined(framed)
    assert [str(one.shot.transition) for scene in after for one in scene or ()] == made
    assert [scene is None for scene in after] == [scene is None for scene in scenes]
