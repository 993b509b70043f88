"""The writer breakdown on a screenplay: its scenes, cast, lines, transitions and notes are used as
they are written, and none is guessed."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from pathlib import Path

import pytest

from studio.engines.base import NoSettings
from studio.engines.breakdown import Breakdown
from studio.engines.breakdown.headings import Heading, heading_of
from studio.engines.breakdown.script import entering, scripted, titled
from studio.engines.breakdown.sentences import speech_seconds
from studio.engines.breakdown.weight import LONGEST
from studio.engines.requests import Brief
from studio.project import read_story
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.story import Beat, ScriptScene, Story
from studio.schema.storyboard import Line, Storyboard

SAMPLES = Path(__file__).parents[1] / "data" / "screenplays"
BELL = read_story(SAMPLES / "the-bell-buoy.fountain")


def board(story: Story, seconds: int, language: str = "en") -> Storyboard:
    return Breakdown(NoSettings()).write(story, Brief(Fraction(seconds), language))


def lines_of(storyboard: Storyboard) -> list[Line]:
    return [line for _, shot in storyboard.shots() for line in shot.dialogue]


@pytest.fixture(scope="module")
def bell() -> Storyboard:
    return board(BELL, 140)


@pytest.mark.parametrize("seconds", [6, 20, 60, 140, 400])
def test_every_length_holds_together(seconds: int) -> None:
    storyboard = board(BELL, seconds)
    film = Film.model_validate({"schema": "film/1", "title": "Bell", "length": f"{seconds}s"})
    assert not list(problems(film, storyboard))
    assert sum(shot.duration.amount for _, shot in storyboard.shots()) == seconds
    written = " ".join(" ".join(beat.text.split()) for s in BELL.scenes for beat in s.beats)
    if seconds > 6:
        assert all(line.line in written for line in lines_of(storyboard))


def test_scenes_are_the_scripts(bell: Storyboard) -> None:
    assert [scene.heading for scene in bell.scenes] == [
        "EXT. HARBOUR WALL - DAWN #1#",
        "INT. BOATHOUSE - CONTINUOUS #2#",
        "MONTAGE: MAKING READY #3#",
        "EXT. OPEN SEA - DAY #4A#",
        "EXT. BELL BUOY - DAY #5#",
        "INT. BOATHOUSE - DAY #6#",
    ]
    assert [scene.place for scene in bell.scenes] == [
        "harbour_wall",
        "boathouse",
        "boathouse",
        "open_sea",
        "bell_buoy",
        "boathouse",
    ]
    assert [scene.time for scene in bell.scenes] == ["dawn", "dawn", "dawn", "day", "day", "day"]


def test_the_cast_is_who_speaks(bell: Storyboard) -> None:
    assert {who: person.name for who, person in bell.cast.items()} == {
        "nora": "Nora Quill",
        "pike": "Pike",
        "tom": "Tom Quill",
        "radio": "Radio",
        "mcready": "McReady",
    }
    assert bell.cast["nora"].looks.startswith("a woman of 40")
    assert bell.cast["tom"].looks.startswith("a boy of 12")


def test_every_line_is_heard_word_for_word_in_its_order(bell: Storyboard) -> None:
    said = [(line.who, line.line) for line in lines_of(bell)]
    told = [beat for scene in BELL.scenes for beat in scene.beats if beat.kind == "dialogue"]
    assert " ".join(line for _, line in said) == " ".join(beat.text for beat in told)
    speakers = [who for who, _ in groupby(said, key=lambda each: each[0])]
    assert speakers == [who.lower() for who, _ in groupby(told, key=lambda beat: beat.who)]
    assert not any(shot.narration for _, shot in bell.shots())


def test_how_and_where_from_a_line_is_heard(bell: Storyboard) -> None:
    by_line = {line.line: line for line in lines_of(bell)}
    assert by_line["You said that last winter."].how == "not surprised"
    assert by_line["It's the chain."].heard == "off"
    assert by_line["Gale warning, all areas. Vessels return to port."].heard == "off"
    over = next(shot for _, shot in bell.shots() for line in shot.dialogue if line.heard == "vo")
    assert "nora" in [person.who for person in over.cast]
    assert "speaks" not in over.action
    for _, shot in bell.shots():
        seen = {person.who for person in shot.cast}
        assert not seen & {"radio", "mcready"}


def test_two_who_speak_at_once_share_a_shot(bell: Storyboard) -> None:
    (shot,) = [shot for _, shot in bell.shots() if len(shot.dialogue) == 2]
    assert [(line.who, line.line) for line in shot.dialogue] == [
        ("tom", "They're wet."),
        ("nora", "They're wet."),
    ]
    assert shot.framing == "two-shot"


def test_transitions_and_notes_are_kept(bell: Storyboard) -> None:
    first = [str(scene.shots[0].transition) for scene in bell.scenes]
    assert first == ["fade from black 1s", "cut", "cut", "dissolve 1s", "cut", "cut"]
    notes = [(shot.action, shot.notes) for _, shot in bell.shots() if shot.notes]
    assert notes[0][1] == "Hold on the hand: it comes back in scene 5."
    assert "holds up a hand" in notes[0][0]


def test_a_changed_line_is_another_source() -> None:
    scene = ScriptScene("INT. A - DAY", "1", (Beat("dialogue", "Go.", "MO", "softly"),))
    other = ScriptScene("INT. A - DAY", "1", (Beat("dialogue", "Go.", "MO", "loudly"),))
    one, two = (board(Story("Go.", scenes=(each,)), 4) for each in (scene, other))
    assert one.scenes[0].told != two.scenes[0].told


def test_people_of_one_trade_stay_apart() -> None:
    scene = ScriptScene(
        "EXT. GATE - NIGHT",
        "",
        (
            Beat("action", "Two guards. The first guard lifts a lamp."),
            Beat("dialogue", "Who goes there, Anna?", "GUARD #1"),
            Beat("dialogue", "I am Anna.", "GUARD #2"),
            Beat("dialogue", "Anna, Anna.", "ANNA"),
        ),
    )
    storyboard = board(Story("x", scenes=(scene,)), 30)
    assert [line.who for line in lines_of(storyboard)] == ["guard_1", "guard_2", "anna"]


def test_a_chinese_script() -> None:
    storyboard = board(read_story(SAMPLES / "paper-lanterns-zh.fountain"), 60, "zh")
    assert [scene.time for scene in storyboard.scenes] == ["dusk", "night", "night"]
    by_line = {line.line: line for line in lines_of(storyboard)}
    assert by_line["灯笼不怕雨，只怕没人点。"].heard == "vo"
    assert by_line["奶奶，今天还会有人来吗？"].how == "抬头"
    assert str(storyboard.scenes[2].shots[0].transition) == "dissolve 1s"
    assert {"奶奶", "小满"} <= {person.name for person in storyboard.cast.values()}


def test_a_long_speech_is_cut_where_it_breathes_and_nothing_is_lost() -> None:
    speech = "We row, and we row. " + "Nobody, not even you, " * 12 + "will stop us, word " * 9
    beat = Beat("dialogue", speech.strip(), "NORA")
    units = scripted([ScriptScene("INT. A - DAY", "", (beat,))])
    assert all(speech_seconds(unit.text) <= LONGEST for unit in units)
    assert " ".join(unit.text for unit in units) == speech.strip()


def test_a_scene_of_nothing_but_a_heading_is_seen() -> None:
    scenes = (ScriptScene("EXT. CLIFF - NIGHT"), ScriptScene("", "", (Beat("note", "late"),)))
    storyboard = board(Story("EXT. CLIFF - NIGHT", scenes=scenes), 4)
    assert [scene.heading for scene in storyboard.scenes] == ["EXT. CLIFF - NIGHT"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("INT. KITCHEN - NIGHT", Heading("KITCHEN", True, "night")),
        ("EXT. FLAT, DAY", Heading("FLAT", False, "day")),
        ("I/E. VAN – CONTINUOUS", Heading("VAN", True, goes_on=True)),
        ("EXT. HOUSE - GARDEN - DAWN - FOG", Heading("HOUSE - GARDEN", False, "dawn", "fog")),
        ("内景 灯笼铺 夜", Heading("灯笼铺", True, "night")),
        ("MONTAGE", Heading("MONTAGE")),
    ],
)
def test_headings(written: str, read: Heading) -> None:
    assert heading_of(written) == read


def test_transitions_by_their_words() -> None:
    said = ["SMASH CUT TO:", "LAP DISSOLVE TO:", "FADE TO WHITE.", "FADE OUT.", "淡入", "SLOWLY"]
    assert [str(entering(each)) for each in said] == [
        "cut",
        "dissolve 1s",
        "dip to white 0.5s",
        "fade to black 1s",
        "fade from black 1s",
        "None",
    ]


def test_cues_as_names() -> None:
    cues = ["O'NEIL", "MARA'S MOTHER", "McREADY", "DR. VOSS", "2ND MAN", "小雨"]
    assert [titled(cue) for cue in cues] == [
        "O'Neil",
        "Mara's Mother",
        "McReady",
        "Dr. Voss",
        "2nd Man",
        "小雨",
    ]
