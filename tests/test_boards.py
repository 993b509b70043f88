"""boards/ by its names: whose picture each is, and what is said of the others."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest

from studio.boards import boards_of
from studio.errors import StudioError
from studio.fingerprint import file_hash
from studio.project import Project
from tests.conftest import STORYBOARD, Gen

FIRST, SECOND, THIRD = "sc010_sh010", "sc010_sh020", "sc020_sh010"


def looked_at(project: Project) -> tuple[dict[str, list[str]], list[str]]:
    """The names of the pictures by shot, and the notes."""
    storyboard = project.read_storyboard(project.read_film())
    assert storyboard is not None
    boards, notes = boards_of(project, storyboard)
    return {shot: [file.path.name for file in files] for shot, files in boards.items()}, notes


def holding(gen: Gen, *names: str, storyboard: Any = "default") -> Project:
    return gen(storyboard=storyboard, files={f"boards/{name}": name for name in names})


def test_pictures_and_their_panels_in_order(gen: Gen) -> None:
    names = [f"{FIRST}_c.webp", f"{FIRST}.JPEG", f"{FIRST}_b.Png", f"{THIRD}.jpg"]
    boards, notes = looked_at(holding(gen, *names))
    assert boards == {
        FIRST: [f"{FIRST}.JPEG", f"{FIRST}_b.Png", f"{FIRST}_c.webp"],
        THIRD: [f"{THIRD}.jpg"],
    }
    assert notes == []


def test_a_picture_counts_by_its_content(gen: Gen) -> None:
    project = holding(gen, f"{FIRST}.png")
    storyboard = project.read_storyboard(project.read_film())
    assert storyboard is not None
    (file,) = boards_of(project, storyboard)[0][FIRST]
    assert file.path == project.boards_folder / f"{FIRST}.png"
    assert file.sha256 == file_hash(file.path)


def test_without_the_folder_there_are_none(gen: Gen) -> None:
    assert looked_at(gen()) == ({}, [])


def test_what_a_system_hides_is_not_spoken_of(gen: Gen) -> None:
    names = [".DS_Store", "Thumbs.db", "desktop.ini", f".{FIRST}.png", f"._{FIRST}.png"]
    assert looked_at(holding(gen, *names)) == ({}, [])


def test_other_files_are_named_in_a_line(gen: Gen) -> None:
    strays = ["sc990_sh010.png", f"{FIRST}_a.png", f"{FIRST}-2.png", "SC010_SH010.png"]
    others = ["drawing.psd", "notes", f"{FIRST}.tiff", "old.zip", "sources.txt", "z.kra"]
    boards, notes = looked_at(holding(gen, *strays, *others))
    assert boards == {}
    assert notes == [
        "boards/: no such shot is in the storyboard; left out: sc990_sh010.png",
        f"boards/: pictures are called {FIRST}.png or {FIRST}_b.png; left out: "
        f"SC010_SH010.png, {FIRST}-2.png, {FIRST}_a.png",
        "boards/: pictures are PNG, JPEG or WebP; left out: "
        f"drawing.psd, notes, old.zip, {FIRST}.tiff and 2 more",
    ]


@pytest.mark.parametrize(
    ("names", "message", "tip"),
    [
        (
            [f"{FIRST}.jpg", f"{FIRST}.png"],
            f"boards/{FIRST}.jpg and boards/{FIRST}.png are the same panel",
            "keep one of them there",
        ),
        (
            [f"{FIRST}.jpg", f"{FIRST}_b.jpg", f"{FIRST}_b.webp"],
            f"boards/{FIRST}_b.jpg and boards/{FIRST}_b.webp are the same panel",
            "keep one of them there",
        ),
        (
            [f"{FIRST}.png", f"{FIRST}_c.png", f"{FIRST}_d.png"],
            f"boards/{FIRST}_c.png is a further panel, and boards/{FIRST}_b.png is not there",
            "put the missing picture there, or rename this one",
        ),
        (
            [f"{FIRST}_b.jpg"],
            f"boards/{FIRST}_b.jpg is a further panel, and boards/{FIRST}.png is not there",
            "put the missing picture there, or rename this one",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    gen: Gen, names: list[str], message: str, tip: str
) -> None:
    with pytest.raises(StudioError) as raised:
        looked_at(holding(gen, *names))
    assert (raised.value.message, raised.value.tip) == (message, tip)


def test_a_link_out_of_the_project_is_refused(gen: Gen, tmp_path: Path) -> None:
    project = holding(gen, f"{FIRST}.png")
    (tmp_path / "elsewhere.png").write_bytes(b"x")
    (project.boards_folder / f"{SECOND}.png").symlink_to(tmp_path / "elsewhere.png")
    with pytest.raises(StudioError, match=f"boards/{SECOND}.png leads out of the project"):
        looked_at(project)


def test_a_link_within_the_project_is_a_picture(gen: Gen) -> None:
    project = holding(gen, f"{FIRST}.png")
    (project.boards_folder / f"{SECOND}.png").symlink_to(f"{FIRST}.png")
    assert looked_at(project)[0] == {FIRST: [f"{FIRST}.png"], SECOND: [f"{SECOND}.png"]}


def test_what_does_not_open_is_refused(gen: Gen) -> None:
    project = gen()
    (project.boards_folder / f"{FIRST}.png").mkdir(parents=True)
    with pytest.raises(StudioError, match=f"boards/{FIRST}.png does not open: "):
        looked_at(project)


def test_a_file_in_the_folders_place_is_refused(gen: Gen) -> None:
    with pytest.raises(StudioError, match="boards/ cannot be read: "):
        looked_at(gen(files={"boards": "a file"}))


def test_a_shot_that_shows_another_has_no_picture_of_its_own(gen: Gen) -> None:
    storyboard = copy.deepcopy(STORYBOARD)
    shots: Any = storyboard["scenes"]
    shots[0]["shots"][1]["from"] = {"shot": FIRST}
    boards, notes = looked_at(holding(gen, f"{SECOND}.png", storyboard=storyboard))
    assert boards == {}
    assert notes == [f"boards/{SECOND}.png: {SECOND} shows the clip of {FIRST} instead"]


def test_moments_without_pictures_are_spoken_of(gen: Gen) -> None:
    storyboard = copy.deepcopy(STORYBOARD)
    shots: Any = storyboard["scenes"]
    shots[0]["shots"][1]["panels"] = ["1s"]
    _, notes = looked_at(holding(gen, f"{FIRST}.png", storyboard=storyboard))
    assert notes == [f"panels: has a use only with pictures in boards/: {SECOND}"]


def test_thousands_of_files_are_listed_at_once(gen: Gen) -> None:
    project = holding(gen, f"{FIRST}.png")
    for number in range(2000):
        (project.boards_folder / f"sc{number:05}_sh{number:05}.png").touch()
    began = time.process_time()
    boards, notes = looked_at(project)
    assert time.process_time() - began < 1
    assert list(boards) == [FIRST]
    assert notes[0].endswith("and 1996 more")
