"""Which letters a language is written in."""

from __future__ import annotations

import pytest

from agents.reading.letters import in_other_letters


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("The fox is here.", "zh", True),
        ("Jabez Wilson走进Holmes的房间。", "zh", False),
        ("狐狸来了。", "en", True),
        ("狐狸来了。", "ru", True),
        ("Мара бежит к морю.", "ru", False),
        ("キツネが来た。", "ja", False),
        ("Der Fuchs ist da.", "en", False),
        ("Γειά σου", "el-GR", False),
        ("The fox is here.", "tlh", False),
        ("1234 …", "zh", False),
    ],
)
def test_a_text_in_other_letters_than_its_language(text: str, language: str, other: bool) -> None:
    assert in_other_letters(text, language) is other
