"""The log of a run: its events as JSON lines in .studio/run.log, and what a failed render
left to read for whoever wrote its engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from studio.errors import StudioError
from studio.events import Event, Listener, StepProgress

KEPT = 5  # runs whose logs are kept, the newest as run.log, the others as run.1.log …


@contextmanager
def logged(folder: Path, on_event: Listener) -> Iterator[Listener]:
    """A listener that writes every event but progress to the log and passes it on.

    Raises StudioError where the log cannot be written; takes that are there by then are kept.
    """
    path = folder / "run.log"
    with _explained(path):
        _rotate(folder)
        log = path.open("wb", buffering=0)  # nothing is left over that a full disk refuses twice
    with log:

        def listen(event: Event) -> None:
            if not isinstance(event, StepProgress):
                entry = {
                    "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "event": type(event).__name__,
                    **asdict(event),
                }
                line = json.dumps(entry, ensure_ascii=False) + "\n"
                with _explained(path):
                    log.write(line.encode("utf-8", "backslashreplace"))
            on_event(event)

        yield listen


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StudioError(
            f"{path.name} cannot be written: {error.strerror or error}",
            "look at the space on the disk and the permissions of .studio; every finished take is"
            " kept",
        ) from error


def _rotate(folder: Path) -> None:
    logs = [folder / "run.log", *(folder / f"run.{n}.log" for n in range(1, KEPT))]
    for newer, older in reversed(list(pairwise(logs))):
        if newer.exists():
            newer.replace(older)
