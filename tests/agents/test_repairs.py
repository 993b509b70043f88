"""What code makes of prompts that do not hold."""

from __future__ import annotations

from typing import Any

import pytest

from agents.wording.clauses import joined, parted, sentences
from agents.wording.faults import holds
from agents.wording.repairs import repaired, tidied
from agents.wording.trimming import trimmed
from tests.agents.shots import slate

MOVES = "{mara} turns slowly from the rail."


def mended(text: str, **of: Any) -> str | None:
    at = slate(**of)
    result = repaired(text, at)
    assert result is None or holds(result, at)
    return result


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        (
            "**Motion prompt:** {mara} slowly waves at {Mara}.",
            "{mara} slowly waves at Mara. {movement}.",
        ),
        ('"{mara} waves. {movement}."', "{mara} waves. {movement}."),
        ("Mara waves. The camera {movement}.", "{mara} waves. {movement}."),
        (
            "{mara} waves. {movement} At last she stops.",
            "{mara} waves. {movement}. At last she stops.",
        ),
        (
            "{mara} waves. The camera slowly pushes in on her face, as gulls drift.",
            "{mara} waves. {movement}, as gulls drift.",
        ),
        (
            "Gulls drift past Mara's head and shoulder. {movement}.",
            "Gulls drift past the head and shoulder of {mara}. {movement}.",
        ),
        ("{mara}'s left hand closes. {movement}.", "The left hand of {mara} closes. {movement}."),
        (
            "Gulls drift over {mara}’s hair. {movement}.",
            "Gulls drift over the hair of {mara}. {movement}.",
        ),
        (
            "{mara} lifts the {old_lamp}; {Mara} waits. {movement}.",
            "{mara} lifts the old lamp; Mara waits. {movement}.",
        ),
    ],
)
def test_habits_are_tidied(text: str, tidy: str) -> None:
    assert tidied(text, slate()) == tidy
    assert tidied(tidy, slate()) == tidy


def test_a_keyframe_is_tidied() -> None:
    at = slate("keyframe")
    tidy = "Medium shot: {mara} stands in the wind of {place}, both hands up. {look}."
    assert tidied(tidy.replace("{place}", "the lighthouse gallery"), at) == tidy
    bare = "Medium shot: {mara} stands in the wind, both hands up."
    assert tidied(f"{bare} {{look}}.", at) == f"{bare} {{place}}. {{look}}."
    assert tidied(bare, at) == f"{bare} {{place}}. {{look}}."


def test_two_cameras_are_left_to_be_told() -> None:
    text = "{mara} waves. The camera pans left. The camera tilts up."
    assert tidied(text, slate()) == f"{text} {{movement}}."


def test_what_holds_is_left_as_it_is() -> None:
    text = f"{MOVES}  Gulls drift;  waves break. {{movement}}."
    assert mended(text) == text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("The camera pans left.", ""),
        ("Gulls drift; the camera tilts up.", "Gulls drift."),
        ("Gulls drift, while the camera tilts up; waves break.", "Gulls drift; waves break."),
        ("We see a gull on the rail.", "A gull on the rail."),
        ("The video shows the sea.", "The sea."),
        ("She looks at {tom}.", "She looks at somebody out of frame."),
        ("Tom waves from the stairs.", ""),
        ("She holds the {lamp_oil}.", "She holds the lamp oil."),
        ("Then {Mara} smiles.", "Then Mara smiles."),
        ("Her blonde hair blows about.", "Her hair blows about."),
        ("The young Mara smiles.", "Mara smiles."),
        ("A moonlit gull drifts by.", "A gull drifts by."),
        ("Waves break under the night sky.", "Waves break."),
        ("Moonlight glitters on the water.", ""),
        ("Sie steht mit dem Rücken zum Meer und blickt auf das Wasser.", ""),
        ("**Gulls** drift.", "Gulls drift."),
        ("Gulls drift. Gulls drift.", "Gulls drift."),
    ],
)
def test_what_may_not_be_said_goes_and_the_rest_stays(said: str, left: str) -> None:
    assert mended(f"{MOVES} {said} {{movement}}.") == " ".join(
        part for part in (MOVES, left, "{movement}.") if part
    )


def test_what_follows_a_cut_is_another_shot() -> None:
    text = f"{MOVES} Gulls drift. Cut to a ship. The ship burns brightly. {{movement}}."
    assert mended(text) == f"{MOVES} Gulls drift. {{movement}}."
    text = f"{MOVES} Gulls drift, then we cut to a ship; the ship burns. {{movement}}."
    assert mended(text) == f"{MOVES} Gulls drift. {{movement}}."


def test_who_is_missing_is_named() -> None:
    assert mended("Mara turns slowly to the sea. {movement}.") == (
        "{mara} turns slowly to the sea. {movement}."
    )
    assert mended("A tall woman turns slowly to the sea. {movement}.") == (
        "{mara} turns slowly to the sea. {movement}."
    )
    assert mended("She turns slowly to the sea. {movement}.") == (
        "{mara} turns slowly to the sea. {movement}."
    )
    assert mended("Somebody and {tom} turn slowly to the sea. {movement}.", people="mara tom") == (
        "{mara} and {tom} turn slowly to the sea. {movement}."
    )
    assert mended("A man turns slowly to the sea. {movement}.") == (
        "There is {mara}. A man turns slowly to the sea. {movement}."
    )


def test_a_name_that_the_model_cannot_read_is_written_once() -> None:
    at = slate()
    at.cast["mara"] = at.cast["mara"].model_copy(update={"name": "玛拉"})
    assert repaired("{mara} turns slowly to the sea, and {mara} smiles. {movement}.", at) == (
        "{mara} turns slowly to the sea, and the woman smiles. {movement}."
    )


def test_the_camera_moves_once() -> None:
    once = f"{MOVES} Gulls drift. {{movement}}."
    assert mended(f"{MOVES} Gulls drift.") == once
    assert mended(f"{MOVES} Gulls drift. {{movement}}. {{movement}}.") == once
    assert mended(f"{MOVES} Gulls drift. {{movement}}, and then tilts up to the sky.") == once
    still = f"{MOVES} Gulls drift. The camera holds still."
    assert mended(still, movement="static") == still
    assert mended(still) == once


def test_what_is_said_beside_the_camera_stays() -> None:
    text = "The camera pushes in as {mara} reads. Her fingers tremble. {movement}."
    assert mended(text) == "{movement} as {mara} reads. Her fingers tremble."


def test_a_keyframe_gets_its_place_and_look() -> None:
    text = "Medium shot at eye level: {mara} stands at the rail. The camera dollies in."
    assert mended(text, which="keyframe") == (
        "Medium shot at eye level: {mara} stands at the rail. {place}. {look}."
    )


def test_what_is_nothing_without_its_faults_is_given_up() -> None:
    assert mended("Mara geht langsam zum Meer und blickt auf das Wasser. {movement}.") is None
    assert mended("The camera pans left. Cut to the sea. {mara}. {movement}.") is None
    assert mended("") is None
    assert mended("{mara}. ,ce==== >>>rroropTrue resSEne do. {movement}.") is None
    assert mended("qzx vkw jjp wwd ploj xqan fiwq ozzl prrt gnmi kluv dwop qeb.") is None


def test_trimming_drops_whole_clauses_the_airy_ones_first() -> None:
    text = (
        f"{MOVES} Foam runs over the rocks far below; gulls drift past the glass. "
        "The mood is one of quiet longing. {movement}. At the end Mara stands still."
    )
    whole = slate().budget.count(slate().filled(text))
    left = []
    for tokens in range(whole, 30, -1):
        short = trimmed(text, slate(tokens=tokens))
        if short is not None and (not left or short != left[-1]):
            left.append(short)
    assert left == [
        text,
        f"{MOVES} Foam runs over the rocks far below; gulls drift past the glass. "
        "{movement}. At the end Mara stands still.",
        f"{MOVES} Foam runs over the rocks far below. {{movement}}. At the end Mara stands still.",
        f"{MOVES} {{movement}}. At the end Mara stands still.",
        f"{MOVES} {{movement}}.",
    ]


def test_what_cannot_be_shortened_without_its_people_is_given_up() -> None:
    text = "{mara} bends slowly down to {tom}. {movement}."
    assert mended(text, people="mara tom", tokens=40) is None
    at = slate(people="mara tom")
    just = at.budget.count(at.filled(text))
    assert mended(f"{text} Gulls drift.", people="mara tom", tokens=just) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mr. Hale waves. She turns.", 2),
        ("{mara} turns… {movement}.", 2),
        ("At 5.30 the lamp is lit! “Oh.” She turns.", 3),
        ("", 0),
    ],
)
def test_sentences_are_told_apart(text: str, number: int) -> None:
    assert len(sentences(text)) == number
    assert joined(parted(text)) == text
