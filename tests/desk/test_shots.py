"""Shots and scenes changed in a project: takes stay with their shot, ids stay permanent, and
what would not hold is refused before anything is written."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from typing import Any

import pytest
import yaml

from studio import history
from studio.desk import scenes, shots
from studio.desk.shots import Spot
from studio.edit.cut import Timeline, lay_out
from studio.errors import ProjectBusy, StudioError
from studio.ffmpeg import read_frames
from studio.project import Project
from studio.schema.storyboard import Shot
from studio.takes import Takes
from tests.conftest import FILM, STORYBOARD, Gen, Studio, write_yaml

ONE, TWO, THREE = "sc010_sh010", "sc010_sh020", "sc020_sh010"
AFTER_TWO = Spot("after", TWO)


def text(project: Project) -> str:
    return project.storyboard_file.read_text(encoding="utf-8")


def order(project: Project) -> list[str]:
    storyboard = project.read_storyboard(project.read_film())
    assert storyboard
    return [shot.id for _, shot in storyboard.shots()]


def shot_of(project: Project, id_: str) -> Shot:
    storyboard = project.read_storyboard(project.read_film())
    assert storyboard
    return next(shot for _, shot in storyboard.shots() if shot.id == id_)


def timeline(project: Project) -> Timeline:
    storyboard = project.read_storyboard(project.read_film())
    assert storyboard
    return lay_out(project.read_film(), storyboard)


def board_with(**fields: object) -> dict[str, Any]:
    """The storyboard with other fields in its second shot."""
    board: dict[str, Any] = copy.deepcopy(STORYBOARD)
    board["scenes"][0]["shots"][1].update(fields)
    return board


def planned(studio: Studio, project: Project, goal: str = "clips") -> list[tuple[str, str | None]]:
    said = studio("plan", "-p", project.root, "--to", goal, "--json")
    assert said.code == 0, said.err
    return [(one["step"], one["shot"]) for one in json.loads(said.out)["steps"]]


def made(studio: Studio, project: Project, goal: str = "clips") -> None:
    said = studio("make", "-p", project.root, "--to", goal)
    assert said.code == 0, said.err


# --- add -------------------------------------------------------------------------------


def test_an_added_shot_is_printed_and_noted(gen: Gen, studio: Studio) -> None:
    project = gen()
    said = studio(
        *("shot", "add", "-p", project.root, "--after", ONE, "--size", "CU", "--duration", "18f"),
        *("--action", "The lamp: out."),
    )
    assert (said.code, said.out) == (0, "sc010_sh015\n")
    assert said.err == f"added sc010_sh015 after {ONE}\n"
    new = shot_of(project, "sc010_sh015")
    assert (new.size, str(new.duration), new.action) == ("CU", "18f", "The lamp: out.")
    assert history.read(project)[-1].did == f"added sc010_sh015 after {ONE}"


def test_an_id_that_was_ever_used_is_not_given_again(gen: Gen) -> None:
    project = gen(
        files={
            "takes/sc010_sh015/keyframe_v001.png": b"",
            "boards/sc010_sh014_b.png": b"",
            "drafts/storyboard_v001.yaml": "- id: sc010_sh016\n",
            "versions/one/storyboard.yaml": "- {id: sc010_sh013}\n",
        }
    )
    assert shots.add(project, Spot("after", ONE)).id == "sc010_sh017"
    for used in ("sc010_sh013", "sc010_sh014", "sc010_sh015", "sc010_sh016"):
        with pytest.raises(StudioError, match="or did once"):
            shots.rename(project, ONE, used)
    assert not (project.takes_folder / ONE).exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"size": "XXL"}, "'XXL' is no size"),
        ({"duration": "soon"}, "'soon' is no "),
        ({"copy": "sc010_sh021"}, "there is no shot 'sc010_sh021'"),
        ({"duration": "0.01s"}, "shorter than one frame|shorter than a frame"),
    ],
)
def test_what_no_shot_can_have_is_refused(gen: Gen, options: dict[str, str], says: str) -> None:
    project = gen()
    before = text(project)
    with pytest.raises(StudioError, match=says):
        shots.add(project, AFTER_TWO, **options)  # type: ignore[arg-type]
    assert text(project) == before
    assert not history.read(project)


def test_one_place_has_to_be_named(gen: Gen, studio: Studio) -> None:
    project = gen()
    for options in ([], ["--after", ONE, "--scene", "sc010"]):
        said = studio("shot", "add", "-p", project.root, *options)
        assert said.code == 2
        assert "say where" in said.err


def test_a_storyboard_that_does_not_read_is_refused_with_its_line(gen: Gen) -> None:
    project = gen()
    project.storyboard_file.write_text(text(project) + "scenes: [\n", encoding="utf-8")
    with pytest.raises(StudioError, match=r"storyboard.yaml:\d+: "):
        shots.add(project, AFTER_TWO)


# --- move and remove -------------------------------------------------------------------


def test_a_moved_shot_keeps_its_takes(gen: Gen, studio: Studio) -> None:
    project = gen()
    made(studio, project, "keyframes")
    said = studio("shot", "move", TWO, "-p", project.root, "--scene", "sc020")
    assert said.code == 0
    assert said.err.startswith(f"moved {TWO} to the end of sc020, into another scene: studio plan")
    assert order(project) == [ONE, THREE, TWO]
    assert shots.move(project, TWO, Spot("after", THREE)).text.endswith("already")
    shots.move(project, TWO, Spot("after", ONE))
    assert planned(studio, project, "keyframes") == []


def test_an_edit_needs_no_lock_but_a_renaming_does(gen: Gen) -> None:
    project = gen()
    with project.locked("studio make"):
        shots.move(project, TWO, Spot("before", ONE))
        with pytest.raises(ProjectBusy):
            shots.rename(project, ONE, "sc010_sh011")
    assert order(project) == [TWO, ONE, THREE]


def test_what_would_not_lay_out_is_refused(gen: Gen) -> None:
    project = gen()
    before = text(project)
    for refused in (
        lambda: shots.remove(project, [ONE, TWO]),
        lambda: scenes.remove(project, "sc010"),
        lambda: shots.move(project, THREE, Spot("before", ONE)),
        lambda: scenes.move(project, "sc020", Spot("before", "sc010")),
    ):
        with pytest.raises(StudioError, match=f"{THREE}: transition: dissolve 0.5s has no shot"):
            refused()
    assert text(project) == before


def test_a_removed_shot_leaves_its_takes(gen: Gen, studio: Studio) -> None:
    project = gen()
    made(studio, project, "keyframes")
    before = text(project)
    said = studio("shot", "remove", ONE, "-p", project.root)
    assert (said.code, said.err.startswith(f"removed {ONE}; its takes stay")) == (0, True)
    assert order(project) == [TWO, THREE]
    assert shots.add(project, Spot("before", TWO)).id != ONE
    project.storyboard_file.write_text(before, encoding="utf-8")
    assert planned(studio, project, "keyframes") == []


# --- split -----------------------------------------------------------------------------


def test_after_a_split_the_film_is_as_before_and_nothing_is_rendered(
    gen: Gen, studio: Studio
) -> None:
    project = gen()
    made(studio, project, "film")
    before = [frame.astype(int) for frame in read_frames(project.root / "film.mp4")]
    said = studio("shot", "split", TWO, "--at", "0.75s", "-p", project.root)
    assert (said.code, said.out) == (0, "sc010_sh030\n")
    assert planned(studio, project, "film") == [("film", None)]
    made(studio, project, "film")
    after = [frame.astype(int) for frame in read_frames(project.root / "film.mp4")]
    assert len(after) == len(before)
    for one, two in zip(before, after, strict=True):
        assert abs(one - two).mean() < 3


@pytest.mark.parametrize(
    ("first", "fields", "at"),
    [
        ("1.54s", {}, "0.84s"),
        ("1.46s", {"trim": "0.33s"}, "0.84s"),
        ("1.54s", {"from": {"shot": THREE, "in": "0.16s"}, "trim": "0.28s"}, "0.84s"),
        ("2s", {"speed": "0.5"}, "0.7s"),
        ("2s", {"speed": "2"}, "0.7s"),
    ],
)
def test_the_second_part_begins_with_the_very_next_frame(
    gen: Gen, first: str, fields: dict[str, Any], at: str
) -> None:
    board = board_with(**fields)
    board["scenes"][0]["shots"][0]["duration"] = first
    board["scenes"][1]["shots"][0]["trim"] = "0.14s"
    project = gen(film={"rate": 10}, storyboard=board)
    before = timeline(project)
    new = shots.split(project, TWO, at).id
    after = timeline(project)
    one, two = after.shots[TWO], after.shots[new]
    assert one.source == two.source
    assert two.source_in == one.source_in + int(one.frames * one.speed)
    assert after.shots[THREE].start == before.shots[THREE].start
    assert after.frames == before.frames


def test_a_shot_that_lasts_marks_is_split_at_a_mark(gen: Gen) -> None:
    project = gen(
        film={"song": {"file": "song.flac", "marks": "marks.csv"}},
        storyboard=board_with(duration="3 marks"),
        files={"marks.csv": "2\n3\n4.25\n5\n9\n"},
    )
    new = shots.split(project, TWO, "2 marks").id
    second = shot_of(project, new)
    assert str(shot_of(project, TWO).duration) == "2 marks"
    assert second.source
    assert (str(second.duration), str(second.source.start)) == ("1 mark", "27f")


def test_beats_before_the_first_one_are_not_doubled(gen: Gen) -> None:
    board = board_with()
    board["scenes"][0]["shots"][0]["duration"] = "2 bars"
    song = {"file": "song.flac", "tempo": 120, "first": "0.5s"}
    project = gen(film={"song": song}, storyboard=board)
    before = timeline(project).frames
    with pytest.raises(StudioError, match="the film would last") as raised:
        shots.split(project, ONE, "1.1s")
    assert raised.value.tip == "name the time in beats"
    shots.split(project, ONE, "1 bar")
    assert timeline(project).frames == before


def test_a_part_too_short_for_its_transition_is_refused(gen: Gen) -> None:
    project = gen()
    with pytest.raises(StudioError, match=f"{THREE}: transition: dissolve 0.5s does not fit"):
        shots.split(project, THREE, "0.1s")
    with pytest.raises(StudioError, match="there is no shot 'sc020_sh011'"):
        shots.split(project, "sc020_sh011", "1s")


# --- rename ----------------------------------------------------------------------------


def test_after_a_renaming_nothing_is_to_be_done(gen: Gen, studio: Studio) -> None:
    project = gen(files={f"boards/{ONE}_b.txt": "", "boards/others.txt": ""})
    shots.split(project, TWO, "1s")
    made(studio, project, "film")
    (project.boards_folder / f"{ONE}_b.txt").rename(project.boards_folder / f"{TWO}_c.txt")
    said = studio("shot", "rename", TWO, "sc010_sh022", "-p", project.root)
    assert said.err == f"renamed {TWO} to sc010_sh022; its takes went along\n"
    assert planned(studio, project, "clips") == []
    assert not (project.takes_folder / TWO).exists()
    assert sorted(path.name for path in project.boards_folder.iterdir()) == [
        "others.txt",
        "sc010_sh022_c.txt",
    ]
    shots.rename(project, "sc010_sh022", "sc010_sh023")
    assert shot_of(project, "sc010_sh023").was == TWO
    shots.rename(project, "sc010_sh023", TWO)
    assert shot_of(project, TWO).was is None
    assert planned(studio, project, "film") == []
    assert [path.name for path in project.takes_folder.glob("*/.*")] == []


def test_a_refused_renaming_leaves_everything_as_it_was(gen: Gen, studio: Studio) -> None:
    project = gen()
    made(studio, project, "keyframes")
    before = text(project)
    for shot, new in ((ONE, TWO), ("../../outside", "sc010_sh011"), (ONE, "../../outside")):
        with pytest.raises(StudioError):
            shots.rename(project, shot, new)
    assert text(project) == before
    assert not (project.root.parent.parent / "outside").exists()
    assert [path.name for path in project.takes_folder.glob("*/.*")] == []
    shots.rename(project, ONE, "sc010_sh011")
    (project.takes_folder / ONE).mkdir()
    with pytest.raises(StudioError, match=f"takes/{ONE} is there already"):
        shots.rename(project, "sc010_sh011", ONE)


NEW = "sc010_sh012"


@pytest.mark.parametrize("commit", [False, True], ids=["before", "after"])
def test_killed_around_the_writing_of_the_storyboard(gen: Gen, commit: bool) -> None:
    project = gen(files={f"takes/{ONE}/clip_v001.mp4": b"x", f"boards/{ONE}.png": b"x"})
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from studio.project import Project\n"
        "from studio.takes import Takes\n"
        f"project = Project(Path({str(project.root)!r}))\n"
        "file = project.storyboard_file\n"
        f"with Takes(project).renaming({ONE!r}, {NEW!r}):\n"
        f"    if {commit}:\n"
        f"        file.write_text(file.read_text().replace({ONE!r}, {NEW!r}))\n"
        "    os._exit(9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ))
    assert ended.returncode == 9
    Takes(project).recover()
    together(project, NEW if commit else ONE)


@pytest.mark.parametrize("done", ["takes moved", "a board moved", "all moved", "given back"])
def test_killed_while_takes_and_boards_are_moved(gen: Gen, done: str) -> None:
    where = ONE if done == "given back" else NEW
    project = gen(
        storyboard=json.loads(json.dumps(STORYBOARD).replace(ONE, where)),
        files={
            f"takes/{NEW}/clip_v001.mp4": b"x",
            f"takes/{NEW}/.rename.json": json.dumps({"from": ONE, "to": NEW}),
            f"boards/{ONE if done == 'takes moved' else NEW}.png": b"x",
            f"boards/{NEW if done == 'all moved' else ONE}_b.png": b"x",
        },
    )
    Takes(project).recover()
    together(project, where)
    assert (project.boards_folder / f"{where}_b.png").is_file()


def together(project: Project, where: str) -> None:
    """The shot, its takes and its pictures have one id, and nothing is left over."""
    assert where in text(project)
    assert [path.name for path in project.takes_folder.iterdir()] == [where]
    assert [path.name for path in (project.takes_folder / where).iterdir()] == ["clip_v001.mp4"]
    assert (project.boards_folder / f"{where}.png").is_file()
    assert all(path.name.startswith(where) for path in project.boards_folder.iterdir())


def test_a_shot_without_takes_leaves_no_folder(gen: Gen) -> None:
    project = gen()
    assert shots.rename(project, ONE, NEW).text == f"renamed {ONE} to {NEW}"
    assert list(project.takes_folder.iterdir()) == []


# --- scenes ----------------------------------------------------------------------------


def test_a_scene_is_added_filled_moved_renamed_and_removed(gen: Gen, studio: Studio) -> None:
    project = gen()
    made(studio, project, "keyframes")

    def scene(*arguments: str) -> str:
        said = studio("scene", *arguments, "-p", project.root)
        assert said.code == 0, said.err
        return said.err.strip()

    said = scene("add", "--after", "sc010", "--heading", "INT. LAMP ROOM - NIGHT")
    assert said == "added sc015 after sc010, at the place lamp_room"
    assert planned(studio, project, "keyframes") == []  # a scene without shots is fine
    assert studio("status", "-p", project.root).code == 0
    assert scene("move", "sc015", "--after", "sc020") == "moved sc015 after sc020"
    assert scene("rename", "sc020", "sc018").startswith("renamed sc020 to sc018")
    assert planned(studio, project, "keyframes") == []
    shots.move(project, THREE, Spot("at the end of", "sc015"))
    assert scene("remove", "sc018") == "removed sc018"
    assert order(project) == [ONE, TWO, THREE]
    assert scene("remove", "sc015").startswith("removed sc015 with 1 shot; its takes stay")
    assert [entry.command for entry in history.read(project)][-6:] == [
        *("scene add", "scene move", "scene rename", "shot move", "scene remove", "scene remove")
    ]
    assert studio("make", "-p", project.root).code == 0


def test_an_empty_scene_makes_a_film(gen: Gen, studio: Studio) -> None:
    project = gen()
    scenes.add(project, Spot("before", "sc010"), "INT. LAMP ROOM - NIGHT", "tower")
    made(studio, project, "reel")
    assert FILM["rate"] == 12


def test_a_shot_with_further_panels_is_split_only_where_they_still_fit(
    gen: Gen, studio: Studio
) -> None:
    pictures = {f"boards/{ONE}{panel}.png": b"not looked into" for panel in ("", "_b")}
    project = gen(files=pictures)
    before = project.storyboard_file.read_bytes()
    spread = studio("shot", "split", ONE, "--at", "1s", "-p", project.root)
    assert spread.code == 2
    assert f"{ONE} has 2 pictures, which are spread over its length" in spread.err
    board = yaml.safe_load(before)
    board["scenes"][0]["shots"][0]["panels"] = ["1.5s"]
    write_yaml(project.storyboard_file, board)
    late = studio("shot", "split", ONE, "--at", "1s", "-p", project.root)
    assert late.code == 2
    assert "do not follow each other" in late.err
    assert studio("shot", "split", ONE, "--at", "1.75s", "-p", project.root).code == 0


def test_an_id_of_the_log_is_never_given_again(gen: Gen, studio: Studio) -> None:
    project = gen()
    new = studio("shot", "add", "--after", ONE, "-p", project.root).out.strip()
    assert studio("shot", "remove", new, "-p", project.root).code == 0
    again = studio("shot", "add", "--after", ONE, "-p", project.root).out.strip()
    assert again != new
