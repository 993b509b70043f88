"""The song's length."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import ffmpeg
from studio.edit.song import song_seconds
from studio.errors import RenderFailed


@pytest.mark.parametrize("name", ["song.wav", "song.mp3", "song.flac", "song.m4a"])
def test_length_is_what_decoding_gives(tmp_path: Path, name: str) -> None:
    song = tmp_path / name
    ffmpeg.run(["-f", "lavfi", "-i", "sine=f=440:r=44100:d=3.21", song], "song")
    assert float(song_seconds(song)) == pytest.approx(3.21, abs=0.06)


def test_what_holds_no_sound_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "song.mp3"
    text.write_text("la la la\n")
    for path in (text, tmp_path / "nowhere.wav"):
        with pytest.raises(RenderFailed, match=path.name):
            song_seconds(path)
