"""What a song's file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import ffmpeg
from studio.edit.song import read_song, song_seconds
from studio.errors import DocumentError


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("song.wav", "pcm_s16le"),
        ("song.mp3", "mp3"),
        ("song.flac", "flac"),
        ("song.m4a", "aac"),
        ("song.ogg", "vorbis"),
        ("song.opus", "opus"),
    ],
)
def test_what_a_song_holds(tmp_path: Path, name: str, codec: str) -> None:
    path = tmp_path / name
    kind = {"song.ogg": ["-c:a", "libvorbis"]}.get(name, [])
    ffmpeg.run(["-f", "lavfi", "-i", "sine=f=440:r=48000:d=3.21", *kind, path], "song")
    song = read_song(path)
    assert (song.path, song.codec, song.samples) == (path, codec, 48000)
    assert float(song.seconds) == pytest.approx(3.21, abs=0.03)
    if codec != "mp3":
        assert float(song.seconds) == pytest.approx(3.21, abs=0.001)


def test_a_song_that_was_cut_off_counts_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "song.flac"
    ffmpeg.run(["-f", "lavfi", "-i", "anoisesrc=r=44100:d=4:a=0.3", path], "song")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert float(song_seconds(path)) == pytest.approx(2, abs=0.2)


def test_a_cover_picture_is_no_song(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    ffmpeg.run(["-f", "lavfi", "-i", "color=s=64x64:d=1", path], "picture")
    with pytest.raises(DocumentError, match=r"^film\.yaml: song: song\.mp4 holds no sound"):
        song_seconds(path)


def test_what_holds_no_sound_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "song.mp3"
    text.write_text("la la la\n")
    with pytest.raises(DocumentError, match=r"song\.mp3 holds no sound that can be read") as why:
        song_seconds(text)
    assert "flac" in why.value.tip
    with pytest.raises(DocumentError, match=r"^film\.yaml: song: nowhere\.wav is not there"):
        song_seconds(tmp_path / "nowhere.wav")
