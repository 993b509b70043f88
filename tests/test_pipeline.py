"""Fresh or stale, and nothing lost: which edit renders what, and what a run leaves alone."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import pipeline
from studio.desk import choose, status
from studio.desk import write as desk
from studio.errors import SelectionError, StudioError
from studio.events import Event, Note
from studio.executors import Cancel
from studio.pipeline import Made
from studio.project import Project
from tests.conftest import FILM, STORYBOARD, Gen, write_yaml

SHOTS = ["sc010_sh010", "sc010_sh020", "sc020_sh010"]
Steps = set[tuple[str, str | None]]


def make(project: Project, goal: Any = "film", select: Sequence[str] = ()) -> Made:
    return pipeline.make(project, goal, select, lambda _: None, Cancel())


def planned(project: Project) -> Steps:
    return {(step.step, step.shot) for step in pipeline.plan(project).steps}


def rendered(made: Made) -> Steps:
    return {(one.step, one.shot) for one in made.rendered}


def edit(project: Project, change: Callable[[Any], object], file: str = "storyboard.yaml") -> None:
    path = project.root / file
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(document)
    write_yaml(path, document)


def shot(document: Any, number: int) -> Any:
    return [each for scene in document["scenes"] for each in scene["shots"]][number]


def media(project: Project) -> dict[str, bytes]:
    return {
        str(path.relative_to(project.root)): path.read_bytes()
        for path in sorted(project.takes_folder.rglob("*_v*.*"))
    }


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("made") / "small"
    write_yaml(root / "film.yaml", FILM)
    write_yaml(root / "storyboard.yaml", STORYBOARD)
    (root / "story.md").write_text("Mara keeps the light.", encoding="utf-8")
    project = Project(root)
    make(project)
    return project


@pytest.fixture
def done(made_once: Project, tmp_path: Path) -> Project:
    """A project with everything made, to be changed."""
    root = tmp_path / "small"
    shutil.copytree(made_once.root, root)
    return Project(root)


def test_a_first_make_renders_everything_and_a_second_nothing(gen: Gen) -> None:
    project = gen()
    takes: Steps = {(kind, each) for kind in ("keyframe", "clip") for each in SHOTS}
    assert planned(project) == takes | {("film", None)}
    made = make(project)
    assert rendered(made) == takes | {("film", None)}
    assert made.failed == []
    assert made.film == project.root / "film.mp4"
    before = media(project)
    again = make(project)
    assert again.rendered == []
    assert again.film == made.film
    assert media(project) == before
    assert planned(project) == set()


# what an edit makes stale: fields of a shot, for painters and animators that read prompts
# alone, in a shot whose prompts are composed (0) and in one whose prompts a person wrote (1)
OWN = {"keyframe", "clip"}
SHOT_EDITS: list[tuple[str, Any, set[str], set[str]]] = [
    ("size", "CU", OWN, set()),
    ("angle", "low", OWN, set()),
    ("framing", "POV", OWN, set()),
    ("movement", "arc left", {"clip"}, {"clip"}),
    ("action", "Somebody waits.", OWN, set()),
    ("narration", "Other words.", {"film"}, {"film"}),
    ("dialogue", [{"who": "mara", "line": "Come."}], {"film"}, {"film"}),
    ("duration", "1.5s", {"film"}, {"film"}),
    ("duration", "9s", {"clip"}, {"clip"}),
    ("keyframe", "{mara} alone. {look}.", OWN, OWN),
    ("motion", "{mara} turns.", {"clip"}, {"clip"}),
    ("avoid", "text", OWN, OWN),
    ("notes", "nice", set(), set()),
    ("cast", [{"who": "mara", "wears": "a shawl"}], OWN, OWN),
]
EVERYWHERE = {(kind, each) for kind in OWN for each in SHOTS}
FILM_EDITS: list[tuple[str, Any, Steps]] = [
    ("look", "water colour", EVERYWHERE),
    ("seed", 8, EVERYWHERE),
    ("frame", "256x144", EVERYWHERE),
    ("rate", 10, {("clip", each) for each in SHOTS}),
    ("title", "Other", set()),
    ("captions", "burnt", set()),
    ("cards", True, set()),
]


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(number=st.integers(0, 1), which=st.sampled_from(SHOT_EDITS))
def test_an_edit_of_a_shot_makes_stale_what_depends_on_it(
    made_once: Project,
    number: int,
    which: tuple[str, Any, set[str], set[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    field, value, composed, written = which
    project = Project(tmp_path_factory.mktemp("edit") / "small")
    shutil.copytree(made_once.root, project.root)
    edit(project, lambda board: shot(board, number).update({field: value}))
    affected = (composed, written)[number]
    expected: Steps = {(kind, SHOTS[number]) for kind in affected & OWN}
    if affected:
        expected.add(("film", None))
    assert planned(project) == expected
    done = rendered(make(project))
    if field == "avoid":  # the doubles' pictures do not show it, so the cut stays as it is
        expected -= {("film", None)}
    assert done == expected
    assert planned(project) == set()


@pytest.mark.parametrize(("field", "value", "takes"), FILM_EDITS)
def test_an_edit_of_the_film_makes_stale_what_depends_on_it(
    done: Project, field: str, value: Any, takes: Steps
) -> None:
    edit(done, lambda film: film.update({field: value}), "film.yaml")
    assert planned(done) == takes | {("film", None)}
    assert rendered(make(done)) == takes | {("film", None)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda b: b["cast"]["tom"].update(looks="a tall boy"), {SHOTS[1], SHOTS[2]}),
        (lambda b: b["places"]["tower"].update(looks="red stone"), {SHOTS[0], SHOTS[1]}),
        (lambda b: b["scenes"][1].update(time="dawn"), {SHOTS[2]}),
    ],
)
def test_a_change_of_cast_or_place_reaches_the_shots_that_show_it(
    done: Project, change: Callable[[Any], object], expected: set[str]
) -> None:
    edit(done, change)
    assert planned(done) == {(kind, each) for kind in OWN for each in expected} | {("film", None)}


def test_another_transition_renders_no_clip_unless_it_needs_longer_handles(done: Project) -> None:
    edit(done, lambda board: shot(board, 1).update(transition="dissolve 1s"))
    assert planned(done) == {("film", None)}
    edit(done, lambda board: shot(board, 1).update(transition="dissolve 1.5s"))
    assert planned(done) == {("clip", SHOTS[0]), ("clip", SHOTS[1]), ("film", None)}
    [reason] = {s.reason for s in pipeline.plan(done).steps if s.shot == SHOTS[1]}
    assert "are needed" in reason


def test_going_back_renders_nothing(done: Project) -> None:
    before = media(done)
    edit(done, lambda board: shot(board, 0).update(action="She leaves."))
    make(done)
    edit(done, lambda board: shot(board, 0).update(action="Mara stands at the rail."))
    assert planned(done) == {("film", None)}
    assert rendered(make(done)) == {("film", None)}
    assert before.items() <= media(done).items()
    assert len(media(done)) == len(before) + 4  # one keyframe and one clip, with sidecars


def test_a_retake_is_used_and_a_circled_take_wins(done: Project) -> None:
    made = pipeline.retake(done, "keyframe", [SHOTS[0]], 2, lambda _: None, Cancel())
    assert [(one.step, one.take) for one in made.rendered] == [("keyframe", 2), ("keyframe", 3)]
    assert planned(done) == {("clip", SHOTS[0]), ("film", None)}
    choose.circle(done, SHOTS[0], "keyframe", 1)
    assert planned(done) == set()
    edit(done, lambda board: shot(board, 0).update(action="She leaves."))
    plan = pipeline.plan(done)
    assert {(s.step, s.shot) for s in plan.steps} == {("clip", SHOTS[0]), ("film", None)}
    assert plan.drift == {f"keyframe {SHOTS[0]}": "changed since: prompt"}
    choose.circle(done, SHOTS[0], "keyframe", None)
    assert ("keyframe", SHOTS[0]) in planned(done)


def test_an_edit_keeps_the_variation_of_the_newest_take(done: Project) -> None:
    pipeline.retake(done, "keyframe", [SHOTS[0]], 1, lambda _: None, Cancel())
    edit(done, lambda board: shot(board, 0).update(action="She leaves."))
    make(done)
    newest = [one for one in status.takes_of(done, SHOTS[0]) if one.take.kind == "keyframe"][-1]
    assert (newest.take.number, newest.take.variation) == (3, 1)


def test_only_selected_shots_are_rendered(gen: Gen) -> None:
    project = gen()
    made = make(project, select=["sc020"])
    assert rendered(made) == {("keyframe", SHOTS[2]), ("clip", SHOTS[2])}
    assert made.film is None
    assert rendered(make(project, select=["cast:mara,sc010_sh02*"])) == {
        ("keyframe", SHOTS[1]),
        ("clip", SHOTS[1]),
    }
    assert rendered(make(project, select=["state:missing"])) == {
        ("keyframe", SHOTS[0]),
        ("clip", SHOTS[0]),
        ("film", None),
    }


@pytest.mark.parametrize(
    ("term", "says"),
    [
        ("sc099_*", "no shot matches"),
        ("state:old", "there is no state 'old'"),
        ("cast:tim", "there is nobody 'tim' in the cast"),
        ("who:tom", "there is no method 'who'"),
        ("sc010_*,", "a term is empty"),
    ],
)
def test_a_selection_that_means_nothing_is_an_error(gen: Gen, term: str, says: str) -> None:
    with pytest.raises(SelectionError, match=says):
        pipeline.plan(gen(), selection=[term])


@pytest.mark.parametrize("goal", ["keyframes", "clips", "reel"])
def test_make_goes_as_far_as_it_is_told(gen: Gen, goal: str) -> None:
    project = gen()
    make(project, goal)
    kinds = {path.stem.split("_")[0] for path in project.takes_folder.rglob("*.json")}
    assert kinds == ({"keyframe", "clip"} if goal == "clips" else {"keyframe"})
    assert (project.root / "reel.mp4").exists() == (goal == "reel")
    assert not (project.root / "film.mp4").exists()


def test_a_failing_shot_stops_no_other(gen: Gen) -> None:
    project = gen(film={"engines": {"painter": "null", "animator": "null"}})
    broken = copy.deepcopy(STORYBOARD)
    write_yaml(project.storyboard_file, broken)
    make(project, "keyframes")
    # a keyframe that is not what it says fails its own clip alone
    [picture] = (project.takes_folder / SHOTS[1]).glob("keyframe_*.png")
    edit(
        project,
        lambda film: film.update(engines={"painter": "null", "animator": "pan"}),
        "film.yaml",
    )
    picture.write_bytes(b"no picture")
    notes: list[Event] = []
    made = pipeline.make(project, "film", (), notes.append, Cancel())
    assert [(one.step, one.shot) for one in made.failed] == [("clip", SHOTS[1])]
    assert ("clip", SHOTS[0]) in rendered(made)
    assert ("clip", SHOTS[2]) in rendered(made)
    assert made.film is None
    assert any(isinstance(each, Note) and "waits for 1 shots" in each.text for each in notes)
    states = {one.id: one.clip.state for one in status.status(project).shots}
    assert states == {SHOTS[0]: "fresh", SHOTS[1]: "failed", SHOTS[2]: "fresh"}
    assert planned(project) == {("clip", SHOTS[1]), ("film", None)}


def test_a_written_storyboard_is_never_overwritten(gen: Gen) -> None:
    project = gen()
    before = project.storyboard_file.read_bytes()
    make(project, "storyboard")
    with pytest.raises(StudioError, match="is there already"):
        desk.write(project, lambda _: None, Cancel())
    assert project.storyboard_file.read_bytes() == before


def test_deleting_what_may_be_deleted_loses_nothing(done: Project) -> None:
    shutil.rmtree(done.studio_folder)
    assert planned(done) == set()
    assert make(done).rendered == []


def test_an_engine_that_is_not_there_is_said(gen: Gen) -> None:
    engines = {"painter": "null", "animator": "null", "voice": "hibari", "upscaler": "esrgan"}
    notes = pipeline.plan(gen(film={"engines": engines})).notes
    assert "voice: there is no engine 'hibari' here; its step is left out" in notes
    assert "upscaler: there is no engine 'esrgan' here; its step is left out" in notes
    with pytest.raises(StudioError, match="there is no painter called 'nul'") as caught:
        pipeline.plan(gen(film={"engines": {"painter": "nul"}}, name="other"))
    assert caught.value.tip == "did you mean null?"


def test_a_changed_story_is_said_and_not_acted_on(gen: Gen) -> None:
    project = gen(storyboard=None)
    make(project, "storyboard")
    before = project.storyboard_file.read_bytes()
    assert not any("story changed" in note for note in pipeline.plan(project).notes)
    (project.root / "story.md").write_text("Another story, about a fox.", encoding="utf-8")
    assert any("the story changed" in note for note in pipeline.plan(project).notes)
    make(project, "storyboard")
    assert project.storyboard_file.read_bytes() == before


def test_a_setting_that_the_engine_does_not_take_is_refused_by_plan(gen: Gen) -> None:
    project = gen(film={"engines": {"painter": {"engine": "null", "steps": 4}, "animator": "null"}})
    with pytest.raises(StudioError, match=r"film\.yaml:\d+: null has no setting 'steps'"):
        pipeline.plan(project)


def test_a_length_that_the_storyboard_does_not_have_is_said(done: Project) -> None:
    edit(done, lambda film: film.update(length="20s"), "film.yaml")
    plan = pipeline.plan(done)
    assert plan.steps == []
    assert any("asks for 20s, the storyboard lasts 6.5s" in note for note in plan.notes)
