"""What `studio clean` removes, and what it never does."""

from __future__ import annotations

import copy
import os
import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import pipeline
from studio.desk.clean import Leftover, clean, described, leftovers
from studio.desk.versions import keep
from studio.errors import ProjectBusy, StudioError
from studio.executors import Cancel
from studio.project import Project
from studio.schema.storyboard import TakeKind
from studio.schema.take import MadeBy, Take
from studio.takes import Takes
from tests.conftest import STORYBOARD, Gen, Studio, write_yaml

GONE = "sc010_sh090"


def make(project: Project, goal: Any) -> None:
    pipeline.make(project, goal, (), lambda _: None, Cancel())


def place(
    project: Project,
    kind: TakeKind,
    *,
    good: bool = True,
    shot: str = GONE,
    content: str = "",
    parents: dict[str, str] | None = None,
) -> Take:
    """A take without an engine: a text for a picture."""
    takes = Takes(project)
    number = takes.next_number(shot, kind)
    source = project.root / "made"
    source.write_text(content or f"{shot} {kind} {number}", encoding="utf-8")
    take = Take(
        shot=shot,
        kind=kind,
        number=number,
        status="good" if good else "failed",
        fingerprint="f",
        made_by=MadeBy(engine="null", revision=1, about="", embedded=True),
        request={},
        parents=parents or {},
    )
    placed = takes.place(take, {".png": source} if good else {})
    source.unlink(missing_ok=True)
    return placed


def listed(project: Project, kind: str = "take") -> list[str]:
    return [one.name for one in leftovers(project) if one.kind == kind]


def remove_all(project: Project) -> list[Leftover]:
    return clean(project, leftovers(project), lambda _: None)


def numbers(project: Project, kind: TakeKind, shot: str = GONE) -> list[int]:
    return [take.number for take in Takes(project).of(shot, kind)]


def segments(project: Project) -> set[str]:
    return {path.name for path in (project.studio_folder / "segments").iterdir()}


def test_segments_that_film_and_reel_use_stay(done: Project) -> None:
    make(done, "reel")
    before = segments(done)
    old = {one.name for one in leftovers(done) if one.kind == "segment"}
    # the reel was first cut from pictures, and is cut from clips now
    assert 0 < len(old) < len(before)
    gone = remove_all(done)
    assert {one.name for one in gone} == old
    assert segments(done) == before - old
    assert leftovers(done) == []
    for goal in ("film", "reel"):
        (done.root / f"{goal}.mp4").unlink()
        make(done, goal)
    assert segments(done) == before - old


def test_segments_of_other_shots_stay_while_one_waits_to_be_rendered(done: Project) -> None:
    make(done, "reel")
    remove_all(done)
    before = segments(done)
    storyboard = copy.deepcopy(STORYBOARD)
    storyboard["scenes"][1]["shots"][0]["motion"] = "{tom} falls."  # type: ignore[index]
    write_yaml(done.storyboard_file, storyboard)
    old = {one.name for one in leftovers(done) if one.kind == "segment"}
    # the shot's own, and the dissolve into it
    assert 0 < len(old) < len(before) - 4


def test_takes_of_shots_that_are_there_stay(gen: Gen) -> None:
    project = gen()
    for good in (True, False, True, False):
        place(project, "keyframe", good=good, shot="sc010_sh010")
    assert leftovers(project) == []


def test_a_renamed_shot_is_there_under_its_first_id(gen: Gen) -> None:
    storyboard = copy.deepcopy(STORYBOARD)
    storyboard["scenes"][0]["shots"][0]["was"] = GONE  # type: ignore[index]
    project = gen(storyboard=storyboard)
    place(project, "keyframe")
    place(project, "keyframe")
    assert leftovers(project) == []


def test_of_a_removed_shot_the_newest_good_take_and_the_last_number_stay(gen: Gen) -> None:
    project = gen()
    for good in (True, False, True, False, False):
        place(project, "keyframe", good=good)
    place(project, "clip")
    assert listed(project) == ["keyframe 1", "keyframe 2", "keyframe 4"]
    gone = remove_all(project)
    assert [one.shot for one in gone] == [GONE] * 3
    assert numbers(project, "keyframe") == [3, 5]
    assert numbers(project, "clip") == [1]
    assert Takes(project).next_number(GONE, "keyframe") == 6
    assert leftovers(project) == []
    assert "removed 3 takes of removed shots" in (project.root / "log.jsonl").read_text("utf-8")


def test_a_review_goes_with_its_take(gen: Gen) -> None:
    project = gen()
    place(project, "clip")
    place(project, "clip")
    folder = project.takes_folder / GONE
    (folder / "clip_v001.review.json").write_text('{"schema": "review/1"}', encoding="utf-8")
    remove_all(project)
    assert {path.name for path in folder.iterdir()} == {"clip_v002.json", "clip_v002.png"}


def test_what_a_draft_circles_stays(gen: Gen) -> None:
    storyboard = copy.deepcopy(STORYBOARD)
    storyboard["scenes"][0]["shots"].append(  # type: ignore[index]
        {"id": GONE, "duration": "1s", "takes": {"clip": 2}}
    )
    project = gen()
    write_yaml(project.drafts_folder / "storyboard_v001.yaml", storyboard)
    for _ in range(4):
        place(project, "clip")
    assert listed(project) == ["clip 1", "clip 3"]


def test_the_picture_of_a_clip_that_stays_stays(gen: Gen) -> None:
    project = gen()
    pictures = [place(project, "keyframe") for _ in range(3)]
    place(project, "clip", parents={"keyframe": pictures[1].files[".png"]})
    assert listed(project) == ["keyframe 1"]


def test_what_a_version_shows_stays(done: Project) -> None:
    keep(done, "v1", lambda _: None)
    for _ in range(2):
        place(done, "clip", shot="sc010_sh010")
    storyboard = copy.deepcopy(STORYBOARD)
    storyboard["scenes"][0]["shots"].pop(0)  # type: ignore[index]
    storyboard["scenes"][0]["shots"][0]["transition"] = "cut"  # type: ignore[index]
    write_yaml(done.storyboard_file, storyboard)
    assert listed(done) == ["clip 2"]
    remove_all(done)
    assert numbers(done, "clip", "sc010_sh010") == [1, 3]
    (done.versions_folder / "v1" / "version.yaml").write_text("half", encoding="utf-8")
    with pytest.raises(StudioError, match=r"versions/v1/version\.yaml"):
        leftovers(done)


def test_a_take_that_was_removed_half_way_is_no_take_and_is_found_again(gen: Gen) -> None:
    project = gen()
    place(project, "clip")
    place(project, "clip")
    [one] = leftovers(project)
    assert [path.name for path in one.files] == ["clip_v001.json", "clip_v001.png"]
    one.files[0].unlink()
    assert numbers(project, "clip") == [2]
    assert Takes(project).next_number(GONE, "clip") == 3
    assert [path.name for path in leftovers(project)[0].files] == ["clip_v001.png"]


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["keyframe", "clip"]), st.booleans()), max_size=7))
def test_no_number_is_given_twice(gen: Gen, made: list[tuple[TakeKind, bool]]) -> None:
    project = gen()
    shutil.rmtree(project.takes_folder, ignore_errors=True)
    for kind, good in made:
        place(project, kind, good=good)
    before = {kind: Takes(project).next_number(GONE, kind) for kind, _ in made}
    good = {
        kind: [take.number for take in Takes(project).of(GONE, kind) if take.status == "good"]
        for kind in before
    }
    remove_all(project)
    for kind, number in before.items():
        assert Takes(project).next_number(GONE, kind) == number
        assert set(good[kind][-1:]) <= set(numbers(project, kind))
    assert leftovers(project) == []


def test_only_what_was_agreed_on_goes(gen: Gen) -> None:
    project = gen()
    place(project, "clip")
    place(project, "clip")
    agreed = leftovers(project)
    place(project, "clip")
    gone = clean(project, agreed, lambda _: None)
    assert [one.name for one in gone] == ["clip 1"]
    assert numbers(project, "clip") == [2, 3]


def test_what_a_killed_run_left_goes_where_nobody_writes_it_any_more(gen: Gen) -> None:
    project = gen(
        files={
            ".storyboard.yaml.99.part": "x",
            "film.mp4.part": "xx",
            ".studio/segments/a.mp4.part": "xxx",
            "versions/.v1.part/film.mp4": "xxxx",
            "notes.part": "a person's",
        }
    )
    assert leftovers(project) == []
    for path in (*project.root.rglob("*.part"), project.root / "versions/.v1.part"):
        os.utime(path, (1, 1))
    assert listed(project, "temporary") == [
        *(".storyboard.yaml.99.part", ".studio/segments/a.mp4.part"),
        *("film.mp4.part", "versions/.v1.part"),
    ]
    remove_all(project)
    assert [path.name for path in project.root.rglob("*.part")] == ["notes.part"]


def test_the_command_asks_and_a_dry_run_removes_nothing(gen: Gen, studio: Studio) -> None:
    project = gen()
    assert studio("clean", "-p", project.root).err == "nothing to clean\n"
    place(project, "clip")
    place(project, "clip")
    said = studio("clean", "--dry-run", "-p", project.root)
    assert said.code == 0
    assert f"{GONE}      0.0 MB  is removed; takes: clip 1" in said.err
    assert "would free 0.0 MB; nothing was removed" in said.err
    said = studio("clean", "-p", project.root)
    assert said.code == 2
    assert "tip: read what it would remove, then run: studio clean --yes" in said.err
    assert numbers(project, "clip") == [1, 2]
    said = studio("clean", "--yes", "-p", project.root)
    assert "removed 1 take of a removed shot: 0.0 MB" in said.err
    assert numbers(project, "clip") == [2]


def test_it_waits_for_a_run(gen: Gen) -> None:
    project = gen()
    place(project, "clip")
    place(project, "clip")
    agreed = leftovers(project)
    with project.locked("studio make"), pytest.raises(ProjectBusy):
        clean(project, agreed, lambda _: None)
    assert numbers(project, "clip") == [1, 2]


def test_it_counts_in_words() -> None:
    segment = Leftover("segment", "a", (), 1_500_000)
    take = Leftover("take", "clip 1", (), 500_000, GONE)
    assert described([segment, segment, take]) == "2 segments, 1 take of a removed shot: 3.5 MB"
