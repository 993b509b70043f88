"""What happens in a run, as values.

The command line draws them, the run log writes them. Nothing here knows a
terminal: `Listener` is any function that takes an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class StageStarted:
    """A stage begins; `steps` is how many of its steps will run."""

    stage: str
    steps: int


@dataclass(frozen=True)
class StepStarted:
    """A worker took up one step (`shot` is None for a step of the whole film)."""

    step: str
    shot: str | None = None


@dataclass(frozen=True)
class StepProgress:
    """`done` of `total` units (frames, denoising steps) of a running step."""

    step: str
    shot: str | None
    done: int
    total: int


@dataclass(frozen=True)
class StepDone:
    """A step is finished and its result stands in the project; `take` is its number."""

    step: str
    shot: str | None
    take: int | None
    seconds: float


@dataclass(frozen=True)
class StepFailed:
    """A step failed; the others go on. `detail` is a traceback, for the log."""

    step: str
    shot: str | None
    error: str
    detail: str = ""


@dataclass(frozen=True)
class StageEnded:
    """A stage is over, whether all of its steps succeeded or not."""

    stage: str


@dataclass(frozen=True)
class Note:
    """Something a person should know; `warning` where they may want to act."""

    text: str
    warning: bool = False


Event = StageStarted | StepStarted | StepProgress | StepDone | StepFailed | StageEnded | Note
Listener = Callable[[Event], None]
