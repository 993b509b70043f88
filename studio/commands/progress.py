"""Draws a run on stderr: bars with a measured time to go on a terminal, plain lines
elsewhere."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from studio.events import (
    Event,
    Listener,
    Note,
    StageEnded,
    StageStarted,
    StepDone,
    StepFailed,
    StepProgress,
    StepStarted,
)
from studio.executors import Cancel


def console() -> Console:
    """stderr, for people; rich itself heeds NO_COLOR and TERM=dumb."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def shown(quiet: bool = False) -> Iterator[tuple[Listener, Cancel]]:
    """A listener that draws events, and a cancel that Ctrl-C asks: once to end after the
    running steps, twice to end them."""
    screen = console()
    drawing = Bars(screen) if screen.is_terminal and not quiet else Lines(screen, quiet)
    cancel = Cancel()
    with drawing, _heeding_ctrl_c(cancel, screen):
        yield drawing.show, cancel


class Lines:
    """One line for every step that ends."""

    def __init__(self, screen: Console, quiet: bool) -> None:
        self.screen = screen
        self.quiet = quiet

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *error: object) -> None:
        return

    def show(self, event: Event) -> None:
        """Draw one event."""
        match event:
            case StageStarted(stage, steps) if not self.quiet and steps > 1:
                self.screen.print(f"{stage}: {steps} to render")
            case StepDone(step, shot, take, seconds) if not self.quiet:
                number = f" v{take:03d}" if take else ""
                self.screen.print(f"{step} {shot or ''}{number} {seconds:.1f}s".replace("  ", " "))
            case StepFailed(step, shot, error, _):
                self.screen.print(f"[red]failed:[/] {step} {shot}: ", end="")
                self.screen.print(error, markup=False)
            case Note(text, warning) if warning or not self.quiet:
                self.screen.print("[yellow]warning:[/] " if warning else "note: ", end="")
                self.screen.print(text, markup=False)


class Bars:
    """A bar a stage, with the time to go as measured in this run."""

    def __init__(self, screen: Console) -> None:
        self.lines = Lines(screen, quiet=True)
        self.progress = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            TextColumn("{task.fields[now]}"),
            console=screen,
        )
        self.task: Any = None
        self.finished = 0
        self.parts: dict[str | None, float] = {}

    def __enter__(self) -> Bars:
        self.progress.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.progress.__exit__(*error)

    def show(self, event: Event) -> None:
        """Draw one event."""
        match event:
            case StageStarted(stage, steps):
                self.task = self.progress.add_task(stage, total=steps, now="")
                self.finished, self.parts = 0, {}
            case StepStarted(_, shot):
                self.parts[shot] = 0.0
                self._advance(shot or "")
            case StepProgress(_, shot, done, total) if total:
                self.parts[shot] = done / total
                self._advance(shot or "")
            case StepDone(_, shot, _, _) | StepFailed(_, shot, _, _):
                self.parts.pop(shot, None)
                self.finished += 1
                self._advance("")
                self.lines.show(event)
            case StageEnded() if self.task is not None:
                self.progress.update(self.task, now="")
            case Note(text, warning):
                Lines(self.progress.console, quiet=False).show(Note(text, warning))

    def _advance(self, now: str) -> None:
        if self.task is not None:
            done = self.finished + sum(self.parts.values())
            self.progress.update(self.task, completed=done, now=now)


@contextmanager
def _heeding_ctrl_c(cancel: Cancel, screen: Console) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def asked(_signal: int, _frame: FrameType | None) -> None:
        if cancel.ask() == 1:
            print(
                "\nstopping after the running steps; Ctrl-C again ends them at once",
                file=sys.stderr,
                flush=True,
            )
        else:
            print("\nstopping at once", file=sys.stderr, flush=True)

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    screen.file.flush()
