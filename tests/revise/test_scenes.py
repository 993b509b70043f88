"""Scenes of a storyboard's text: only the lines that have to change do."""

from __future__ import annotations

import pytest

from studio.documents import dump_document
from studio.errors import StudioError
from studio.revise.text import scenes, shots
from studio.revise.text.scenes import Heading, read_heading
from studio.revise.text.shots import Spot
from studio.schema.storyboard import Storyboard
from tests.conftest import STORYBOARD
from tests.revise.texts import TEXT, USED, WIDE, diff, order, read


def ids(text: str) -> list[str]:
    return [scene.id for scene in read(text).scenes]


@pytest.mark.parametrize(
    ("text", "place", "time"),
    [
        ("INT. KITCHEN - NIGHT", "Kitchen", "night"),
        ("EXT. GULL ROCK - GALLERY - DUSK", "Gull Rock - Gallery", "dusk"),
        ("INT./EXT. MARA'S CAR – DAY", "Mara's Car", "day"),
        ("I/E the Old Mill", "the Old Mill", ""),
        ("Interior of a ship", "Interior of a ship", ""),
        ("内景 厨房 - 夜", "内景 厨房", "夜"),
    ],
)
def test_what_a_heading_says(text: str, place: str, time: str) -> None:
    assert read_heading(text) == Heading(text, place, time)


def test_a_heading_without_a_place_is_refused() -> None:
    with pytest.raises(StudioError, match="names no place"):
        read_heading("INT. - NIGHT")


def test_a_new_scene_is_written_as_the_others_and_its_place_is_added() -> None:
    heading = read_heading("INT. KITCHEN - NIGHT")
    text, new, place = scenes.add(TEXT, Spot("after", "sc010"), heading, None, USED)
    assert (new, place) == ("sc015", "kitchen")
    assert ids(text) == ["sc010", "sc015", "sc020"]
    assert diff(TEXT, text) == [
        "+  kitchen: {name: Kitchen}",
        "+- id: sc015",
        "+  heading: INT. KITCHEN - NIGHT",
        "+  place: kitchen",
        "+  time: night",
        "+  shots: []",
        "+",
    ]
    filled, shot = shots.add(text, Spot("at the end of", new), {"duration": "2s"}, USED)
    assert diff(text, filled) == [
        "-  shots: []",
        "+  shots:",
        f"+  - id: {shot}",
        "+    duration: 2s",
    ]


def test_a_place_of_that_name_is_not_added_again() -> None:
    heading = read_heading("EXT. THE LIGHTHOUSE: DAWN, LATER - DAWN")
    text, _, place = scenes.add(TEXT, Spot("before", "sc010"), heading, "tower", USED)
    assert place == "tower"
    assert ids(text) == ["sc005", "sc010", "sc020"]
    named = read_heading("EXT. THE LIGHTHOUSE - DAWN")
    assert scenes.add(TEXT, Spot("before", "sc010"), named, None, USED)[2] == "tower"


def test_places_in_braces_and_in_lines_and_none_at_all() -> None:
    heading, spot = read_heading("INT. HALL, NORTH - DAY"), Spot("after", "sc020")
    in_braces, _, _ = scenes.add(WIDE, spot, heading, None, USED)
    assert "places: {tower: {name: the lighthouse}, hall_north: {name: 'Hall, North'}}" in in_braces
    dumped = dump_document(Storyboard.model_validate(STORYBOARD), exclude_defaults=True)
    in_lines, _, _ = scenes.add(dumped, spot, heading, None, USED)
    assert "    looks: black basalt\n  hall_north:\n    name: Hall, North\nscenes:\n" in in_lines
    empty = "schema: storyboard/1\nplaces: {}\nscenes:\n- {id: sc010, heading: X, place: hall}\n"
    for text in (empty, empty.replace("places: {}\n", "")):
        new, _, place = scenes.add(text, Spot("after", "sc010"), heading, None, USED)
        assert read(new).places[place].name == "Hall, North"


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(StudioError, match="there is no place 'towr'") as raised:
        scenes.add(TEXT, Spot("after", "sc010"), read_heading("INT. A"), "towr", USED)
    assert raised.value.tip == "did you mean tower?"


def test_a_scene_moves_with_its_shots_and_the_comment_above_it() -> None:
    text = scenes.move(TEXT, "sc020", Spot("before", "sc010"))
    assert order(text) == [["sc020_sh010"], ["sc010_sh010", "sc010_sh020", "sc010_sh030"]]
    assert "scenes:\n# --- the night ---\n- id: sc020\n" in text
    assert "    duration: 2s\n\n# --- the arrival ---\n- id: sc010\n" in text
    assert text.endswith('    # motion: "left out for now"\n# the end of the file\n')
    assert scenes.move(text, "sc010", Spot("before", "sc020")) == TEXT
    assert scenes.move(TEXT, "sc020", Spot("after", "sc010")) == TEXT


def test_a_renamed_scene_keeps_its_shots_ids_and_its_first_one() -> None:
    text = scenes.rename(TEXT, "sc010", "sc015", USED)
    assert diff(TEXT, text) == ["-- id: sc010", "+- id: sc015", "+  was: sc010"]
    assert scenes.rename(text, "sc015", "sc010", USED) == TEXT
    _, new = shots.add(text, Spot("after", "sc010_sh010"), {"duration": "1s"}, USED)
    assert new == "sc010_sh015"


@pytest.mark.parametrize("new", ["sc020", "sc010", "scene", "sc033"])
def test_an_id_that_is_not_free_is_refused(new: str) -> None:
    with pytest.raises(StudioError):
        scenes.rename(TEXT, "sc010", new, {"sc033"})


def test_a_removed_scene_takes_its_shots_along() -> None:
    text = scenes.remove(TEXT, "sc010")
    assert ids(text) == ["sc020"]
    assert "arrival" not in text
    with pytest.raises(StudioError, match="no shot would be left"):
        scenes.remove(text, "sc020")


def test_a_scene_whose_clip_is_shown_elsewhere_has_to_stay() -> None:
    text = shots.move(TEXT, "sc010_sh030", Spot("at the end of", "sc020"))
    with pytest.raises(StudioError, match="sc010_sh030 shows the clip of sc010_sh010"):
        scenes.remove(text, "sc010")
