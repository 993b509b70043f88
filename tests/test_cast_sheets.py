"""Cast sheets in a project: made before keyframes, chosen like takes, and lived with by every
command that walks takes/."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from studio import history, pipeline
from studio.desk import choose
from studio.desk.clean import clean, described, leftovers
from studio.desk.status import status, takes_of
from studio.desk.versions import keep
from studio.engines import base
from studio.errors import StudioError
from studio.executors import Cancel
from studio.project import Project
from studio.schema.storyboard import SheetKind
from studio.schema.take import MadeBy, Take
from studio.stages.cast import SHEETS
from studio.takes import Takes
from tests.conftest import Gen, Studio, write_yaml

MARA, TOM = "cast_mara", "cast_tom"
FAR, BOTH, NIGHT = "sc010_sh010", "sc010_sh020", "sc020_sh010"
FACES: dict[str, object] = {"engines": {"painter": "faces", "animator": "null"}}


@pytest.fixture(autouse=True)
def faces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(base.ENGINES["painter"], "faces", "tests.stages.faces:Faces")
    base.known_engines.cache_clear()
    yield
    base.known_engines.cache_clear()


def place(project: Project, kind: SheetKind, sheet: str = MARA, *, good: bool = True) -> Take:
    """A picture of a sheet without an engine: a text."""
    takes = Takes(project)
    number = takes.next_number(sheet, kind)
    source = project.root / "made"
    source.write_text(f"{sheet} {kind} {number}", encoding="utf-8")
    take = Take(
        shot=sheet,
        kind=kind,
        number=number,
        status="good" if good else "failed",
        error="" if good else "no paint",
        fingerprint="f",
        made_by=MadeBy(engine="null", revision=1, about="", embedded=True),
        request={},
    )
    placed = takes.place(take, {".png": source} if good else {})
    source.unlink(missing_ok=True)
    return placed


def edit(project: Project, change: Callable[[Any], object]) -> None:
    board = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
    change(board)
    write_yaml(project.storyboard_file, board)


def make(project: Project, goal: Any, *select: str) -> set[tuple[str, str | None]]:
    done = pipeline.make(project, goal, select, lambda _: None, Cancel())
    assert done.failed == []
    return {(one.step, one.shot) for one in done.rendered}


class TestRuns:
    def test_make_to_cast_paints_the_sheets_alone(self, gen: Gen, studio: Studio) -> None:
        project = gen()
        said = studio("plan", "-p", project.root, "--to", "cast")
        assert "to do: 2 front, 2 profile, 2 full" in said.err
        said = studio("make", "-p", project.root, "--to", "cast", "-s", NIGHT)
        assert (said.code, sorted(p.name for p in project.takes_folder.iterdir())) == (0, [TOM])
        assert make(project, "cast") == {(kind, MARA) for kind in SHEETS}
        assert make(project, "cast") == set()

    def test_keyframes_are_painted_from_sheets_that_are_there(self, gen: Gen) -> None:
        project = gen(film=FACES)
        assert make(project, "keyframes", BOTH) == {("keyframe", BOTH)}
        make(project, "cast")
        # now that there are sheets, the keyframe is another
        assert make(project, "keyframes", BOTH) == {("keyframe", BOTH)}
        fronts = [Takes(project).of(who, "front")[0].files[".png"] for who in (MARA, TOM)]
        newest = Takes(project).of(BOTH, "keyframe")[-1]
        assert newest.recorded["references"] == 2
        assert list(newest.parents.values()) == fronts
        # and a sheet that is stale is painted before what is painted from it
        edit(project, lambda b: b["cast"]["tom"].update(looks="a girl of ten"))
        steps = [(one.step, one.shot) for one in pipeline.plan(project, "keyframes", [BOTH]).steps]
        assert steps == [*((kind, TOM) for kind in SHEETS), ("keyframe", BOTH)]
        assert make(project, "keyframes", BOTH) == set(steps)
        assert pipeline.plan(project, "keyframes", [BOTH]).steps == []

    def test_a_painter_that_reads_none_leaves_them_alone(self, gen: Gen) -> None:
        project = gen()
        place(project, "front", TOM)
        assert {step for step, _ in make(project, "keyframes")} == {"keyframe"}

    def test_retake_by_person(self, gen: Gen, studio: Studio) -> None:
        project = gen(film=FACES)
        said = studio("retake", "front", "-p", project.root, "-s", "mara", "-n", 2, "--json")
        assert said.code == 0
        assert [(one["shot"], one["take"]) for one in json.loads(said.out)["rendered"]] == [
            (MARA, 1),
            (MARA, 2),
        ]
        assert Takes(project).of(TOM, "front") == []
        said = studio("retake", "front", "-p", project.root, "-s", FAR)
        assert said.code == 2
        assert "nobody 'sc010_sh010' in the cast" in said.err

    def test_retake_of_what_is_painted_from_another_makes_that_first(self, gen: Gen) -> None:
        project = gen(film=FACES)
        done = pipeline.retake(project, "full", ["tom"], 1, lambda _: None, Cancel())
        assert [(one.step, one.shot) for one in done.rendered] == [("front", TOM), ("full", TOM)]


class TestCircle:
    def test_by_the_command_line_and_back(self, gen: Gen, studio: Studio) -> None:
        project = gen()
        before = project.storyboard_file.read_text(encoding="utf-8")
        for _ in range(2):
            place(project, "front")
        said = studio("circle", "-p", project.root, "mara", "front", 1)
        assert (said.code, said.err) == (0, "mara front: take 1 is circled\n")
        board = project.read_storyboard(project.read_film())
        assert board is not None
        assert board.cast["mara"].takes == {"front": 1}
        said = studio("takes", "-p", project.root, "mara")
        assert "front_v001" in said.err.partition("circled")[0].splitlines()[-1]
        assert studio("circle", "-p", project.root, "mara", "front", "--clear").code == 0
        assert project.storyboard_file.read_text(encoding="utf-8") == before

    @pytest.mark.parametrize(
        ("text", "circled"),
        [
            (
                "cast:\n  mara: {name: Mara}  # the keeper\n  tom:\n    name: Tom\n",
                "cast:\n  mara: {name: Mara, takes: {front: 1}}  # the keeper\n"
                "  tom:\n    name: Tom\n",
            ),
            (
                "cast:\n  mara:\n    name: Mara\n    looks: >\n      grey braid,\n      sixty\n",
                "cast:\n  mara:\n    name: Mara\n    looks: >\n      grey braid,\n      sixty\n"
                "    takes: {front: 1}\n",
            ),
            (
                "cast:\n  mara:\n    takes: {full: 2}  # long coat\n    name: Mara\n",
                "cast:\n  mara:\n    takes: {full: 2, front: 1}  # long coat\n    name: Mara\n",
            ),
            (
                "cast: {mara: {name: Mara, looks: old}}\n",
                "cast: {mara: {name: Mara, looks: old, takes: {front: 1}}}\n",
            ),
        ],
    )
    def test_every_other_character_stays(self, gen: Gen, text: str, circled: str) -> None:
        rest = (
            "places: {tower: {name: Tower}}\nscenes:\n- id: sc010\n  heading: EXT. TOWER\n"
            "  place: tower\n  shots:\n  - {id: sc010_sh010, duration: 2s, cast: [mara]}\n"
        )
        project = gen()
        project.storyboard_file.write_text(f"schema: storyboard/1\n{text}{rest}", encoding="utf-8")
        place(project, "front")
        choose.circle(project, "mara", "front", 1)
        written = project.storyboard_file.read_text(encoding="utf-8")
        assert written == f"schema: storyboard/1\n{circled}{rest}"

    def test_what_cannot_be_circled(self, gen: Gen, studio: Studio) -> None:
        project = gen()
        place(project, "front", good=False)
        with pytest.raises(StudioError, match="mara has no good front take 1"):
            choose.circle(project, "mara", "front", 1)
        with pytest.raises(StudioError, match="mara has no keyframe"):
            choose.circle(project, "mara", "keyframe", 1)
        with pytest.raises(StudioError, match="sc010_sh010 has no front"):
            choose.circle(project, FAR, "front", 1)
        assert studio("circle", "-p", project.root, "marta", "front", 1).code == 2
        edit(project, lambda b: b["cast"]["mara"].update(takes={"front": 7}))
        with pytest.raises(StudioError, match="mara: front take 7 is circled") as error:
            takes_of(project, "mara")
        assert error.value.tip.endswith("studio circle mara front --clear")


class TestAccept:
    def test_a_stale_picture_by_person(self, gen: Gen) -> None:
        project = gen()
        place(project, "front")
        place(project, "full", TOM)
        done = choose.accept(project, ["*"], ["front"], "like her")
        assert [(one.shot, one.step, one.take) for one in done] == [(MARA, "front", 1)]
        assert status(project).sheets[0].pictures["front"].state == "fresh"
        assert "accepted cast_mara front 1: like her" in history.read(project)[-1].did
        edit(project, lambda b: b["cast"]["mara"].update(looks="other"))
        assert status(project).sheets[0].pictures["front"].state == "stale"

    def test_with_the_shots_whose_keyframes_are_painted_from_it(self, gen: Gen) -> None:
        project = gen(film=FACES)
        for kind in SHEETS:
            place(project, kind)
        done = choose.accept(project, [FAR], [*SHEETS, "keyframe"], "")
        assert {one.shot for one in done} == {MARA}


class TestStatus:
    def test_lists_sheets_where_there_are_any(self, gen: Gen, studio: Studio) -> None:
        project = gen()
        assert "profile" not in studio("status", "-p", project.root).err
        assert json.loads(studio("status", "-p", project.root, "--json").out)["cast"] == []
        place(project, "front")
        place(project, "full", good=False)
        lines = studio("status", "-p", project.root).err.splitlines()
        assert lines[0].split() == ["cast", "front", "profile", "full", "looks"]
        assert lines[1].startswith("mara")
        assert "a woman of sixty, grey braid" in lines[1]
        assert lines[2] == ""
        assert lines[3].startswith("shot")
        [mara] = json.loads(studio("status", "-p", project.root, "--json").out)["cast"]
        assert mara["id"] == "mara"
        assert (mara["front"], mara["profile"]) == ("stale", "missing")
        assert status(project, [NIGHT]).sheets == []


class TestLivingWithSheets:
    def test_recover_finishes_what_was_whole_and_removes_the_rest(self, gen: Gen) -> None:
        project = gen()
        place(project, "front")
        folder = project.takes_folder / MARA
        (folder / "front_v001.json").rename(folder / ".front_v001.json.part")
        (folder / "front_v001.png").rename(folder / ".front_v001.png.part")
        (folder / ".full_v001.png.part").write_bytes(b"half")
        assert Takes(project).of(MARA, "front") == []
        assert Takes(project).recover() == 1
        assert [take.number for take in Takes(project).of(MARA, "front")] == [1]
        assert sorted(path.name for path in folder.iterdir()) == [
            "front_v001.json",
            "front_v001.png",
        ]

    def test_numbers_are_not_given_twice_and_kinds_are_counted_apart(self, gen: Gen) -> None:
        project = gen()
        for kind in ("front", "front", "full"):
            place(project, kind)
        takes = Takes(project)
        assert [take.number for take in takes.of(MARA, "front")] == [1, 2]
        assert [take.number for take in takes.of(MARA, "full")] == [1]

    def test_clean_keeps_the_sheets_of_the_cast(self, gen: Gen) -> None:
        project = gen()
        for _ in range(3):
            place(project, "front")
        assert leftovers(project) == []

    def test_clean_keeps_of_somebody_removed_the_newest_and_what_is_circled(
        self, gen: Gen, studio: Studio
    ) -> None:
        project = gen()
        edit(project, lambda b: b["cast"].update(otto={"name": "Otto", "takes": {"front": 1}}))
        for _ in range(3):
            place(project, "front", "cast_otto")
        make(project, "reel")
        keep(project, "v1", lambda _: None)
        edit(project, lambda b: b["cast"].pop("otto"))
        found = leftovers(project)
        assert [(one.kind, one.shot, one.name) for one in found] == [
            ("sheet", "cast_otto", "front 2")
        ]
        assert described(found).startswith("1 picture of a removed sheet")
        said = studio("clean", "-p", project.root, "--dry-run").err
        assert "cast_otto" in said
        clean(project, found, lambda _: None)
        assert [take.number for take in Takes(project).of("cast_otto", "front")] == [1, 3]

    def test_a_circled_picture_is_a_difference_between_versions(
        self, gen: Gen, studio: Studio
    ) -> None:
        project = gen()
        place(project, "front")
        make(project, "reel")
        keep(project, "v1", lambda _: None)
        choose.circle(project, "mara", "front", 1)
        said = studio("diff", "-p", project.root, "v1")
        assert said.code == 0
        assert "front 1" in said.out + said.err

    def test_a_new_draft_leaves_circles_alone(self, gen: Gen, studio: Studio) -> None:
        project = gen(storyboard=None, film={"engines": {"animator": "null"}})
        assert studio("write", "-p", project.root).code == 0
        who = next(iter(yaml.safe_load(project.storyboard_file.read_text())["cast"]))
        place(project, "front", f"cast_{who}")
        choose.circle(project, who, "front", 1)
        (project.root / "story.md").write_text(
            "Mara keeps the light. Tom comes in a boat. They drink tea.", encoding="utf-8"
        )
        assert studio("write", "-p", project.root).code == 0
        board = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
        assert board["cast"][who]["takes"] == {"front": 1}
