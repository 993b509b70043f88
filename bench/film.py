"""The film of projects/gull-rock, from story to mp4: CPU seconds and peak memory.

The bar: at most 200 CPU seconds, under 1.5 GB.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from measured import measure

PROJECT = Path(__file__).parents[1] / "projects" / "gull-rock"
MAX_CPU, MAX_MB = 200, 1500
MADE = shutil.ignore_patterns("takes", ".studio", "drafts", "*.mp4", "*.srt", "*.otio")


def main() -> int:
    """Render a fresh copy and print what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "gull-rock"
        shutil.copytree(PROJECT, copy, ignore=MADE)
        studio = [sys.executable, "-m", "studio", "make", "-p", copy]
        cost = measure(studio)
        again = measure(studio)
    print(f"nothing to do: {again.cpu:.1f} CPU-s, {again.peak_mb:.0f} MB")
    print(f"the film: {cost.cpu:.0f} CPU-s, {cost.peak_mb:.0f} MB (at most {MAX_CPU}, {MAX_MB})")
    return 0 if cost.cpu <= MAX_CPU and cost.peak_mb <= MAX_MB else 1


if __name__ == "__main__":
    sys.exit(main())
