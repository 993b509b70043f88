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
from agents.wording.repairs import tidied
from agents.wording.slate import Slate
from studio.engines.breakdown import Breakdown
from studio.engines.requests import Brief
from studio.models import Budget
from studio.models.estimate import clip_tokens, t5_tokens
from studio.prompts import Prompter
from studio.schema.story import Story
from studio.schema.storyboard import Person, Scene, Shot, Storyboard
from tests.agents.shots import count, slate

PAINTED = Budget("flux", 512, t5_tokens, leading=77, count_leading=clip_tokens)
ANIMATED = Budget("cogvideox", 226, t5_tokens)
STILL = "Medium shot at eye level: {mara} stands at the rail of {place}, both hands on the iron."
MOVES = "{mara} turns slowly from the rail and lifts her chin."


def kinds(text: str, **of: Any) -> set[str]:
    return {fault.kind for fault in faults(text, slate(**of))}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("The camera pans left.", "camera"),
        ("A slow zoom in on her face.", "camera"),
        ("Pan left to the stairs.", "camera"),
        ("With the camera orbiting her, she turns.", "camera"),
        ("The camera, now moving closer, follows her.", "camera"),
        ("She turns, tracking shot.", "camera"),
        ("The camera then slowly rises above the tower.", "camera"),
        ("The camera captures every wrinkle.", "camera"),
        ("The angle gradually shifts to the sea.", "cut"),
        ("Cut to the harbour below.", "cut"),
        ("She turns, then cuts to a boat.", "cut"),
        ("The screen fades to black.", "cut"),
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
        "Harbour Office stands lit on the far shore.",
        "Tom's lantern hangs on a hook.",
        "Her back to the camera, she lifts a lantern at the left of the frame, turns and waits.",
        "She comes towards the camera, slowly lowers her hand and pulls in the rope.",
        "She stops, tilts up her chin, pulls down the shutter and pulls out a letter.",
        "The great lens turns slowly; a truck in the yard and a crane in the harbour stand idle.",
        "She holds a pan in both hands and cuts away the frayed end, cut to the length of a hand.",
        "The screen changes from blue to red and the clip on the letter glints.",
        "She looks at the viewer.",
        "Rain drips over the door frame.",
        "A daylight bulb burns; beside it hang a midnight blue dress and a postcard of a sunset.",
        "She waits, long before nightfall, under Tom's old coat.",
        "An old scarf on her head, she ties her white apron over a grey scarf and coat.",
        "{movement}, as she turns her head and lifts her chin.",
        "She looks past El Capitan and La Paloma, two boats at anchor.",
    ],
)
def test_what_only_looks_like_a_fault_is_passed(said: str) -> None:
    movement = "" if "{movement}" in said else " {movement}."
    assert faults(f"{MOVES} {said}{movement}", slate()) == []


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
    assert kinds(f"{MOVES} Locked-off shot.", movement="static") == set()
    assert kinds(f"{MOVES} {{movement}}. The camera holds still.", movement="static") == set()
    assert kinds(f"{MOVES} {{movement}}. The camera holds still.") == {"camera"}
    assert kinds(f"{STILL} Static shot. {{look}}.", which="keyframe") == set()


def test_a_handheld_camera_may_be_said_to_sway() -> None:
    text = f"{MOVES} {{movement}}. The handheld camera sways a little."
    assert kinds(text, movement="handheld") == set()
    assert kinds(text) == {"camera"}
    assert kinds(f"{text} The handheld camera follows her.", movement="handheld") == {"camera"}


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


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("{tom} kneels beside {mara}, her grey braid loose, his blond hair wet. {movement}.", 2),
        ("{mara} stands beside {tom}, his blond hair in the wind. {movement}.", 2),
        ("{mara} bends down. She lifts {tom}, her grey braid loose. {movement}.", 2),
        ("{tom}, an old blanket round him, shivers in the wind. {movement}.", 1),
        ("{tom} lifts the old lantern with both his hands. {movement}.", 1),
    ],
)
def test_of_whom_it_is_said_counts(text: str, people: int) -> None:
    assert kinds(text, people="tom mara" if people == 2 else "tom") == set()


def test_names_that_are_words_too_are_nobodys_where_they_open_a_sentence() -> None:
    at = slate()
    at.cast["amber"] = Person(name="Amber Stone", looks="a woman")
    for said in ("Amber light falls on the wall.", "Stone steps lead down.", "Wet. Amber glass."):
        assert faults(f"{MOVES} {said} {{movement}}.", at) == []
    for said in ("Amber waves.", "She looks to Amber.", "Amber Stone runs.", "Amber's hand falls."):
        assert {f.kind for f in faults(f"{MOVES} {said} {{movement}}.", at)} == {"absent person"}


def test_near_hours_are_not_told_apart() -> None:
    text = f"{MOVES} Moonlight glitters on the water. {{movement}}."
    assert kinds(text, in_scene={"time": "dusk"}) == set()
    assert kinds(text, in_scene={"time": "later"}) == set()
    assert kinds(text, in_scene={"time": "morning"}) == {"time of day"}
    sun = f"{MOVES} Sunlit clouds stand over the setting sun. {{movement}}."
    assert kinds(sun, in_scene={"time": "late afternoon"}) == set()
    assert kinds(sun, in_scene={"time": "night"}) == {"time of day"}


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


def good_pairs() -> list[tuple[str, Slate]]:
    """Prompts of two films, each with its slate."""
    path = Path(__file__).parents[1] / "data" / "prompts" / "good-pairs.yaml"
    pairs = []
    for film in yaml.safe_load(path.read_text(encoding="utf-8")):
        board = Storyboard(schema="storyboard/1", cast=film["cast"], places=film["places"])
        prompter = Prompter(film["look"], board)
        for pair in film["shots"]:
            shot = Shot.model_validate({"id": "sc010_sh010", "duration": "4s"} | pair["shot"])
            scene = Scene.model_validate({"id": "sc010", "heading": "EXT. THERE"} | pair["scene"])
            pairs += [
                (pair["keyframe"], Slate(scene, shot, prompter, "keyframe", PAINTED)),
                (pair["motion"], Slate(scene, shot, prompter, "motion", ANIMATED)),
            ]
    return pairs


def test_good_prompts_are_passed_and_left_as_they_are() -> None:
    pairs = good_pairs()
    assert len(pairs) == 50
    for text, at in pairs:
        assert [fault for fault in faults(text, at) if not fault.advice] == []
        assert tidied(text, at) == text


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
