"""Versions that are kept by name: whole or not there, never written again, told in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from studio import pipeline
from studio.desk.states import state_of, versions
from studio.desk.versions import compare, keep
from studio.errors import DocumentError, ProjectBusy, StudioError
from studio.executors import Cancel
from studio.project import Project
from tests.conftest import Gen, Studio, write_yaml


def make(project: Project, goal: Any) -> None:
    pipeline.make(project, goal, (), lambda _: None, Cancel())


def kept(project: Project, name: str) -> Path:
    keep(project, name, lambda _: None)
    return project.versions_folder / name


def edit(project: Project, change: Callable[[Any], object]) -> None:
    document = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
    change([each for scene in document["scenes"] for each in scene["shots"]])
    write_yaml(project.storyboard_file, document)


def test_a_version_holds_what_was_shown(done: Project) -> None:
    folder = kept(done, "v1")
    names = {path.name for path in folder.iterdir()}
    assert names == {
        *("film.mp4", "film.srt", "cut.otio", "film.yaml", "storyboard.yaml", "story.md"),
        *("storyboard.pdf", "version.yaml", "changes.md"),
    }
    for name in names - {"storyboard.pdf", "version.yaml", "changes.md"}:
        assert (folder / name).read_bytes() == (done.root / name).read_bytes()
    assert (folder / "storyboard.pdf").read_bytes().startswith(b"%PDF")
    [version] = versions(done)
    assert version.kept == ["film"]
    assert version.seconds == 6.5
    assert version.shots["sc010_sh020"].start == 24
    takes = version.shots["sc010_sh020"].takes
    assert {kind: (take.number, take.engine) for kind, take in takes.items()} == {
        "keyframe": (1, "null"),
        "clip": (1, "null"),
    }
    text = (folder / "changes.md").read_text(encoding="utf-8")
    assert text.startswith("# Small: v1\n\nThe film of ")
    assert "the first version: 3 shots in 2 scenes." in text
    assert "- Pictures: null, a test double" in text
    assert not (done.root / "storyboard.pdf").exists()
    assert "kept the film as v1" in (done.root / "log.jsonl").read_text(encoding="utf-8")


def test_the_reel_is_kept_where_it_is_up_to_date_with_strip_or_without(done: Project) -> None:
    make(done, "reel")
    assert (kept(done, "both") / "reel.mp4").is_file()
    pipeline.make(done, "reel", (), lambda _: None, Cancel(), clean_reel=True)
    (done.root / "film.mp4").unlink()
    edit(done, lambda shots: shots[0].update(duration="3s"))
    with pytest.raises(StudioError, match="neither film nor reel is up to date"):
        keep(done, "v2", lambda _: None)
    assert [path.name for path in done.versions_folder.iterdir()] == ["both"]
    edit(done, lambda shots: shots[0].update(duration="2s", action="Mara waits."))
    folder = kept(done, "clean-reel")
    assert {path.name for path in folder.glob("*.mp4")} == {"reel.mp4"}
    assert not (folder / "cut.otio").exists()
    text = (folder / "changes.md").read_text(encoding="utf-8")
    assert "Not drawn anew since they were changed: sc010_sh010." in text


def test_the_next_version_says_what_changed(done: Project, studio: Studio) -> None:
    kept(done, "v1")
    edit(done, lambda shots: shots[1].update(movement="static", duration="1.5s"))
    said = studio("diff", "v1", "-p", done.root)
    assert "sc010_sh020: 2s → 1.5s; camera dolly in → static" in said.err
    assert "1 shot is not rendered yet" in said.err
    make(done, "film")
    text = (kept(done, "v2") / "changes.md").read_text(encoding="utf-8")
    assert "Since v1, the film of " in text
    assert ": 1 shot retimed, 1 changed, 1 re-rendered.\n" in text
    assert "- length 6.5s → 6s\n" in text
    line = "sc010_sh020: 2s → 1.5s; camera dolly in → static; new clip (take 1 → 2)"
    assert f"- {line}\n" in text
    said = studio("diff", "v1", "v2", "-p", done.root)
    assert (said.out, line in said.err) == ("", True)
    told = json.loads(studio("diff", "v1", "v2", "--json", "-p", done.root).out)
    assert told["schema"] == "diff/1"
    assert told["seconds"] == [6.5, 6.0]
    assert {one["kind"] for one in told["changes"]} == {"retimed", "changed", "rendered"}
    assert studio("diff", "v2", "-p", done.root).err == "nothing changed since v2\n"
    listing = studio("version", "-p", done.root).err.splitlines()
    assert [line.split()[0] for line in listing] == ["version", "v1", "v2"]
    assert "1 shot retimed, 1 changed, 1 re-rendered" in listing[2]


def test_a_version_is_read_as_it_was(done: Project) -> None:
    kept(done, "v1")
    edit(done, lambda shots: shots[0].update(duration="1s", notes="now"))
    difference = compare(done, "v1")
    assert difference.before == state_of(done, versions(done)[0])
    assert {one.kind for one in difference.found} == {"retimed", "changed"}
    assert compare(done, "v1", "v1").found == []


@pytest.mark.parametrize("name", ["", "a/b", "../x", ".x", "a b", "x" * 61, "v1.", "-x", "a\n"])
def test_names_that_are_none_are_refused(done: Project, name: str) -> None:
    with pytest.raises(StudioError, match="is no name for a version"):
        keep(done, name, lambda _: None)
    assert not done.versions_folder.exists()


def test_a_version_is_never_written_again(done: Project) -> None:
    folder = kept(done, "Client_2.b")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for name in ("Client_2.b", "client_2.B"):
        with pytest.raises(StudioError, match="is there already"):
            keep(done, name, lambda _: None)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_unknown_names_are_answered_with_the_nearest(done: Project, studio: Studio) -> None:
    said = studio("diff", "v1", "-p", done.root)
    assert said.code == 2
    assert "none was kept yet" in said.err
    kept(done, "client-1")
    assert "did you mean client-1?" in studio("diff", "cleint-1", "-p", done.root).err
    assert "versions: client-1" in studio("diff", "x", "-p", done.root).err


def test_what_a_crash_left_is_no_version(done: Project) -> None:
    part = done.versions_folder / ".v1.part"
    part.mkdir(parents=True)
    (part / "version.yaml").write_text("half", encoding="utf-8")
    assert versions(done) == []
    kept(done, "v1")
    assert [path.name for path in done.versions_folder.iterdir()] == ["v1"]


def test_a_folder_that_cannot_be_written_is_one_line(done: Project, studio: Studio) -> None:
    done.versions_folder.write_text("a file", encoding="utf-8")
    said = studio("version", "v1", "-p", done.root)
    assert said.code == 2
    assert "error: the version v1 cannot be kept: " in said.err
    assert done.versions_folder.read_text(encoding="utf-8") == "a file"


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on files stands for a full disk")
def test_a_full_disk_leaves_no_half_version(done: Project) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (done.root / "film.mp4").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, limits[1]))
    try:
        with pytest.raises(StudioError, match="the version v1 cannot be kept: ") as full:
            keep(done, "v1", lambda _: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "space on the disk" in full.value.tip
    assert list(done.versions_folder.iterdir()) == []


def test_a_version_waits_for_a_run(done: Project) -> None:
    with done.locked("studio make"), pytest.raises(ProjectBusy, match="studio make"):
        keep(done, "v1", lambda _: None)


def test_a_damaged_record_is_named(done: Project) -> None:
    folder = kept(done, "v1")
    (folder / "film.yaml").unlink()
    with pytest.raises(DocumentError, match=r"versions/v1/film.yaml is not there"):
        compare(done, "v1")
    (folder / "version.yaml").write_text("schema: version/1\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"versions/v1/version.yaml:1: name is missing"):
        versions(done)


def test_there_is_nothing_to_keep_without_a_storyboard(gen: Gen, studio: Studio) -> None:
    project = gen(storyboard=None)
    said = studio("version", "v1", "-p", project.root)
    assert (said.code, "there is no storyboard yet" in said.err) == (2, True)
    assert (
        studio("version", "-p", project.root).err == "no version was kept yet: studio version v1\n"
    )
