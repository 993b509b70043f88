"""The projects that come with Storyreel, and the starting points of `studio new`."""

from __future__ import annotations

import re
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from numpy.typing import NDArray

from studio.documents import read_document
from studio.engines.base import ENGINES
from studio.engines.breakdown.reading import blocks
from studio.project import FILM_MODELINE, STORYBOARD_MODELINE, Project
from studio.prompts import Prompter
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted(path.parent for path in ROOT.glob("projects/*/film.yaml"))
TEMPLATES = sorted(path.parent for path in ROOT.glob("templates/projects/*/film.yaml"))
ALL = pytest.mark.parametrize("folder", [*EXAMPLES, *TEMPLATES], ids=lambda path: path.name)
SCRIPTED = pytest.mark.parametrize(
    "folder",
    [path for path in [*EXAMPLES, *TEMPLATES] if (path / "sound").is_dir()],
    ids=lambda path: path.name,
)
SAMPLE_RATE = 48_000


def decoded(sound: Path) -> NDArray[np.int16]:
    """The samples of a sound file, one channel."""
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(sound)]
    raw = subprocess.run(
        [*command, "-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "pipe:1"],
        check=True,
        capture_output=True,
    ).stdout
    return np.frombuffer(raw, dtype="<i2")


def scripted(folder: Path) -> tuple[Film, Storyboard]:
    """The film and the storyboard of a project whose storyboard is written by hand."""
    return (
        read_document(folder / "film.yaml", Film),
        read_document(folder / "storyboard.yaml", Storyboard),
    )


def test_the_examples_and_starting_points_are_there() -> None:
    assert [path.name for path in EXAMPLES] == ["click-track", "fox-and-crow-zh", "gull-rock"]
    assert [path.name for path in TEMPLATES] == ["fable", "music-clip", "short-film"]


@ALL
def test_the_project_reads(folder: Path) -> None:
    project = Project(folder)
    film = project.read_film()
    assert film.length or film.song
    assert (folder / "film.yaml").read_text(encoding="utf-8").startswith(FILM_MODELINE + "\n")
    for kind, names in ENGINES.items():
        choice = getattr(film.engines, kind)
        assert choice is None or choice.engine in names


@ALL
def test_the_story_reads_and_bears_the_title_of_the_film(folder: Path) -> None:
    project = Project(folder)
    story = project.read_story()
    assert story.title == project.read_film().title
    assert not [block for block in blocks(story.text) if "studio make" in block.text]


@pytest.mark.parametrize("folder", TEMPLATES, ids=lambda path: path.name)
def test_a_new_project_can_take_its_own_title(folder: Path) -> None:
    text = (folder / "film.yaml").read_text(encoding="utf-8")
    assert len(re.findall(r"(?m)^title: \S.*$", text)) == 1


@SCRIPTED
def test_the_storyboard_holds_together(folder: Path) -> None:
    film, storyboard = scripted(folder)
    assert list(problems(film, storyboard)) == []
    text = (folder / "storyboard.yaml").read_text(encoding="utf-8")
    assert text.startswith(STORYBOARD_MODELINE + "\n")
    prompter = Prompter(film.look, storyboard)
    for scene, shot in storyboard.shots():
        for prompt in (prompter.keyframe(scene, shot), prompter.motion(scene, shot)):
            assert prompt
            assert "{" not in prompt


@SCRIPTED
def test_the_shots_fill_the_song_to_the_sample(folder: Path) -> None:
    film, storyboard = scripted(folder)
    assert film.song is not None
    samples = len(decoded(folder / film.song.file))
    picture = sum(film.seconds(shot.duration) for _, shot in storyboard.shots())
    assert picture == Fraction(samples, SAMPLE_RATE)


@SCRIPTED
def test_every_cut_falls_on_a_beat_and_on_a_whole_frame(folder: Path) -> None:
    film, storyboard = scripted(folder)
    assert film.beat is not None
    place = Fraction(0)
    for _, shot in storyboard.shots():
        assert (place / film.beat).denominator == 1, shot.id
        assert (place * film.rate.fps).denominator == 1, shot.id
        place += film.seconds(shot.duration)


@SCRIPTED
def test_the_song_clicks_on_every_beat_and_louder_on_the_first(folder: Path) -> None:
    film, _ = scripted(folder)
    assert film.song is not None
    assert film.beat is not None
    beat = int(film.beat * SAMPLE_RATE)
    sound = np.abs(decoded(folder / film.song.file)[: 8 * beat].astype(int))
    loudest = [sound[start : start + beat // 25].max() for start in range(0, 8 * beat, beat)]
    between = [sound[start + beat // 2 : start + beat].max() for start in range(0, 8 * beat, beat)]
    assert max(between) < min(loudest)
    assert min(loudest[0], loudest[4]) > max(loudest[1:4] + loudest[5:])


def test_the_click_track_shows_written_and_composed_prompts() -> None:
    _, storyboard = scripted(ROOT / "projects" / "click-track")
    shots = [shot for _, shot in storyboard.shots()]
    assert any(shot.keyframe and "{place}" in shot.keyframe for shot in shots)
    assert any(shot.motion and "{noor}" in shot.motion for shot in shots)
    assert any(shot.keyframe is None and shot.motion is None for shot in shots)
    assert (ROOT / "projects/click-track/sound/clicks.flac").stat().st_size < 1_500_000


def test_gull_rock_is_a_story_of_two_people_and_several_places() -> None:
    project = Project(ROOT / "projects" / "gull-rock")
    text = project.read_story().text
    assert 300 <= len(re.findall(r"[\w’]+", text)) <= 500
    assert text.count("***") >= 3
    assert set(re.findall(r"” \w+ (Mara|Finn)", text)) == {"Mara", "Finn"}
    assert text.count("“") == text.count("”") >= 6


def test_the_chinese_fable_is_of_the_length_of_a_fable() -> None:
    project = Project(ROOT / "projects" / "fox-and-crow-zh")
    text = project.read_story().text
    assert 200 <= len(re.findall(r"[\u4e00-\u9fff]", text)) <= 400
    assert "狐狸说" in text
    assert "乌鸦说" in text
    assert text.count("“") == text.count("”") >= 4
    assert project.read_film().language == "zh"
