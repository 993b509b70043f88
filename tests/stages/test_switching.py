"""What a change of engines, their settings or a field makes stale, and what it leaves: a film that
was made by one engine goes on with another, and renders nothing on the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio import pipeline
from studio.engines.base import EngineSpec, Rendered
from studio.errors import DocumentError, StudioError
from studio.executors import Cancel, Done, Failed, Job
from studio.project import Project
from studio.stages.clips import Clips
from studio.stages.forecast import forecast
from studio.stages.keyframes import Keyframes
from studio.stages.production import written_production
from tests.conftest import FILM, STORYBOARD, Gen, write_yaml

SHOT = "sc010_sh010"
OTHERS = ("sc010_sh020", "sc020_sh010")


@pytest.fixture
def models(tiny_flux_schnell: Path, tiny_cog: Path) -> dict[str, Any]:
    return {
        "painter": {"engine": "flux", "model": str(tiny_flux_schnell), "device": "cpu"},
        "animator": {"engine": "cogvideox", "model": str(tiny_cog), "device": "cpu", "pieces": 5},
    }


def film(project: Project, **changed: object) -> None:
    write_yaml(project.film_file, FILM | {"frame": "192x128"} | changed)


def storyboard(project: Project, **changed: object) -> None:
    written: Any = STORYBOARD
    first, *others = written["scenes"]
    shot, *further = first["shots"]
    scenes = [first | {"shots": [shot | changed, *further]}, *others]
    write_yaml(project.storyboard_file, written | {"scenes": scenes})


def made(project: Project, goal: pipeline.Goal = "clips") -> pipeline.Made:
    return pipeline.make(project, goal, (), lambda _: None, Cancel())


def test_a_film_of_embedded_engines_goes_on_with_a_model_and_back(
    gen: Gen, models: dict[str, Any]
) -> None:
    project = gen()
    film(project)
    made(project)
    film(project, engines={"painter": "null", "animator": models["animator"]})
    clips = [step for step in pipeline.plan(project, "clips").steps if step.step == "clip"]
    assert len(clips) == 3
    assert all(step.reason.startswith("changed: engine") for step in clips)
    film(project)
    assert pipeline.plan(project, "clips").steps == []


def test_a_clip_of_more_pieces_than_are_allowed_now_still_serves(
    gen: Gen, models: dict[str, Any]
) -> None:
    project = gen()
    storyboard(project, duration="0.5s", transition="cut")
    film(project, rate=30, engines={"painter": "null", "animator": models["animator"]})
    production = written_production(project)
    made(project, "keyframes")
    clips = Clips(production)
    longer = clips.request(SHOT, 7, 41)
    fewer = models["animator"] | {"pieces": 1}
    film(project, rate=30, engines={"painter": "null", "animator": fewer})
    assert Clips(written_production(project)).request(SHOT, 7, 41) == longer


def test_a_shot_that_is_too_long_is_refused_by_its_name(gen: Gen, models: dict[str, Any]) -> None:
    project = gen()
    storyboard(project, duration="20s")
    film(project, engines={"painter": "null", "animator": models["animator"]})
    plan = pipeline.plan(project, "clips")
    assert [line.startswith(f"{SHOT} clip: ") for line in plan.refused] == [True]
    assert plan.steps
    with pytest.raises(StudioError, match=SHOT):
        made(project)


def test_what_is_to_be_avoided_counts_for_whoever_reads_it(
    gen: Gen, models: dict[str, Any]
) -> None:
    project = gen()

    def asked(avoid: str, guidance: float) -> tuple[object, object]:
        storyboard(project, avoid=avoid)
        film(project, engines=models | {"animator": models["animator"] | {"guidance": guidance}})
        production = written_production(project)
        clips = Clips(production)
        read = [reading.text for reading in clips.readings(SHOT)]
        return Keyframes(production).request(SHOT, 1, 1), read[1:]

    assert asked("", 6)[0] == asked("blur", 6)[0], "Flux reads none"
    assert asked("blur", 6)[1] == ["blur"]
    assert asked("blur", 1)[1] == []


class Seeds:
    """An executor that renders one byte, and fails for the variations in `bad`."""

    def __init__(self, folder: Path, bad: set[int]) -> None:
        self.folder, self.bad = folder, bad

    def run(self, spec: EngineSpec, jobs: Iterable[Job], *_: object) -> Iterator[Done | Failed]:
        for job in jobs:
            if job.key in self.bad:
                yield Failed(job, "black")
                continue
            file = self.folder / f"{job.key}.png"
            file.write_bytes(b"x")
            yield Done(job, Rendered({".png": file}), 1.0, None)


class TestSeveralTakes:
    """`takes: 3` of a painter."""

    def variations(self, project: Project, folder: Path, *bad: int) -> list[int]:
        stage = Keyframes(written_production(project))
        list(stage.run([SHOT], Seeds(folder, set(bad)), lambda _: None, Cancel()))
        return [take.variation for take in stage.takes.of(SHOT, "keyframe")]

    def wish(self, project: Project, takes: int, **changed: object) -> None:
        film(project, engines={"painter": {"engine": "null", "takes": takes}}, **changed)

    def test_an_edit_keeps_the_compositions_of_all(self, gen: Gen, tmp_path: Path) -> None:
        project = gen()
        self.wish(project, 3)
        assert self.variations(project, tmp_path) == [0, 1, 2]
        self.wish(project, 3, look="ink")
        assert sorted(self.variations(project, tmp_path)[3:]) == [0, 1, 2]
        assert len(self.variations(project, tmp_path)) == 6
        self.wish(project, 3)
        assert len(self.variations(project, tmp_path)) == 6, "the way back renders nothing"

    def test_one_that_failed_takes_nothing_from_the_others(self, gen: Gen, tmp_path: Path) -> None:
        project = gen()
        self.wish(project, 2)
        assert self.variations(project, tmp_path, 1) == [0, 1]
        stage = Keyframes(written_production(project))
        assert stage.standing(SHOT).state == "fresh"
        assert stage.due(SHOT) == 1
        assert self.variations(project, tmp_path) == [0, 1, 2], "another seed, not the same again"

    def test_are_of_painters_and_animators_alone(self, gen: Gen) -> None:
        project = gen()
        film(project, engines={"interpolator": {"engine": "flow", "takes": 3}})
        with pytest.raises(DocumentError, match="takes are for the painter and the animator"):
            pipeline.plan(project)


def test_what_is_foreseen_counts_the_takes_that_lack(gen: Gen, models: dict[str, Any]) -> None:
    project = gen()
    for takes, said in ((1, "3 keyframes"), (3, "9 keyframes")):
        film(project, engines={"painter": models["painter"] | {"takes": takes}})
        foreseen = forecast(Keyframes(written_production(project)), [SHOT, *OTHERS])
        assert foreseen is not None
        assert str(foreseen).startswith(said)
        assert foreseen.choice is not None
        assert foreseen.seconds[SHOT] == pytest.approx(takes * foreseen.choice.seconds)
