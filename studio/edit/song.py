"""The song that a film is cut to: how long its file plays, and what kind of sound it holds.

Nothing is decoded: both come from the file's packets, so that a song of an hour costs a
fraction of a second, and a file that was cut off counts what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from studio import ffmpeg
from studio.errors import DocumentError, RenderFailed

READS = ("-format_whitelist", "wav,w64,flac,mp3,ogg,mov,aac,aiff,matroska")
"""Input options of a song: files of sound, never lists that lead to other files."""

_STREAM = re.compile(r"^\s+Stream #0:\d+.*?: Audio: (\w+).*?, (\d+) Hz", re.MULTILINE)


@dataclass(frozen=True)
class Song:
    """A file of sound: its codec by ffmpeg's name, samples a second, length in seconds.

    The length is exact, but for mp3, which may count up to 0.05 s of its encoder's padding.
    """

    path: Path
    codec: str
    samples: int
    seconds: Fraction


def read_song(path: Path) -> Song:
    """What a song's file holds. Raises DocumentError for one that is missing or no sound."""
    if not path.is_file():
        raise DocumentError(
            f"film.yaml: song: {path.name} is not there",
            "copy the song to where film.yaml names it",
        )
    arguments = [*READS, "-i", f"file:{path}", "-map", "0:a:0", "-c", "copy"]
    try:
        said = ffmpeg.run([*arguments, "-progress", "pipe:2", "-f", "null", "-"], "song", "info")
    except RenderFailed:
        said = ""
    stream = _STREAM.search(said)
    times = re.findall(r"^out_time_us=(\d+)$", said, re.MULTILINE)
    if not stream or not times or not int(times[-1]):
        raise DocumentError(
            f"film.yaml: song: {path.name} holds no sound that can be read",
            "give the song as wav, flac, m4a, mp3, opus, ogg or aiff",
        )
    return Song(path, stream[1], int(stream[2]), Fraction(int(times[-1]), 1_000_000))


def song_seconds(path: Path) -> Fraction:
    """The length of a song's file in seconds. Raises DocumentError as `read_song` does."""
    return read_song(path).seconds
