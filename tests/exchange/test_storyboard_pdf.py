"""The storyboard PDF: its pages, and its words in every script, which can be read out again."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from fpdf import FPDF
from pypdf import PdfReader

from studio.edit import fonts
from studio.edit.fonts import face_for
from studio.exchange.scripts import visual_runs
from studio.exchange.storyboard_pdf import storyboard_pdf
from studio.exchange.typesetting import Typesetter
from tests.exchange.sample import boards_of, font_of, picture


def read(content: bytes) -> list[str]:
    """The text of each page, its lines joined by spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.fixture
def squares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The only characters besides the shipped fonts' that fonts here draw."""
    characters = "狐狸走来אבגדשלום"
    font = font_of(characters, tmp_path / "fonts" / "squares.ttf")
    monkeypatch.setattr(fonts, "_system_folders", lambda: [font.parent])
    return characters


def test_a_panel_has_all_its_words(tmp_path: Path) -> None:
    boards = boards_of(
        [
            {
                "size": "ELS",
                "angle": "high",
                "movement": "dolly in",
                "transition": "fade from black 1s",
                "action": "{mara} stands at the rail.",
                "dialogue": [
                    {"who": "tom", "line": "A boat {nb}!", "how": "softly", "heard": "vo"}
                ],
                "narration": "On the ninth day.",
                "notes": "Ask for **gulls**.",
            }
        ],
        pictures=(picture(tmp_path / "a.png", (40, 60, 80)),),
    )
    content, missing = storyboard_pdf(boards)
    [text] = read(content)
    assert missing == ()
    for words in (
        "The Keeper",
        "page 1 of 1",
        "EXT. SHORE 1 - NIGHT",
        "1 shot · 2s",
        "sc0010_sh0010 2s · 48f",
        "ELS · high angle · dolly in · fade from black 1s",
        "Mara stands at the rail.",
        "TOM (softly, voice over): A boat {nb}!",
        "NARRATION: On the ninth day.",
        "NOTES: Ask for **gulls**.",
    ):
        assert words in text
    found = PdfReader(io.BytesIO(content))
    assert found.metadata is not None
    assert found.metadata.title == "The Keeper"
    assert len(found.pages[0].images) == 1
    width, height = found.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (842, 595)


def test_six_panels_a_page_and_scenes_in_rows_of_their_own() -> None:
    six = read(storyboard_pdf(boards_of([{}] * 6))[0])
    assert len(six) == 1
    seven = read(storyboard_pdf(boards_of([{}] * 7))[0])
    assert len(seven) == 2
    assert "EXT. SHORE 1 - NIGHT (continued)" in seven[1]
    three = read(storyboard_pdf(boards_of([{}], [{}], [{}] * 4))[0])
    assert [page.count("EXT. SHORE") for page in three] == [2, 1]
    assert "page 2 of 2" in three[1]


def test_further_panels_stand_beside_the_first(tmp_path: Path) -> None:
    drawn = tuple(picture(tmp_path / f"{n}.png", (n * 60, 90, 90)) for n in range(3))
    content, _ = storyboard_pdf(boards_of([{"panels": ["0.5s"]}], pictures=drawn))
    [text] = read(content)
    assert "sc0010_sh0010 2s · 48f" in text
    assert "sc0010_sh0010 · b from 0.5s" in text
    assert "sc0010_sh0010 · c from 1.33s" in text
    assert len(PdfReader(io.BytesIO(content)).pages[0].images) == 3


def test_text_that_does_not_fit_is_whole_at_the_end() -> None:
    said = " ".join(f"word{n}" for n in range(400))
    pages = read(storyboard_pdf(boards_of([{"action": said, "notes": "The last word."}, {}]))[0])
    assert "… continued on page 2" in pages[0]
    assert "word399" not in pages[0]
    assert said in pages[1]
    assert "NOTES: The last word." in pages[1]


def test_many_long_texts_flow_over_columns_and_pages() -> None:
    shots = [{"action": " ".join(f"s{s}w{n}" for n in range(600))} for s in range(4)]
    pages = read(storyboard_pdf(boards_of(shots))[0])
    assert len(pages) == 4
    rest = " ".join(pages[1:])
    assert all(f"s{s}w{n} " in f"{rest} " for s in range(4) for n in range(600))
    for index in range(4):
        [where] = [n for n, page in enumerate(pages[1:], 2) if f"s{index}w0 " in page]
        assert f"continued on page {where}" in pages[0]


def test_a_shot_without_picture_and_an_old_one_are_said(tmp_path: Path) -> None:
    boards = boards_of([{}])
    old = replace(boards.shots[0], outdated=True)
    [text] = read(storyboard_pdf(replace(boards, shots=(old,)))[0])
    assert "the picture is older than these words" in text


def test_equal_boards_give_equal_bytes(tmp_path: Path) -> None:
    boards = boards_of(
        [{"movement": "arc left", "cast": ["mara"], "action": "Mara runs."}],
        pictures=(picture(tmp_path / "a.png", (200, 180, 90)),),
    )
    assert storyboard_pdf(boards)[0] == storyboard_pdf(boards)[0]


def test_chinese_can_be_read_out_and_breaks_into_lines(squares: str) -> None:
    said = "狐狸走来" * 40
    content, missing = storyboard_pdf(boards_of([{"action": said}], headings=("EXT. 狐狸",)))
    [text] = read(content)
    assert missing == ()
    assert "EXT. 狐狸" in text
    assert said in text.replace(" ", "")


def test_hebrew_is_set_from_the_right(squares: str) -> None:
    boards = boards_of(
        [{"action": "שלום (12) abc אבגד.", "narration": "אבג"}], cast={"mara": "שלום"}
    )
    content, missing = storyboard_pdf(boards)
    [text] = read(content)
    assert missing == ()
    assert "שלום" in text
    assert "abc" in text
    book = face_for("שלוםאבגד", "en")
    line = [run.text.strip() for run in visual_runs("שלום (12) abc אבגד.", book, from_right=True)]
    assert [part for part in line if part.isalnum()] == ["אבגד", "abc", "12", "שלום"]
    with Typesetter(FPDF(), book) as setter:
        told = setter.lines("אבג", 80, 8, lead="NARRATION: ")
    assert [(each.text, each.from_right) for each in told] == [("NARRATION: אבג", True)]


def test_what_no_font_draws_is_named_and_marked(squares: str) -> None:
    content, missing = storyboard_pdf(boards_of([{"action": "A 👩‍👧 and ❤️ here 塔."}]))
    assert set(missing) == {"👩", "👧", "❤", "塔"}
    [text] = read(content)
    assert "here \ufffd." in text


def test_lines_break_before_no_mark_that_belongs_to_a_letter() -> None:
    with Typesetter(FPDF(), face_for("", "en")) as setter:
        lines = [line.text for line in setter.lines("e\u0301" * 200, 40, 8)]
        assert all(setter.width(line, 8) <= 40 for line in lines)
    assert "".join(lines) == "e\u0301" * 200
    assert all(line.startswith("e") for line in lines)


@pytest.mark.parametrize("frame", ["108x192", "256x64", "100x100"])
def test_frames_of_any_shape(frame: str, tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", (90, 90, 90))
    boards = boards_of([{"movement": "zoom out"}] * 7, pictures=(path,), film={"frame": frame})
    assert len(read(storyboard_pdf(boards)[0])) == 2
