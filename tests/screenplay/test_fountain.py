"""Fountain in: every mark is read as what it is, and no word is lost."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from studio.errors import DocumentError
from studio.schema.story import Beat, Story
from studio.screenplay import read_screenplay

SAMPLES = Path(__file__).parents[1] / "data" / "screenplays"
WORD = re.compile(r"[^\W_]+")


def read(text: str) -> Story:
    return read_screenplay(text, "story.fountain")


def beats(text: str) -> list[Beat]:
    return [beat for scene in read(text).scenes for beat in scene.beats]


def words_of(text: str) -> Counter[str]:
    return Counter(word.lower() for word in WORD.findall(text))


def everything(story: Story) -> str:
    said = [story.title, *(part for entry in story.credits for part in entry)]
    for scene in story.scenes:
        said += [scene.heading, scene.number]
        said += [part for beat in scene.beats for part in (beat.text, beat.how)]
        said += [beat.who for beat in scene.beats]
    return " ".join(said)


@pytest.mark.parametrize("sample", ["the-bell-buoy", "paper-lanterns-zh"])
def test_no_word_is_lost(sample: str) -> None:
    source = (SAMPLES / f"{sample}.fountain").read_text(encoding="utf-8")
    kept = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    kept = re.sub(r"\((V\.O\.|O\.S\.|CONT'D|画外音)\)", "", kept)
    lost = words_of(kept) - words_of(everything(read(source)))
    assert lost <= Counter({"title": 1})


def test_a_script_is_read_as_it_is_written() -> None:
    story = read((SAMPLES / "the-bell-buoy.fountain").read_text(encoding="utf-8"))
    assert story.title == "The Bell Buoy"
    assert story.credits[1] == ("Author", "The Storyreel authors")
    assert [(scene.heading, scene.number) for scene in story.scenes] == [
        ("", ""),
        ("EXT. HARBOUR WALL - DAWN", "1"),
        ("INT. BOATHOUSE - CONTINUOUS", "2"),
        ("MONTAGE: MAKING READY", "3"),
        ("EXT. OPEN SEA - DAY", "4A"),
        ("EXT. BELL BUOY - DAY", "5"),
        ("INT. BOATHOUSE - DAY", "6"),
    ]
    assert [beat.kind for beat in story.scenes[0].beats] == ["transition", "section", "synopsis"]
    found = [beat for scene in story.scenes for beat in scene.beats]
    assert Beat("dialogue", "It's the chain.", "PIKE", heard="off") in found
    assert Beat("dialogue", "It took a boat and two men.", "PIKE", "beat") in found
    assert Beat("dialogue", "They're wet.", "NORA", dual=True) in found
    assert Beat("note", "Hold on the hand: it comes back in scene 5.") in found
    assert Beat("centered", "THE TIDE DOES NOT WAIT") in found
    assert Beat("lyrics", "Ring for the boat that is late.") in found
    assert Beat("action", "TOM\ndrops the saucepan. It floats away.") in found
    assert "older draft" not in story.text
    assert "NORA (V.O.)\nEleven years" in story.text


def test_cues_and_headings_outside_a_to_z() -> None:
    story = read(
        "\n.内景 灯塔 - 夜 #2#\n\n@小雨 (画外音)\n（低声）\n你好。\n\nÉMILE\nOui.\n\nМАРА\nДа.\n"
    )
    assert (story.scenes[0].heading, story.scenes[0].number) == ("内景 灯塔 - 夜", "2")
    assert list(story.scenes[0].beats) == [
        Beat("dialogue", "你好。", "小雨", "低声", "vo"),
        Beat("dialogue", "Oui.", "ÉMILE"),
        Beat("dialogue", "Да.", "МАРА"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("FADE IN:", "transition"),
        ("SMASH CUT TO:", "transition"),
        ("FADE OUT.", "transition"),
        ("> Burn to pink.", "transition"),
        ("> THE END <", "centered"),
        ("A RIVER.", "action"),
        ("!MARA", "action"),
        ("~La la", "lyrics"),
        ("= What happens", "synopsis"),
        ("## Act two", "section"),
        ("[[look here]]", "note"),
    ],
)
def test_a_line_alone(line: str, kind: str) -> None:
    assert [beat.kind for beat in beats(f"\nINT. A - DAY\n\n{line}\n\nB.\n")] == [kind, "action"]


def test_marks_within_lines() -> None:
    found = beats(
        "INT. A - DAY\n\nHe *runs* to [[a hill?\nOr not]] a_b_c, \\*now\\*.\n\nMO\nHi [[x]] you.\n"
    )
    assert found == [
        Beat("action", "He runs to a_b_c, *now*."),
        Beat("note", "a hill? Or not"),
        Beat("dialogue", "Hi you.", "MO"),
        Beat("note", "x"),
    ]


def test_emphasis_in_a_heading_and_numbers() -> None:
    story = read("\n_**INT. A_B - DAY**_ #12A#\n\nX.\n")
    assert (story.scenes[0].heading, story.scenes[0].number) == ("INT. A_B - DAY", "12A")


def test_a_dialogue_is_no_heading() -> None:
    assert beats("\nANNA\nEst ce que tu viens?\n") == [
        Beat("dialogue", "Est ce que tu viens?", "ANNA")
    ]


def test_what_a_cue_leaves_behind_is_kept() -> None:
    assert beats("\nMO\nHi.\n(waits)\n") == [
        Beat("dialogue", "Hi.", "MO"),
        Beat("action", "waits", "MO"),
    ]


def test_line_ends_do_not_matter() -> None:
    source = (SAMPLES / "the-bell-buoy.fountain").read_text(encoding="utf-8")
    assert read(source.replace("\n", "\r\n")) == read(source)


def test_a_boneyard_that_is_never_closed_is_named_with_its_line() -> None:
    with pytest.raises(DocumentError, match=r"story\.fountain:3: /\* opens a boneyard") as caught:
        read("INT. A - DAY\n\n/* gone\n")
    assert caught.value.tip


@pytest.mark.parametrize("ends", ["", "\n\nShe goes. [[Here]]"])
def test_a_note_that_is_never_closed_takes_no_line_with_it(ends: str) -> None:
    with pytest.raises(DocumentError, match=r"“\[\[late” opens a note that is never closed"):
        read(f"INT. A - DAY\n\nNORA [[late\nI should have gone.{ends}\n")


@pytest.mark.parametrize("text", ["Title: A\n\n", "[[]]", "\n===\n", "/* all of it */"])
def test_a_file_without_a_script(text: str) -> None:
    with pytest.raises(DocumentError, match="holds no script"):
        read(text)


def test_a_long_block_takes_as_many_steps_as_it_has_lines() -> None:
    """Joining lines one by one would copy the block once for every line of it."""
    lines = 20_000
    (action,) = beats("He walks on.\n" * lines)
    assert action.text.count("\n") == lines - 1
    (line,) = beats("\nMO\n" + "And on.\n" * lines)
    assert line.text.count("\n") == lines - 1
    assert len(beats("[[x\n" + "and on\n" * lines + "]]\n\nB.\n")) == 2
