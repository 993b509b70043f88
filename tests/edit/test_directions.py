"""Lines of Hebrew and Arabic lie as readers of these scripts expect them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from fpdf.bidi import BidiParagraph

from studio.edit.cards import Card, card
from studio.edit.directions import stretches
from studio.edit.fonts import face_for


def shown(line: str) -> str:
    """The line's characters as they lie on it, from left to right."""
    return "".join(text[::-1] if leftward else text for text, leftward in stretches(line))


@pytest.mark.parametrize(
    ("line", "lies"),
    [
        ("Mara", "Mara"),
        ("", ""),
        ("שלום", "םולש"),
        ("הוא אמר: 1987", "1987 :רמא אוה"),
        ("film: שלום 12", "film: 12 םולש"),
        ("גרסה 2.5 (beta)", "(beta) 2.5 הסרג"),
        ("فيلم ٣٠ ثانية", "ةيناث ٣٠ مليف"),
        ("a\u202eb", "a\u202eb"),
    ],
)
def test_where_the_characters_of_a_line_lie(line: str, lies: str) -> None:
    assert shown(line).translate(str.maketrans("()", ")(")) in (
        lies.translate(str.maketrans("()", ")(")),
        lies,
    )


def test_random_lines_lie_as_another_program_says() -> None:
    chance = random.Random(7)  # noqa: S311 - the same lines in every run
    for _ in range(1500):
        marks = chance.choices("abc אבג دبو 12 ٣٠ .,:!-% ", k=chance.randint(1, 14))
        line = "".join(marks).strip()
        there = BidiParagraph(line).get_reordered_characters() if line else ()
        assert shown(line) == "".join(each.character for each in there), ascii(line)


def test_a_card_draws_words_of_two_scripts_in_the_right_order() -> None:
    book = face_for("שלום")
    if book.missing:
        pytest.skip("no font here draws Hebrew")
    size = (480, 160)
    mixed, alone = (card(Card("", (text,)), size, book) for text in ("שלום ---", "שלום"))
    columns = np.flatnonzero((alone > 60).any(axis=(0, 2)))
    dashes = np.flatnonzero((mixed > 60).any(axis=(0, 2)))
    # what follows a Hebrew word lies to its left: the first ink there is a dash, low and flat
    first = mixed[:, dashes[0] : dashes[0] + 6].max(axis=(1, 2)) > 60
    assert first.sum() <= 4
    assert len(dashes) > len(columns)
