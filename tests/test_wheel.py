"""The wheel holds everything: installed outside the checkout, it starts a project and makes
a film."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from studio.ffmpeg import probe

ROOT = Path(__file__).parents[1]


def test_the_wheel_makes_a_film_outside_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("storyreel-*.whl")
    installed = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", installed, wheel],
        check=True,
        capture_output=True,
    )
    environment = os.environ | {"PYTHONPATH": str(installed)}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def studio(*arguments: str) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "studio", *arguments],
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr

    where = subprocess.run(
        [sys.executable, "-c", "import studio, agents; print(studio.__file__, agents.__file__)"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(Path(file).is_relative_to(installed) for file in where.stdout.split())
    for template in ("short-film", "music-clip", "fable"):
        studio("new", template, "--template", template)
    (elsewhere / "story.txt").write_text(
        "Anna walks through the forest at dawn. She finds a lamp on the path.", encoding="utf-8"
    )
    studio("film", "story.txt", "-o", "out.mp4", "--length", "10s")
    assert probe(elsewhere / "out.mp4").frames == 240
    assert list((elsewhere / "out" / "takes").rglob("keyframe_v001.svg"))
