"""Whose pictures a reel shows: it takes the best there is and never starts a GPU engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio import pipeline
from studio.desk.status import takes_of
from studio.engines import base
from studio.executors import Cancel
from studio.project import Project
from tests.conftest import Gen

SHOTS = ["sc010_sh010", "sc010_sh020", "sc020_sh010"]


@pytest.fixture(autouse=True)
def gpu_painter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(base.ENGINES["painter"], "gpu", "tests.stages.doubles:GpuPainter")
    base.known_engines.cache_clear()
    yield
    base.known_engines.cache_clear()


def run(project: Project, goal: pipeline.Goal, select: tuple[str, ...] = ()) -> set[str | None]:
    made = pipeline.make(project, goal, select, lambda _: None, Cancel())
    assert made.failed == []
    return {one.shot for one in made.rendered if one.step == "keyframe"}


def painters(project: Project, shot: str) -> list[str]:
    return [one.take.made_by.engine for one in takes_of(project, shot)]


def test_a_reel_never_starts_a_gpu_engine(gen: Gen, tmp_path: Path) -> None:
    mark = tmp_path / "opened"
    project = gen(
        film={"engines": {"painter": {"engine": "gpu", "mark": str(mark)}, "animator": "null"}}
    )
    assert {step.step for step in pipeline.plan(project, "reel").steps} == {"keyframe", "reel"}
    assert run(project, "reel") == set(SHOTS)
    assert not mark.exists()
    assert painters(project, SHOTS[0]) == ["sketch"]
    assert (project.root / "reel.mp4").is_file()
    # one shot painted by the model: the reel shows it, and draws nothing again
    assert run(project, "keyframes", (SHOTS[0],)) == {SHOTS[0]}
    assert mark.exists()
    mark.unlink()
    assert pipeline.plan(project, "reel").steps[0].step == "reel"
    assert run(project, "reel") == set()
    assert painters(project, SHOTS[0]) == ["sketch", "gpu"]
    assert not mark.exists()
    # the drawing of the reel is not what the film's painter would give
    assert run(project, "keyframes") == {SHOTS[1], SHOTS[2]}
