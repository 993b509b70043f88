"""Who moves in a shot, as its words tell."""

from __future__ import annotations

import pytest

from studio.exchange.moves import move_of
from tests.exchange.sample import shot


@pytest.mark.parametrize(
    ("action", "move"),
    [
        ("Mara walks to the rail.", "go"),
        ("Mara ran down to the shore with a lantern.", "go"),
        ("{mara} climbs out of the boat.", "up"),
        ("Mara lowers her spyglass, runs inside.", "enter"),
        ("Mara leaves the room.", "leave"),
        ("Mara turns slowly from the rail; gulls drift behind.", "turn"),
        ("She hurries along the shore.", "go"),
        ("Mara begins to row.", "go"),
        ("Mara stands up.", "up"),
        ("Mara leaps over the fire.", "jump"),
        ("Mara falls.", "down"),
        ("Mara stands at the rail, a speck.", None),
        ("Mara turns the key.", None),
        ("Mara leaves the letter on the table.", None),
        ("Mara picks up the leaves.", None),
        ("Mara watches the boat turn away.", None),
        ("Mara sits while the gulls fly off.", None),
        ("Mara wants to leave.", None),
        ("Mara's face turns away.", None),
        ("The boat runs onto the rocks.", None),
        ("", None),
    ],
)
def test_a_verb_counts_where_the_figure_is_its_subject(action: str, move: str | None) -> None:
    one = shot(cast=["mara"], action=action)
    assert move_of(one, one.cast[0], {"mara": "Mara"})[0] == move


def test_each_of_several_people_has_their_own_verb() -> None:
    names = {"mara": "Mara", "tom": "Tom"}
    one = shot(cast=["mara", "tom"], action="Tom calls Mara and runs.")
    assert [move_of(one, who, names)[0] for who in one.cast] == [None, "go"]
    both = shot(cast=["mara", "tom"], action="Mara and Tom run along the beach.")
    assert [move_of(both, who, names)[0] for who in both.cast] == ["go", "go"]


@pytest.mark.parametrize(
    ("does", "found"),
    [
        ("walks", ("go", None)),
        ("running along the quay", ("go", None)),
        ("turn to the window", ("turn", None)),
        ("walks off to the left", ("leave", "left")),
        ("enters", ("enter", None)),
        ("stops under the lamp", (None, None)),
        ("sits", (None, None)),
    ],
)
def test_what_somebody_does_counts_first(does: str, found: tuple[str | None, str | None]) -> None:
    one = shot(cast=[{"who": "mara", "does": does}], action="Windows light up.")
    assert move_of(one, one.cast[0], {"mara": "Mara"}) == found


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ("树下走来一只红毛狐狸，胸前雪白。", ("go", None)),
        ("狐狸一跃而起，接住奶酪，转身跑出了森林。", ("jump", None)),
        ("狐狸垂着尾巴走进暮色。", ("go", None)),
        ("狐狸向左跑。", ("go", "left")),
        ("狐狸离开了。", ("leave", None)),
        ("狐狸转过身。", ("turn", None)),
        ("月亮升起来了，狐狸一边吃奶酪，一边唱歌。", (None, None)),
        ("狐狸坐在石头上。", (None, None)),
    ],
)
def test_chinese(action: str, found: tuple[str | None, str | None]) -> None:
    one = shot(cast=["fox"], action=action)
    assert move_of(one, one.cast[0], {"fox": "狐狸"}) == found
