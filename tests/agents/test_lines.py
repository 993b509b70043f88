"""What is said in a scene: a script's lines, quotations, and the time that they take."""

from __future__ import annotations

from fractions import Fraction

import pytest

from agents.covering.lines import (
    Cue,
    cues,
    is_quoted,
    kept,
    placed,
    speaker,
    spoken_seconds,
    spread,
)
from studio.schema.story import Beat
from studio.schema.storyboard import Person

CAST = {
    "mara": Person(name="Mara Quill"),
    "jabez": Person(name="Mr. Jabez Wilson"),
    "ann_wilson": Person(name="Ann Wilson"),
    "ma": Person(name="王马拉"),
}
PROSE = "“Tell them,” said Mara, “I read it by a good light.”\n\nThe boat slid away."


def cue(text: str, beat: int = 0) -> Cue:
    return Cue("mara", text, beat)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("Thirteen words make five seconds, as they're spoken in a film, more or less.", 5),
        ("王马拉点亮了灯。", Fraction(7, 4)),
    ],
)
def test_speech_takes_time(text: str, seconds: Fraction) -> None:
    assert abs(spoken_seconds(text) - seconds) <= Fraction(2, 5)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("mara", "mara"),
        ("MARA", "mara"),
        ("JABEZ WILSON", "jabez"),
        ("ANN WILSON", "ann_wilson"),
        ("WILSON", ""),
        ("王马拉", "ma"),
        ("CROWD", ""),
        ("", ""),
    ],
)
def test_a_cue_is_somebody_of_the_cast(name: str, who: str) -> None:
    assert speaker(name, CAST) == who


def test_lines_of_a_script_stand_as_they_are() -> None:
    beats = [
        Beat("action", "A storm."),
        Beat("dialogue", "Give me your hand!", "MARA", how="shouting"),
        Beat("dialogue", "Hooray!", "CROWD"),
        Beat("dialogue", "It was night.", "NARRATOR", heard="vo"),
    ]
    assert cues(beats, CAST) == [
        Cue("mara", "Give me your hand!", 1, "shouting", "on"),
        Cue("", "It was night.", 3, "", "vo"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        " ".join("The boat came in at nine, and nobody was on it." for _ in range(4)),
        "and then " * 40 + "nothing.",
        "那条船九点钟进港，船上一个人也没有。" * 4,
    ],
)
def test_a_long_speech_is_taken_apart_and_keeps_every_word(text: str) -> None:
    pieces = [one.text for one in cues([Beat("dialogue", text, "MARA")], CAST)]
    assert len(pieces) > 1
    assert max(map(spoken_seconds, pieces)) <= 8
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ("I read it by a good light.", True),
        ("Tell them I read it by a good light!", True),
        ("Tell them by a good light.", False),
        ("Tell them, I read it by a good light.", True),
        ("i READ it", True),
        ("I read it. Tell them.", False),
        ("I never read it.", False),
        ("…", False),
    ],
)
def test_a_line_is_quoted_from_the_story(line: str, quoted: bool) -> None:
    assert is_quoted(line, PROSE) is quoted


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Sagt ihnen ich las ihn.", "„Sagt ihnen“, sagte Mara, „ich las ihn.“"),
        ("Tell them I read it.", '"Tell them," said Mara, "I read it."'),
        ("Dites-leur que je l’ai lue.", "« Dites-leur », dit Mara, « que je l’ai lue. »"),
        ("早上好，你的羽毛真美。", "“早上好！”狐狸说，“你的羽毛真美。”"),
    ],
)
def test_what_the_story_puts_between_two_halves_of_a_line_may_be_left_out(
    line: str, text: str
) -> None:
    assert is_quoted(line, text)


def test_all_lines_are_kept_where_they_fit_else_the_wanted_ones() -> None:
    script = [cue("one two three four five six")] * 4  # 2.3 s each
    assert kept(script, [2], Fraction(10)) == [1, 2, 3, 4]
    assert kept(script, [4, 2, 2], Fraction(5)) == [2, 4]
    assert kept(script, [], Fraction(5)) == [1, 2]
    assert kept(script, [1], Fraction(1)) == []


def test_lines_keep_their_order_wherever_they_are_placed() -> None:
    assert placed([1, 2, 3], [[1], [2, 3], []]) == {1: 0, 2: 1, 3: 1}
    assert placed([1, 2, 3, 4], [[], [3], []]) == {3: 1, 1: 0, 2: 1, 4: 1}
    assert placed([1, 2, 3], [[3], [1], [2]]) == {3: 0, 1: 0, 2: 0}
    assert placed([], [[1], []]) == {}
    script = [cue("one two three")] * 4
    assert spread(script, [1, 2, 3, 4], 2) == {1: 0, 2: 0, 3: 1, 4: 1}
    assert spread(script, [2, 4], 1) == {2: 0, 4: 0}
