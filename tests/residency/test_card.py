"""The cards, as nvidia-smi lists them: here a program of that name that prints a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.residency.card import Card, cards, driver

TWO = """\
0, GPU-1a2b3c, NVIDIA GeForce RTX 4090, 24564, 23010, 8.9
1, GPU-1a9f00, NVIDIA H100 80GB HBM3, 81559, 81004, 9.0
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the program of the tests is a sh script")

ASKS = "--query-gpu=index,uuid,name,memory.total,memory.free,compute_cap"
Says = Callable[..., None]


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Says:
    """nvidia-smi on PATH that says `text`, if it is asked as it understands it."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    def says(text: str, code: int = 0) -> None:
        (tmp_path / "said").write_text(text, encoding="utf-8")
        program = tmp_path / "nvidia-smi"
        program.write_text(
            f"#!/bin/sh\n"
            f'[ "$1" = {ASKS} ] || [ "$1" = --query-gpu=driver_version ] || exit 2\n'
            f'[ "$2" = --format=csv,noheader,nounits ] || exit 2\n'
            f"cat {tmp_path}/said\nexit {code}\n"
        )
        program.chmod(0o755)

    return says


def test_cards_are_listed_in_bytes(smi: Says) -> None:
    smi(TWO)
    first, second = cards()
    assert first == Card(
        0, "NVIDIA GeForce RTX 4090", 24564 * 2**20, 23010 * 2**20, (8, 9), "GPU-1a2b3c"
    )
    assert (second.index, second.capability, second.free) == (1, (9, 0), 81004 * 2**20)


@pytest.mark.parametrize(
    ("visible", "indices"),
    [
        ("1", [1]),
        ("1,0", [1, 0]),
        (" 0 , 1 ", [0, 1]),
        ("GPU-1a9f00", [1]),
        ("GPU-1a2", [0]),
        ("", []),
        ("-1", []),
        ("0,7,1", [0]),  # what stands behind a card that is not there does not count
        ("0,0", [0]),
        ("GPU-1a", []),  # two cards begin so
        ("MIG-1a2b3c", []),
        ("all", []),
    ],
)
def test_only_visible_cards_count(
    smi: Says, monkeypatch: pytest.MonkeyPatch, visible: str, indices: list[int]
) -> None:
    smi(TWO)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert [card.index for card in cards()] == indices


@pytest.mark.parametrize(
    "said",
    [
        "",
        "No devices were found\n",
        "0, GPU-1, NVIDIA GB10, [N/A], [N/A], 12.1\n",
        "0, GPU-1, a card, 24564, 23010, eight\n",
        "0, GPU-1, half a line",
        "\x00\n,,,,,\n",
    ],
)
def test_what_does_not_read_is_no_card(smi: Says, said: str) -> None:
    smi(said)
    assert cards() == ()


def test_unknown_free_memory_counts_as_free(smi: Says) -> None:
    smi("0, GPU-1, a card, 1000, [N/A], 8.0\n")
    assert cards()[0].free == cards()[0].total == 1000 * 2**20


def test_a_failing_tool_finds_no_card(smi: Says, tmp_path: Path) -> None:
    smi(TWO, code=9)
    assert cards() == ()
    (tmp_path / "nvidia-smi").write_text("no program\n")
    assert cards() == ()


def test_without_the_tool_there_is_no_card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cards() == ()
    assert driver() == ""


def test_the_driver_says_its_version(smi: Says) -> None:
    smi("580.95.05\n580.95.05\n")
    assert driver() == "580.95.05"
