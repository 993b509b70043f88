"""Reading and choosing while a `make` runs: neither waits for it, and it goes on with what it
read at its start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.engines.base import ENGINES, Rendered, Report, known_engines
from studio.engines.null import NullPainter
from studio.engines.requests import PaintRequest
from studio.project import Project
from tests.conftest import Gen, Studio, write_yaml
from tests.test_readings import a_long_storyboard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="waits at a named pipe")

WAITING = "tests.test_meanwhile:Waiting"
HELD, DONE, LATER = "sc010_sh0002", "sc010_sh0000", "sc020_sh010"
MAKE = f"""
import sys
from studio.cli import main
from studio.engines.base import ENGINES
ENGINES["painter"]["waiting"] = {WAITING!r}
main(sys.argv[1:])
"""


class Waiting(NullPainter):
    """Paints a shot that has a pipe under `avoid` only when somebody wrote into that pipe."""

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        if request.avoid:
            Path(request.avoid).read_bytes()
        return super().paint(request, folder, report)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ENGINES["painter"], "waiting", WAITING)
    known_engines.cache_clear()
    yield
    known_engines.cache_clear()


@pytest.fixture
def project(gen: Gen, tmp_path: Path, waiting: None) -> Project:
    os.mkfifo(tmp_path / "pipe")
    board = a_long_storyboard(3)
    board["scenes"][0]["shots"][2]["avoid"] = str(tmp_path / "pipe")
    made = gen(film={"engines": {"painter": "waiting", "animator": "null"}}, storyboard=board)
    write_yaml(made.drafts_folder / "storyboard_v001.yaml", board)
    return made


def opened(pipe: Path, run: subprocess.Popen[str]) -> int:
    """The pipe's end for writing, once somebody reads at the other."""
    while True:
        assert run.poll() is None, "the run ended before its painter waited"
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            continue


def request_of(project: Project, shot: str) -> str:
    sidecar = project.takes_folder / shot / "keyframe_v001.json"
    return str(json.loads(sidecar.read_text(encoding="utf-8"))["request"]["request"]["prompt"])


def test_reads_and_choices_go_on_while_a_make_runs(
    project: Project, studio: Studio, tmp_path: Path
) -> None:
    root = project.root
    run = subprocess.Popen(
        [sys.executable, "-c", MAKE, "make", "-p", str(root), "--to", "keyframes"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    gate = opened(tmp_path / "pipe", run)
    try:
        while not (project.takes_folder / DONE / "keyframe_v001.json").exists():
            assert run.poll() is None

        status = studio("status", "--json", "-p", root)
        assert status.code == 0, status.err
        states = {one["id"]: one["keyframe"] for one in json.loads(status.out)["shots"]}
        assert states[DONE] == "fresh"
        assert states[HELD] == "missing"

        takes = studio("takes", DONE, "--json", "-p", root)
        assert [one["current"] for one in json.loads(takes.out)["takes"]] == [True]

        circled = studio("circle", DONE, "keyframe", "1", "-p", root)
        assert circled.code == 0, circled.err
        edited = project.storyboard_file.read_text(encoding="utf-8")
        project.storyboard_file.write_text(edited.replace("Day 0002.", "Day 7777."), "utf-8")

        plan = studio("plan", "--to", "keyframes", "--json", "-p", root)
        assert plan.code == 0, plan.err
        assert HELD in {step["shot"] for step in json.loads(plan.out)["steps"]}
        assert run.poll() is None
    finally:
        os.close(gate)
        _, said = run.communicate()
    assert run.returncode == 0, said
    assert "storyboard.yaml changed while this ran" in said

    assert "Day 0002." in request_of(project, HELD)
    after = studio("status", "--json", "-p", root)
    states = {one["id"]: one["keyframe"] for one in json.loads(after.out)["shots"]}
    assert states == {DONE: "fresh", "sc010_sh0001": "fresh", HELD: "stale", LATER: "fresh"}
    text = project.storyboard_file.read_text(encoding="utf-8")
    assert "keyframe: 1" in text
    assert "Day 7777." in text
