"""A story in parts: nothing is lost, parts fit, and they end where a story pauses."""

from __future__ import annotations

import random

import pytest

from agents.reading.parts import NUMBER, Part, allowance, parts_of, passages_of, tokens_in
from studio.errors import StudioError

STORY = (
    "# One\n\nMara lit the lamp. Nobody came.\n\n***\n\nBy night the storm had come.\n\n"
    "“Give me your hand!” shouted Mara. Mr. Finn pulled.\n\n## Two\n\nAt dawn the sea lay still.\n"
)


def made_up(seed: int) -> str:
    """A story of odd paragraphs in several scripts."""
    chance = random.Random(seed)  # noqa: S311
    marks = [
        "word ",
        "Mr. X ",
        "海上的风暴。",
        "جملة. ",
        "\n",
        "\n\n",
        "***\n\n",
        "end. ",
        "“Oh!” ",
    ]
    return "".join(chance.choice(marks) for _ in range(400)) + "z" * 900


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("room", "scenes"), [(60, 1), (200, 3), (5000, 400)])
def test_parts_joined_are_the_story(seed: int, room: int, scenes: int) -> None:
    story = made_up(seed)
    parts = parts_of(passages_of(story, 2 * scenes), room, scenes, 3)
    assert "".join(part.text for part in parts) == story
    numbers = [n for part in parts for n in range(part.first, part.last + 1)]
    assert numbers == list(range(1, len(numbers) + 1))
    for part in parts:
        assert sum(tokens_in(each) + NUMBER for each in part.passages) <= room


def test_a_story_that_fits_is_one_part() -> None:
    assert [part.text for part in parts_of(passages_of(STORY), 1000)] == [STORY]


def test_passages_are_paragraphs_and_breaks_belong_to_the_one_before() -> None:
    passages = passages_of(STORY)
    assert [each.strip() for each in passages] == [
        "# One",
        "Mara lit the lamp. Nobody came.\n\n***",
        "By night the storm had come.",
        "“Give me your hand!” shouted Mara. Mr. Finn pulled.",
        "## Two",
        "At dawn the sea lay still.",
    ]


def test_passages_are_sentences_where_paragraphs_are_too_few() -> None:
    passages = [each.strip() for each in passages_of("Mr. Finn ran. He fell! “Oh?” Dark.", 3)]
    assert passages == ["Mr. Finn ran.", "He fell!", "“Oh?”", "Dark."]
    assert len(passages_of("狐狸来了。乌鸦唱歌。", 2)) == 2


def test_a_part_ends_at_a_break_of_its_second_half() -> None:
    parts = parts_of(passages_of(STORY), 80)
    assert [part.passages[0].strip() for part in parts] == [
        "# One",
        "By night the storm had come.",
        "## Two",
    ]


def test_a_long_film_of_a_short_story_has_more_parts() -> None:
    passages = passages_of("One sentence of it. " * 12, 12)
    assert len(parts_of(passages, 5000, 2, 2)) == 1
    assert len(parts_of(passages, 5000, 12, 3)) == 4


def test_a_part_is_numbered_and_gives_text_between_passages() -> None:
    part = Part(("One.\n\n", "Two.\n\n***\n\n", "Three."), 4)
    assert part.numbered() == "[4] One.\n[5] Two.\n\n***\n[6] Three."
    assert part.between(5, 7) == "Two.\n\n***\n\nThree."


@pytest.mark.parametrize("text", ["狐狸与乌鸦", "قال الملك", "SHIP 4711", "naïve"])
def test_tokens_are_never_fewer_than_the_letters_that_are_not_plain(text: str) -> None:
    assert tokens_in(text) >= sum(
        not c.isspace() and not (c.isascii() and c.islower()) for c in text
    )


def test_a_context_that_is_too_small_is_refused_with_one_that_is_not() -> None:
    with pytest.raises(StudioError, match="context of 4096") as refused:
        allowance(4096, 1400, 9000)
    enough = int(refused.value.tip.split()[3])
    assert allowance(enough, 1400, 9000).part >= 500


def test_what_a_short_story_leaves_is_the_answers() -> None:
    short, long = allowance(8192, 1400, 300), allowance(8192, 1400, 90000)
    assert short.part + short.answer == long.part + long.answer
    assert short.answer > long.answer
