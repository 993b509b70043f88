"""Takes: placed whole or not at all, numbered for ever, judged by fingerprint alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.errors import DocumentError, StudioError
from studio.schema.take import MadeBy, Review, Take, Verdict
from studio.takes import Standing, Takes
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


def test_a_good_take_stays_current_when_another_one_fails(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(1), render(tmp_path))
    takes.place(a_take(2, status="failed", error="black"), {})
    standing = takes.standing(SHOT, "keyframe", lambda _: "f")
    assert (standing.state, standing.current and standing.current.number) == ("fresh", 1)


@pytest.mark.parametrize("renamed", [0, 1])
def test_what_a_crash_left_is_finished(takes: Takes, tmp_path: Path, renamed: int) -> None:
    placed = takes.place(a_take(1), render(tmp_path))
    folder = takes.folder / SHOT
    (folder / "keyframe_v001.json").rename(folder / ".keyframe_v001.json.part")
    if not renamed:
        (folder / "keyframe_v001.png").rename(folder / ".keyframe_v001.png.part")
    assert Takes(takes.project).of(SHOT, "keyframe") == []
    assert Takes(takes.project).recover() == 1
    assert Takes(takes.project).of(SHOT, "keyframe") == [placed]


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
    with pytest.raises(DocumentError, match=r"keyframe_v001\.json is damaged"):
        Takes(takes.project).of(SHOT, "keyframe")


def test_a_take_whose_picture_was_removed_is_no_take(takes: Takes, tmp_path: Path) -> None:
    takes.place(a_take(1), render(tmp_path))
    (takes.folder / SHOT / "keyframe_v001.png").unlink()
    assert Takes(takes.project).of(SHOT, "keyframe") == []
    assert takes.next_number(SHOT, "keyframe") == 2


def rewritten(path: Path) -> None:
    """Another fingerprint in a sidecar, of the same length, and the time put back."""
    told = path.stat()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"fingerprint": "f"', '"fingerprint": "g"'), encoding="utf-8")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (told.st_size, told.st_mtime_ns)


def added(path: Path) -> None:
    """One more sidecar, for a file that is there."""
    text = path.read_text("utf-8").replace('"number": 1', '"number": 3').replace(".png", ".svg")
    path.with_name("keyframe_v003.json").write_text(text, encoding="utf-8")


CHANGES: dict[str, tuple[Callable[[Path], None], list[tuple[int, str]]]] = {
    "changed": (rewritten, [(1, "g"), (2, "f")]),
    "removed": (Path.unlink, [(2, "f")]),
    "added": (added, [(1, "f"), (2, "f"), (3, "f")]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_others_do_to_sidecars_is_seen_by_the_next_command(
    takes: Takes, tmp_path: Path, change: str
) -> None:
    for number in (1, 2):
        takes.place(a_take(number), render(tmp_path))
    (takes.folder / SHOT / "keyframe_v003.svg").write_bytes(b"drawing")
    assert len(Takes(takes.project).of(SHOT, "keyframe")) == 2
    act, expected = CHANGES[change]
    act(takes.folder / SHOT / "keyframe_v001.json")
    found = Takes(takes.project).of(SHOT, "keyframe")
    assert [(take.number, take.fingerprint) for take in found] == expected


def test_a_shot_is_judged_once_until_its_takes_change(takes: Takes, tmp_path: Path) -> None:
    asked = []

    def judging(shot: str) -> Standing:
        asked.append(shot)
        return takes.standing(shot, "keyframe", lambda _: "f")

    def state() -> str:
        return takes.judged(Takes, SHOT, judging).state

    assert (state(), state(), len(asked)) == ("missing", "missing", 1)
    placed = takes.place(a_take(1, "old"), render(tmp_path))
    assert (state(), state(), len(asked)) == ("stale", "stale", 2)
    takes.write_review(placed, Review(verdicts=[Verdict(fingerprint="f")]))
    assert (state(), state(), len(asked)) == ("fresh", "fresh", 3)
    takes.place(a_take(2, "f"), render(tmp_path))
    assert (state(), len(asked)) == ("fresh", 4)


def test_a_take_is_not_fresh_for_a_request_that_is_not_known_yet(
    takes: Takes, tmp_path: Path
) -> None:
    placed = takes.place(a_take(1, ""), render(tmp_path))
    takes.write_review(placed, Review(verdicts=[Verdict(fingerprint="")]))
    assert takes.standing(SHOT, "keyframe", lambda _: "").state == "stale"
