"""Which file of a project is its story, and what becomes of one that is handed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.errors import DocumentError, StudioError
from studio.fingerprint import canonical
from studio.project import Project, read_story
from studio.scaffold import new_project
from studio.schema.story import Story

SAMPLES = Path(__file__).parents[1] / "data" / "screenplays"


@pytest.mark.parametrize("ending", ["fountain", "fdx"])
def test_a_screenplay_is_copied_under_its_ending(tmp_path: Path, ending: str) -> None:
    story = SAMPLES / f"the-bell-buoy.{ending}"
    project = new_project(tmp_path / "film", "short-film", story)
    assert project.story_file().name == f"story.{ending}"
    assert not (project.root / "story.md").exists()
    assert project.read_film().title == "The Bell Buoy"
    assert project.read_story() == read_story(story)


def test_a_chinese_screenplay_sets_the_language(tmp_path: Path) -> None:
    project = new_project(tmp_path / "film", "short-film", SAMPLES / "paper-lanterns-zh.fountain")
    assert project.read_film().language == "zh"


def test_two_stories_are_one_too_many(tmp_path: Path) -> None:
    project = Project(tmp_path)
    with pytest.raises(StudioError, match="there is no story"):
        project.story_file()
    for name in ("story.md", "story.fountain"):
        (tmp_path / name).write_text("INT. A - DAY\n\nRain.\n", encoding="utf-8")
    with pytest.raises(StudioError, match=r"holds story\.md and story\.fountain"):
        project.story_file()


def test_prose_has_the_fingerprint_it_had_before_screenplays_were_read() -> None:
    assert canonical(Story("Rain.", "A")) == {"text": "Rain.", "title": "A"}


@pytest.mark.parametrize("name", ["story.fountain", "story.fdx"])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"PK\x03\x04\0\0\0", "is not a text file"),
        ("INT. CAF\u00c9 - DAY".encode("latin-1"), "not UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError, match=said):
        read_story(tmp_path / name)


def test_a_byte_order_mark_is_no_word(tmp_path: Path) -> None:
    for name in ("the-bell-buoy.fountain", "the-bell-buoy.fdx"):
        marked = tmp_path / name
        marked.write_bytes(b"\xef\xbb\xbf" + (SAMPLES / name).read_bytes())
        assert read_story(marked) == read_story(SAMPLES / name)
