"""The gate: clips of a model wait for approval, and for nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml

from studio import pipeline
from studio.desk.approve import approve
from studio.engines import base
from studio.executors import Cancel
from studio.pipeline import Made
from studio.project import Project
from studio.stages.gate import Gate, gate, halt, lasting
from studio.stages.keyframes import Keyframes
from studio.stages.production import written_production
from tests.conftest import Gen, write_yaml

FIRST, SECOND, THIRD = SHOTS = ("sc010_sh010", "sc010_sh020", "sc020_sh010")
GPU = {"rate": 8, "engines": {"painter": "null", "animator": "model"}}
"""A film at the rate of the double's clips: there are no inbetweens."""


@pytest.fixture(autouse=True)
def doubles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(base.ENGINES["animator"], "model", "tests.doubles:ModelAnimator")
    base.known_engines.cache_clear()
    yield
    base.known_engines.cache_clear()


def make(project: Project, *select: str, yes: bool = False) -> Made:
    return pipeline.make(project, "clips", select, lambda _: None, Cancel(), yes=yes)


def rendered(made: Made, step: str) -> list[str]:
    return sorted(one.shot or "" for one in made.rendered if one.step == step)


def test_approved_clips_pass_in_the_order_of_the_film() -> None:
    assert gate("abcd", {"d", "b", "x"}, yes=False) == Gate(("b", "d"), ("a", "c"))
    assert gate("abcd", (), yes=True) == Gate(("a", "b", "c", "d"), ())


def test_it_says_how_many_how_long_and_what_next() -> None:
    shots = [f"sc010_sh{n:03d}" for n in range(10, 100, 10)]
    said = halt(shots, 12_000, "published figures, scaled")
    assert said.exit_code == 3
    assert said.message == (
        "9 clips wait for approval, about 3 h 20 min (published figures, scaled): sc010_sh010,"
        " sc010_sh020, sc010_sh030, sc010_sh040, sc010_sh050, sc010_sh060 and 3 more"
    )
    assert "studio approve all" in said.tip
    assert "studio approve sc010_sh010" in said.tip
    assert "studio make --yes" in said.tip
    assert halt(shots[:1]).message == "1 clip waits for approval: sc010_sh010"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (41.4, "about 41 s"),
        (89.9, "about 90 s"),
        (90, "about 2 min"),
        (3560, "about 59 min"),
        (3599, "about 1 h"),
        (12_000, "about 3 h 20 min"),
        (86_400, "about 24 h"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert lasting(seconds) == said


def test_keyframes_are_painted_and_clips_wait_until_they_are_approved(gen: Gen) -> None:
    project = gen(GPU)
    made = make(project)
    assert rendered(made, "keyframe") == list(SHOTS)
    assert rendered(made, "clip") == []
    assert made.waiting is not None
    assert made.waiting.message.startswith("3 clips wait for approval, about ")

    approve(project, ["sc010"])
    made = make(project)
    assert rendered(made, "clip") == [FIRST, SECOND]
    assert made.waiting is not None
    assert made.waiting.message.startswith("1 clip waits for approval")
    assert made.waiting.message.endswith(THIRD)

    approve(project, ["all"])
    made = make(project)
    assert rendered(made, "clip") == [THIRD]
    assert made.waiting is None
    assert make(project).rendered == []


def test_yes_asks_nothing_and_approves_nothing(gen: Gen) -> None:
    project = gen(GPU)
    made = make(project, FIRST, yes=True)
    assert rendered(made, "clip") == [FIRST]
    assert made.waiting is None
    assert make(project).waiting is not None
    assert not list(project.takes_folder.rglob("*.review.json"))


def test_a_keyframe_that_is_painted_anew_asks_again(gen: Gen) -> None:
    project = gen(GPU)
    make(project, FIRST)
    approve(project, [FIRST])
    board = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
    board["scenes"][0]["shots"][0]["action"] = "Mara turns away."
    write_yaml(project.storyboard_file, board)
    made = make(project, FIRST)
    assert rendered(made, "keyframe") == [FIRST]
    assert rendered(made, "clip") == []
    assert made.waiting is not None

    # the motion alone does not: the picture that was seen is still the one
    approve(project, [FIRST])
    board["scenes"][0]["shots"][0]["motion"] = "She turns slowly."
    write_yaml(project.storyboard_file, board)
    assert rendered(make(project, FIRST), "clip") == [FIRST]


def test_an_approval_accepts_nothing(gen: Gen) -> None:
    project = gen(GPU)
    make(project, FIRST)
    approve(project, [FIRST])
    [review] = project.takes_folder.rglob("*.review.json")
    [said] = json.loads(review.read_text(encoding="utf-8"))["verdicts"]
    assert said["verdict"] == "approved"
    production = written_production(project)
    keyframe = Keyframes(production).standing(FIRST).current
    assert keyframe is not None
    assert said["fingerprint"] == keyframe.fingerprint
    assert production.takes.accepted(keyframe) == set()


def test_an_embedded_animator_passes_freely(gen: Gen) -> None:
    made = make(gen())
    assert rendered(made, "clip") == list(SHOTS)
    assert made.waiting is None


def test_a_plan_says_what_will_wait_and_renders_nothing(gen: Gen) -> None:
    project = gen(GPU)
    pipeline.make(project, "keyframes", (), lambda _: None, Cancel())
    plan = pipeline.plan(project)
    assert any(note.startswith("3 clips wait for approval") for note in plan.notes)
    assert pipeline.plan(project, "keyframes").notes == [
        note for note in plan.notes if "approval" not in note
    ]
