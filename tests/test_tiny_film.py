"""A whole film by the real engines on tiny checkpoints in the real format, through `studio make`:
prompts read, keyframes by Flux, approval, clips by CogVideoX, inbetweens, and the cut."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.ffmpeg import probe, read_frames
from studio.project import Project
from studio.stages.film import FilmStep
from studio.stages.production import written_production
from tests.conftest import FILM, Gen, Studio, write_yaml

SHOT = "sc010_sh010"
SHOTS = (SHOT, "sc010_sh020")


def storyboard() -> dict[str, Any]:
    """Two shots of a second; with its handles each takes two of the tiny model's clips."""
    shots = [
        {"id": id_, "duration": "1s", "cast": ["mara"], "action": action, "movement": "dolly in"}
        for id_, action in zip(SHOTS, ("Mara waits.", "Mara turns."), strict=True)
    ]
    scene = {"id": "sc010", "heading": "EXT. SHORE", "place": "shore", "shots": shots}
    return {
        "schema": "storyboard/1",
        "cast": {"mara": {"name": "Mara", "looks": "a woman of sixty"}},
        "places": {"shore": {"name": "the shore"}},
        "scenes": [scene],
    }


@pytest.fixture(scope="module")
def film(tiny_flux_schnell: Path, tiny_cog: Path) -> dict[str, Any]:
    on_cpu = {"device": "cpu", "steps": 2}
    return {
        "frame": "192x108",
        "rate": 24,
        "engines": {
            "painter": {"engine": "flux", "model": str(tiny_flux_schnell), **on_cpu},
            "animator": {"engine": "cogvideox", "model": str(tiny_cog), "pieces": 2, **on_cpu},
        },
    }


def takes(project: Project) -> Counter[str]:
    return Counter(path.name.split("_v")[0] for path in project.takes_folder.glob("*/*_v???.json"))


def sidecar(project: Project, shot: str, stem: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((project.takes_folder / shot / f"{stem}.json").read_text())
    return read


@pytest.mark.slow
def test_a_film_from_storyboard_to_mp4(gen: Gen, studio: Studio, film: dict[str, Any]) -> None:
    project = gen(film=film, storyboard=storyboard())

    planned = studio("plan", "-p", project.root)
    assert planned.code == 0, planned.err
    assert "2 clips" in planned.err

    first = studio("make", "-p", project.root)
    assert first.code == 3, first.err
    assert "studio approve" in first.err
    assert takes(project) == {"keyframe": 2}

    assert studio("approve", SHOT, "-p", project.root).code == 0
    partly = studio("make", "-p", project.root)
    assert partly.code == 3, partly.err
    assert takes(project) == {"keyframe": 2, "clip": 1, "inbetweens": 1}

    assert studio("make", "--yes", "-p", project.root).code == 0
    assert takes(project) == {"keyframe": 2, "clip": 2, "inbetweens": 2}
    made = probe(project.root / "film.mp4")
    assert (made.size, made.rate, made.frames) == ((192, 108), Fraction(24), 48)
    folder = project.takes_folder / SHOT
    clip, between = probe(folder / "clip_v001.mp4"), probe(folder / "inbetweens_v001.mp4")
    assert (clip.size, clip.rate, clip.frames) == ((192, 128), Fraction(8), 17)
    assert (between.size, between.rate, between.frames) == ((192, 128), Fraction(24), 49)
    shown = np.stack(list(read_frames(project.root / "film.mp4")))
    assert shown.std() > 5

    assert FilmStep(written_production(project)).credits() == [
        "Pictures: flux, FLUX.1-schnell, keyframes painted by a Flux model",
        "Movement: cogvideox, CogVideoX-5B-I2V, a diffusion model that animates a picture",
        "Frames between: flow, optical flow between frames, no model",
    ]

    recorded = sidecar(project, SHOT, "clip_v001")["recorded"]
    assert recorded["policy"] == "cpu"
    assert recorded["steps"] == 2
    again = studio("make", "--yes", "-p", project.root)
    assert again.code == 0
    assert "nothing to render" in again.err

    # another rate of the film: no clip again
    write_yaml(project.film_file, FILM | film | {"rate": 30})
    assert studio("make", "--yes", "-p", project.root).code == 0
    assert takes(project) == {"keyframe": 2, "clip": 2, "inbetweens": 4}
    assert probe(project.root / "film.mp4").rate == 30
