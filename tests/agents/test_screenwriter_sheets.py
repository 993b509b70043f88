"""Who is who, ids, and looks that can be painted."""

from __future__ import annotations

import re

import pytest

from agents.reading.sheets import (
    Roster,
    Sheet,
    is_named,
    one_line,
    paintable,
    slug,
    told_of,
    unpaintable,
)
from studio.schema.base import ID_PATTERN
from studio.schema.check import PROMPT_WORDS

GOOD = "a woman of sixty, long grey braid, weathered tan face, navy oilskin coat"


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Mara", "mara"),
        ("The Old Keeper", "old_keeper"),
        ("José Ångström", "jose_angstrom"),
        ("R2-D2", "r2_d2"),
        ("007", ""),
        ("乌鸦", ""),
        ("O'Brien", "obrien"),
    ],
)
def test_a_slug_is_an_id_or_nothing(name: str, id_: str) -> None:
    assert slug(name) == id_


def test_ids_fit_a_storyboard_whatever_the_names() -> None:
    people = Roster("person")
    names = [
        "乌鸦",
        "狐狸",
        "الملك",
        "Look",
        "Cast",
        "Anna!" * 20,
        "anna" * 20,
        "3",
        "Mara 2",
        "Marà 2",
    ]
    ids = [people.add(name, "") for name in names]
    assert len(set(ids)) == len(names)
    assert all(re.match(ID_PATTERN, id_) for id_ in ids)
    assert not set(ids) & set(PROMPT_WORDS)
    assert ids[:3] == ["person1", "person2", "person3"]


def test_the_same_name_is_the_same_person_and_the_first_looks_stand() -> None:
    people = Roster("person")
    assert people.add("Mara", "") == people.add("MARA", GOOD) == people.add("mara", "another")
    assert people.add("Mr. Wilson", "stout") == people.add("Wilson", "thin")
    assert people.sheets["mara"] == Sheet("Mara", GOOD)
    assert people.sheets["mr_wilson"].looks == "stout"


def test_things_of_one_name_are_told_apart() -> None:
    places = Roster("place")
    assert places.add("Lighthouse", "", "EXT") == "lighthouse"
    assert places.add("Lighthouse", "", "INT") == "lighthouse_int"
    assert places.add("LIGHTHOUSE", "", "EXT") == "lighthouse"


@pytest.mark.parametrize(
    "looks",
    [
        "",
        "brave",
        "unknown",
        "not described in the story",
        "一只红毛狐狸，胸前雪白",
        "eine Frau von sechzig Jahren mit grauem Zopf und einem blauen Mantel",
    ],
)
def test_looks_that_cannot_be_painted(looks: str) -> None:
    assert unpaintable(looks)


@pytest.mark.parametrize(
    "looks", [GOOD, "a fox 狐狸 with red fur and a white chest", "lean, bald, scarred chin"]
)
def test_looks_that_can(looks: str) -> None:
    assert unpaintable(looks) == ""


def test_stray_signs_and_braces_leave_looks() -> None:
    assert paintable("a fox 狐狸 with {red}\n fur") == "a fox with (red) fur"
    assert one_line("Mara\x00\ue123 {x}\n y") == "Mara (x) y"


def test_many_are_told_without_looks_and_too_many_without_those_who_are_not_named() -> None:
    sheets = {f"person{n}": Sheet(f"Name{n}", GOOD) for n in range(10)}
    text = "Here comes Name8."
    assert all(GOOD in line for line in told_of(sheets, 2000, text).values())
    assert list(told_of(sheets, 140, text)) == list(sheets)
    assert GOOD not in "".join(told_of(sheets, 140, text).values())
    assert list(told_of(sheets, 40, text)) == ["person0", "person1", "person8"]


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("Mr. Jabez Wilson", "“Well,” said Wilson, “there it is.”", True),
        ("Mara", "Maraschino", False),
        ("乌鸦", "狐狸和乌鸦", True),
        ("乌鸦", "狐狸", False),
    ],
)
def test_a_text_names_somebody_by_the_name_or_its_last_word(
    name: str, text: str, named: bool
) -> None:
    assert is_named(name, text) is named


def test_a_couple_are_two_people() -> None:
    people = Roster("person")
    assert people.add("Mr. Bennet", "") == people.add("Bennet", "") == "mr_bennet"
    assert people.add("Mrs. Bennet", "") == "mrs_bennet"
