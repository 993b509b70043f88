"""Takes: placed whole or not at all, numbered for ever, judged by fingerprint alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.errors import DocumentError, StudioError
from studio.schema.take import MadeBy, Take
from studio.takes import Takes
from tests.conftest import Gen

SHOT = "sc010_sh010"
MADE_BY = MadeBy(engine="null", revision=1, about="a double", embedded=True)


def a_take(number: int, fingerprint: str = "f", **fields: object) -> Take:
    return Take.model_validate(
        {
            "schema": "take/1",
            "shot": SHOT,
            "kind": "keyframe",
            "number": number,
            "fingerprint": fingerprint,
            "made_by": MADE_BY,
            "request": {},
        }
        | fields
    )


@pytest.fixture
def takes(gen: Gen) -> Takes:
    return Takes(gen())


def render(tmp_path: Path, content: bytes = b"picture") -> dict[str, Path]:
    path = tmp_path / "out.png"
    path.write_bytes(content)
    return {".png": path}


def test_a_placed_take_is_listed_with_its_content_hash(takes: Takes, tmp_path: Path) -> None:
    placed = takes.place(a_take(takes.next_number(SHOT, "keyframe")), render(tmp_path))
    assert takes.of(SHOT, "keyframe") == [placed]
    assert takes.path(placed).read_bytes() == b"picture"
    assert len(placed.files[".png"]) == 64
    assert takes.next_number(SHOT, "keyframe") == 2
    assert takes.next_number(SHOT, "clip") == 1


def test_a_number_is_never_used_twice(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(4), render(tmp_path))
    (takes.folder / SHOT / "keyframe_v007.png").write_bytes(b"somebody's")
    assert takes.next_number(SHOT, "keyframe") == 8


def test_the_newest_fresh_take_is_current(takes: Takes, tmp_path: Path) -> None:
    for number, mark in enumerate(("old", "new", "old", "newer"), start=1):
        takes.place(a_take(number, mark), render(tmp_path))
    standing = takes.standing(SHOT, "keyframe", lambda _: "old")
    assert (standing.state, standing.current and standing.current.number) == ("fresh", 3)
    standing = takes.standing(SHOT, "keyframe", lambda _: "other")
    assert (standing.state, standing.current) == ("stale", None)
    assert standing.newest is not None
    assert standing.newest.number == 4


def test_a_circled_take_is_current_whatever_changed(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(1, "old"), render(tmp_path))
    takes.place(a_take(2, "new"), render(tmp_path))
    standing = takes.standing(SHOT, "keyframe", lambda _: "new", circled=1)
    assert standing.circled
    assert standing.current is not None
    assert standing.current.number == 1
    with pytest.raises(StudioError, match="take 9 is circled, but is not there"):
        takes.standing(SHOT, "keyframe", lambda _: "new", circled=9)


def test_a_take_with_too_few_frames_is_not_fresh(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(1, "f", frames=20), render(tmp_path))
    assert takes.standing(SHOT, "keyframe", lambda _: "f", frames=20).state == "fresh"
    assert takes.standing(SHOT, "keyframe", lambda _: "f", frames=21).state == "stale"


def test_a_failure_is_remembered_until_the_request_changes(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(1, "old"), render(tmp_path))
    takes.place(a_take(2, "new", status="failed", error="broke"), {})
    standing = takes.standing(SHOT, "keyframe", lambda _: "new")
    assert (standing.state, standing.error) == ("failed", "broke")
    assert takes.standing(SHOT, "keyframe", lambda _: "old").state == "fresh"


@pytest.mark.parametrize("renamed", [0, 1])
def test_what_a_crash_left_is_finished(takes: Takes, tmp_path: Path, renamed: int) -> None:
    placed = takes.place(a_take(1), render(tmp_path))
    folder = takes.folder / SHOT
    (folder / "keyframe_v001.json").rename(folder / ".keyframe_v001.json.part")
    if not renamed:
        (folder / "keyframe_v001.png").rename(folder / ".keyframe_v001.png.part")
    fresh_eyes = Takes.__new__(Takes)
    fresh_eyes.__dict__.update(folder=takes.folder, _read={})
    assert fresh_eyes.of(SHOT, "keyframe") == []
    assert fresh_eyes.recover() == 1
    fresh_eyes._read.clear()
    assert fresh_eyes.of(SHOT, "keyframe") == [placed]


def test_what_a_crash_left_in_pieces_is_removed(takes: Takes, tmp_path: Path) -> None:
    folder = takes.folder / SHOT
    folder.mkdir(parents=True)
    (folder / ".keyframe_v001.png.part").write_bytes(b"half")
    (folder / ".keyframe_v002.json.part").write_text("{")
    assert takes.recover() == 0
    assert list(folder.iterdir()) == []


def test_a_damaged_sidecar_is_named(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(1), render(tmp_path))
    (takes.folder / SHOT / "keyframe_v001.json").write_text("{}")
    takes._read.clear()
    with pytest.raises(DocumentError, match=r"keyframe_v001\.json is damaged"):
        takes.of(SHOT, "keyframe")


def test_a_take_whose_picture_was_removed_is_no_take(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(1), render(tmp_path))
    (takes.folder / SHOT / "keyframe_v001.png").unlink()
    takes._read.clear()
    assert takes.of(SHOT, "keyframe") == []
    assert takes.next_number(SHOT, "keyframe") == 2
