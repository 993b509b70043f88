"""`studio approve`, and what `make` says and exits with at the gate."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from studio.engines import base
from studio.project import Project
from studio.stages.clips import Clips
from studio.stages.forecast import forecast
from studio.stages.production import written_production
from tests.conftest import STORYBOARD, Gen, Studio

GPU = {"rate": 8, "engines": {"painter": "null", "animator": "model"}}
"""A film at the rate of the double's clips: there are no inbetweens."""


@pytest.fixture(autouse=True)
def doubles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(base.ENGINES["animator"], "model", "tests.doubles:ModelAnimator")
    base.known_engines.cache_clear()
    yield
    base.known_engines.cache_clear()


@pytest.fixture
def project(gen: Gen, studio: Studio) -> Project:
    """With every keyframe but the last shot's."""
    made = gen(GPU)
    assert studio("make", "--to", "keyframes", "--select", "sc010", "-p", made.root).code == 0
    return made


def test_make_stops_with_code_3_and_says_what_next(project: Project, studio: Studio) -> None:
    said = studio("make", "--to", "clips", "-p", project.root)
    assert said.code == 3
    assert "3 clips wait for approval, about " in said.err
    assert "studio approve all" in said.err
    said = studio("make", "--to", "clips", "--json", "-p", project.root)
    assert said.code == 3
    assert json.loads(said.out)["waiting"].startswith("3 clips wait for approval")
    said = studio("make", "--to", "clips", "--yes", "--select", "sc020", "-p", project.root)
    assert said.code == 0
    assert list(project.takes_folder.glob("sc020_sh010/clip_v001.mp4"))


def test_approving_and_taking_it_back(project: Project, studio: Studio) -> None:
    said = studio("approve", "all", "-p", project.root)
    assert said.code == 0
    assert "warning: sc020_sh010 has no current keyframe to approve" in said.err
    assert "2 keyframes approved" in said.err
    assert (
        "0 keyframes approved, 2 approved before"
        in studio("approve", "sc010", "-p", project.root).err
    )
    reviews = list(project.takes_folder.rglob("keyframe_v001.review.json"))
    assert len(reviews) == 2
    said = studio("approve", "sc010_sh010", "--undo", "-p", project.root)
    assert "the approval of 1 keyframe is taken back" in said.err
    assert "make" not in said.err
    assert len(list(project.takes_folder.rglob("*.review.json"))) == 1
    entries = json.loads(studio("log", "--json", "-p", project.root).out)["entries"]
    assert [one["did"] for one in entries[-2:]] == [
        "approved the keyframes of sc010_sh010, sc010_sh020",
        "took back the approval of sc010_sh010",
    ]


def test_shots_without_a_keyframe_are_refused(project: Project, studio: Studio) -> None:
    said = studio("approve", "sc020", "-p", project.root)
    assert said.code == 2
    assert "sc020_sh010 has no current keyframe to approve" in said.err
    assert "studio make --to keyframes" in said.err
    assert studio("approve", "-p", project.root).code == 2
    assert studio("approve", "sc099", "-p", project.root).code == 2


def test_a_shot_that_shows_anothers_clip_stands_for_it(gen: Gen, studio: Studio) -> None:
    board = json.loads(json.dumps(STORYBOARD))
    board["scenes"][1]["shots"][0]["from"] = {"shot": "sc010_sh010", "in": "0s"}
    root = gen(GPU, storyboard=board).root
    assert studio("make", "--to", "keyframes", "-p", root).code == 0
    assert "1 keyframe approved" in studio("approve", "sc020_sh010", "-p", root).err
    assert list(root.glob("takes/sc010_sh010/*.review.json"))


@pytest.mark.parametrize("budget", ["6", "h", "", "0m", "-1h", "1h30", "30m1h", "6 Stunden"])
def test_a_budget_is_a_time(gen: Gen, studio: Studio, budget: str) -> None:
    said = studio("make", "--budget", budget, "-p", gen().root)
    assert said.code == 2
    assert "write 6h, 90m or 1h30m" in said.err


def test_a_budget_finishes_whole_scenes_and_says_what_is_left(
    project: Project, studio: Studio
) -> None:
    expected = forecast(Clips(written_production(project)), ["sc010_sh010"])
    assert expected is not None
    minutes = sum(expected.seconds.values()) * 1.5 / 60
    budget = f"{minutes:.3f}m"
    said = studio("make", "--to", "clips", "--yes", "--budget", budget, "-p", project.root)
    assert said.code == 0
    # the first scene, of two shots, does not fit; the second one, of one shot, does
    assert "the budget leaves 2 clips for the next run, about " in said.err
    assert ": sc010_sh010, sc010_sh020\n" in said.err
    clips = project.takes_folder.rglob("clip_v001.mp4")
    assert [one.parent.name for one in clips] == ["sc020_sh010"]
