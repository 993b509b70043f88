"""`studio export`: files where they are wanted, and one line where that cannot be."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from pypdf import PdfReader

from studio.commands.export import command
from studio.errors import StudioError
from tests.conftest import Gen, Studio


def export(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_three_forms_in_the_project(gen: Gen, studio: Studio) -> None:
    project = gen().root
    assert studio("make", "--to", "keyframes", "-p", project).code == 0
    for form, name in (
        ("pdf", "storyboard.pdf"),
        ("sheet", "contact-sheet.png"),
        ("csv", "shotlist.csv"),
    ):
        said = export(form, "-p", project)
        assert said.exit_code == 0, said.exception
        assert said.stdout == ""
        assert said.stderr.strip() == str(project / name)
    pdf = PdfReader(project / "storyboard.pdf")
    assert len(pdf.pages) == 1
    assert len(pdf.pages[0].images) == 3
    with Image.open(project / "contact-sheet.png") as sheet:
        assert sheet.size[0] <= 4000
    text = (project / "shotlist.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["start"] for row in rows] == ["00:00:00:00", "00:00:02:00", "00:00:04:00"]
    assert {row["keyframe"] for row in rows} == {"keyframe_v001"}
    assert {row["clip"] for row in rows} == {""}


def test_without_pictures_it_says_so_and_goes_on(gen: Gen) -> None:
    project = gen().root
    for form in ("pdf", "sheet"):
        said = export(form, "-p", project)
        assert said.exit_code == 0
        assert "note: 3 of 3 shots have no picture yet" in said.stderr
    assert export("csv", "-p", project).stderr.count("note") == 0


def test_timecodes_count_the_title_card(gen: Gen) -> None:
    project = gen(film={"cards": True}).root
    export("csv", "-p", project)
    text = (project / "shotlist.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["start"] == "00:00:02:06"


def test_selected_shots_into_another_file(gen: Gen, tmp_path: Path) -> None:
    project = gen().root
    out = tmp_path / "shore.csv"
    assert export("csv", "-p", project, "-s", "sc020", "-o", out).exit_code == 0
    assert "sc020_sh010" in out.read_text(encoding="utf-8-sig")
    assert "sc010_sh010" not in out.read_text(encoding="utf-8-sig")
    assert not (project / "shotlist.csv").exists()


def test_an_edited_shot_shows_its_newest_picture(gen: Gen, studio: Studio) -> None:
    project = gen().root
    studio("make", "--to", "keyframes", "-p", project)
    board = project / "storyboard.yaml"
    changed = board.read_text(encoding="utf-8").replace("stands at the rail", "sleeps")
    board.write_text(changed, encoding="utf-8")
    assert "no picture" not in export("pdf", "-p", project).stderr
    text = PdfReader(project / "storyboard.pdf").pages[0].extract_text()
    assert text.count("the picture is older than these words") == 1


def test_a_shot_that_shows_anothers_clip_has_its_picture(gen: Gen, studio: Studio) -> None:
    from tests.conftest import STORYBOARD

    scene = dict(STORYBOARD["scenes"][1])  # type: ignore[call-overload]
    again = {"id": "sc020_sh020", "duration": "1s", "from": {"shot": "sc010_sh010", "in": "0.5s"}}
    scene["shots"] = [*scene["shots"], again]
    board = STORYBOARD | {"scenes": [STORYBOARD["scenes"][0], scene]}  # type: ignore[index]
    project = gen(storyboard=board).root
    studio("make", "--to", "keyframes", "-p", project)
    assert "no picture" not in export("pdf", "-p", project).stderr
    text = PdfReader(project / "storyboard.pdf").pages[0].extract_text()
    assert "shows sc010_sh010 from 0.5s" in text


@pytest.mark.parametrize(
    ("out", "error"),
    [
        ("", "is a folder"),
        ("nowhere/a.pdf", "there is no folder"),
        ("film.yaml/a.pdf", "there is no folder"),
        ("film.yaml", "does not end in .pdf"),
        ("boards/mine.pdf", "no exports"),
        ("takes/mine.pdf", "no exports"),
        (f"{'x' * 300}.pdf", "cannot be written"),
    ],
)
def test_places_that_cannot_be_written(gen: Gen, out: str, error: str) -> None:
    project = gen(files={"boards/a.txt": "", "takes/a.txt": ""}).root
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    said = export("pdf", "-p", project, "-o", project / out)
    assert isinstance(said.exception, StudioError)
    assert error in said.exception.message
    assert "\n" not in said.exception.message
    assert said.exception.tip
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_before_there_is_a_storyboard(gen: Gen) -> None:
    said = export("pdf", "-p", gen(storyboard=None).root)
    assert isinstance(said.exception, StudioError)
    assert "there is no storyboard yet" in said.exception.message
