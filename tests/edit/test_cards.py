"""Words in pictures: fonts, cards, captions, the reel's strip."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from studio.edit.cards import Card, Strip, caption, card, strip_height, timecode
from studio.edit.fonts import face_for
from studio.schema.time import Rate

SIZE = (640, 360)


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    """A folder with a font that draws 灯 as a square and nothing else, and a broken font."""
    pen = TTGlyphPen(None)
    for index, corner in enumerate([(100, 0), (100, 800), (900, 800), (900, 0)]):
        (pen.lineTo if index else pen.moveTo)(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "lamp"])
    builder.setupCharacterMap({ord("灯"): "lamp"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "lamp": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "lamp": (1000, 100)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Lamp", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    folder = tmp_path / "fonts" / "deep"
    folder.mkdir(parents=True)
    builder.save(folder / "lamp.ttf")
    (folder / "aa_broken.ttf").write_bytes(b"\0\1\0\0 not a font")
    return tmp_path / "fonts"


def test_the_shipped_fonts_draw_latin_greek_and_cyrillic() -> None:
    book = face_for("Größe Ærø œuvre ŁÓDŹ Ελλάδα Привет “quotes” — …", folders=[])
    assert (dict(book.found), book.missing) == ({}, ())


def test_other_scripts_are_looked_for_in_the_system(chinese: Path) -> None:
    book = face_for("The 灯 and the 塔", "zh", [chinese])
    assert book.missing == ("塔",)
    assert {mark: face.path.name for mark, face in book.found.items()} == {"灯": "lamp.ttf"}
    runs = [(face.path.name, text) for face, text in book.runs("The 灯 and the 塔.")]
    assert runs == [
        ("NotoSans-Regular.ttf", "The "),
        ("lamp.ttf", "灯"),
        ("NotoSans-Regular.ttf", " and the ."),
    ]


def test_characters_without_a_font_are_left_out_and_not_drawn_as_boxes() -> None:
    book = face_for("A塔B", folders=[])
    with_it, without = (card(Card(text), SIZE, book) for text in ("A塔B", "AB"))
    assert np.array_equal(with_it, without)
    assert book.missing == ("塔",)


def test_marks_that_a_font_lacks_are_not_drawn_either() -> None:
    book = face_for("A\ufe0f\u0950\u094d", folders=[])
    assert [text for _, text in book.runs("A\ufe0f\u0950\u094dB")] == ["AB"]
    assert book.missing == ("\u0950",)


def test_a_found_character_is_drawn(chinese: Path) -> None:
    book = face_for("灯", "zh", [chinese])
    picture = card(Card("灯"), SIZE, book)
    assert (picture[:, :, 0] > 200).mean() > 0.004


def ink(picture: np.ndarray) -> tuple[int, int, int, int]:
    """Left, right, top and bottom of what is drawn."""
    marks = np.argwhere(picture[:, :, 0] > 60)
    (top, left), (bottom, right) = marks.min(axis=0), marks.max(axis=0)
    return int(left), int(right), int(top), int(bottom)


@pytest.mark.parametrize(
    "heading", ["Dusk", "The Extraordinarily Long History of " + "a Lighthouse " * 9]
)
def test_cards_keep_within_the_safe_margins(heading: str) -> None:
    picture = card(Card(heading, ("A story reel", "made from a story " * 8)), SIZE, face_for(""))
    left, right, top, bottom = ink(picture)
    assert picture.shape == (360, 640, 3)
    assert left >= 0.09 * 640
    assert right <= 0.91 * 640
    assert top >= 0.05 * 360
    assert bottom <= 0.95 * 360
    assert abs((left + right) / 2 - 320) <= 8


def test_a_caption_is_outlined_and_lies_at_the_foot() -> None:
    picture, (x, y) = caption(["On the ninth day she", "stopped looking."], SIZE, face_for(""))
    height, width = picture.shape[:2]
    assert 0 < x < x + width < 640
    assert 360 * 0.7 < y < y + height < 360 * 0.95
    solid = picture[picture[:, :, 3] == 255][:, 0]
    assert (solid == 255).any()
    assert (solid == 0).any()


def test_a_caption_that_is_too_wide_is_drawn_smaller() -> None:
    picture, (x, _) = caption(["W" * 42], SIZE, face_for(""))
    assert x >= 0
    assert picture.shape[1] <= 640


def test_a_caption_too_wide_for_the_smallest_letters_is_broken_and_not_cut() -> None:
    small = (96, 54)
    word = "Donaudampfschifffahrtsgesellschaft"
    picture, (x, _) = caption([word], small, face_for(word, "de"))
    assert x >= 0
    assert picture.shape[1] <= small[0]
    one_line, _ = caption(["Donau"], small, face_for(word, "de"))
    assert picture.shape[0] > one_line.shape[0]


@pytest.mark.parametrize("height", [64, 108, 360, 720, 1080])
def test_the_strip_is_even(height: int) -> None:
    assert strip_height(height) % 2 == 0
    assert strip_height(height) >= 16


def test_the_strip_changes_with_the_timecode_only_on_its_right() -> None:
    rate = Rate(Fraction(24))
    strip = Strip("sc010_sh020", "clip v003 · pan", (640, 20), face_for(""))
    one, two = strip.at(0, rate), strip.at(1, rate)
    assert one.shape == (20, 640, 3)
    changed = np.argwhere((one != two).any(axis=2))[:, 1]
    assert changed.min() > 500
    assert np.array_equal(one, strip.at(0, rate))


@pytest.mark.parametrize(
    ("frame", "rate", "written"),
    [
        (0, "24", "00:00:00:00"),
        (23, "24", "00:00:00:23"),
        (24 * 3661 + 5, "24", "01:01:01:05"),
        (24 * 60, "24000/1001", "00:01:00:00"),
    ],
)
def test_timecode(frame: int, rate: str, written: str) -> None:
    assert timecode(frame, Rate.parse(rate)) == written
