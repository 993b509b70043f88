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

from studio.engines.base import EngineSpec, unheard
from studio.engines.requests import ReadRequest
from studio.errors import Interrupted, Missing, StudioError
from studio.events import Listener, Note, StepProgress, StepStarted
from studio.executors import Cancel, Done, Failed, Job, perform
from studio.residency.card import Card, cards

REPORT_EVERY = 0.2  # seconds between two progress reports of one job
ENDING = 10.0  # seconds that a worker may take to end by itself
GIVING_BACK = 5.0  # seconds that a card's driver may take to count memory as free
STOP = "stop"  # said to a worker while it renders
UNNOTICED = 10**9  # bytes by which others may change what is free


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    card: Card | None
    job: Job | None = None
    ready: bool = False
    stopping: bool = False


class LocalExecutor:
    """Processes on this machine: for an embedded engine as many as there are cores (or
    `workers`), else one for each graphics card (of this machine, or `cards`).

    Workers of a model stay when their jobs are done, so that the next jobs of the same engine find
    it open; they end before another model's begin, and with `close`.
    """

    def __init__(
        self, scratch: Path, workers: int | None = None, cards: Sequence[Card] | None = None
    ) -> None:
        self.scratch = scratch
        self.workers = workers
        self.cards = cards
        self._idle: list[_Worker] = []
        self._idle_of: EngineSpec | None = None
        self._free: dict[int, int] = {}

    def run(
        self, spec: EngineSpec, jobs: Iterable[Job], on_event: Listener, cancel: Cancel
    ) -> Iterator[Done | Failed]:
        """Do all jobs. Raises StudioError where the engine cannot be opened at all, Missing where
        something that it needs is missing in every place: another place takes over its job."""
        waiting = deque(jobs)
        if not waiting:
            return
        stays = not spec.engine_class().embedded
        if stays and self._idle_of != spec:
            self.close(on_event)
        places = self._places(spec, waiting[0], on_event)[: len(waiting)]
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.scratch))
        pool = [self._worker(spec, card, stays) for card in places]

        def go_on(worker: _Worker) -> None:
            """Its next job, or its end."""
            if waiting and not cancel.is_set():
                worker.job = waiting.popleft()
                on_event(StepStarted(worker.job.step, worker.job.shot))
                worker.pipe.send((worker.job, folder))
                return
            pool.remove(worker)
            if stays:
                self._idle.append(worker)
            else:
                worker.pipe.close()

        try:
            for worker in [worker for worker in pool if worker.ready]:
                go_on(worker)
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
                            pool.append(_start(spec, worker.card))
                        continue
                    match message:
                        case "ready":
                            worker.ready = True
                        case ("refused", Missing() as error):
                            pool.remove(worker)
                            _end(worker)
                            if worker.job:
                                waiting.appendleft(worker.job)
                            if not pool:
                                raise error
                            continue
                        case ("refused", StudioError() as error):
                            raise error
                        case ("progress", done, total) if worker.job:
                            on_event(StepProgress(worker.job.step, worker.job.shot, done, total))
                        case Done() | Failed():
                            worker.job = None
                            yield message
                        case "stopped":
                            worker.job = None
                    if worker.ready and worker.job is None:
                        go_on(worker)
                if cancel.at_once:
                    return
                if stays and cancel.by_a_person:
                    for worker in pool:
                        if worker.job and not worker.stopping:
                            worker.stopping = True
                            worker.pipe.send(STOP)
        finally:
            for worker in pool:
                _end(worker, at_once=True)
            shutil.rmtree(folder, ignore_errors=True)

    def close(self, on_event: Listener = unheard) -> None:
        """End the workers that stayed, and wait until the card has their memory back: a model that
        is loaded next finds it free. What does not come back is said."""
        for worker in self._idle:
            _end(worker)
        if self._idle and self._free:
            until = time.monotonic() + GIVING_BACK
            while (lost := self._lost()) and time.monotonic() < until:
                time.sleep(0.2)
            for card, gone in lost.items():
                amount = f"{gone / 1e9:.1f} GB of card {card} did not come back"
                on_event(Note(f"{amount} when {self._idle_of and self._idle_of.name} ended", True))
        self._idle, self._idle_of, self._free = [], None, {}

    def _lost(self) -> dict[int, int]:
        """Bytes of each card that were free before the workers began, and are not now."""
        now = {card.index: card.free for card in self._there()}
        gone = {card: free - now.get(card, free) for card, free in self._free.items()}
        return {card: amount for card, amount in gone.items() if amount > UNNOTICED}

    def _worker(self, spec: EngineSpec, card: Card | None, stays: bool) -> _Worker:
        """One that stayed, or a new one."""
        if stays and self._idle_of is None:
            self._idle_of = spec
            self._free = {card.index: card.free for card in self._there()}
        if stays and (idle := next((one for one in self._idle if _same(one.card, card)), None)):
            self._idle.remove(idle)
            return idle
        return _start(spec, card)

    def _there(self) -> Sequence[Card]:
        return cards() if self.cards is None else self.cards

    def _places(self, spec: EngineSpec, job: Job, on_event: Listener) -> list[Card | None]:
        """A place for each worker: a card that it is kept to, None for one that sees all there
        is; a machine's only card needs no keeping to. Texts are read in one place: an encoder
        loads for longer than it reads. A card that is small beside the largest is left out: it
        would hold up the shots that it takes, or fail them."""
        if spec.engine_class().embedded:
            return [None] * (self.workers or os.cpu_count() or 1)
        there = self._there()
        if isinstance(job.request, ReadRequest) or len(there) < 2:
            return [None]
        most = max(card.free for card in there)
        for card in there:
            if card.free < most / 2:
                has = f"{card.free / 1e9:.0f} of the {most / 1e9:.0f} GB free that another has"
                on_event(Note(f"card {card.index} ({card.name}) is left out: it has {has}"))
        return [card for card in there if card.free >= most / 2]


def _same(one: Card | None, other: Card | None) -> bool:
    return (one and one.index) == (other and other.index)


def _end(worker: _Worker, *, at_once: bool = False) -> None:
    """End a worker and wait until it is gone."""
    worker.pipe.close()
    if not at_once:
        worker.process.join(ENDING)
    worker.process.kill()
    worker.process.join()


def _start(spec: EngineSpec, card: Card | None) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(spec, theirs), daemon=True)
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


def _work(spec: EngineSpec, pipe: Connection) -> None:
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
            asked = pipe.recv()
        except (EOFError, OSError):
            return
        if asked == STOP:
            continue  # it came when the job was done already
        job, folder = asked
        try:
            done = _one(engine, job, pipe, Path(tempfile.mkdtemp(dir=folder)))
        except Missing as error:  # no other job could be done either
            pipe.send(("refused", error))
            return
        except Interrupted:
            pipe.send("stopped")
            continue
        pipe.send(done)


def _one(engine: Any, job: Job, pipe: Connection, folder: Path) -> Done | Failed:
    """What came of a job. Raises Missing, and Interrupted where it was told to stop."""
    last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        if pipe.poll() and pipe.recv() == STOP:
            raise Interrupted("stopped between two steps")
        now = time.monotonic()
        if now - last >= REPORT_EVERY:
            last = now
            pipe.send(("progress", done, total))

    began = time.monotonic()
    try:
        rendered = perform(engine, job, folder, report)
    except (Missing, Interrupted):
        raise
    except StudioError as error:
        return Failed(job, f"{error.message} ({error.tip})" if error.tip else error.message)
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
