"""The fingerprint that a film carries in its file, so that one can tell what it was made from.

It stands in the mp4's encoder tag, which players leave alone. Light to import: a plan reads
it, and assembles nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

from studio import ffmpeg
from studio.errors import RenderFailed

REVISION = 1
"""Raised by hand when equal segments give other frames."""

_MARK = "Storyreel, storyreel_fingerprint="


def stamp(fingerprint: str) -> str:
    """The tag of a film that was assembled with this fingerprint."""
    return _MARK + fingerprint


def film_fingerprint(path: Path) -> str | None:
    """The fingerprint that a film was assembled with; None where the file says none."""
    try:
        said = ffmpeg.run(
            *(["-i", f"file:{path}", "-map", "0:v:0", "-c", "copy", "-t", "0", "-f", "null", "-"],),
            *(f"reading {path.name}", "info"),
        )
    except RenderFailed:
        return None
    found = re.search(rf"^\s+encoder\s*: {re.escape(_MARK)}(\S+)$", said, re.MULTILINE)
    return found[1] if found else None
