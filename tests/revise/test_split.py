"""A shot in two: the parts last as long together, and the second goes on where the first ends."""

from __future__ import annotations

import pytest

from studio.errors import StudioError
from studio.revise.text import shots
from studio.schema.time import Moment
from tests.revise.texts import TEXT, USED, diff, film, read, shot_in


def split(
    duration: str, at: str, shot: dict[str, str] | None = None, **fields: object
) -> list[str]:
    """Both durations and the second part's `from`, as they are written."""
    extra = "".join(f"    {key}: {value}\n" for key, value in (shot or {}).items())
    text = TEXT.replace(
        "    duration: 2s\n# the end", f"    duration: {duration}\n{extra}# the end"
    )
    made, new = shots.split(text, film(**fields), read(text), "sc020_sh010", Moment.parse(at), USED)
    first, second = shot_in(made, "sc020_sh010"), shot_in(made, new)
    assert second.source is not None
    return [str(first.duration), str(second.duration), str(second.source.start)]


SONG = {"song": {"file": "song.flac", "tempo": 120}}
ODD = {"song": {"file": "song.flac", "tempo": 140}}


@pytest.mark.parametrize(
    ("duration", "at", "fields", "expected"),
    [
        ("4s", "1.5s", {}, ["1.5s", "2.5s", "1.5s"]),
        ("1m30s", "500ms", {}, ["0.5s", "89.5s", "0.5s"]),
        ("4s", "36f", {}, ["1.5s", "2.5s", "36f"]),
        ("4s", "37f", {}, ["37f", "59f", "37f"]),
        ("96f", "1.5s", {}, ["36f", "60f", "1.5s"]),
        ("2 bars", "1 bar", SONG, ["1 bar", "1 bar", "1 bar"]),
        ("2 bars", "3 beats", SONG, ["3 beats", "5 beats", "3 beats"]),
        ("3 beats", "1 beat", ODD, ["1 beat", "2 beats", "1 beat"]),
        ("4 beats", "1s", SONG, ["2 beats", "2 beats", "1s"]),
        ("4s", "2 beats", SONG, ["1s", "3s", "2 beats"]),
        ("3 marks", "1 mark", {}, ["1 mark", "2 marks", "0s"]),
    ],
)
def test_the_parts_are_in_the_unit_that_fits(
    duration: str, at: str, fields: dict[str, object], expected: list[str]
) -> None:
    assert split(duration, at, **fields) == expected


@pytest.mark.parametrize(
    ("shot", "expected"),
    [
        ({"speed": "0.5"}, "0.75s"),
        ({"speed": "2"}, "3s"),
        ({"trim": "1s"}, "1.5s"),  # the first part's own trim counts for both
        ({"from": "{shot: sc010_sh010, in: 1s}"}, "2.5s"),
        ({"from": "{shot: sc010_sh010, in: 12f}", "trim": "1s", "speed": "2"}, "4.5s"),
    ],
)
def test_the_second_part_begins_where_the_first_one_ends(
    shot: dict[str, str], expected: str
) -> None:
    assert split("4s", "1.5s", shot)[2] == expected


@pytest.mark.parametrize(
    ("duration", "at", "fields", "says"),
    [
        ("4s", "4s", {}, "it cannot be split at 4s"),
        ("4s", "0s", {}, "it cannot be split at 0s"),
        ("4s", "1 beat", {}, "needs a song with a tempo"),
        ("3 beats", "1s", ODD, "cannot be written exactly"),
        ("3 marks", "1s", {}, "it cannot be split at 1s"),
        ("3s", "1 mark", {}, "it cannot be split at 1 mark"),
    ],
)
def test_what_cannot_be_split_is_refused(
    duration: str, at: str, fields: dict[str, object], says: str
) -> None:
    with pytest.raises(StudioError, match=says):
        split(duration, at, **fields)


def test_the_first_part_keeps_words_and_comments() -> None:
    moment = Moment.parse("0.5s")
    text, new = shots.split(TEXT, film(), read(TEXT), "sc010_sh010", moment, USED)
    assert diff(TEXT, text) == [
        "-    duration: 2s",
        "+    duration: 0.5s",
        f"+  - id: {new}",
        "+    size: ELS",
        "+    duration: 1.5s",
        '+    action: "Mara stands:',
        '+      at the rail."',
        "+    from: {shot: sc010_sh010, in: 0.5s}",
        "+",
    ]


def test_with_a_new_picture_the_second_part_stands_alone() -> None:
    moment = Moment.parse("0.5s")
    text, new = shots.split(TEXT, film(), read(TEXT), "sc010_sh030", moment, USED, new_picture=True)
    assert shot_in(text, new).source is None
    assert shot_in(text, "sc010_sh030").source is not None
