"""What is found in a prompt, and what is not."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.pages import filled
from agents.wording.faults import faults, holds
from agents.wording.slate import Slate
from studio.engines.base import Brief
from studio.engines.breakdown import Breakdown
from studio.prompts import Prompter
from studio.schema.story import Story
from studio.schema.storyboard import Person, Storyboard
from tests.agents.shots import count, slate

STILL = "Medium shot at eye level: {mara} stands at the rail of {place}, both hands on the iron."
MOVES = "{mara} turns slowly from the rail and lifts her chin."


def kinds(text: str, **of: Any) -> set[str]:
    return {fault.kind for fault in faults(text, slate(**of))}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("The camera pans left.", "camera"),
        ("A slow zoom in on her face.", "camera"),
        ("She turns, tracking shot.", "camera"),
        ("The camera then slowly rises above the tower.", "camera"),
        ("The camera captures every wrinkle.", "camera"),
        ("The angle gradually shifts to the sea.", "cut"),
        ("Cut to the harbour below.", "cut"),
        ("The scene changes to a stormy sea.", "cut"),
        ("Then we cut to the boat.", "cut"),
        ("Fade to black.", "cut"),
        ("A montage of waves and gulls.", "cut"),
        ("In the next shot she smiles.", "cut"),
        ("The video shows the sea.", "phrase"),
        ("We see a gull on the rail.", "phrase"),
        ("In this clip the wind is strong.", "phrase"),
        ("A watermark stands in the corner.", "phrase"),
        ("{tom} waves from the stairs.", "absent person"),
        ("Tom Hale waves from the stairs.", "absent person"),
        ("Hale waves from the stairs.", "absent person"),
        ("{keeper} waves.", "unknown name"),
        ("{mara} smiles.", "repeats"),
        ("Gulls drift behind. Gulls drift behind.", "repeats"),
        ("Her blonde hair blows about.", "cast sheet"),
        ("She pulls her red coat closed.", "cast sheet"),
        ("The young Mara smiles.", "cast sheet"),
        ("Moonlight glitters on the water.", "time of day"),
        ("The waves break at night.", "time of day"),
        ("She thinks of Harbour Office.", "other place"),
        ("Sie steht mit dem Rücken zum Meer und blickt auf das Wasser.", "language"),
        ("Elle regarde la mer et les mouettes dans le vent.", "language"),
        ("她慢慢转身。", "language"),
        ("**Gulls** drift.", "form"),
        (",ce==== >>>rror true do.", "form"),
        ('"motion": gulls drift.', "form"),
    ],
)
def test_a_fault_is_found_by_its_kind(said: str, kind: str) -> None:
    assert kinds(f"{MOVES} {said} {{movement}}.") == {kind}


@pytest.mark.parametrize(
    "said",
    [
        "She cuts the rope with a short knife.",
        "The light fades from the wall behind her.",
        "Mist dissolves over the water.",
        "Her braid sways and her navy coat lifts in the wind.",
        "She tilts her head and pans her eyes along the shore.",
        "A frying pan left on the stove smokes.",
        "A crane lifts crates on the quay far below.",
        "A stranger in a red coat crosses the yard below.",
        "The window frame rattles; the lens of the lamp turns behind the glass.",
        "She jumps to the next step.",
        "She faces the camera as the wind turns; the light is transitioning to a cold blue.",
        "A vase on a pedestal in the corner trembles.",
        "Her silver-grey hair is pinned under a scarf.",
        "A sign over the stairs swings.",
        "Somebody out of frame holds up a lantern.",
        "An old rope hangs from the old hook.",
        "The night watchman's stool stands empty.",
        "She looks past El Capitan and La Paloma, two boats at anchor.",
    ],
)
def test_what_only_looks_like_a_fault_is_passed(said: str) -> None:
    assert faults(f"{MOVES} {said} {{movement}}.", slate()) == []


def test_what_is_missing_is_found() -> None:
    assert kinds("Gulls drift over the grey sea. {movement}.") == {"missing person"}
    assert kinds(MOVES) == {"camera"}
    assert kinds(f"{MOVES} {{movement}}. {{movement}}.") >= {"camera"}
    assert kinds(f"{MOVES} {{movement}}, and then tilts up to the sky.") == {"camera"}
    assert kinds(STILL, which="keyframe") == {"missing look"}
    assert kinds("{mara} at the rail of a tower. {look}.", which="keyframe") == {"missing place"}
    assert kinds("{mara} in a tight frame, lips parted. {look}.", which="keyframe", size="CU") == (
        set()
    )
    assert kinds("{mara}. {movement}.") == {"empty"}
    assert kinds("") == {"empty"}


def test_a_still_picture_has_no_camera_movement() -> None:
    text = f"{STILL} The camera dollies in. {{look}}."
    assert kinds(text, which="keyframe") == {"camera"}
    assert kinds(f"{STILL} {{movement}}. {{look}}.", which="keyframe") == {"unknown name"}


def test_a_static_camera_may_be_said_to_hold_still() -> None:
    assert kinds(f"{MOVES} The camera holds still.", movement="static") == set()
    assert kinds(f"{MOVES} The camera holds still.") == {"camera"}
    assert kinds(f"{MOVES} {{movement}}. The camera holds still.", movement="static") == {"camera"}


def test_over_a_shoulder_one_may_move_alone() -> None:
    of = {"people": "mara tom", "framing": "over-the-shoulder"}
    assert kinds(f"{MOVES} {{movement}}.", **of) == set()
    assert kinds(f"{MOVES} {{movement}}.", people="mara tom") == {"missing person"}
    assert kinds("{cast} turn to the sea together. {movement}.", people="mara tom") == set()


def test_what_the_shot_itself_says_is_no_contradiction() -> None:
    told = "Mara dreams of moonlight on the water, in a red coat."
    said = "Moonlight glitters on the water; she pulls her red coat closed."
    assert "time of day" in kinds(f"{MOVES} {said} {{movement}}.")
    assert kinds(f"{MOVES} {said} {{movement}}.", told=f"{told} her red coat") == set()


def test_other_clothes_in_a_shot_are_what_somebody_wears() -> None:
    red = [{"who": "mara", "wears": "a red coat"}]
    text = f"{MOVES} She pulls her red coat closed. {{movement}}."
    assert kinds(text, cast=red) == set()


def test_near_hours_are_not_told_apart() -> None:
    text = f"{MOVES} Moonlight glitters on the water. {{movement}}."
    assert kinds(text, in_scene={"time": "dusk"}) == set()
    assert kinds(text, in_scene={"time": "later"}) == set()
    assert kinds(text, in_scene={"time": "morning"}) == {"time of day"}


def test_too_long_is_said_with_the_count_of_the_filled_in_text() -> None:
    text = f"{MOVES} {{movement}}."
    at = slate(tokens=30)
    over = count(at.filled(text)) - 30
    [fault] = faults(text, at)
    assert fault.kind == "too long"
    assert f"comes to {30 + over} tokens, {over} more than the 30" in fault.words


def test_a_name_that_comes_late_is_advice_alone() -> None:
    text = (
        "Medium shot of wet iron and salt-streaked glass, a coil of rope, two buckets, a brass"
        " lamp, a bench, a broom and a stair that winds down into the tower, in hard side light,"
        " with rust along every edge and a little rain in every hollow of the worn stone floor:"
        " {mara} at the rail of {place}. {look}."
    )
    at = slate("keyframe")
    [fault] = faults(text, at)
    assert (fault.kind, fault.advice) == ("late name", True)
    assert holds(text, at)


def test_everything_wrong_is_found_at_once() -> None:
    text = "The video shows {tom} at night. Cut to the sea. The camera pans left."
    assert kinds(text) >= {
        "phrase",
        "absent person",
        "missing person",
        "time of day",
        "cut",
        "camera",
    }


def test_the_examples_on_the_page_hold() -> None:
    page = filled("prompter", "system", language="en", sheet="")
    of = {"people": "mara", "in_scene": {"time": "morning"}}
    for which in ("keyframe", "motion"):
        [example] = re.findall(rf"^A good {which} prompt: (.+)$", page, re.MULTILINE)
        text = example.replace("{anna}", "{mara}")
        assert faults(text, slate(which, **of)) == []


def test_prompts_that_a_person_wrote_are_passed() -> None:
    folder = Path(__file__).parents[2] / "projects" / "click-track"
    data = yaml.safe_load((folder / "storyboard.yaml").read_text(encoding="utf-8"))
    prompter = Prompter("16mm film", Storyboard.model_validate(data))
    complained = [
        fault
        for scene, shot in prompter.storyboard.shots()
        for which, text in (("keyframe", shot.keyframe), ("motion", shot.motion))
        if text
        for fault in faults(text, Slate(scene, shot, prompter, which, slate(which).budget))
    ]
    assert complained == []


def test_of_rules_prompts_only_looks_out_of_the_frame_are_complained_of() -> None:
    story = Path(__file__).parents[2] / "projects" / "gull-rock" / "story.md"
    brief = Brief(Fraction(120), look="16mm film")
    rules = Breakdown(Breakdown.Settings())
    prompter = Prompter(brief.look, rules.write(Story(story.read_text(encoding="utf-8")), brief))
    found = [
        [f.kind for f in faults(text, Slate(scene, shot, prompter, which, slate(which).budget))]
        for scene, shot in prompter.storyboard.shots()
        for which, text in (("keyframe", shot.keyframe), ("motion", shot.motion))
        if text
    ]
    assert len(found) > 40
    assert {kind for kinds_ in found for kind in kinds_} <= {"absent person"}
    assert sum(not kinds_ for kinds_ in found) > 0.9 * len(found)


def test_a_name_that_two_share_is_nobodys() -> None:
    at = slate()
    at.cast["ada"] = Person(name="Ada Holt", looks="a woman")
    at.cast["eve"] = Person(name="Eve Holt", looks="a girl")
    assert [f.said for f in faults(f"{MOVES} Eve waves. {{movement}}.", at)] == ["Eve"]
    assert faults(f"{MOVES} A letter from Holt lies there. {{movement}}.", at) == []
