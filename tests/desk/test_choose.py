"""Accepting stale takes, taking it back, and what the log says of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from studio import history, pipeline
from studio.desk import choose
from studio.desk.status import status
from studio.errors import StudioError
from studio.executors import Cancel
from studio.project import Project
from tests.conftest import Gen, Studio, write_yaml

FIRST, SECOND, THIRD = "sc010_sh010", "sc010_sh020", "sc020_sh010"


def make(project: Project) -> set[tuple[str, str | None]]:
    made = pipeline.make(project, "film", (), lambda _: None, Cancel())
    return {(one.step, one.shot) for one in made.rendered}


def edit(project: Project, change: Callable[[Any], object]) -> None:
    board = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
    change(board)
    write_yaml(project.storyboard_file, board)


def states(project: Project, shot: str) -> tuple[str, str]:
    [one] = [each for each in status(project).shots if each.id == shot]
    return one.keyframe.state, one.clip.state


def test_an_accepted_take_is_fresh_until_the_next_edit(gen: Gen) -> None:
    project = gen()
    make(project)
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(action="She waits."))
    assert states(project, FIRST) == ("stale", "stale")
    done = choose.accept(project, [FIRST], ("keyframe", "clip"), "good enough for the client")
    assert [(one.step, one.shot, one.take) for one in done] == [
        ("keyframe", FIRST, 1),
        ("clip", FIRST, 1),
    ]
    assert states(project, FIRST) == ("fresh", "fresh")
    assert make(project) == set()
    beside = project.takes_folder / FIRST / "clip_v001.review.json"
    [verdict] = json.loads(beside.read_text(encoding="utf-8"))["verdicts"]
    assert verdict["reason"] == "good enough for the client"
    assert verdict["at"].startswith("20")
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(action="She leaves."))
    assert states(project, FIRST) == ("stale", "stale")
    # and back: what was accepted for that text still is
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(action="She waits."))
    assert states(project, FIRST) == ("fresh", "fresh")


def test_takes_says_what_was_accepted_and_why(gen: Gen, studio: Studio) -> None:
    project = gen()
    make(project)
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(action="She waits."))
    choose.accept(project, [FIRST], ("clip", "keyframe"), "it shows")
    said = studio("takes", FIRST, "-p", project.root).err
    assert said.count("accepted 2") == said.count(": it shows") == 2
    listed = json.loads(studio("takes", FIRST, "--json", "-p", project.root).out)["takes"]
    assert [one["accepted"][0]["reason"] for one in listed] == ["it shows", "it shows"]


def test_accepting_a_keyframe_alone_leaves_the_clip_stale(gen: Gen) -> None:
    project = gen()
    make(project)
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(action="She waits."))
    choose.accept(project, [FIRST], ("keyframe",), "")
    assert states(project, FIRST) == ("fresh", "stale")


def test_clearing_takes_it_back(gen: Gen) -> None:
    project = gen()
    make(project)
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(action="She waits."))
    choose.accept(project, [FIRST], ("keyframe", "clip"), "")
    choose.circle(project, FIRST, "keyframe", None)
    assert states(project, FIRST)[0] == "stale"
    assert not (project.takes_folder / FIRST / "keyframe_v001.review.json").exists()


def test_a_take_that_is_too_short_cannot_be_accepted(gen: Gen) -> None:
    project = gen()
    make(project)
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(duration="9s"))
    with pytest.raises(StudioError, match="take 1 has 36 frames, 120 are needed"):
        choose.accept(project, [FIRST], ("keyframe", "clip"), "")


def test_where_nothing_is_stale_that_is_said(gen: Gen) -> None:
    project = gen()
    make(project)
    with pytest.raises(StudioError, match="nothing selected is stale"):
        choose.accept(project, [], ("keyframe", "clip"), "")


def test_the_log_lists_what_was_done_and_outlives_the_studio_folder(
    gen: Gen, studio: Studio
) -> None:
    project = gen()
    make(project)
    make(project)  # nothing to do: not noted
    pipeline.retake(project, "keyframe", [SECOND], 1, lambda _: None, Cancel())
    choose.circle(project, SECOND, "keyframe", 1)
    edit(project, lambda b: b["scenes"][0]["shots"][0].update(action="She waits."))
    assert studio("accept", FIRST, "-m", "fine", "-p", project.root).code == 0
    shutil.rmtree(project.studio_folder)
    said = json.loads(studio("log", "--json", "-p", project.root).out)
    assert [(one["command"], one["did"]) for one in said["entries"]] == [
        ("make --to film", "3 keyframes, 3 clips, film made"),
        (f"retake keyframe -n 1 --select {SECOND}", "1 keyframe"),
        (f"circle {SECOND} keyframe 1", f"circled keyframe take 1 of {SECOND}"),
        (f"accept {FIRST}", f"accepted {FIRST} keyframe 1, {FIRST} clip 1: fine"),
    ]
    shown = studio("log", "-n", "1", "-p", project.root)
    assert shown.code == 0
    assert "studio accept" in shown.err
    assert "studio make" not in shown.err


def test_a_line_of_the_log_that_does_not_read_costs_that_line(gen: Gen) -> None:
    project = gen()
    history.note(project, "one", "did this")
    with (project.root / history.NAME).open("a", encoding="utf-8") as log:
        log.write('{"at": "half a li\n[]\n')
    history.note(project, "two", "did that")
    assert [entry.did for entry in history.read(project)] == ["did this", "did that"]


def test_a_failed_take_is_tried_again_not_accepted(gen: Gen) -> None:
    project = gen(film={"engines": {"painter": "null", "animator": "pan"}})
    pipeline.make(project, "keyframes", (), lambda _: None, Cancel())
    [picture] = (project.takes_folder / THIRD).glob("keyframe_*.png")
    picture.write_bytes(b"no picture")
    pipeline.make(project, "clips", [THIRD], lambda _: None, Cancel())
    assert states(project, THIRD)[1] == "failed"
    with pytest.raises(StudioError, match="nothing selected is stale"):
        choose.accept(project, [THIRD], ("clip",), "")
