"""The shot list reads back as it was written, and no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from studio.exchange.boards import Boards
from studio.exchange.shot_list import shot_list
from tests.exchange.sample import boards_of


def rows(boards: Boards) -> list[dict[str, str]]:
    text = shot_list(boards).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_a_shot_reads_back() -> None:
    boards = boards_of(
        [
            {
                "size": "CU",
                "angle": "worm's eye",
                "movement": "dolly in",
                "transition": "dissolve 0.5s",
                "cast": ["mara", "tom"],
                "action": 'She says "no", twice;\nthen nothing.',
                "dialogue": [
                    {"who": "mara", "line": "No."},
                    {"who": "tom", "line": "为什么？", "how": "softly", "heard": "off"},
                ],
                "narration": "שלום",
                "notes": "a, b",
            },
            {},
        ],
        [{}],
    )
    first = replace(boards.shots[0], start=60, keyframe="keyframe_v002", clip="clip_v001")
    found = rows(replace(boards, shots=(first, *boards.shots[1:])))
    assert [row["shot"] for row in found] == ["sc0010_sh0010", "sc0010_sh0020", "sc0020_sh0010"]
    assert found[0] == {
        "shot": "sc0010_sh0010",
        "scene": "sc0010",
        "heading": "EXT. SHORE 1 - NIGHT",
        "place": "the shore",
        "time": "night",
        "start": "00:00:02:12",
        "end": "00:00:04:12",
        "frames": "48",
        "seconds": "2.000",
        "size": "CU",
        "framing": "single",
        "angle": "worm's eye",
        "movement": "dolly in",
        "transition": "dissolve 0.5s",
        "cast": "Mara, Tom",
        "action": 'She says "no", twice;\nthen nothing.',
        "dialogue": "MARA: No.\nTOM (softly, off)：为什么？",
        "narration": "שלום",
        "notes": "a, b",
        "keyframe": "keyframe_v002",
        "clip": "clip_v001",
    }


def test_it_is_what_spreadsheets_expect() -> None:
    content = shot_list(boards_of([{}]))
    assert content.startswith(b"\xef\xbb\xbfshot,scene,")
    assert content.count(b"\r\n") == 2
    assert content.replace(b"\r\n", b"").count(b"\n") == 0


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_formulas_are_disarmed(start: str) -> None:
    words = f'{start}HYPERLINK("http://x")'
    [row] = rows(boards_of([{"action": words, "notes": "1 = 1"}]))
    assert row["action"] == f"'{words}"
    assert row["notes"] == "1 = 1"
