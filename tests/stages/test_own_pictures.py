"""A person's picture beats the painter: when it is taken over, and what comes of taking it away."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio import pipeline
from studio.desk import choose
from studio.desk.status import takes_of
from studio.errors import StudioError
from studio.events import Event, Note
from studio.executors import Cancel
from studio.ffmpeg import read_frames
from studio.pipeline import Made
from studio.project import Project
from studio.schema.take import Take
from studio.stages.clips import Clips
from studio.stages.film import ReelStep
from studio.stages.production import written_production
from tests.conftest import FILM, STORYBOARD, Gen, Studio, write_yaml

FIRST, SECOND = "sc010_sh010", "sc010_sh020"
RED, GREEN, BLUE = (200, 0, 0), (0, 200, 0), (0, 0, 200)
SHORT: dict[str, Any] = STORYBOARD | {"scenes": [STORYBOARD["scenes"][0]]}  # type: ignore[index]
"""Two shots are enough here."""


def flat(colour: tuple[int, int, int]) -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 36), colour).save(file, "PNG")
    return file.getvalue()


def draw(project: Project, name: str, colour: tuple[int, int, int]) -> Path:
    path = project.boards_folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(flat(colour))
    return path


def make(
    project: Project,
    goal: Any = "clips",
    select: Sequence[str] = (),
    heard: list[Event] | None = None,
) -> Made:
    return pipeline.make(
        project, goal, select, (heard if heard is not None else []).append, Cancel()
    )


def rendered(made: Made) -> set[tuple[str, str | None]]:
    assert made.failed == []
    return {(one.step, one.shot) for one in made.rendered}


def reasons(project: Project, goal: Any = "clips") -> dict[tuple[str, str | None], str]:
    return {(one.step, one.shot): one.reason for one in pipeline.plan(project, goal).steps}


def current(project: Project, shot: str, kind: str = "keyframe") -> Take | None:
    listed = takes_of(project, shot)
    return next((one.take for one in listed if one.current and one.take.kind == kind), None)


def shown(project: Project, shot: str) -> tuple[str, int]:
    """The engine and the number of the current keyframe."""
    take = current(project, shot)
    assert take is not None
    return take.made_by.engine, take.number


@pytest.fixture(scope="module")
def painted_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("painted") / "small"
    write_yaml(root / "film.yaml", FILM)
    write_yaml(root / "storyboard.yaml", SHORT)
    (root / "story.md").write_text("Mara keeps the light.", encoding="utf-8")
    make(Project(root))
    return Project(root)


@pytest.fixture
def painted(painted_once: Project, tmp_path: Path) -> Project:
    """A project with the painter's keyframes and clips."""
    shutil.copytree(painted_once.root, tmp_path / "small")
    return Project(tmp_path / "small")


def test_a_picture_beats_the_painter_until_it_is_removed(painted: Project) -> None:
    picture = draw(painted, f"{FIRST}.png", RED)
    assert reasons(painted) == {
        ("keyframe", FIRST): f"own picture: boards/{FIRST}.png",
        ("clip", FIRST): "its keyframe is painted anew",
    }
    assert rendered(make(painted)) == {("keyframe", FIRST), ("clip", FIRST)}
    assert shown(painted, FIRST) == ("board", 2)
    assert reasons(painted) == {}
    # another picture is another take
    draw(painted, f"{FIRST}.png", GREEN)
    assert reasons(painted)["keyframe", FIRST] == "changed: pictures"
    assert rendered(make(painted, "keyframes")) == {("keyframe", FIRST)}
    assert shown(painted, FIRST) == ("board", 3)
    # the one before, under another name, and then none at all: nothing is rendered
    picture.unlink()
    draw(painted, f"{FIRST}.webp", RED)
    assert rendered(make(painted)) == set()
    assert shown(painted, FIRST) == ("board", 2)
    (painted.boards_folder / f"{FIRST}.webp").unlink()
    assert reasons(painted) == {}
    assert rendered(make(painted)) == set()
    assert shown(painted, FIRST) == ("null", 1)


def test_a_shot_that_was_never_painted_is_painted_once_its_picture_is_gone(gen: Gen) -> None:
    project = gen(storyboard=SHORT)
    picture = draw(project, f"{FIRST}.png", RED)
    make(project, "keyframes", [FIRST])
    picture.unlink()
    assert reasons(project, "keyframes")["keyframe", FIRST] == "no take yet"
    assert rendered(make(project, "keyframes", [FIRST])) == {("keyframe", FIRST)}
    assert shown(project, FIRST) == ("null", 2)


def test_a_circled_take_wins(painted: Project) -> None:
    choose.circle(painted, FIRST, "keyframe", 1)
    draw(painted, f"{FIRST}.png", RED)
    plan = pipeline.plan(painted, "clips")
    assert plan.steps == []
    assert plan.drift == {f"keyframe {FIRST}": f"boards/{FIRST}.png is not used"}
    choose.circle(painted, FIRST, "keyframe", None)
    assert set(reasons(painted)) == {("keyframe", FIRST), ("clip", FIRST)}


def test_another_part_kept_is_another_take(painted: Project) -> None:
    draw(painted, f"{FIRST}.png", RED)
    make(painted, "keyframes")
    storyboard: Any = copy.deepcopy(SHORT)
    storyboard["scenes"][0]["shots"][0] |= {"fit": "top", "action": "She waits.", "size": "CU"}
    write_yaml(painted.storyboard_file, storyboard)
    assert reasons(painted)["keyframe", FIRST] == "changed: fit"


def test_a_picture_has_no_other_variation(painted: Project) -> None:
    draw(painted, f"{FIRST}.png", RED)
    make(painted, "keyframes")
    heard: list[Event] = []
    made = pipeline.retake(painted, "keyframe", ["sc010"], 1, heard.append, Cancel())
    assert rendered(made) == {("keyframe", SECOND)}
    text = f"{FIRST} shows boards/{FIRST}.png: change the picture itself"
    assert Note(text, warning=True) in heard


def test_one_broken_picture_is_one_shots_failure(gen: Gen) -> None:
    files = {f"boards/{FIRST}.png": b"no picture", f"boards/{SECOND}.jpg": flat(RED)}
    project = gen(storyboard=SHORT, files=files)
    made = make(project, "keyframes")
    assert {one.shot for one in made.rendered} == {SECOND}
    (failed,) = made.failed
    why = (
        f"boards/{FIRST}.png is no picture that opens: it is damaged, or neither PNG, JPEG nor WebP"
    )
    assert (failed.shot, failed.error) == (FIRST, why)
    assert reasons(project, "keyframes") == {("keyframe", FIRST): f"failed before: {why}"}
    draw(project, f"{FIRST}.png", RED)
    assert rendered(make(project, "keyframes")) == {("keyframe", FIRST)}


def in_the_reel(project: Project) -> set[str]:
    """The engines behind what the reel would show."""
    production = written_production(project)
    best = [ReelStep(production)._best(shot) for shot in production.shots]
    return {take.made_by.engine if take else "nothing" for take in best}


def test_a_reel_after_the_picture_is_gone_shows_the_painter(painted: Project) -> None:
    picture = draw(painted, f"{FIRST}.png", RED)
    make(painted, "keyframes")
    assert in_the_reel(painted) == {"board", "null"}
    picture.unlink()
    assert in_the_reel(painted) == {"null"}


def test_a_reel_shows_the_painter_where_a_picture_is_broken(painted: Project) -> None:
    draw(painted, f"{FIRST}.png", RED).write_bytes(b"broken")
    assert len(make(painted, "keyframes").failed) == 1
    assert in_the_reel(painted) == {"null"}


# --- further panels ----------------------------------------------------------------------

PAN = FILM | {"engines": {"painter": "null", "animator": "pan"}}


def panelled(gen: Gen, film: dict[str, Any] = PAN, **fields: Any) -> Project:
    """A film whose second shot, 24 frames with handles of 6, has three pictures."""
    storyboard: Any = copy.deepcopy(SHORT)
    storyboard["scenes"][0]["shots"][1] |= fields
    project = gen(film=film, storyboard=storyboard)
    for name, colour in (("", RED), ("_b", GREEN), ("_c", BLUE)):
        draw(project, f"{SECOND}{name}.png", colour)
    return project


def colours(project: Project, shot: str) -> list[int]:
    """Of every frame of a shot's clip: whether it is red, green or blue."""
    take = current(project, shot, "clip")
    assert take is not None
    path = written_production(project).takes.path(take)
    return [int(frame.mean(axis=(0, 1)).argmax()) for frame in read_frames(path)]


def test_panels_follow_each_other_in_the_clip(gen: Gen) -> None:
    project = panelled(gen)
    make(project, select=[SECOND])
    assert colours(project, SECOND) == [0] * (6 + 8) + [1] * 8 + [2] * (8 + 6)
    # a changed panel is another clip, as is another moment for it
    draw(project, f"{SECOND}_c.png", (0, 0, 90))
    assert reasons(project)["keyframe", SECOND] == "changed: pictures"
    make(project, "keyframes", [SECOND])
    assert reasons(project)["clip", SECOND] == "changed: panels"
    storyboard: Any = copy.deepcopy(SHORT)
    storyboard["scenes"][0]["shots"][1]["panels"] = ["1.5s", "22f"]
    write_yaml(project.storyboard_file, storyboard)
    assert reasons(project)["clip", SECOND] == "changed: panels"
    assert rendered(make(project, select=[SECOND])) == {("clip", SECOND)}
    assert colours(project, SECOND) == [0] * (6 + 18) + [1] * 4 + [2] * (2 + 6)


def test_an_animator_that_does_not_compose_gets_the_first_picture(gen: Gen) -> None:
    project = panelled(gen, FILM)
    (said,) = (note for note in pipeline.plan(project).notes if "panels" in note)
    assert said.startswith(f"{SECOND}: null moves the first picture alone")
    make(project, "keyframes", [SECOND])
    request = Clips(written_production(project)).request(SECOND, 0, 36)
    assert request is not None
    assert request.panels == ()


def test_wrong_moments_are_said_before_anything_is_rendered(gen: Gen, studio: Studio) -> None:
    project = panelled(gen, panels=["3s", "4s"])
    with pytest.raises(StudioError):
        make(project, "keyframes")
    assert not project.takes_folder.exists()
    said = studio("plan", "-p", project.root)
    assert said.code == 2
    assert said.err.splitlines() == [
        f"error: storyboard.yaml: {SECOND}: panels: 3s, 4s: 3 pictures do not follow each other"
        " within 2s",
        "tip: each panel begins after the one before it, and before the shot ends",
    ]
