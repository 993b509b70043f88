"""Whose words a prompt is: the writer's are composed anew when their fields change, a
person's stay and get one note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from studio import pipeline
from studio.executors import Cancel
from studio.project import Project
from tests.conftest import STORYBOARD, Gen, write_yaml

WRITTEN = "sc010_sh020"  # the shot of the sample whose prompts are written


def edit(project: Project, change: Callable[[Any], object]) -> None:
    board = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
    change(board["scenes"][0]["shots"][1])
    write_yaml(project.storyboard_file, board)


def drafted(gen: Gen) -> Project:
    project = gen()
    write_yaml(project.drafts_folder / "storyboard_v001.yaml", STORYBOARD)
    return project


def keyframe(project: Project) -> str:
    return pipeline.prompts(project)["keyframe", WRITTEN]


def make(project: Project) -> None:
    pipeline.make(project, "keyframes", (), lambda _: None, Cancel())


def test_the_writers_prompt_follows_its_fields(gen: Gen) -> None:
    project = drafted(gen)
    make(project)
    before = keyframe(project)
    edit(project, lambda shot: shot.update(action="Tom hides behind the boat."))
    assert "Tom hides behind the boat." in keyframe(project)
    plan = pipeline.plan(project, "keyframes")
    assert {step.shot for step in plan.steps} == {WRITTEN}
    [note] = [text for text in plan.notes if "composed" in text]
    assert f"{WRITTEN} keyframe" in note
    # undone: the writer's words again, and nothing to render
    edit(project, lambda shot: shot.update(action="Tom calls to her."))
    assert keyframe(project) == before
    assert pipeline.plan(project, "keyframes").steps == []


def test_a_prompt_of_ones_own_is_kept_and_noted_once(gen: Gen) -> None:
    project = drafted(gen)
    edit(project, lambda shot: shot.update(keyframe="{tom}, shouting. {look}."))
    make(project)
    before = keyframe(project)
    edit(project, lambda shot: shot.update(action="Tom hides behind the boat."))
    assert keyframe(project) == before
    plan = pipeline.plan(project, "keyframes")
    assert plan.steps == []
    assert [text for text in plan.notes if "may be out of date" in text] == [
        f"{WRITTEN} keyframe: action, cast or place changed, and the prompt is your own: it may"
        " be out of date"
    ]
    edit(project, lambda shot: shot.update(keyframe="{tom} behind the boat. {look}."))
    assert not any("out of date" in text for text in pipeline.plan(project, "keyframes").notes)


def test_a_storyboard_without_draft_is_a_persons(gen: Gen) -> None:
    project = gen()
    make(project)
    before = keyframe(project)
    edit(project, lambda shot: shot.update(cast=["tom"]))
    assert keyframe(project) == before
    assert any("may be out of date" in text for text in pipeline.plan(project, "keyframes").notes)


def test_the_writers_prompt_is_never_called_a_persons(gen: Gen) -> None:
    project = drafted(gen)
    make(project)
    edit(project, lambda shot: shot.update(cast=["tom"]))
    make(project)
    edit(project, lambda shot: shot.update(cast=["mara", "tom"]))
    assert not any("out of date" in text for text in pipeline.plan(project, "keyframes").notes)
