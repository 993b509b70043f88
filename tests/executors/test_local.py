"""The local executor: one job's failure is its own, and no worker is left behind."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from studio.engines.base import EngineSpec
from studio.engines.requests import PaintRequest
from studio.errors import Missing
from studio.events import Event, StepStarted
from studio.executors import Cancel, Done, Failed, Job
from studio.executors.local import LocalExecutor

DOUBLE = EngineSpec("painter", "moody", "tests.executors.doubles:Moody")


def job(prompt: str, key: int = 0, avoid: str = "") -> Job:
    return Job("keyframe", f"sc010_sh{key:03d}", key, PaintRequest("", prompt, avoid, (8, 8), 0))


def run(
    tmp_path: Path, *prompts: str, workers: int = 2, cancel: Cancel | None = None
) -> dict[str, Done | Failed]:
    executor = LocalExecutor(tmp_path / "scratch", workers)
    jobs = [job(prompt, key) for key, prompt in enumerate(prompts)]
    results = {}
    for result in executor.run(DOUBLE, jobs, lambda _: None, cancel or Cancel()):
        if isinstance(result, Done):
            assert result.rendered.files[".png"].is_file()
        assert isinstance(result.job.request, PaintRequest)
        results[result.job.request.prompt] = result
    return results


def test_every_job_is_done_by_workers_that_open_once(tmp_path: Path) -> None:
    executor = LocalExecutor(tmp_path, 2)
    jobs = [job(str(key), key) for key in range(8)]
    texts = [
        result.rendered.files[".png"].read_text()
        for result in executor.run(DOUBLE, jobs, lambda _: None, Cancel())
        if isinstance(result, Done)
    ]
    assert sorted(text.split()[0] for text in texts) == [str(key) for key in range(8)]
    assert len({text.split()[1] for text in texts}) <= 2
    assert list(tmp_path.iterdir()) == []  # the scratch folder is gone


def test_failures_are_one_line_each_and_stop_nobody(tmp_path: Path) -> None:
    results = run(tmp_path, "crash", "raise", "surprise", "memory", "lie", "fine", "fine too")
    errors = {name: result.error for name, result in results.items() if isinstance(result, Failed)}
    assert errors == {
        "crash": "the worker crashed (SIGKILL, perhaps out of memory)",
        "raise": "the picture came out black (try another seed)",
        "surprise": "KeyError: 'unexpected'",
        "memory": "out of memory",
        "lie": "the engine left no nothing.png",
    }
    assert isinstance(results["fine"], Done)
    assert isinstance(results["fine too"], Done)


def test_an_engine_that_does_not_open_says_why(tmp_path: Path) -> None:
    spec = EngineSpec("painter", "unopenable", "tests.executors.doubles:Unopenable")
    with pytest.raises(Missing, match="the weights are not there") as caught:
        list(LocalExecutor(tmp_path).run(spec, [job("x")], lambda _: None, Cancel()))
    assert caught.value.tip == "studio models pull"


def test_what_is_missing_ends_the_run_and_keeps_what_was_done(tmp_path: Path) -> None:
    jobs = [job("fine", 1), job("lack", 2), job("never begun", 3)]
    results = LocalExecutor(tmp_path, 1).run(DOUBLE, jobs, lambda _: None, Cancel())
    assert isinstance(next(results), Done)
    with pytest.raises(Missing, match="the weights are not whole") as caught:
        next(results)
    assert caught.value.tip == "get them once more"
    assert multiprocessing.active_children() == []


def test_what_one_place_lacks_another_one_does(tmp_path: Path) -> None:
    jobs = [job("lack once", 1, str(tmp_path / "lacked")), *(job("fine", key) for key in (2, 3, 4))]
    results = LocalExecutor(tmp_path, 2).run(DOUBLE, jobs, lambda _: None, Cancel())
    assert sorted(result.job.key for result in results if isinstance(result, Done)) == [1, 2, 3, 4]


def test_asked_once_a_run_ends_after_the_running_jobs(tmp_path: Path) -> None:
    cancel = Cancel()
    started: list[Event] = []

    def on_event(event: Event) -> None:
        if isinstance(event, StepStarted):
            started.append(event)
            cancel.ask()

    jobs = [job(str(key), key) for key in range(5)]
    results = list(LocalExecutor(tmp_path, 1).run(DOUBLE, jobs, on_event, cancel))
    assert len(results) == len(started) == 1


def test_asked_twice_the_running_jobs_are_ended(tmp_path: Path) -> None:
    cancel = Cancel()

    def on_event(event: Event) -> None:
        if isinstance(event, StepStarted):
            cancel.ask()
            cancel.ask()

    waiting = [job("wait", 1, str(tmp_path / "marker"))]
    assert list(LocalExecutor(tmp_path, 1).run(DOUBLE, waiting, on_event, cancel)) == []
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(f"""
        from pathlib import Path
        from studio.executors import Cancel
        from studio.executors.local import LocalExecutor
        from tests.executors.test_local import DOUBLE, job
        if __name__ == "__main__":
            jobs = [job("wait", 1, {str(marker)!r})]
            executor = LocalExecutor(Path({str(tmp_path)!r}), 1)
            list(executor.run(DOUBLE, jobs, lambda _: None, Cancel()))
        """)
    )
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen([sys.executable, str(script)], env=environment) as parent:
        while not (marker.exists() and marker.read_text()):
            assert parent.poll() is None
        worker = int(marker.read_text())
        parent.kill()
    for _ in range(10**7):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        if (
            Path(f"/proc/{worker}/stat").exists()
            and ") Z " in Path(f"/proc/{worker}/stat").read_text()
        ):
            return  # ended, and waits to be collected by init
    pytest.fail("the worker outlived its parent")
