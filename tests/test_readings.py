"""Readings that are kept: always what the file says now, whatever is in the cache, and nothing
is lost with it."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.documents import read_document
from studio.errors import DocumentError
from studio.project import Project
from studio.readings import WORTH, read_kept
from studio.schema.base import Model
from studio.schema.storyboard import Storyboard
from tests.conftest import STORYBOARD, Gen, Studio, write_yaml

WORDS = "Mara waits at the rail and counts the gulls. " * 12


def a_long_storyboard(shots: int = 120) -> dict[str, Any]:
    board: dict[str, Any] = copy.deepcopy(STORYBOARD)
    model = board["scenes"][0]["shots"][0]
    board["scenes"][0]["shots"] = [
        model | {"id": f"sc010_sh{n:04d}", "action": f"Day {n:04d}.", "notes": WORDS}
        for n in range(shots)
    ]
    return board


@pytest.fixture
def long(gen: Gen) -> Project:
    project = gen(storyboard=a_long_storyboard())
    assert len(project.storyboard_file.read_text(encoding="utf-8")) > WORTH
    return project


def the_kept(project: Project) -> Path:
    (found,) = (project.studio_folder / "cache").iterdir()
    return found


def read(project: Project) -> Storyboard | None:
    return project.read_storyboard(project.read_film())


def test_a_kept_reading_is_what_the_file_says(long: Project) -> None:
    plain = read_document(long.storyboard_file, Storyboard)
    assert read(long) == plain
    before = the_kept(long).read_bytes()
    assert read(long) == plain
    assert the_kept(long).read_bytes() == before


def test_a_short_document_is_not_kept(gen: Gen) -> None:
    project = gen()
    read(project)
    assert not project.studio_folder.exists()


def test_a_change_is_seen_though_size_and_time_stay(long: Project) -> None:
    first = read(long)
    told = long.storyboard_file.stat()
    text = long.storyboard_file.read_text(encoding="utf-8").replace("Day 0007.", "Day 9007.")
    long.storyboard_file.write_text(text, encoding="utf-8")
    os.utime(long.storyboard_file, ns=(told.st_atime_ns, told.st_mtime_ns))
    now = long.storyboard_file.stat()
    assert (now.st_size, now.st_mtime_ns) == (told.st_size, told.st_mtime_ns)
    second = read(long)
    assert first is not None
    assert second is not None
    assert [shot.action for _, shot in second.shots()][7] == "Day 9007."
    assert [shot.action for _, shot in first.shots()][7] == "Day 0007."


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "another word": lambda kept: kept.replace(b"Day 0007.", b"Day 6666."),
    "cut off": lambda kept: kept[: len(kept) // 2],
    "empty": lambda _: b"",
    "another form": lambda kept: kept.replace(b"reading/", b"reading/9"),
    "no text": lambda kept: b"\xff\xfe\0" + kept,
    "no JSON": lambda kept: kept.partition(b"\n")[0] + b"\n{",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_reading_is_never_believed(long: Project, damage: str) -> None:
    plain = read(long)
    kept = the_kept(long)
    whole = kept.read_bytes()
    kept.write_bytes(DAMAGE[damage](whole))
    assert kept.read_bytes() != whole
    assert read(long) == plain
    assert kept.read_bytes() == whole


def test_the_cache_may_go_at_any_time(long: Project) -> None:
    plain = read(long)
    shutil.rmtree(long.studio_folder)
    assert read(long) == plain
    shutil.rmtree(long.studio_folder)
    long.studio_folder.write_text("no folder")
    assert read(long) == plain


def test_a_mistake_is_told_with_its_line_every_time(long: Project) -> None:
    read(long)
    text = long.storyboard_file.read_text(encoding="utf-8").replace("notes:", "note:", 1)
    long.storyboard_file.write_text(text, encoding="utf-8")
    line = text[: text.index("note:")].count("\n") + 1
    for _ in range(2):
        with pytest.raises(DocumentError, match=rf"storyboard\.yaml:{line}: unknown key .*note"):
            read(long)


def test_what_no_longer_suits_the_model_is_told_from_the_file(long: Project) -> None:
    class Narrow(Model):
        cast: dict[str, int]

    folder = long.studio_folder / "cache"
    read(long)
    with pytest.raises(DocumentError, match=r"storyboard\.yaml:1: unknown key schema"):
        read_kept(long.storyboard_file, Narrow, folder)


def test_what_json_cannot_hold_is_read_anew(tmp_path: Path) -> None:
    class Numbered(Model):
        steps: dict[int, str]
        notes: str

    document = tmp_path / "numbered.yaml"
    write_yaml(document, {"steps": {1: "one"}, "notes": "x" * WORTH})
    for _ in range(2):
        assert read_kept(document, Numbered, tmp_path / "cache").steps == {1: "one"}
    assert not (tmp_path / "cache").exists()


def test_plan_says_the_same_without_the_cache(long: Project, studio: Studio) -> None:
    first = studio("plan", "--json", "-p", long.root)
    second = studio("plan", "--json", "-p", long.root)
    shutil.rmtree(long.studio_folder)
    third = studio("plan", "--json", "-p", long.root)
    assert first.code == 0
    assert first.out == second.out == third.out
