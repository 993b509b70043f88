"""The song in the film: its own samples, at its own times, whatever its file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from studio import ffmpeg
from studio.edit.film import Assembled
from studio.errors import DocumentError
from studio.ffmpeg import probe, read_frames
from tests.edit.sample import Cutting, a_film, a_storyboard, flat_clip

Samples = npt.NDArray[np.float32]
RATE = 44100
ENCODERS = {
    ".flac": ["-c:a", "flac"],
    ".alac.m4a": ["-c:a", "alac"],
    ".m4a": ["-c:a", "aac"],
    ".mp3": ["-c:a", "libmp3lame"],
    ".plain.mp3": ["-c:a", "libmp3lame", "-write_xing", "0"],
    ".opus": ["-c:a", "libopus"],
    ".aac": ["-c:a", "aac"],
    ".ogg": ["-c:a", "libvorbis"],
    ".wav": ["-c:a", "pcm_s16le"],
    ".24.wav": ["-c:a", "pcm_s24le"],
    ".32.wav": ["-c:a", "pcm_f32le"],
    ".aiff": ["-c:a", "pcm_s16be"],
}


def clicks(times: list[float], seconds: float, path: Path, codec: list[str]) -> Path:
    """A song of faint noise, other in either channel, with a click of 2 ms at every time."""
    wave = np.random.default_rng(1).normal(0, 0.003, (round(seconds * RATE), 2))
    click = 0.6 * np.sign(np.sin(np.arange(88) * 0.35))[:, None]
    for time in times:
        start = round(time * RATE)
        wave[start : start + 88] += click[: len(wave) - start]
    raw = path.with_suffix(".raw")
    wave.astype("<f4").tofile(raw)
    ffmpeg.run(["-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", raw, *codec, "-y", path], "song")
    return path


def decoded(path: Path, rate: int = RATE) -> Samples:
    """The samples of the left channel from time 0 on, silence where there is none yet."""
    raw = path.with_suffix(".f32")
    whole = ["-af", "aresample=async=1:first_pts=0", "-ar", str(rate), "-ac", "2"]
    ffmpeg.run(["-i", path, "-map", "0:a:0", *whole, "-f", "f32le", "-y", raw], "sound")
    samples: Samples = np.fromfile(raw, np.float32).reshape(-1, 2)[:, 0]
    return samples


def onsets(samples: Samples, rate: int = RATE) -> Samples:
    """Where clicks begin, in seconds."""
    loud = np.flatnonzero(np.abs(samples) > 0.25) / rate
    found: Samples = loud[np.diff(loud, prepend=-1) > 0.1]
    return found


def a_sung_film(folder: Path, song: Path, seconds: str, **film: Any) -> tuple[Cutting, Assembled]:
    cutting = Cutting(
        a_film(song={"file": "song"}, captions="none", **film),
        a_storyboard([{"duration": seconds}]),
        folder,
    )
    cutting.media = {"sc0010_sh0010": flat_clip(folder / "clip.mp4", 100)}
    return cutting, cutting.assemble(song=song)


def about(path: Path) -> str:
    return ffmpeg.run(["-i", path, "-t", "0", "-f", "null", "-"], "about", "info")


@pytest.mark.parametrize("ending", ENCODERS)
def test_the_song_is_in_the_film_as_it_is(tmp_path: Path, ending: str) -> None:
    times = [0.1, 0.9, 2.5, 3.4]
    song = clicks(times, 3.7, tmp_path / f"song{ending}", ENCODERS[ending])
    cutting, assembled = a_sung_film(tmp_path, song, "3s")
    source, heard = decoded(song), decoded(cutting.out)
    kind = ending.rsplit(".", 1)[-1]
    codec = {"wav": "flac", "aiff": "flac", "ogg": "aac", "m4a": "aac"}.get(kind, kind)
    said = about(cutting.out)
    assert f"Audio: {'alac' if 'alac' in ending else codec}" in said
    assert "start: 0.000000" in said
    assert (assembled.note == "") == (ending not in (".ogg", ".32.wav"))
    assert 3 <= len(heard) / RATE < 3.1, "cut at the film's end, to the packet"
    assert onsets(heard) == pytest.approx(onsets(source)[:3], abs=0.002)
    assert onsets(heard)[0] == pytest.approx(0.1, abs=0.03)
    if codec in ("flac", "alac", "mp3") and ending != ".32.wav":
        assert np.array_equal(heard[: 3 * RATE], source[: 3 * RATE])
    assert probe(cutting.out).frames == 72


def test_what_is_not_copied_is_said(tmp_path: Path) -> None:
    song = clicks([0.1], 1, tmp_path / "song.ogg", ENCODERS[".ogg"])
    _, assembled = a_sung_film(tmp_path, song, "0.5s")
    assert assembled.note.startswith("song.ogg: mp4 holds no vorbis, so the song is encoded anew")
    rough = [*ENCODERS[".mp3"], "-ar", "11025"]
    _, assembled = a_sung_film(tmp_path, clicks([0.1], 1, tmp_path / "song.mp3", rough), "0.5s")
    assert "mp4 holds no mp3 of 11025 Hz" in assembled.note
    song = clicks([0.1], 1, tmp_path / "song.wav", ENCODERS[".32.wav"])
    cutting, assembled = a_sung_film(tmp_path, song, "1s")
    assert "song.wav (pcm_f32le) are rounded to 24 bits" in assembled.note
    assert np.abs(decoded(cutting.out) - decoded(song)).max() <= 2**-23


@pytest.mark.parametrize("ending", [".flac", ".mp3", ".wav"])
def test_after_a_title_card_the_song_begins_with_the_shots(tmp_path: Path, ending: str) -> None:
    song = clicks([0.1, 0.9, 1.5], 2, tmp_path / f"song{ending}", ENCODERS[ending])
    cutting, _ = a_sung_film(tmp_path, song, "1s", cards=True, rate="24000/1001")
    start = 60 / cutting.timeline.rate.fps
    heard = decoded(cutting.out)
    assert cutting.timeline.slots[1].start == 60
    assert onsets(heard) == pytest.approx(onsets(decoded(song)) + float(start), abs=0.001)
    assert np.abs(heard[: round(start * RATE)]).max() < 0.01


@pytest.mark.parametrize("ending", [".flac", ".wav", ".ogg"])
def test_silence_follows_a_song_that_is_shorter(tmp_path: Path, ending: str) -> None:
    song = clicks([0.1], 1, tmp_path / f"song{ending}", ENCODERS[ending])
    cutting, _ = a_sung_film(tmp_path, song, "2s")
    heard = decoded(cutting.out)
    assert probe(cutting.out).frames == 48
    assert np.abs(heard[round(1.03 * RATE) :]).max(initial=0) < 1e-4


@pytest.mark.parametrize("rate", [48000, 96000])
def test_a_song_keeps_its_samples_a_second_and_its_channels(tmp_path: Path, rate: int) -> None:
    song = tmp_path / "song.wav"
    noise = ["-f", "lavfi", "-i", f"anoisesrc=d=1:r={rate}:a=0.3", "-c:a", "pcm_s24le"]
    ffmpeg.run([*noise, song], "song")
    cutting, assembled = a_sung_film(tmp_path, song, "1s")
    assert f"Audio: flac (fLaC / 0x43614C66), {rate} Hz, mono, s32 (24 bit)" in about(cutting.out)
    assert np.array_equal(decoded(cutting.out, rate), decoded(song, rate))
    assert not assembled.note


def test_a_song_that_is_no_sound_is_refused_before_anything_is_encoded(tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    song.write_text("la la la")
    with pytest.raises(DocumentError, match=r"song\.flac holds no sound"):
        a_sung_film(tmp_path, song, "1s")
    assert not (tmp_path / "segments").exists()


# --- cuts and clicks -------------------------------------------------------------------

BEATS = [Fraction("0.35") + Fraction(60 * number, 128) for number in range(401)]
COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (30, 200, 200)]


@pytest.fixture(scope="module")
def clicking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song with a click at every beat of 400 and at their end."""
    song = tmp_path_factory.mktemp("song") / "song.flac"
    return clicks([float(beat) for beat in BEATS], float(BEATS[-1]) + 1, song, ENCODERS[".flac"])


@pytest.mark.parametrize("rate", ["24", "24000/1001", "25"])
def test_four_hundred_cuts_lie_on_the_clicks(tmp_path: Path, clicking: Path, rate: str) -> None:
    film = a_film(
        song={"file": "song.flac", "tempo": 128, "first": "0.35s"},
        frame="64x64",
        rate=rate,
        captions="none",
    )
    cutting = Cutting(film, a_storyboard([{"duration": "1 beat"}] * 400), tmp_path)
    timeline = cutting.timeline
    clips = [
        flat_clip(tmp_path / f"{number}.mp4", 60, colour) for number, colour in enumerate(COLOURS)
    ]
    cutting.media = {shot: clips[n % len(clips)] for n, shot in enumerate(timeline.shots)}
    cutting.assemble(song=clicking)
    cuts = changes(cutting.out)
    half = 1 / (2 * timeline.rate.fps)
    assert len(cuts) == 399
    assert timeline.frames == probe(cutting.out).frames
    places = [*(cut / timeline.rate.fps for cut in cuts), timeline.seconds]
    for place, beat in zip(places, BEATS[1:], strict=True):
        assert abs(place - beat) <= half
    heard = onsets(decoded(cutting.out))[1:400]
    off = np.abs(heard - np.array([float(place) for place in places[:-1]]))
    assert off.max() <= float(half) + 1 / RATE
    assert max(off[:20].max(), off[-20:].max()) <= float(half) + 1 / RATE


def changes(path: Path) -> list[int]:
    """The frames that are of another colour than the one before."""
    shades = [frame[32, 32].astype(int) for frame in read_frames(path)]
    return [n for n in range(1, len(shades)) if np.abs(shades[n] - shades[n - 1]).max() > 60]
