"""How a scene's shots cut together: every rule says what breaks it, and mends it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.covering.coverage import faults, mended
from studio.schema.storyboard import (
    Angle,
    At,
    Facing,
    Framing,
    Heard,
    Line,
    Movement,
    Presence,
    Shot,
    Size,
)
from studio.schema.time import CUT, Duration, Transition


def shot(number: int, cast: str = "", says: tuple[str, Heard] | None = None, **fields: Any) -> Shot:
    """A shot; `cast` is `mara left right, finn` (who, at, facing), `says` who and how heard."""
    seen = []
    for person in filter(None, (part.split() for part in cast.split(","))):
        who, at, facing = [*person, None, None][:3]
        seen.append(Presence(who=who or "", at=at, facing=facing))
    lines = [Line(who=says[0], line="A boat!", heard=says[1])] if says else []
    base: dict[str, Any] = {"id": f"sc010_sh{number:02d}0", "duration": "4s", "action": "Seen."}
    return Shot(**base | {"cast": seen, "dialogue": lines} | fields)


BOTH = "mara left right, finn right left"
GOOD = [
    shot(1, BOTH, size="LS", framing="two-shot", movement="dolly in"),
    shot(2, "mara left right", says=("mara", "on"), size="MCU"),
    shot(3, "finn right left", says=("finn", "on"), size="MCU", movement="handheld"),
    shot(4, BOTH, size="MS", framing="over-the-shoulder", movement="handheld"),
    shot(5, size="CU", framing="insert", transition=Transition.parse("dissolve 0.5s")),
]


def test_shots_that_cut_together_have_no_faults() -> None:
    assert faults(GOOD) == []
    assert mended(GOOD) == GOOD


@pytest.mark.parametrize(
    ("shots", "said"),
    [
        ([shot(1, "mara, mara")], "twice"),
        ([shot(1, "finn", says=("mara", "on"))], "mara speaks on screen and is not in the shot"),
        ([shot(1, "mara", says=("mara", "off"))], "mara is seen"),
        ([shot(1, "mara left, finn left", framing="two-shot")], "stand in one spot"),
        (
            [
                shot(1, "mara left, finn right", framing="two-shot"),
                shot(2, "finn left, mara right", framing="two-shot", size="LS"),
            ],
            "changed sides: mara is on the left",
        ),
        (
            [shot(1, "mara left right"), shot(2, "mara left left", size="CU")],
            "mara looks left, and right before: the camera has crossed the line",
        ),
        (
            [
                shot(1, "mara center right", says=("mara", "on")),
                shot(2, "finn center right", says=("finn", "on")),
            ],
            "both look right: their eyelines",
        ),
        ([shot(1, framing="two-shot")], "a two-shot has two people, this one has 0"),
        ([shot(1, "mara, finn")], "a single has one person"),
        ([shot(1, "mara", framing="over-the-shoulder")], "needs two people"),
        ([shot(1, "mara, finn", framing="insert", size="CU")], "an insert shows a thing"),
        (
            [shot(1, "mara", says=("mara", "on"), framing="insert", size="CU")],
            "nobody speaks in it",
        ),
        ([shot(1, "mara"), shot(2, "mara", size="LS", framing="POV")], "a POV needs"),
        ([shot(1, framing="insert", size="LS")], "LS does not suit a framing of insert"),
        ([shot(1, "mara, finn", framing="two-shot", size="ECU")], "ECU does not suit"),
        (
            [shot(1, "mara"), shot(2, "finn", size="CU"), shot(3, "mara", size="LS")],
            "does not show its place",
        ),
        ([shot(1, "mara"), shot(2, "mara", size="MLS")], "shot 2 jumps"),
        ([shot(n, who, size="LS") for n, who in enumerate(("mara", "finn", "ada"), 1)], "all LS"),
        (
            [shot(1, "mara", movement="pan left"), shot(2, "finn", movement="pan left")],
            "pan left again",
        ),
        (
            [shot(1, "mara"), shot(2, "finn", transition=Transition.parse("fade to black 1s"))],
            "inside a scene",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_said_and_mended(shots: list[Shot], said: str) -> None:
    reasons = faults(shots)
    assert len(reasons) == 1, reasons
    assert said in reasons[0].replace("all shots are", "all")
    again = mended(shots)
    assert faults(again) == []
    assert [one.id for one in again] == [one.id for one in shots]


def test_all_faults_are_told_together() -> None:
    shots = [
        shot(1, "mara left right", movement="tilt up"),
        shot(2, "mara left left", movement="tilt up", says=("finn", "on")),
        shot(3, "mara", size="MS", framing="two-shot"),
    ]
    said = " ".join(faults(shots))
    for part in ("shot 1: the scene", "tilt up again", "finn speaks", "the line", "two-shot has"):
        assert part in said


def test_somebody_who_was_seen_from_the_front_may_turn_round() -> None:
    shots = [
        shot(1, "mara left right", size="LS"),
        shot(2, "mara center camera", size="CU"),
        shot(3, "mara right left", size="MS"),
    ]
    assert faults(shots) == []


def test_two_who_meet_may_look_at_each_other_whichever_way_they_looked_before() -> None:
    shots = [
        shot(1, "mara right left", size="LS"),
        shot(2, "mara left right, finn right left", framing="two-shot"),
        shot(3, "mara left right", size="CU"),
    ]
    assert faults(shots) == []


def test_two_who_are_put_back_on_their_sides_look_the_other_way() -> None:
    (_, shot2) = mended(
        [
            shot(1, BOTH, size="LS", framing="two-shot"),
            shot(2, "finn left right, mara right left", framing="two-shot"),
        ]
    )
    assert [(one.who, one.at, one.facing) for one in shot2.cast] == [
        ("finn", "right", "left"),
        ("mara", "left", "right"),
    ]


def test_shots_without_people_do_not_jump() -> None:
    assert faults([shot(1, size="ELS"), shot(2, size="LS"), shot(3, size="LS")]) == []


def test_a_scene_may_open_on_a_detail() -> None:
    shots = [
        shot(1, framing="insert", size="CU"),
        shot(2, "mara", size="LS"),
        shot(3, "mara", size="MCU"),
    ]
    assert faults(shots) == []


def test_a_jump_is_mended_by_the_nearest_size_that_cuts() -> None:
    shots = mended([shot(1, "mara", size="MS"), shot(2, "mara", size="MCU")])
    assert [one.size for one in shots] == ["MS", "CU"]


PRESENCES = st.builds(
    Presence,
    who=st.sampled_from(("mara", "finn", "ada", "tom")),
    at=st.sampled_from((None, *get_args(At))),
    facing=st.sampled_from((None, *get_args(Facing))),
)
LINES = st.builds(
    Line,
    who=st.sampled_from(("mara", "finn", "ada")),
    line=st.just("A boat!"),
    heard=st.sampled_from(get_args(Heard)),
)
SHOTS = st.lists(
    st.builds(
        Shot,
        id=st.just("sc010_sh010"),
        size=st.sampled_from(get_args(Size)),
        framing=st.sampled_from(get_args(Framing)),
        angle=st.sampled_from(get_args(Angle)[:2]),
        movement=st.sampled_from(get_args(Movement)[:3]),
        duration=st.just(Duration(Fraction(4))),
        cast=st.lists(PRESENCES, max_size=4),
        dialogue=st.lists(LINES, max_size=2),
        transition=st.sampled_from((CUT, Transition.parse("dip to white 0.5s"))),
    ),
    min_size=1,
    max_size=7,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHOTS)
def test_whatever_shots_there_are_mended_they_cut_together(shots: list[Shot]) -> None:
    made = mended(shots)
    assert faults(made) == []
    assert mended(made) == made
    assert faults(shots) or made == shots
    assert [one.action for one in made] == [one.action for one in shots]
    for one, other in zip(shots, made, strict=True):
        assert {p.who for p in one.cast} == {p.who for p in other.cast}
        assert [(x.who, x.line) for x in one.dialogue] == [(x.who, x.line) for x in other.dialogue]
