"""A screenplay's scenes stand as they are; only looks and synopses are asked for."""

from __future__ import annotations

import asyncio
import re
from fractions import Fraction
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from agents.asking import Asker
from agents.bible import Bible, ScenePlan
from agents.reading.script import Heading, read_heading
from agents.screenwriter import screenplay
from agents.scripted import Reply, ScriptedChat
from studio.engines.requests import Brief
from studio.schema.story import Beat, ScriptScene, Story

SCENES = (
    ScriptScene("", beats=(Beat("transition", "FADE IN:"),)),
    ScriptScene(
        "EXT. LIGHTHOUSE - DUSK",
        beats=(
            Beat("action", "Mara stands at the rail. FINN waves."),
            Beat("dialogue", "Nine days.", who="MARA", how="quietly"),
            Beat("dialogue", "She stopped counting.", who="NARRATOR", heard="vo"),
        ),
    ),
    ScriptScene(
        "INT. LIGHTHOUSE - CONTINUOUS",
        beats=(Beat("synopsis", "Finn reads."), Beat("dialogue", "It is out.", who="FINN")),
    ),
)


def looks(_schema: str, messages: list[BaseMessage]) -> Any:
    """Looks and a synopsis for everything that is asked for."""
    known = str(messages[1].content).split("<known>")[-1]
    asked = re.findall(r"^(\w+): ", known, re.MULTILINE)
    if not asked:
        return {"logline": "A keeper keeps the light."}
    return {name: f"{name} is seen in a grey coat" for name in asked}


def written(
    reply: Reply, scenes: tuple[ScriptScene, ...] = SCENES, seconds: int = 20, context: int = 8192
) -> tuple[Bible, list[ScenePlan], list[str], ScriptedChat]:
    chat, notes = ScriptedChat(reply=reply), []
    work = screenplay(
        Asker(chat),
        Story("", "Gull Rock", scenes),
        Brief(Fraction(seconds), look="35mm film"),
        context=context,
        note=notes.append,
    )
    bible, parts = asyncio.run(work)
    return bible, [part for part in parts if isinstance(part, ScenePlan)], notes, chat


def test_scenes_beats_and_lines_stand_as_written() -> None:
    bible, plans, notes, _ = written(looks)
    assert [plan.scene.heading for plan in plans] == [scene.heading for scene in SCENES[1:]]
    assert plans[0].beats == SCENES[0].beats + SCENES[1].beats
    assert plans[1].beats == SCENES[2].beats
    assert [plan.scene.time for plan in plans] == ["dusk", "dusk"]
    assert [plan.scene.place for plan in plans] == ["lighthouse", "lighthouse_int"]
    assert plans[0].scene.synopsis == "scene_1 is seen in a grey coat"
    assert plans[1].scene.synopsis == "Finn reads."
    assert sum(plan.seconds for plan in plans) == 20
    assert notes == []
    assert bible.look == "35mm film"


def test_who_is_cued_is_cast_and_who_acts_is_in_the_scene() -> None:
    bible, plans, _, _ = written(looks)
    assert {who: one.name for who, one in bible.cast.items()} == {
        "mara": "Mara",
        "narrator": "Narrator",
        "finn": "Finn",
    }
    assert plans[0].people == ("mara", "finn")
    assert bible.cast["finn"].looks == "person finn is seen in a grey coat"


def test_without_answers_the_script_is_still_there() -> None:
    bible, plans, notes, _ = written(lambda *_: "no")
    assert [plan.beats for plan in plans][1] == SCENES[2].beats
    assert plans[0].scene.synopsis == "Mara stands at the rail. FINN waves."
    assert bible.cast["mara"].looks == ""
    assert "Mara" in notes[0]


def test_a_long_script_is_asked_in_parts_each_thing_once() -> None:
    scenes = tuple(
        ScriptScene(
            f"INT. ROOM {n % 7} - DAY",
            beats=(
                Beat("action", "The rain beats on the window. " * (400 if n == 3 else 10)),
                *(Beat("dialogue", "Yes.", who=f"SAILOR {n}{c}") for c in "ABCDEFGHIJKLMNOP"[:n]),
            ),
        )
        for n in range(16)
    )
    bible, plans, _, chat = written(looks, scenes, 600)
    asked = [
        name
        for schema, messages in chat.seen
        if schema == "Script"
        for name in re.findall(
            r"^(\w+): ", str(messages[1].content).split("<known>")[-1], re.MULTILINE
        )
    ]
    assert len(asked) == len(set(asked)) == 16 + 7 + 120
    assert len(plans) == 16
    assert all(one.looks for one in bible.cast.values())
    assert {f"[{n}] INT. ROOM {(n - 1) % 7} - DAY" for n in range(1, 17)} <= {
        line
        for schema, messages in chat.seen
        if schema == "Script"
        for line in str(messages[1].content).split("</story>")[0].splitlines()
    }


def test_scenes_that_do_not_fit_are_left_out_with_a_note() -> None:
    _, plans, notes, _ = written(looks, seconds=3)
    assert [plan.scene.heading for plan in plans] == ["EXT. LIGHTHOUSE - DUSK"]
    assert "INT. LIGHTHOUSE - CONTINUOUS" in notes[0]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("EXT. GULL ROCK - SHORE - DUSK", Heading("EXT", "Gull Rock - Shore", "dusk")),
        ("INT./EXT. CAR – LATE AFTERNOON", Heading("INT/EXT", "Car", "afternoon")),
        ("I/E O'BRIEN'S PUB - DAY (FLASHBACK)", Heading("INT/EXT", "O'Brien's Pub", "day")),
        ("int. Küche - Nacht", Heading("INT", "Küche", "night")),
        ("INT. 厨房 - 夜", Heading("INT", "厨房", "night")),
        ("INT. KITCHEN", Heading("INT", "Kitchen", "")),
        ("INT. HOUSE - KITCHEN", Heading("INT", "House - Kitchen", "")),
        ("A DREAM", Heading("", "A Dream", "")),
        ("INTERIOR OF A WHALE", Heading("", "Interior Of A Whale", "")),
        ("", Heading("", "Opening", "")),
        ("EXT. - NIGHT", Heading("EXT", "Night", "")),
        ("INT. HALL - NIGHT - LATER", Heading("INT", "Hall", "night")),
    ],
)
def test_headings(text: str, heading: Heading) -> None:
    assert read_heading(text) == heading
