"""Text first: every prompt of a run is read by its encoders, each loaded once, before anything is
painted. One load serves all models that share an encoder.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from studio.engines.requests import Reading, ReadRequest
from studio.errors import StudioError
from studio.events import Event, Listener, Note, StageEnded, StageStarted, StepDone, StepProgress
from studio.executors import Cancel, Done, Executor, Failed, Job
from studio.stages.kept_texts import TEXTS, KeptTexts
from studio.stages.takes import TakeStage


def read_texts(
    work: Iterable[tuple[TakeStage, Sequence[str]]],
    kept: KeptTexts,
    executor: Executor,
    on_event: Listener,
    cancel: Cancel,
) -> None:
    """Have everything read that the stages will need for the shots that each renders, encoder by
    encoder. Raises StudioError where an encoder cannot be loaded or a text not be read."""
    needed: dict[Path, Reading] = {}
    on_card = False
    for stage, shots in work:
        on_card |= stage.spec.model is not None and stage.spec.chosen().device != "cpu"
        for shot in shots:
            needed |= {kept.file(one): one for one in stage.readings(shot)}
    missing = [one for file, one in needed.items() if not file.is_file()]
    if not missing:
        return
    missing.sort(key=kept.encoder)

    def heard(event: Event) -> None:
        """Of the many short readings only what a person should know."""
        if isinstance(event, Note):
            on_event(event)

    began = time.monotonic()
    on_event(StageStarted("texts", 1))
    jobs = [
        Job("texts", "", n, ReadRequest("", one, kept.encoder(one)))
        for n, one in enumerate(missing)
    ]
    spec = TEXTS if on_card else replace(TEXTS, settings={"device": "cpu"})
    for done, result in enumerate(executor.run(spec, jobs, heard, cancel), 1):
        match result:
            case Done():
                kept.keep(missing[result.job.key], next(iter(result.rendered.files.values())))
                on_event(StepProgress("texts", None, done, len(jobs)))
            case Failed():
                raise StudioError(f"a prompt cannot be read: {result.error}")
    on_event(StepDone("texts", None, None, time.monotonic() - began))
    on_event(StageEnded("texts"))
