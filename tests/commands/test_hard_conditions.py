"""Folders that cannot be written, disks that are full, clocks that went back, odd folder names:
one clear line, and nothing lost."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studio.project import Project
from tests.commands.test_bad_input import everything, says
from tests.conftest import FILM, STORYBOARD, Gen, Studio

UNSHARE = shutil.which("unshare")
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24


def _without_privilege() -> None:
    """Permissions count for the superuser, too."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def by_hand(*arguments: object, **options: object) -> tuple[int, str]:
    """A command in a process of its own: exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "studio", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        **options,  # type: ignore[call-overload]
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="permissions bind the superuser only here")
def test_a_project_that_may_only_be_read(gen: Gen, studio: Studio) -> None:
    project = gen()
    before = everything(project)
    project.root.chmod(0o555)
    try:
        for command in (["status"], ["plan"], ["takes", "sc010_sh010"]):
            code, said = by_hand(*command, "-p", project.root, preexec_fn=_without_privilege)
            assert (code, "error" in said) == (0, False), said
        for command in (["make"], ["write"]):
            code, said = by_hand(*command, "-p", project.root, preexec_fn=_without_privilege)
            assert code == 2, said
            lines = [line for line in said.splitlines() if not line.startswith("note: ")]
            assert lines[0].startswith("error: ")
            assert lines[1].startswith("tip: ")
            assert len(lines) == 2
            assert "ermission" in said
    finally:
        project.root.chmod(0o700)
    assert everything(project) == before
    assert not project.studio_folder.exists()


@pytest.mark.parametrize("command", [["status"], ["plan"], ["takes", "sc010_sh010"]])
def test_reading_leaves_nothing_behind(gen: Gen, studio: Studio, command: list[str]) -> None:
    project = gen()
    assert studio(*command, "-p", project.root).code == 0
    assert not project.studio_folder.exists()


@pytest.mark.parametrize("name", ["takes", ".studio", "drafts", ".studio/segments"])
def test_a_file_where_a_folder_belongs(gen: Gen, studio: Studio, name: str) -> None:
    project = gen(storyboard=None if name == "drafts" else "default", files={name: "mine"})
    assert studio("plan", "-p", project.root).code == 0
    said = studio("make", "-p", project.root)
    assert said.code == 2
    error = next(line for line in said.err.splitlines() if line.startswith("error: "))
    assert "Not a directory" in error or "File exists" in error
    assert "\ntip: " in said.err
    assert (project.root / name).read_text(encoding="utf-8") == "mine"


def test_a_log_that_cannot_be_written(gen: Gen, studio: Studio) -> None:
    project = gen(files={".studio/run.4.log/x": "", ".studio/run.3.log": "older"})
    says(studio("make", "-p", project.root), 2, "run.log cannot be written", "every finished take")


FULL = """
import json, os, shutil, subprocess, sys
from pathlib import Path

root, disk = Path(sys.argv[1]) / "small", Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], check=True)
root.mkdir()
for name, text in json.loads(sys.argv[2]).items():
    (root / name).write_text(text)
kept = set(os.listdir(root))
for left in (70, 54, 0, None):
    (disk / "fill").unlink(missing_ok=True)
    for path in root.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if left is None:
        (root / "takes").mkdir()
    else:
        free = shutil.disk_usage(disk).free - left * 1024
        (disk / "fill").write_bytes(bytes(free))
    made = subprocess.run(
        [sys.executable, "-m", "studio", "make", "-p", root], capture_output=True, text=True
    )
    found = root.glob("takes/*/*.json")
    takes = [json.loads(path.read_text()) | {"at": str(path)} for path in found]
    whole = all(
        Path(take["at"]).with_suffix(suffix).is_file()
        for take in takes
        for suffix in take["files"]
    )
    parts = [str(path) for path in root.rglob("*.part") if path.is_file()]
    print(json.dumps([left, made.returncode, made.stderr, len(takes), whole, parts]))
"""


@pytest.mark.skipif(UNSHARE is None, reason="no small disk can be made without unshare")
def test_a_full_disk(tmp_path: Path) -> None:
    """A disk of 600 kB, on which 70, 54 and 0 kB are left, and then enough."""
    film = FILM | {"frame": "640x360"}
    files = {
        "film.yaml": json.dumps(film),
        "storyboard.yaml": json.dumps(STORYBOARD),
        "story.md": "Mara keeps the light.",
    }
    run = subprocess.run(
        [str(UNSHARE), "-rm", sys.executable, "-c", FULL, str(tmp_path), json.dumps(files)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if run.returncode and not run.stdout:
        pytest.skip(f"no small disk can be made here: {run.stderr.strip().splitlines()[-1]}")
    *full, enough = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(full) == 3
    for left, code, said, takes, whole, parts in full:
        assert code in (1, 2), said
        assert "Traceback" not in said
        assert said.count("error: ") == 1, said
        assert "No space left" in said
        assert whole
        assert parts == []
        assert (takes > 0) == (left > 0)
    assert enough[1] == 0, enough[2]
    assert enough[3] == 6


def _dated(project: Project, seconds: int) -> None:
    for path in [*project.root.rglob("*"), project.root]:
        os.utime(path, (seconds, seconds))


def test_a_clock_that_was_set_back(gen: Gen, studio: Studio) -> None:
    project = gen()
    assert studio("make", "-p", project.root).code == 0
    film = project.root / "film.mp4"
    before = film.read_bytes()
    for seconds in (10**9, 4 * 10**9, 0):
        _dated(project, seconds)
        assert studio("plan", "-p", project.root).err.endswith("nothing to do\n")
    (project.studio_folder / "holder.json").write_text(
        json.dumps({"command": "x", "process": 1, "machine": "m", "since": "2100-01-01"}), "utf-8"
    )
    log = project.root / "log.jsonl"
    future = '{"at": "2100-01-01T00:00:00+00:00", "command": "studio make", "did": "before"}\n'
    log.write_text(future, encoding="utf-8")
    for path in project.takes_folder.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        made = json.loads(text)["recorded"]["made"]
        path.write_text(text.replace(made, "2100-01-01T00:00:00+00:00"), encoding="utf-8")
    said = studio("make", "-p", project.root)
    assert said.code == 0
    assert "nothing to render" in said.err
    assert film.read_bytes() == before
    assert studio("retake", "-s", "sc010_sh010", "keyframe", "-p", project.root).code == 0
    entries = log.read_text(encoding="utf-8").splitlines()
    assert entries[0] == future.strip()
    assert len(entries) == 2
    assert "keyframe_v002   current" in studio("takes", "sc010_sh010", "-p", project.root).err


@pytest.mark.skipif(sys.platform == "win32", reason="such names are not allowed here")
@pytest.mark.parametrize("name", ["a b'c\"d %s", "-film", "ünï 电影 فيلم", "take #2 [x]?"])
def test_an_odd_folder(gen: Gen, studio: Studio, name: str) -> None:
    project = gen(name=name)
    said = studio("make", "-p", project.root)
    assert said.code == 0, said.err
    assert (project.root / "film.mp4").is_file()
    assert "nothing to render" in studio("make", "-p", project.root).err
