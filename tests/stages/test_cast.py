"""Cast sheets: what is painted, what is taken over, and what keyframes get of it."""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image, ImageChops

from studio.engines import base
from studio.engines.base import EngineSpec
from studio.engines.requests import File, PaintRequest
from studio.errors import DocumentError, SelectionError, StudioError
from studio.events import Event, Listener, Note, StepDone
from studio.executors import Cancel, Done, Failed, Job, perform
from studio.project import Project
from studio.schema.storyboard import SheetKind
from studio.stages.cast import (
    SHEETS,
    SHEETS_IN_USE,
    FrontSheets,
    FullSheets,
    ProfileSheets,
    named,
    people_of,
    references,
)
from studio.stages.production import Production, written_production
from studio.stages.takes import Outcome
from studio.takes import Takes
from tests.conftest import STORYBOARD, Gen, write_yaml

MARA, TOM = "cast_mara", "cast_tom"
FAR, BOTH, NIGHT = "sc010_sh010", "sc010_sh020", "sc020_sh010"
FACES: dict[str, object] = {"engines": {"painter": "faces", "animator": "null"}}


@pytest.fixture(autouse=True)
def faces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(base.ENGINES["painter"], "faces", "tests.stages.faces:Faces")
    monkeypatch.setitem(base.ENGINES["painter"], "one-face", "tests.stages.faces:OneFace")
    base.known_engines.cache_clear()
    yield
    base.known_engines.cache_clear()


class Here:
    """The local executor without its processes, whose start takes longer than these pictures."""

    def run(
        self, spec: EngineSpec, jobs: Iterable[Job], _: Listener, __: Cancel
    ) -> Iterator[Done | Failed]:
        engine = spec.open()
        for job in jobs:
            folder = Path(tempfile.mkdtemp())
            try:
                yield Done(job, perform(engine, job, folder, base.unheard), 0.1, None)
            except (StudioError, ValueError) as error:
                yield Failed(job, str(error))
            shutil.rmtree(folder)


def run(
    project: Project,
    shots: Sequence[str] = (),
    listen: Listener = base.unheard,
    *,
    in_use: bool = False,
) -> list[Outcome]:
    """What a run of the sheets makes, of all or of those named."""
    production = written_production(project)
    return [
        outcome
        for stage in (SHEETS_IN_USE if in_use else SHEETS.values())
        for outcome in stage(production).run(
            shots or list(production.shots), Here(), listen, Cancel()
        )
    ]


def retake(
    project: Project, sheet: str, count: int, listen: Listener = base.unheard
) -> list[Outcome]:
    stage = FrontSheets(written_production(project))
    return list(stage.retake([sheet], count, Here(), listen, Cancel()))


def made(outcomes: list[Outcome]) -> list[tuple[str | None, str]]:
    return [(one.shot, one.step) for one in outcomes]


def edit(project: Project, **mara: Any) -> None:
    board = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
    board["cast"]["mara"] |= mara
    write_yaml(project.storyboard_file, board)


def opened(project: Project, kind: SheetKind, sheet: str = MARA) -> Image.Image:
    takes = Takes(project)
    return Image.open(takes.path(takes.of(sheet, kind)[-1])).convert("RGB")


def asked(production: Production, kind: SheetKind, sheet: str = MARA) -> PaintRequest:
    request = SHEETS[kind](production).request(sheet, 1, 1)
    assert request is not None
    return request


def photo(colour: str, size: tuple[int, int]) -> bytes:
    """A picture with a black top quarter, as a JPEG."""
    picture = Image.new("RGB", size, colour)
    picture.paste("black", (0, 0, size[0], size[1] // 4))
    file = BytesIO()
    picture.save(file, "JPEG", quality=95)
    return file.getvalue()


class TestPainting:
    def test_everybody_gets_three_pictures_and_that_once(self, gen: Gen) -> None:
        project = gen()
        assert made(run(project)) == [
            (sheet, kind) for kind in ("front", "profile", "full") for sheet in (MARA, TOM)
        ]
        assert opened(project, "front").size == (1024, 1024)
        assert opened(project, "full").size == (768, 1152)
        assert run(project) == []

    def test_the_prompt_is_looks_view_and_the_films_look(self, gen: Gen) -> None:
        assert asked(written_production(gen()), "profile").prompt == (
            "Head and shoulders in profile, facing left: Mara, a woman of sixty, grey braid. "
            "Plain grey background, even light. pencil."
        )

    def test_pictures_and_people_have_seeds_of_their_own(self, gen: Gen) -> None:
        project = gen()
        run(project)
        takes = Takes(project)
        seeds = {
            takes.of(sheet, kind)[0].request["request"]["seed"]
            for sheet in (MARA, TOM)
            for kind in SHEETS
        }
        assert len(seeds) == 6

    def test_other_looks_make_that_persons_pictures_stale(self, gen: Gen) -> None:
        project = gen()
        run(project)
        edit(project, looks="a woman of thirty")
        stage = FrontSheets(written_production(project))
        assert stage.reason(MARA) == "changed: prompt"
        assert stage.reason(TOM) == ""
        assert made(run(project)) == [(MARA, kind) for kind in SHEETS]

    def test_people_of_the_selected_shots_alone(self, gen: Gen) -> None:
        project = gen()
        assert {one.shot for one in run(project, [NIGHT])} == {TOM}
        assert {one.shot for one in run(project, [MARA])} == {MARA}

    def test_somebody_in_no_shot_has_a_sheet_too(self, gen: Gen) -> None:
        board = copy.deepcopy(STORYBOARD)
        board["cast"]["otto"] = {"name": "Otto", "looks": "bald"}  # type: ignore[index]
        production = written_production(gen(storyboard=board))
        assert "cast_otto" in FrontSheets(production).renders(production.shots)
        assert "cast_otto" not in FrontSheets(production).renders([FAR, BOTH])

    def test_one_persons_failure_is_theirs_alone(self, gen: Gen) -> None:
        board = copy.deepcopy(STORYBOARD)
        board["cast"]["mara"]["name"] = "Nobody"  # type: ignore[index]
        project = gen(film=FACES, storyboard=board)
        outcomes = run(project)
        assert [(one.shot, one.step) for one in outcomes if one.error] == [(MARA, "front")]
        assert made([one for one in outcomes if not one.error]) == [(TOM, kind) for kind in SHEETS]
        # what is painted from the picture that failed waits for it, and so do keyframes
        production = written_production(project)
        assert ProfileSheets(production).reason(MARA) == "no take yet"
        assert references(production, BOTH) is None

    def test_further_takes_have_other_seeds(self, gen: Gen) -> None:
        project = gen()
        run(project)
        outcomes = retake(project, MARA, 2)
        assert [(one.shot, one.take) for one in outcomes] == [(MARA, 2), (MARA, 3)]
        standing = FrontSheets(written_production(project)).standing(MARA)
        assert standing.current == Takes(project).of(MARA, "front")[2]
        edit(project, takes={"front": 2})
        standing = FrontSheets(written_production(project)).standing(MARA)
        assert standing.circled
        assert standing.current == Takes(project).of(MARA, "front")[1]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Mara's sheet by the embedded painter."""
    root = tmp_path_factory.mktemp("drawn")
    film = {"schema": "film/1", "title": "S", "look": "35mm film, muted teal and amber"}
    write_yaml(root / "film.yaml", film)
    write_yaml(root / "storyboard.yaml", STORYBOARD)
    project = Project(root)
    run(project, [MARA])
    return project


class TestSketch:
    """What the embedded painter draws."""

    def test_before_a_plain_background(self, drawn: Project) -> None:
        for kind in SHEETS:
            picture = opened(drawn, kind)
            above = picture.crop((300, 0, picture.width - 300, picture.height // 16))
            assert len(above.convert("L").getcolors() or []) < 30, kind

    def test_somebody_is_seen_from_head_to_feet(self, drawn: Project) -> None:
        full = opened(drawn, "full")
        wall = full.crop((0, 0, full.width // 8, full.height)).resize(full.size)
        person = (
            ImageChops.difference(full, wall).convert("L").point(lambda value: value > 60 and 255)
        )
        box = person.getbbox()
        assert box is not None
        assert box[0] > full.width // 8
        assert box[1] > full.height // 16
        assert box[3] < full.height
        assert box[3] - box[1] > full.height // 2

    def test_the_profile_is_another_picture_than_the_front(self, drawn: Project) -> None:
        assert opened(drawn, "front").tobytes() != opened(drawn, "profile").tobytes()


class TestOwnPictures:
    def test_are_taken_over_in_order_with_their_heads(self, gen: Gen) -> None:
        own = ["cast/face.jpg", "cast/side.jpg"]
        files = {own[0]: photo("red", (600, 900)), own[1]: photo("lime", (900, 600))}
        project = gen(files=files)
        edit(project, references=own)
        production = written_production(project)
        assert FrontSheets(production).reason(MARA) == "own picture: cast/face.jpg"
        outcomes = run(project, [MARA])
        assert len(outcomes) == 3
        by = {kind: Takes(project).of(MARA, kind)[0].made_by.engine for kind in SHEETS}
        assert by == {"front": "board", "profile": "board", "full": "null"}
        front = opened(project, "front")
        assert front.size == (1024, 1024)
        assert front.getpixel((512, 10)) < (60, 60, 60)  # type: ignore[operator]
        assert front.getpixel((512, 1000))[0] > 200  # type: ignore[index]
        assert run(project, [MARA]) == []

    def test_a_changed_picture_is_a_new_take_and_a_removed_one_paints(self, gen: Gen) -> None:
        project = gen(files={"cast/face.jpg": photo("red", (300, 300))})
        edit(project, references=["cast/face.jpg"])
        run(project, [MARA])
        (project.root / "cast/face.jpg").write_bytes(photo("blue", (301, 300)))
        assert made(run(project, [MARA])) == [(MARA, "front")]
        assert opened(project, "front").getpixel((512, 1000))[2] > 200  # type: ignore[index]
        edit(project, references=[])
        assert made(run(project, [MARA])) == [(MARA, "front")]
        assert Takes(project).of(MARA, "front")[-1].made_by.engine == "null"

    def test_have_no_other_variation(self, gen: Gen) -> None:
        project = gen(files={"cast/face.jpg": photo("red", (300, 300))})
        edit(project, references=["cast/face.jpg"])
        film = yaml.safe_load(project.film_file.read_text(encoding="utf-8"))
        film["engines"]["painter"] = {"engine": "null", "takes": 2}
        write_yaml(project.film_file, film)
        heard: list[Event] = []
        run(project, [MARA], heard.append)
        done = [(one.step, one.take) for one in heard if isinstance(one, StepDone)]
        assert [take for step, take in done if step == "front"] == [1]
        assert ("profile", 2) in done
        assert retake(project, MARA, 1, heard.append) == []
        assert isinstance(heard[-1], Note)
        assert "cast/face.jpg" in heard[-1].text

    def test_one_that_is_not_there_is_said_with_its_line(self, gen: Gen) -> None:
        project = gen()
        edit(project, references=["cast/face.jpg"])
        with pytest.raises(DocumentError, match=r"yaml:\d+: cast/face.jpg does not open"):
            run(project, [MARA])

    def test_one_that_is_broken_fails_alone(self, gen: Gen) -> None:
        project = gen(files={"cast/face.jpg": b"no picture"})
        edit(project, references=["cast/face.jpg"])
        failed = [one for one in run(project) if one.error]
        assert [(one.shot, one.step) for one in failed] == [(MARA, "front")]
        assert "cast/face.jpg" in failed[0].error

    def test_more_than_a_sheet_has_are_refused(self, gen: Gen) -> None:
        project = gen()
        edit(project, references=["a.png", "b.png", "c.png", "d.png"])
        with pytest.raises(DocumentError, match="references"):
            written_production(project)


class TestReferences:
    def test_a_painter_that_reads_none_gets_none(self, gen: Gen) -> None:
        project = gen()
        run(project)
        assert references(written_production(project), BOTH) == ()
        assert run(project, in_use=True) == []

    def test_without_sheets_there_are_none_and_none_are_made(self, gen: Gen) -> None:
        project = gen(film=FACES)
        assert references(written_production(project), BOTH) == ()
        assert run(project, in_use=True) == []

    def test_the_fronts_of_the_shots_people_in_order_full_in_wide_shots(self, gen: Gen) -> None:
        project = gen(film=FACES)
        run(project)
        production = written_production(project)

        def names(shot: str) -> list[str]:
            found = references(production, shot)
            assert found is not None
            return [f"{one.path.parent.name}/{one.path.stem}" for one in found]

        assert names(BOTH) == ["cast_mara/front_v001", "cast_tom/front_v001"]
        assert names(FAR) == ["cast_mara/full_v001"]
        assert names(NIGHT) == ["cast_tom/full_v001"]

    def test_no_more_than_two_and_no_more_than_the_model_reads(self, gen: Gen) -> None:
        board = copy.deepcopy(STORYBOARD)
        board["cast"]["otto"] = {"name": "Otto"}  # type: ignore[index]
        board["scenes"][0]["shots"][1]["cast"].append("otto")  # type: ignore[index]
        project = gen(film=FACES, storyboard=board)
        run(project)
        assert len(references(written_production(project), BOTH) or ()) == 2
        film = FACES | {"engines": {"painter": "one-face", "animator": "null"}}
        write_yaml(project.film_file, yaml.safe_load(project.film_file.read_text()) | film)
        assert len(references(written_production(project), BOTH) or ()) <= 1

    def test_the_others_are_painted_from_the_front(self, gen: Gen) -> None:
        project = gen(film=FACES)
        production = written_production(project)
        assert FullSheets(production).request(MARA, 1, 1) is None
        run(project)
        takes = Takes(project)
        [front], [full] = takes.of(MARA, "front"), takes.of(MARA, "full")
        assert full.parents == {"front": front.files[".png"]}
        assert (front.recorded["references"], full.recorded["references"]) == (0, 1)
        assert full.request["request"]["prompt"].startswith("The same person as in the picture.")

    def test_another_front_makes_the_others_stale_and_keyframes_wait(self, gen: Gen) -> None:
        project = gen(film=FACES)
        run(project)
        edit(project, looks="a woman of thirty")
        production = written_production(project)
        assert ProfileSheets(production).reason(MARA) == "the front picture is made anew"
        assert references(production, BOTH) is None
        assert references(production, NIGHT) is not None
        assert made(run(project, in_use=True)) == [(MARA, kind) for kind in SHEETS]
        assert references(written_production(project), BOTH) is not None

    def test_own_pictures_are_enough_to_be_used(self, gen: Gen) -> None:
        project = gen(film=FACES, files={"cast/face.jpg": photo("red", (300, 300))})
        edit(project, references=["cast/face.jpg"])
        assert references(written_production(project), BOTH) is None
        assert {one.shot for one in run(project, in_use=True)} == {MARA}
        [front] = references(written_production(project), BOTH) or [File(project.root, "")]
        assert front.sha256 == Takes(project).of(MARA, "front")[0].files[".png"]


class TestNames:
    def test_people_by_id_by_wildcard_and_as_cast(self, gen: Gen) -> None:
        production = written_production(gen())
        assert people_of(production, ["mara"]) == [MARA]
        assert people_of(production, ["cast:tom,mara"]) == [MARA, TOM]
        assert people_of(production, ["*"]) == [MARA, TOM]
        with pytest.raises(SelectionError, match="nobody 'sc010_sh010'"):
            people_of(production, [FAR])

    def test_a_shot_and_one_of_the_cast(self, gen: Gen) -> None:
        production = written_production(gen())
        assert named(production, FAR) == FAR
        assert named(production, "mara") == named(production, MARA) == MARA
        with pytest.raises(StudioError, match="nobody in the cast called marta") as error:
            named(production, "marta")
        assert error.value.tip == "did you mean mara?"
