"""A real story of 9,000 words through the whole chain: the film is as long as asked, and its
cuts are where the cut says, as seen by a program that knows nothing of us."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from studio import pipeline
from studio.executors import Cancel
from studio.ffmpeg import probe
from studio.scaffold import project_for
from studio.stages.production import open_production
from tests.conftest import write_yaml

STORY = Path(__file__).parent / "data" / "stories" / "the-red-headed-league.md"

pytestmark = pytest.mark.slow


def test_planned_cuts_are_found_in_the_film(tmp_path: Path) -> None:
    from scenedetect import ContentDetector, detect

    project = project_for(STORY, tmp_path / "league.mp4", "90s")
    film = yaml.safe_load(project.film_file.read_text(encoding="utf-8"))
    write_yaml(project.film_file, film | {"frame": "480x270"})
    pipeline.make(project, "storyboard", (), lambda _: None, Cancel())
    board = yaml.safe_load(project.storyboard_file.read_text(encoding="utf-8"))
    for scene in board["scenes"]:
        for shot in scene["shots"]:
            shot["transition"] = "cut"
    write_yaml(project.storyboard_file, board)
    made = pipeline.make(project, "film", (), lambda _: None, Cancel())
    assert made.film is not None
    assert probe(made.film).frames == 90 * 24

    production = open_production(project)
    assert production is not None
    planned = {slot.start for slot in list(production.timeline.shots.values())[1:]}
    found = {start.frame_num for start, _ in detect(str(made.film), ContentDetector())[1:]}
    # cards come and go through black, beside the shots' own cuts
    first, last = (list(production.timeline.shots.values())[n] for n in (0, -1))
    found = {frame for frame in found if first.start < frame < last.end}
    seen = {cut for cut in planned if found & {cut - 1, cut, cut + 1}}
    wrong = {frame for frame in found if not planned & {frame - 1, frame, frame + 1}}
    assert len(planned) >= 20
    assert len(seen) >= 0.95 * len(planned), sorted(planned - seen)
    assert len(wrong) <= 2, sorted(wrong)
