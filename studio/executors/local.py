"""The local executor: worker processes on this machine, each with its engine open.

With several graphics cards an engine that needs one gets a worker a card, which sees no other
card. A worker that crashes takes only its own job with it and is replaced. Workers leave
Ctrl-C to their parent, and end at once when their parent is gone, however it went.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from studio.engines.base import EngineSpec, ReadRequest
from studio.errors import Missing, StudioError
from studio.events import Listener, Note, StepProgress, StepStarted
from studio.executors import Cancel, Done, Failed, Job, perform
from studio.residency.card import Card, cards

REPORT_EVERY = 0.2  # seconds between two progress reports of one job


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    card: Card | None
    job: Job | None = None
    ready: bool = False


class LocalExecutor:
    """Processes on this machine: for an embedded engine as many as there are cores (or
    `workers`), else one for each graphics card (of this machine, or `cards`)."""

    def __init__(
        self, scratch: Path, workers: int | None = None, cards: Sequence[Card] | None = None
    ) -> None:
        self.scratch = scratch
        self.workers = workers
        self.cards = cards

    def run(
        self, spec: EngineSpec, jobs: Iterable[Job], on_event: Listener, cancel: Cancel
    ) -> Iterator[Done | Failed]:
        """Do all jobs. Raises StudioError where the engine cannot be opened at all."""
        waiting = deque(jobs)
        if not waiting:
            return
        places = self._places(spec, waiting[0], on_event)[: len(waiting)]
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.scratch))
        pool = [_start(spec, folder, card) for card in places]
        try:
            while pool:
                for pipe in wait([worker.pipe for worker in pool], timeout=0.2):
                    worker = next(item for item in pool if item.pipe is pipe)
                    try:
                        message = worker.pipe.recv()
                    except (EOFError, OSError):
                        pool.remove(worker)
                        worker.process.join()
                        if worker.job is None:
                            raise StudioError(
                                f"the worker of {spec.kind} {spec.name} ended before its first "
                                f"job{_cause(worker.process)}"
                            ) from None
                        yield Failed(worker.job, f"the worker crashed{_cause(worker.process)}")
                        if waiting and not cancel.is_set():
                            pool.append(_start(spec, folder, worker.card))
                        continue
                    match message:
                        case "ready":
                            worker.ready = True
                        case ("refused", StudioError() as error):
                            raise error
                        case ("progress", done, total) if worker.job:
                            on_event(StepProgress(worker.job.step, worker.job.shot, done, total))
                        case Done() | Failed():
                            worker.job = None
                            yield message
                    if worker.ready and worker.job is None:
                        if waiting and not cancel.is_set():
                            worker.job = waiting.popleft()
                            on_event(StepStarted(worker.job.step, worker.job.shot))
                            worker.pipe.send(worker.job)
                        else:
                            worker.pipe.close()
                            pool.remove(worker)
                if cancel.at_once:
                    return
        finally:
            for worker in pool:
                worker.process.kill()
                worker.process.join()
                worker.pipe.close()
            shutil.rmtree(folder, ignore_errors=True)

    def _places(self, spec: EngineSpec, job: Job, on_event: Listener) -> list[Card | None]:
        """A place for each worker: a card that it is kept to, None for one that sees all there
        is; a machine's only card needs no keeping to. Texts are read in one place: an encoder
        loads for longer than it reads. A card that is small beside the largest is left out: it
        would hold up the shots that it takes, or fail them."""
        if spec.engine_class().embedded:
            return [None] * (self.workers or os.cpu_count() or 1)
        there = cards() if self.cards is None else self.cards
        if isinstance(job.request, ReadRequest) or len(there) < 2:
            return [None]
        most = max(card.free for card in there)
        for card in there:
            if card.free < most / 2:
                has = f"{card.free / 1e9:.0f} of the {most / 1e9:.0f} GB free that another has"
                on_event(Note(f"card {card.index} ({card.name}) is left out: it has {has}"))
        return [card for card in there if card.free >= most / 2]


def _start(spec: EngineSpec, folder: Path, card: Card | None) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(spec, theirs, folder), daemon=True)
    with _ctrl_c_held_back(), _seeing(card):
        process.start()
    theirs.close()
    return _Worker(process, ours, card)


@contextmanager
def _seeing(card: Card | None) -> Iterator[None]:
    """Processes started meanwhile see this card alone, from their first import on."""
    if card is None:
        yield
        return
    name = "CUDA_VISIBLE_DEVICES"
    before = os.environ.get(name)
    os.environ[name] = card.uuid or str(card.index)
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Start processes that see neither Ctrl-C nor a terminate sent to the whole group, not
    even while they import: they inherit that both are blocked. One that comes meanwhile
    reaches this process afterwards."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # its own start would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cause(process: BaseProcess) -> str:
    code = process.exitcode
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f" ({name}{', perhaps out of memory' if name == 'SIGKILL' else ''})"
    return f" (exit code {code})" if code else ""


def _work(spec: EngineSpec, pipe: Connection, folder: Path) -> None:
    """A worker's whole life: open the engine, then a job at a time until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        watch = threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True)
        watch.start()
    try:
        engine = spec.open()
    except StudioError as error:
        pipe.send(("refused", error))
        return
    except Exception as error:  # noqa: BLE001 - a vendor's error stops here
        pipe.send(("refused", Missing(f"{spec.kind} {spec.name} does not open: {error}")))
        return
    pipe.send("ready")
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_one(engine, job, pipe, Path(tempfile.mkdtemp(dir=folder))))


def _one(engine: Any, job: Job, pipe: Connection, folder: Path) -> Done | Failed:
    last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= REPORT_EVERY:
            last = now
            pipe.send(("progress", done, total))

    began = time.monotonic()
    try:
        rendered = perform(engine, job, folder, report)
    except StudioError as error:
        return Failed(job, error.message)
    except MemoryError:
        return Failed(job, "out of memory")
    except Exception as error:  # noqa: BLE001 - one shot's failure is one shot's failure
        text = str(error).strip().splitlines()
        line = f"{type(error).__name__}: {text[0] if text else 'no message'}"
        return Failed(job, line, traceback.format_exc())
    return Done(job, rendered, time.monotonic() - began, _peak_mb())


def _peak_mb() -> int | None:
    """Largest resident memory of this worker so far, in MB; None where unknown."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
