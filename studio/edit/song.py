"""The song that a film is cut to: how long it lasts."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from studio import ffmpeg
from studio.edit import sound
from studio.errors import RenderFailed


def song_seconds(path: Path) -> Fraction:
    """The length of a song's file in seconds, to the microsecond, measured by decoding it.

    Raises RenderFailed for a file that is missing or holds no sound.
    """
    arguments = [*sound.source(path), "-map", "0:a:0", "-progress", "pipe:2", "-f", "null", "-"]
    said = ffmpeg.run(arguments, f"reading {path.name}")
    times = re.findall(r"^out_time_us=(\d+)$", said, re.MULTILINE)
    if not times or not int(times[-1]):
        raise RenderFailed(f"reading {path.name}: it holds no sound")
    return Fraction(int(times[-1]), 1_000_000)
