"""The film of projects/gull-rock, from story to mp4: CPU seconds and peak memory.

The bar: at most 200 CPU seconds, under 1.5 GB.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from figures import Figure, tell
from measured import measure

PROJECT = Path(__file__).parents[1] / "projects" / "gull-rock"
MAX_CPU, MAX_MB = 200, 1500
MADE = shutil.ignore_patterns("takes", ".studio", "drafts", "*.mp4", "*.srt", "*.otio")


def main() -> int:
    """Render a fresh copy and tell what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "gull-rock"
        shutil.copytree(PROJECT, copy, ignore=MADE)
        studio = [sys.executable, "-m", "studio", "make", "-p", str(copy)]
        cost = measure(studio)
        again = measure(studio)
    return tell(
        [
            Figure("nothing to do", again.cpu, "CPU-s"),
            Figure("the film: memory", cost.peak_mb, "MB", MAX_MB),
            Figure("the film", cost.cpu, "CPU-s", MAX_CPU),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
