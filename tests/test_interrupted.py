"""Killed or interrupted at any moment: the next run makes the same film, no take is lost,
and no whole take is rendered again."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from studio.ffmpeg import read_frames
from studio.project import Project
from tests.conftest import STORYBOARD, Gen

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")

STUDIO = [sys.executable, "-m", "studio"]


def many_shots(count: int = 16) -> dict[str, Any]:
    board: dict[str, Any] = copy.deepcopy(STORYBOARD)
    model = board["scenes"][0]["shots"][0]
    board["scenes"][0]["shots"] = [
        model | {"id": f"sc010_sh{n:03d}", "action": f"Mara waits, day {n}."}
        for n in range(10, 10 * count, 10)
    ]
    return board


def start(project: Project, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*STUDIO, "make", "-p", str(project.root), *arguments],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None, "the run ended before it could be stopped"


def whole_takes(project: Project) -> dict[str, tuple[int, bytes]]:
    """Every file of every take with a sidecar, with its identity on the disk."""
    return {
        str(path.relative_to(project.root)): (path.stat().st_mtime_ns, path.read_bytes())
        for sidecar in project.takes_folder.rglob("[a-z]*.json")
        for path in sidecar.parent.glob(f"{sidecar.stem}.*")
    }


def frames(project: Project) -> list[bytes]:
    return [frame.tobytes() for frame in read_frames(project.root / "film.mp4")]


STAGES: dict[str, Callable[[Project], bool]] = {
    "lock": lambda p: (p.studio_folder / "holder.json").exists(),
    "keyframe": lambda p: any(p.takes_folder.rglob("keyframe_*.json")),
    "clip": lambda p: any(p.takes_folder.rglob("clip_*.json")),
    "segment": lambda p: any((p.studio_folder / "segments").glob("*.mp4")),
}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    from tests.conftest import FILM, write_yaml

    root = tmp_path_factory.mktemp("whole") / "small"
    write_yaml(root / "film.yaml", FILM)
    write_yaml(root / "storyboard.yaml", many_shots())
    (root / "story.md").write_text("A story.", encoding="utf-8")
    subprocess.run([*STUDIO, "make", "-p", str(root)], check=True, capture_output=True)
    return frames(Project(root))


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_run_is_taken_up_where_it_stood(
    gen: Gen, stage: str, expected: list[bytes]
) -> None:
    project = gen(storyboard=many_shots())
    process = start(project)
    wait_for(lambda: STAGES[stage](project), process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    kept = whole_takes(project)
    done = subprocess.run(
        [*STUDIO, "make", "-p", str(project.root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    after = whole_takes(project)
    assert kept.items() <= after.items()
    assert not any("v002" in name for name in after)
    assert not any(path.suffix == ".part" for path in project.root.rglob("*"))
    assert frames(project) == expected


def test_ctrl_c_ends_after_the_running_steps_and_says_how_to_go_on(gen: Gen) -> None:
    project = gen(storyboard=many_shots())
    process = start(project)
    wait_for(lambda: STAGES["keyframe"](project), process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130, said
    assert "stopping after the running steps; Ctrl-C again ends them at once" in said
    assert "stopped; every finished take is kept" in said
    assert "tip: go on with the same command" in said
    assert "Traceback" not in said
    assert not any(path.suffix == ".part" for path in project.root.rglob("*"))
    kept = whole_takes(project)
    again = subprocess.run(
        [*STUDIO, "make", "-p", str(project.root)], capture_output=True, check=False
    )
    assert again.returncode == 0
    assert kept.items() <= whole_takes(project).items()


def test_a_second_run_says_who_holds_the_project(gen: Gen) -> None:
    project = gen()
    with project.locked("studio make --to clips"):
        held = subprocess.run(
            [*STUDIO, "make", "-p", str(project.root)], capture_output=True, text=True, check=False
        )
        reading = subprocess.run(
            [*STUDIO, "status", "-p", str(project.root)], capture_output=True, check=False
        )
    assert held.returncode == 2
    assert f"small is in use: `studio make --to clips` (process {os.getpid()} on " in held.stderr
    assert "tip: wait until it is done" in held.stderr
    assert reading.returncode == 0
    free = subprocess.run(
        [*STUDIO, "make", "--to", "keyframes", "-p", str(project.root)],
        capture_output=True,
        check=False,
    )
    assert free.returncode == 0


def write_to_the_end(project: Project) -> None:
    command = [*STUDIO, "make", "-p", str(project.root), "--to", "storyboard"]
    subprocess.run(command, check=True, capture_output=True)


def test_a_run_killed_while_it_writes_leaves_no_half_storyboard(gen: Gen) -> None:
    story = (
        "Mara walks along the shore at dusk. “A boat!” cries Tom. They run to the tower.\n\n" * 200
    )
    whole = gen(storyboard=None, story=story, name="whole")
    write_to_the_end(whole)
    killed = gen(storyboard=None, story=story, name="killed")
    process = start(killed, "--to", "storyboard")
    wait_for(lambda: STAGES["lock"](killed), process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    write_to_the_end(killed)
    assert killed.storyboard_file.read_bytes() == whole.storyboard_file.read_bytes()
    assert not any(path.suffix == ".part" for path in killed.root.rglob("*"))
