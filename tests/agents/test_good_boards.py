"""What a good director answers is not complained of: in English and in Chinese, of prose as it
stands in the example projects."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agents.bible import Bible, ScenePlan
from agents.covering.board import Board, board
from agents.covering.decoupage import Decoupage
from studio.engines.requests import Brief
from studio.schema.storyboard import Person, Place, Scene

PROJECTS = Path(__file__).parents[2] / "projects"
BIBLE = Bible(
    cast={
        "mara": Person(name="Mara"),
        "finn": Person(name="Finn"),
        "person1": Person(name="乌鸦"),
        "person2": Person(name="狐狸"),
    },
    places={"shore": Place(name="the shore")},
)


def seen(who: str, at: str, facing: str) -> dict[str, str]:
    return {"who": who, "at": at, "facing": facing, "does": "", "wears": ""}


def take(
    action: str, look: str, *people: tuple[str, str, str], says: str = "", **fields: Any
) -> dict[str, Any]:
    """A shot; `look` is `MCU single, static, 3` (size, framing, movement, seconds), `says`
    `finn off: The line.`"""
    shown, movement, seconds = look.split(", ")
    size, framing = shown.split(" ", 1)
    speaker, _, line = says.partition(": ")
    who, _, heard = speaker.partition(" ")
    lines = [{"who": who, "line": line, "how": "", "heard": heard}] if says else []
    return {
        "action": action,
        "people": [seen(*person) for person in people],
        "size": size,
        "framing": framing,
        "angle": "eye",
        "movement": movement,
        "first": "",
        "last": "",
        "seconds": int(seconds),
        "transition": "cut",
        "narration": "",
        "dialogue": lines,
    } | fields


SHORE = [
    take("Waves break white over black rocks.", "ELS single, static, 3", transition="dissolve"),
    take(
        "Finn pulls at his only oar in a tumbling boat.",
        "LS single, handheld, 3",
        ("finn", "center", "right"),
    ),
    take(
        "Mara runs down to the shore with a lantern.",
        "MLS single, truck left, 3",
        ("mara", "left", "left"),
    ),
    take(
        "Mara stretches out her hand over the surf.",
        "MCU single, static, 3",
        ("mara", "right", "left"),
        says="mara on: Give me your hand!",
    ),
    take(
        "The boat strikes the rocks and splits in two.",
        "LS single, handheld, 2",
        ("finn", "center", "right"),
    ),
    take("A hand closes around a thin wrist.", "CU insert, static, 2"),
    take(
        "Finn lies against Mara's knees and gasps out his news.",
        "MS two-shot, dolly in, 4",
        ("mara", "left", "right"),
        ("finn", "right", "left"),
        says="finn on: The supply boat has lost her anchor. My father is still out there.",
    ),
    take(
        "Mara lifts her eyes to the sweeping beam.",
        "CU single, static, 3",
        ("mara", "left", "right"),
        says="mara on: He will steer by the light.",
    ),
]
OAK = [
    take(
        "薄雾笼罩着森林，乌鸦落在老橡树的枝头。",
        "ELS single, static, 3",
        ("person1", "right", "left"),
    ),
    take("狐狸走到树下，抬起头来。", "MS single, truck right, 3", ("person2", "left", "right")),
    take(
        "狐狸对乌鸦说话，乌鸦在枝头听着。",
        "LS two-shot, static, 5",
        ("person2", "left", "right"),
        ("person1", "right", "left"),
        says="person2 on: 乌鸦小姐，早上好！你的羽毛比夜空还美。",
    ),
    take(
        "乌鸦挺起胸膛，得意地闭着嘴。",
        "CU single, dolly in, 3",
        ("person1", "right", "left"),
        says="person2 off: 听说你的歌声更美，可惜我从来没有听过。",
    ),
    take(
        "乌鸦张开嘴巴唱歌，奶酪掉了下来。",
        "MCU single, static, 3",
        ("person1", "right", "left"),
        says="person1 on: 呱——呱——",
        angle="low",
    ),
    take("狐狸接住奶酪，跑出森林。", "MLS single, pan right, 3", ("person2", "center", "right")),
]


def scene(project: str, people: tuple[str, ...], seconds: int, language: str) -> Decoupage:
    text = (PROJECTS / project / "story.md").read_text(encoding="utf-8")
    made = Scene(id="sc010", heading="EXT. SHORE - NIGHT", place="shore")
    plan = ScenePlan(made, text, (), people, Fraction(seconds))
    return Decoupage(plan, BIBLE, Brief(Fraction(60), language), scripted=False)


@pytest.mark.parametrize(
    ("project", "people", "language", "shots"),
    [
        ("gull-rock", ("mara", "finn"), "en", SHORE),
        ("fox-and-crow-zh", ("person1", "person2"), "zh", OAK),
    ],
)
@pytest.mark.parametrize("longer", [0, 6])
def test_a_good_board_stands_as_it_is(
    project: str, people: tuple[str, ...], language: str, shots: list[dict[str, Any]], longer: int
) -> None:
    seconds = sum(shot["seconds"] for shot in shots) + longer
    covered = scene(project, people, seconds, language)
    form = board(people, None, covered.fewest(), seconds // 2)
    answer: Board = form.model_validate({"intent": "", "shots": shots})
    assert [*covered.unusable(answer), *covered.mendable(answer)] == []
    made = [framed.shot for framed in covered.framed(answer)]
    for shot, given in zip(made, shots, strict=True):
        assert (shot.size, shot.framing, shot.movement) == (
            given["size"],
            given["framing"],
            given["movement"],
        )
        assert [(who.who, who.at, who.facing) for who in shot.cast] == [
            (who["who"], who["at"], who["facing"]) for who in given["people"]
        ]
        assert [line.line for line in shot.dialogue] == [line["line"] for line in given["dialogue"]]
    assert sum(shot.duration.amount for shot in made) == seconds
    assert max(shot.duration.amount for shot in made) <= Fraction(11, 2)
