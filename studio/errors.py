"""Every error that a person may meet, and the exit code that goes with it.

    StudioError                2  what happened, and what to do next
    ├── DocumentError          2  film.yaml, storyboard.yaml or a story does not read
    ├── SelectionError         2  --select names nothing
    ├── ProjectBusy            2  another run holds the project
    ├── RenderFailed           1  one step of one shot failed
    ├── NotFresh               3  something is stale, or waits for approval
    ├── Missing                4  weights, a server, a GPU or an engine is not there
    └── Interrupted          130  a person stopped the run

The command line shows an error once: the message, then the tip. Arguments are
positional, so that an error survives pickling between processes.
"""

from __future__ import annotations


class StudioError(Exception):
    """What happened (`message`) and what to do next (`tip`, may be empty)."""

    exit_code = 2

    def __init__(self, message: str, tip: str = "") -> None:
        super().__init__(message, tip)
        self.message = message
        self.tip = tip

    def __str__(self) -> str:
        return self.message


class DocumentError(StudioError):
    """A file that a person writes does not read; the message begins with FILE:LINE."""


class SelectionError(StudioError):
    """A --select expression is malformed or names nothing."""


class ProjectBusy(StudioError):
    """Another process holds the project's lock."""


class RenderFailed(StudioError):
    """One step of one shot failed; the run goes on with the others."""

    exit_code = 1


class NotFresh(StudioError):
    """Something is stale (`status --check`) or waits for approval."""

    exit_code = 3


class Missing(StudioError):
    """Weights, a server, a GPU or an engine that the project asks for is not there."""

    exit_code = 4


class Interrupted(StudioError):
    """A person stopped the run; what was finished is kept."""

    exit_code = 130
