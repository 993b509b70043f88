"""A small project with everything made, rendered once for all tests of the desk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio import pipeline
from studio.executors import Cancel
from studio.project import Project
from tests.conftest import FILM, STORYBOARD, write_yaml


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("made") / "small"
    write_yaml(root / "film.yaml", FILM)
    write_yaml(root / "storyboard.yaml", STORYBOARD)
    (root / "story.md").write_text("Mara keeps the light.", encoding="utf-8")
    project = Project(root)
    for goal in ("reel", "film"):
        pipeline.make(project, goal, (), lambda _: None, Cancel())
    return project


@pytest.fixture
def done(made_once: Project, tmp_path: Path) -> Project:
    """A project whose film is up to date, and whose reel was cut before there were clips."""
    root = tmp_path / "small"
    shutil.copytree(made_once.root, root)
    return Project(root)
