"""The contact sheet: all shots in one picture, however many."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from studio.exchange.contact_sheet import contact_sheet, grid_for
from tests.exchange.sample import boards_of, picture


def test_every_shot_is_there_in_order(tmp_path: Path) -> None:
    path = picture(tmp_path / "red.png", (250, 10, 10))
    boards = boards_of([{}] * 3, [{}] * 5, pictures=(path,))
    content, missing = contact_sheet(boards)
    assert missing == ()
    sheet = Image.open(io.BytesIO(content))
    grid = grid_for(8, 16 / 9)
    assert sheet.size == grid.size
    assert (grid.columns, grid.rows) == (6, 2)
    across, down = grid.step
    for index in range(12):
        row, column = divmod(index, grid.columns)
        middle = (
            grid.gap + column * across + grid.thumb[0] // 2,
            grid.title + row * down + grid.heading + grid.thumb[1] // 2,
        )
        assert (sheet.getpixel(middle) == (250, 10, 10)) == (index < 8)


def test_scenes_are_told_apart_by_the_rule_above_them(tmp_path: Path) -> None:
    sheet = Image.open(io.BytesIO(contact_sheet(boards_of([{}] * 2, [{}]))[0]))
    grid = grid_for(3, 16 / 9)
    across, _ = grid.step
    ground = sheet.getpixel((1, 1))
    between = [grid.gap + n * across - grid.gap // 2 for n in (1, 2)]
    ruled = [sheet.getpixel((x, grid.title)) != ground for x in between]
    assert ruled == [True, False]


@pytest.mark.parametrize("shots", [1, 7, 60, 300, 1000, 5000])
@pytest.mark.parametrize("shape", [16 / 9, 9 / 16, 2.39])
def test_sheets_stay_of_a_size_that_opens(shots: int, shape: float) -> None:
    grid = grid_for(shots, shape)
    width, height = grid.size
    assert width <= 4000
    assert width * height < 40_000_000  # 120 MB of picture at most
    assert grid.columns * grid.rows >= shots


def test_a_thousand_shots(tmp_path: Path) -> None:
    path = picture(tmp_path / "small.png", (30, 90, 60), (64, 36))
    boards = boards_of(*([{}] * 10 for _ in range(100)), pictures=(path,))
    content, _ = contact_sheet(boards)
    assert Image.open(io.BytesIO(content)).size == grid_for(1000, 16 / 9).size


def test_equal_boards_give_equal_bytes() -> None:
    boards = boards_of([{}] * 4)
    assert contact_sheet(boards) == contact_sheet(boards)
