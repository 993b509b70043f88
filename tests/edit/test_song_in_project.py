"""A project that is cut to a song, from the command line."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from studio import ffmpeg
from studio.project import Project
from tests.conftest import STORYBOARD, Gen, Studio

MARKS = "time,what\n0.5,in\n1.5,verse\n2.1,out\n"


def a_song(project: Project, name: str, seconds: float) -> None:
    path = project.root / "sound" / name
    path.parent.mkdir(exist_ok=True)
    codec = {"ogg": ["-c:a", "libvorbis"]}.get(name.rsplit(".", 1)[-1], [])
    ffmpeg.run(["-f", "lavfi", "-i", f"sine=r=44100:d={seconds}", *codec, path], "song")


def storyboard(*durations: str) -> dict[str, Any]:
    board: dict[str, Any] = copy.deepcopy(STORYBOARD)
    shots = [shot for scene in board["scenes"] for shot in scene["shots"]]
    for shot, duration in zip(shots, durations, strict=True):
        shot |= {"duration": duration, "transition": "cut"}
    return board


def sung(gen: Gen, *durations: str, name: str = "song.flac", seconds: float = 2.2) -> Project:
    film = {"song": {"file": f"sound/{name}", "marks": "sound/marks.csv"}, "cards": None}
    project = gen(film=film, storyboard=storyboard(*durations), files={"sound/marks.csv": MARKS})
    a_song(project, name, seconds)
    return project


def test_a_film_on_marks_says_what_became_of_its_song(gen: Gen, studio: Studio) -> None:
    project = sung(gen, "1 mark", "1 mark", "0.5s", name="song.ogg")
    made = studio("make", "-p", project.root)
    assert made.code == 0, made.err
    assert "song.ogg: mp4 holds no vorbis, so the song is encoded anew as AAC" in made.err
    assert ffmpeg.probe(project.root / "film.mp4").frames == 24
    assert "nothing to do" in studio("plan", "-p", project.root).err


def test_plan_says_which_cuts_lie_off_the_marks(gen: Gen, studio: Studio) -> None:
    project = sung(gen, "1 mark", "0.7s", "1 mark")
    said = studio("plan", "-p", project.root)
    assert "1 cut lies off the song's beats and marks, into: sc020_sh010" in said.err + said.out


@pytest.mark.parametrize(
    ("durations", "seconds", "message"),
    [
        (("1 mark", "1 mark", "1 mark"), 1.8, "sound/marks.csv: a mark lies after the end of"),
        (("1 mark", "2 marks", "1 mark"), 2.2, "sc020_sh010: duration: 1 mark: the song has no"),
    ],
)
def test_a_song_or_marks_that_are_too_few_are_one_clear_line(
    gen: Gen, studio: Studio, durations: tuple[str, ...], seconds: float, message: str
) -> None:
    project = sung(gen, *durations, seconds=seconds)
    said = studio("plan", "-p", project.root)
    assert said.code == 2
    (error,) = (line for line in said.err.splitlines() if line.startswith("error: "))
    assert message in error
    assert ("storyboard.yaml:" in error) == (message[:2] == "sc")
