"""A day at a music clip: it is cut to the bars of a click track, changed to the beats, and one
clip serves several shots. Every cut lies on its beat, and the song is never touched."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest

from studio import ffmpeg
from tests.conftest import Studio
from tests.days.day import Day, frames_that_play

PROJECT = Path(__file__).parents[2] / "projects" / "click-track"
MADE = shutil.ignore_patterns("takes", ".studio", "drafts", "*.mp4", "*.srt", "*.otio", "log.jsonl")
BEAT = Fraction(60, 120)


def cuts(root: Path) -> list[int]:
    """The frames on which the shots begin, as the cut says."""
    timeline = otio.adapters.read_from_file(str(root / "cut.otio"))
    starts, now = [], 0
    for item in timeline.tracks[0]:
        if isinstance(item, otio.schema.Clip):
            starts.append(now)
            now += int(item.source_range.duration.value)
    return starts


def off_the_beat(root: Path, rate: Fraction) -> Fraction:
    """How far, in frames, the worst cut lies from its nearest beat."""
    worst = Fraction(0)
    for start in cuts(root):
        beats = round(Fraction(start) / rate / BEAT)
        worst = max(worst, abs(start - beats * BEAT * rate))
    return worst


def samples(path: Path) -> np.ndarray:
    """The sound of a file, decoded: mono, 48 kHz, 16 bit."""
    part = path.with_suffix(".pcm")
    ffmpeg.run(
        [
            *("-i", f"file:{path}", "-map", "0:a:0", "-ac", "1", "-ar", "48000"),
            *("-f", "s16le", "-y", f"file:{part}"),
        ],
        "decoding",
    )
    sound = np.fromfile(part, np.int16)
    part.unlink()
    return sound


@pytest.mark.slow
def test_a_clip_is_cut_to_a_click_track(studio: Studio, tmp_path: Path) -> None:
    root = tmp_path / "clip"
    shutil.copytree(PROJECT, root, ignore=MADE)
    day = Day(studio, root)
    day.edit("film.yaml", lambda film: film.update(frame="192x108", rate=25))
    song = (root / "sound" / "clicks.flac").read_bytes()
    order = day.order()
    assert day.made("film") == {(kind, shot) for kind in ("keyframe", "clip") for shot in order}
    assert off_the_beat(root, Fraction(25)) <= Fraction(1, 2)
    assert len(cuts(root)) == len(order)
    assert frames_that_play(root / "film.mp4") == 32 * 25
    day.studio("version", "bars")

    # twice as quick: a bar becomes two shots of two beats, and no clip is rendered for it
    before = set(day.order())
    for shot in ("sc030_sh010", "sc030_sh020", "sc040_sh010"):
        day.studio("shot", "split", shot, "--at", "2 beats")
    halves = [shot for shot in day.order() if shot not in before]
    assert len(halves) == 3
    assert day.made("film") == set()
    assert off_the_beat(root, Fraction(25)) <= Fraction(1, 2)
    # the halves change places: the song goes on, the picture comes back to where it was
    day.studio("shot", "move", halves[0], "--after", halves[1])
    assert day.made("film") == set()
    # one of them in slow motion, from further in: the clip that serves has enough for that
    day.shot(halves[0], speed="0.5", trim="0.25s")
    assert day.made("film") == set()
    # and one that shows a clip for longer than it lasts: that clip alone is rendered again
    day.shot(halves[2], duration="2 bars", speed="2")
    assert day.made("film") == {("clip", "sc040_sh010")}
    day.shot(halves[2], duration="2 beats", speed="1")
    assert day.made("film") == set()
    day.studio("version", "beats")

    # cut to marks that somebody tapped, instead
    order = day.order()
    marks = [Fraction(n) * BEAT for n in range(2, 2 * len(order) + 2, 2)]
    rows = "".join(f"{float(mark):.3f}\n" for mark in marks)
    (root / "sound" / "taps.csv").write_text(f"time\n{rows}", "utf-8")
    day.edit("film.yaml", lambda film: film["song"].update(marks="sound/taps.csv"))

    def to_marks(board: dict) -> None:  # type: ignore[type-arg]
        for scene in board["scenes"]:
            for shot in scene["shots"]:
                shot["duration"] = "1 mark"

    day.edit("storyboard.yaml", to_marks)
    rendered = day.made("film")
    assert {kind for kind, _ in rendered} <= {"clip"}
    assert cuts(root) == [0, *(round(mark * 25) for mark in marks[:-1])]
    day.studio("version", "taps")

    # all three can be played, the song in them is the song, and its file was not touched
    assert (root / "sound" / "clicks.flac").read_bytes() == song
    heard = samples(root / "sound" / "clicks.flac")
    for name in ("bars", "beats", "taps"):
        film = root / "versions" / name / "film.mp4"
        assert frames_that_play(film) > 0
        sound = samples(film)
        length = min(len(sound), len(heard))
        assert np.array_equal(sound[:length], heard[:length])
