"""A language model that is kept gives the GPU back before a painter of the GPU is opened, and only
where that painter has something to render."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from studio import pipeline
from studio.engines import base
from studio.engines.base import NoSettings
from studio.errors import StudioError
from studio.events import Event, Note
from studio.executors import Cancel
from studio.project import Project
from studio.residency import Freed
from tests.conftest import Gen

NOTE = "the writer is asleep, 3.0 GB of the card free"


class Writer:
    """A tenant whose folder says that it is `kept`; it notes there whether a painter was open
    already when it gave the card back."""

    name = "the writer"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def give_back(self) -> Freed:
        if (self.folder / "stuck").exists():
            raise StudioError("the writer does not let go of the card", "studio llm stop")
        with (self.folder / "given back").open("a") as log:
            log.write("late\n" if (self.folder / "painter").exists() else "in time\n")
        return Freed("asleep", 3 * 2**30)


class KeptLlm:
    """A language model of which something is kept where its folder says so."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "a test double"
    embedded: ClassVar[bool] = False
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def tenant(self, folder: Path) -> Writer | None:
        return Writer(folder) if (folder / "kept").exists() else None


@pytest.fixture(autouse=True)
def doubles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(base.ENGINES["painter"], "gpu", "tests.stages.doubles:GpuPainter")
    monkeypatch.setitem(base.ENGINES["llm"], "kept", "tests.test_hand_over:KeptLlm")
    base.known_engines.cache_clear()
    yield
    base.known_engines.cache_clear()


@pytest.fixture
def project(gen: Gen, tmp_path: Path) -> Project:
    """A film whose painter needs the GPU, and whose language model is kept."""
    folder = tmp_path / "small" / ".studio"
    painter = {"engine": "gpu", "mark": str(folder / "painter")}
    engines = {"llm": "kept", "painter": painter, "animator": "null"}
    return gen({"engines": engines}, files={".studio/kept": ""})


def said(work: Callable[[Callable[[Event], None]], object]) -> list[str]:
    """What is noted while something is done."""
    events: list[Event] = []
    work(events.append)
    return [event.text for event in events if isinstance(event, Note)]


def make(project: Project, goal: pipeline.Goal = "keyframes", *select: str) -> list[str]:
    return said(lambda listen: pipeline.make(project, goal, select, listen, Cancel()))


def given_back(project: Project) -> list[str]:
    log = project.studio_folder / "given back"
    return log.read_text().split("\n")[:-1] if log.exists() else []


def test_it_is_given_back_before_the_painter_is_opened(project: Project) -> None:
    assert NOTE in make(project)
    assert given_back(project) == ["in time"]
    assert (project.studio_folder / "painter").exists()


def test_it_is_given_back_for_the_film_and_not_again(project: Project) -> None:
    make(project, "film")
    assert given_back(project) == ["in time"]
    assert NOTE not in make(project, "film")
    assert given_back(project) == ["in time"]


def test_only_shots_that_are_selected_count(project: Project) -> None:
    make(project, "keyframes", "sc010_sh010")
    make(project, "keyframes", "sc010_sh010")
    assert len(given_back(project)) == 1
    make(project, "keyframes", "sc020_sh010")
    assert len(given_back(project)) == 2


def test_a_retake_needs_the_card_too(project: Project) -> None:
    make(project)
    (project.studio_folder / "painter").unlink()
    again = ["sc010_sh010"]
    notes = said(lambda listen: pipeline.retake(project, "keyframe", again, 1, listen, Cancel()))
    assert NOTE in notes
    assert given_back(project) == ["in time", "in time"]


def test_a_plan_and_an_embedded_painter_leave_it_alone(project: Project, gen: Gen) -> None:
    pipeline.plan(project)
    make(project, "storyboard")
    engines = {"llm": "kept", "painter": "null", "animator": "null"}
    gen({"engines": engines})
    make(project, "film")
    assert given_back(project) == []


def test_where_nothing_is_kept_nothing_is_said(project: Project) -> None:
    (project.studio_folder / "kept").unlink()
    assert not any("card" in note for note in make(project))
    assert (project.studio_folder / "painter").exists()


def test_a_card_that_is_not_given_back_stops_the_run_before_the_painter(project: Project) -> None:
    (project.studio_folder / "stuck").touch()
    with pytest.raises(StudioError, match="does not let go"):
        make(project)
    assert not (project.studio_folder / "painter").exists()
    assert not list(project.takes_folder.glob("*/*"))
