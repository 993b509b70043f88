"""Bad input gets one or two clear lines and the right exit code, and nothing is lost."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studio.engines.base import NoSettings
from studio.engines.breakdown import Breakdown
from studio.engines.requests import Brief
from studio.errors import DocumentError
from studio.project import Project
from studio.schema.story import Story
from tests.conftest import STORYBOARD, Gen, Said, Studio, write_yaml


def says(said: Said, code: int, error: str, tip: str = "") -> None:
    assert said.code == code, said.err
    assert said.out == ""
    lines = [line for line in said.err.splitlines() if not line.startswith("note: ")]
    assert lines[0].startswith("error: ")
    assert error in lines[0]
    assert len(lines) <= 2
    if tip:
        assert lines[1].startswith("tip: ")
        assert tip in lines[1]


def everything(project: Project) -> dict[str, bytes]:
    return {
        str(path.relative_to(project.root)): path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file() and ".studio" not in path.parts
    }


@pytest.mark.parametrize(
    ("story", "error", "tip"),
    [
        (b"", "story.md is empty", "one sentence is enough"),
        (b" \n\t\n", "story.md is empty", ""),
        (b"<!-- nothing yet -->", "story.md is empty", ""),
        (b"\x7fELF\0\0", "story.md is not a text file", "UTF-8"),
        ("Grüße".encode("latin-1"), "story.md:1: not UTF-8", "iconv"),
    ],
)
@pytest.mark.parametrize("command", ["make", "write", "plan"])
def test_a_story_that_is_none(
    gen: Gen, studio: Studio, story: bytes, error: str, tip: str, command: str
) -> None:
    project = gen(storyboard=None, files={"story.md": story})
    before = everything(project)
    says(studio(command, "-p", project.root), 2, error, tip)
    assert everything(project) == before


def test_no_story_at_all(gen: Gen, studio: Studio) -> None:
    project = gen(storyboard=None)
    (project.root / "story.md").unlink()
    says(studio("make", "-p", project.root), 2, "there is no story in small", "story.md")


def change(path: str, value: object) -> Callable[[Any], None]:
    """Set a value in the storyboard, named like scenes.0.shots.1.duration."""

    def apply(document: Any) -> None:
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in parents:
            document = document[part]
        document[last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "error", "tip"),
    [
        ("scenes.0.shots.0.duration", "0s", "'0s' is not above zero", ""),
        ("scenes.0.shots.0.duration", "-2s", "'-2s' is not above zero", ""),
        ("scenes.0.shots.0.duration", "soon", "'soon' is no duration", ""),
        ("scenes.0.shots.0.duration", "2 bars", "2 bars needs a song with a tempo", "in seconds"),
        ("scenes.0.shots.0.duration", "10ms", "shorter than one frame", "a frame lasts 0.083s"),
        ("scenes.0.shots.0.duration", "2h", "'2h' is no duration", ""),
        ("scenes.0.shots.0.colour", "red", "unknown key scenes[0].shots[0].colour", "known keys"),
        ("scenes.0.shots.0.size", 3, "3 is not known", "ECU"),
        ("scenes.0.shots", "none", "scenes[0].shots", ""),
        ("scenes.0.shots.1.id", "sc010_sh010", "sc010_sh010 is there twice", "id of its own"),
        ("scenes.1.id", "sc010", "sc010 is there twice", ""),
        ("scenes.0.shots.1.id", "shot two", "'shot two' is malformed", "sc010_sh020"),
        ("scenes.0.shots.1.id", "../../etc", "is malformed", "sc010_sh020"),
        ("scenes.0.place", "towr", "there is no place 'towr'", "did you mean tower?"),
        ("scenes.0.shots.0.cast", ["mary"], "nobody 'mary' in the cast", "did you mean mara?"),
        ("scenes.0.shots.1.dialogue", [{"who": "x", "line": "a"}], "nobody 'x'", "cast: mara, tom"),
        ("scenes.0.shots.1.keyframe", "{mra} waits", "nothing is called {mra}", "mara"),
        ("scenes.0.shots.1.transition", "dissolve 6s", "sc010_sh020: transition", ""),
        ("scenes.0.shots.1.transition", "dissolve", "has no length", ""),
        ("cast.look", {"name": "Look"}, "'look' has a meaning of its own", "another id"),
        ("cast.tom.references", ["../../secret.png"], "leads out of the project", ""),
        ("scenes", [], "holds no shot", "studio write"),
    ],
)
def test_a_storyboard_that_does_not_hold(
    gen: Gen, studio: Studio, path: str, value: object, error: str, tip: str
) -> None:
    board = copy.deepcopy(STORYBOARD)
    change(path, value)(board)
    project = gen(storyboard=board)
    before = everything(project)
    for command in ("plan", "make", "status"):
        said = studio(command, "-p", project.root)
        says(said, 2, error, tip)
        assert said.err.startswith("error: storyboard.yaml:"), said.err
    assert everything(project) == before


def test_a_line_number_points_at_the_fault(gen: Gen, studio: Studio) -> None:
    board = copy.deepcopy(STORYBOARD)
    change("scenes.0.shots.1.transition", "dissolve 6s")(board)
    project = gen(storyboard=board)
    lines = project.storyboard_file.read_text(encoding="utf-8").splitlines()
    line = 1 + next(n for n, text in enumerate(lines) if "dissolve 6s" in text)
    said = studio("plan", "-p", project.root)
    assert said.err.startswith(f"error: storyboard.yaml:{line}: ")


def test_tabs_in_yaml(gen: Gen, studio: Studio) -> None:
    project = gen(files={"film.yaml": "schema: film/1\nengines:\n\tpainter: null\n"})
    says(studio("plan", "-p", project.root), 2, "film.yaml:3: a tab stands", "spaces")


def test_a_link_that_leads_out(gen: Gen, studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("A secret.", encoding="utf-8")
    project = gen(storyboard=None)
    (project.root / "story.md").unlink()
    (project.root / "story.md").symlink_to(tmp_path / "secret.md")
    says(studio("make", "-p", project.root), 2, "story.md leads out of the project", "copy")


def test_nothing_in_a_storyboard_runs(gen: Gen, studio: Studio, tmp_path: Path) -> None:
    bad = f"schema: !!python/object/apply:os.mkdir ['{tmp_path / 'made'}']\n"
    project = gen(files={"storyboard.yaml": bad})
    says(studio("plan", "-p", project.root), 2, "storyboard.yaml:1: not YAML", "")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("arguments", "error", "tip"),
    [
        (("plan", "-p", "{missing}"), "there is no film.yaml in", "studio new DIR"),
        (("takes", "sc099_sh010", "-p", "{root}"), "there is no shot sc099_sh010", "studio status"),
        (("circle", "sc010_sh010", "clip", "3", "-p", "{root}"), "no good clip take 3", "none"),
        (("retake", "clip", "-p", "{root}"), "which shots", "--select"),
        (("make", "-s", "sc09*", "-p", "{root}"), "no shot matches", "3 shots"),
        (("new", "{root}"), "is not empty", "nothing was changed"),
        (("new", "{missing}", "--template", "x"), "there is no template 'x'", "short-film"),
        (("new", "{missing}", "--story", "{missing}.md"), "is not there", ""),
        (("film", "{root}/story.md", "-o", "{missing}.mov"), "is no mp4", ".mp4"),
        (("film", "{root}/story.md", "-o", "{missing}.mp4", "--length", "7s"), "too short", "8s"),
        (
            ("film", "{root}/story.md", "-o", "{missing}.mp4", "--length", "1"),
            "'1' is no duration",
            "",
        ),
    ],
)
def test_a_command_that_cannot_be_done(
    gen: Gen, studio: Studio, tmp_path: Path, arguments: tuple[str, ...], error: str, tip: str
) -> None:
    project = gen()
    before = everything(project)
    filled = [a.format(root=project.root, missing=tmp_path / "missing") for a in arguments]
    says(studio(*filled), 2, error, tip)
    assert everything(project) == before
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("arguments", [["mak"], ["make", "--too", "film"], ["circle", "a", "clip"]])
def test_usage_errors_are_clicks_own(studio: Studio, gen: Gen, arguments: list[str]) -> None:
    said = studio(*arguments, *(["-p", gen().root] if arguments[0] == "circle" else []))
    assert said.code == 2
    assert said.err.startswith("Usage: studio")


def test_a_damaged_take_is_named(gen: Gen, studio: Studio) -> None:
    project = gen()
    assert studio("make", "--to", "keyframes", "-p", project.root).code == 0
    (project.takes_folder / "sc010_sh010" / "keyframe_v001.json").write_text("{", encoding="utf-8")
    says(studio("plan", "-p", project.root), 2, "keyframe_v001.json is damaged", "remove it")


def test_a_circled_take_that_is_gone(gen: Gen, studio: Studio) -> None:
    board = copy.deepcopy(STORYBOARD)
    change("scenes.0.shots.0.takes", {"clip": 7})(board)
    project = gen()
    write_yaml(project.storyboard_file, board)
    says(
        studio("plan", "-p", project.root), 2, "clip take 7 is circled, but is not there", "--clear"
    )


HUGE = 250_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one word", "rain " * (HUGE // 5)),
        ("one long word", "a" * HUGE),
        ("open links", "rain [" + "[" * HUGE),
        ("open comments", "rain " + "<!-- " * (HUGE // 20)),
        ("open tags", "rain <a " * (HUGE // 10)),
        ("open quotes", "‘rain " * (HUGE // 20)),
        ("dots", "rain" + " ." * (HUGE // 2)),
        ("initials", "A. " * (HUGE // 3)),
        ("no end", ("the grey boat came to the quiet shore at night " * (HUGE // 200)).strip()),
    ],
)
def test_a_text_that_is_hardly_a_story(name: str, text: str) -> None:
    """Read in seconds: what is read grows with its length, not with its square."""
    written = Breakdown(NoSettings()).write(Story(text), Brief(Fraction(20)))
    assert sum(shot.duration.amount for _, shot in written.shots()) == 20, name


def test_a_story_of_more_sentences_than_are_read() -> None:
    with pytest.raises(DocumentError, match="more than 200,000 sentences") as caught:
        Breakdown(NoSettings()).write(Story("It rained. " * 200_001), Brief(Fraction(20)))
    assert "a few chapters" in caught.value.tip


def test_two_roles_that_turn_out_to_be_one_in_a_sentence() -> None:
    text = "The assistant, John Clay, the assistant, Peter Jones, the assistant came in and sat."
    assert Breakdown(NoSettings()).write(Story(text), Brief(Fraction(6))).scenes


@pytest.mark.parametrize(
    "story",
    [
        "ذهب الحارس إلى المنارة ليلاً. قال: «أين القارب؟»\n\nجاء الولد من البحر.",
        "השומר עלה למגדלור. ״איפה הסירה?״ שאל הילד.\n\nבלילה באה הסערה.",
        "نگهبان فانوس دریایی به ساحل رفت. باران می‌آمد.",
        "Zoe\u0308 and Zo\u00eb met a\u0301 wolf \U0001f43a. \u202eZoe\u202c laughed\u200b. \ufeff",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘! came.",
    ],
)
def test_stories_of_other_scripts_become_films(gen: Gen, studio: Studio, story: str) -> None:
    project = gen(film={"length": "6s", "captions": "burnt"}, storyboard=None, story=story)
    said = studio("make", "-p", project.root)
    assert said.code == 0, said.err
    assert "nothing to render" in studio("make", "-p", project.root).err


def test_a_story_of_pictures_has_no_words(gen: Gen, studio: Studio) -> None:
    project = gen(storyboard=None, story="🐺🌲🏠")
    says(studio("make", "-p", project.root), 2, "the story", "sentences")


def test_a_title_that_no_font_draws(gen: Gen, studio: Studio) -> None:
    project = gen(film={"title": "Gull \U000e0042\U0003fffd Rock", "cards": True})
    said = studio("make", "-p", project.root)
    assert said.code == 0
    assert said.err.count("no font here draws") == 1
    assert "left out" in said.err
