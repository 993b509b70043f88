"""Where an engine works: the same jobs on this machine, later on others.

An executor has one method, `run(spec, jobs, on_event, cancel)`: jobs are values that
pickle, a worker opens its engine once, and each finished job is given back as a `Done`
or `Failed` value whose files lie in a scratch folder. Placing them in the project is
the caller's alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from studio.engines.base import EngineSpec, Rendered, Report
from studio.engines.requests import (
    AnimateRequest,
    InterpolateRequest,
    PaintRequest,
    ReadRequest,
    Request,
)
from studio.errors import StudioError
from studio.events import Listener


@dataclass(frozen=True)
class Job:
    """One request to an engine; `step` and `shot` name it in events, `key` tells two jobs
    of one shot apart."""

    step: str
    shot: str
    key: int
    request: Request


@dataclass(frozen=True)
class Done:
    """A finished job: its files in the scratch folder, and what was measured."""

    job: Job
    rendered: Rendered
    seconds: float
    peak_mb: int | None


@dataclass(frozen=True)
class Failed:
    """A job that failed, in one line; `detail` is the traceback of an unforeseen error."""

    job: Job
    error: str
    detail: str = ""


class Cancel:
    """Asked once, a run ends after the steps that are running, a model's render between two of its
    denoising steps; asked twice, at once."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self) -> int:
        """Ask to stop; gives how often it was asked."""
        self.asked += 1
        return self.asked

    def is_set(self) -> bool:
        """Whether no further step should start."""
        return self.asked > 0

    @property
    def by_a_person(self) -> bool:
        """Whether a model should leave its render, which takes minutes, at its next step."""
        return self.asked > 0

    @property
    def at_once(self) -> bool:
        """Whether running steps should be ended too."""
        return self.asked > 1


class Executor(Protocol):
    """Runs jobs on one engine; the order of results is the order of finishing."""

    def run(
        self, spec: EngineSpec, jobs: Iterable[Job], on_event: Listener, cancel: Cancel
    ) -> Iterator[Done | Failed]:
        """Do all jobs. Raises StudioError where the engine cannot be opened at all."""
        ...


def perform(engine: Any, job: Job, folder: Path, report: Report) -> Rendered:
    """Have an engine do a job. Raises StudioError, or whatever the engine lets through."""
    match job.request:
        case PaintRequest() as request:
            rendered: Rendered = engine.paint(request, folder, report)
        case AnimateRequest() as request:
            rendered = engine.animate(request, folder, report)
        case InterpolateRequest() as request:
            rendered = engine.interpolate(request, folder, report)
        case ReadRequest() as request:
            rendered = engine.read(request, folder, report)
    for path in rendered.files.values():
        if not path.is_file() or path.stat().st_size == 0:
            raise StudioError(f"the engine left no {path.name}")
    return rendered
