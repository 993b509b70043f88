"""Captions and the breaking of lines."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.edit.captions import COLUMNS, Cue, cues, srt
from studio.edit.cut import lay_out
from studio.edit.lines import columns, pieces, wrap
from studio.schema.time import Rate
from tests.edit.sample import a_film, a_storyboard

TIME = r"(\d\d):(\d\d):(\d\d),(\d{3})"
NARRATION = "On the ninth day she stopped looking for the boat."


def cues_of(*shots: dict[str, Any], **film: Any) -> tuple[Cue, ...]:
    storyboard = a_storyboard(shots)
    return cues(lay_out(a_film(**film), storyboard), storyboard)


def lines_of(**shot: Any) -> list[tuple[str, ...]]:
    return [cue.lines for cue in cues_of({"duration": "20s", **shot})]


def test_a_cue_begins_with_its_shot_and_lasts_for_its_text() -> None:
    (cue,) = cues_of({"duration": "2s"}, {"duration": "8s", "narration": NARRATION}, cards=False)
    assert cue.lines == ("On the ninth day she stopped", "looking for the boat.")
    assert (cue.start, cue.end) == (48, 48 + int(49 / 15 * 24 * 1.5))


def test_a_short_slot_hurries_its_cues() -> None:
    told = cues_of({"duration": "2s", "narration": f"{NARRATION} {NARRATION}"}, cards=False)
    assert [(cue.start, cue.end) for cue in told] == [(0, 22), (24, 48)]


def test_no_cue_overlaps_the_next_or_leaves_its_slot() -> None:
    shots: list[dict[str, Any]] = [
        {"duration": f"{n % 7 + 1}f", "narration": NARRATION * (n % 4)} for n in range(60)
    ]
    storyboard = a_storyboard(shots)
    timeline = lay_out(a_film(), storyboard)
    told = cues(timeline, storyboard)
    assert all(cue.start < cue.end for cue in told)
    assert all(one.end <= two.start for one, two in pairwise(told))
    slots = list(timeline.shots.values())
    assert all(any(s.start <= cue.start < cue.end <= s.end for s in slots) for cue in told)


def test_long_texts_are_broken_at_sentences_into_two_lines() -> None:
    text = (
        "Did you see it? Out there, past the reef, where Mr. Hale drowned in the winter of the "
        "year that nobody speaks of any more. No. Never."
    )
    told = lines_of(narration=text)
    assert " ".join(line for lines in told for line in lines) == text
    assert all(len(lines) <= 2 for lines in told)
    assert all(columns(line) <= COLUMNS for lines in told for line in lines)
    assert told[0] == ("Did you see it?",)
    assert told[-1] == ("No. Never.",)


def test_chinese_is_broken_without_spaces() -> None:
    text = (
        "她在第九天不再望着船。“灯塔还亮着吗？”他问道，然后沿着石阶慢慢走下去，海风吹动她的头发。"
    )
    told = lines_of(narration=text)
    assert "".join(line for lines in told for line in lines) == text
    assert all(columns(line) <= COLUMNS for lines in told for line in lines)
    assert not any(line[0] in "，。？”" for lines in told for line in lines)


@pytest.mark.parametrize(
    ("cast", "line", "caption"),
    [
        (["mara"], {"who": "mara", "line": "A boat!"}, "A boat!"),
        ([], {"who": "mara", "line": "A boat!"}, "A boat!"),
        (["mara", "tom"], {"who": "mara", "line": "A boat!"}, "Mara: A boat!"),
        (["mara"], {"who": "tom", "line": "A boat!"}, "Tom: A boat!"),
        (["mara"], {"who": "mara", "line": "A boat!", "heard": "vo"}, "Mara: A boat!"),
        (["mara", "tom"], {"who": "mara", "line": "有船！"}, "Mara：有船！"),
    ],
)
def test_a_speaker_is_named_where_the_picture_does_not_show_who(
    cast: list[str], line: dict[str, str], caption: str
) -> None:
    assert lines_of(cast=cast, dialogue=[line]) == [(caption,)]


def test_srt_reads_back() -> None:
    rate = Rate(Fraction(24000, 1001))
    told = (Cue(0, 48, ("Two", "lines")), Cue(50, 90_000, ("One",)))
    text = srt(told, rate)
    found = re.findall(
        rf"(\d+)\n{TIME} --> {TIME}\n((?:.+\n)+)(?:\n|$)",
        text,
    )
    assert [int(row[0]) for row in found] == [1, 2]
    for row, cue in zip(found, told, strict=True):
        hours, minutes, seconds, thousandths = map(int, row[5:9])
        end = Fraction(thousandths, 1000) + seconds + 60 * minutes + 3600 * hours
        assert rate.frame_at(end) == cue.end
        assert tuple(row[9].split("\n")[:-1]) == cue.lines
    assert srt((), rate) == ""


@given(st.text(alphabet="ab ,.-“”（）船灯。，é\u0301", max_size=60), st.integers(4, 20))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, width, columns)
    assert "".join(pieces(text)) == text
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)


def test_lines_are_about_equally_long() -> None:
    assert wrap("one two three four five six", 26, len) == ["one two three", "four five six"]
