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

from studio.events import Event, Listener, StepProgress

KEPT = 5  # runs whose logs are kept, the newest as run.log, the others as run.1.log …


@contextmanager
def logged(folder: Path, on_event: Listener) -> Iterator[Listener]:
    """A listener that writes every event but progress to the log and passes it on."""
    _rotate(folder)
    with (folder / "run.log").open("w", encoding="utf-8") as log:

        def listen(event: Event) -> None:
            if not isinstance(event, StepProgress):
                entry = {
                    "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "event": type(event).__name__,
                    **asdict(event),
                }
                log.write(json.dumps(entry, ensure_ascii=False) + "\n")
                log.flush()
            on_event(event)

        yield listen


def _rotate(folder: Path) -> None:
    logs = [folder / "run.log", *(folder / f"run.{n}.log" for n in range(1, KEPT))]
    for newer, older in reversed(list(pairwise(logs))):
        if newer.exists():
            newer.replace(older)
