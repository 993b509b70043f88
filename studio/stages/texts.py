"""Text first: every prompt of a run is read by its encoders in one load, before anything is
painted, and kept in .studio/texts by what it was made of.

An encoder that two models share, file for file, is one encoder: a prompt that both read is read
once, and its load serves both. What is kept is never read again, so a second run loads none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engines.base import (
    AnimateRequest,
    EngineSpec,
    PaintRequest,
    Reading,
    ReadRequest,
    Request,
)
from studio.errors import Missing, StudioError
from studio.events import Listener, StageEnded, StageStarted, StepDone
from studio.executors import Cancel, Done, Executor, Failed, Job
from studio.fingerprint import fingerprint
from studio.models.weights import content_hash
from studio.project import Project

if TYPE_CHECKING:
    from studio.stages.takes import TakeStage

TEXTS = EngineSpec("painter", "texts", "studio.engines.texts:Texts")
"""Reads prompts; chosen by there being a model, never by film.yaml."""


VOCABULARIES = {"spiece.model", "tokenizer.json", "vocab.json", "merges.txt"}
"""Files that say which tokens a text becomes."""


class KeptTexts:
    """What encoders gave of texts, as files of a project."""

    def __init__(self, project: Project) -> None:
        self.folder = project.studio_folder / "texts"
        self._memo = project.studio_folder / "hashes.json"
        self._hashes: dict[Path, str] = {}

    def files(self, spec: EngineSpec, request: Request) -> tuple[Path, ...]:
        """The files of everything that has to be read for a request, in order; empty where one
        is not there."""
        if spec.model is None or not isinstance(request, PaintRequest | AnimateRequest):
            return ()
        files = tuple(self.file(reading) for reading in spec.readings(request))
        return files if all(file.is_file() for file in files) else ()

    def file(self, reading: Reading) -> Path:
        """Where a reading is kept, by how it is read, the encoder's content and the text."""
        vocabulary = self._hash(reading.folder / reading.tokenizer, VOCABULARIES)
        read_by = [TEXTS.engine_class().revision, self.encoder(reading), vocabulary]
        key = fingerprint([*read_by, reading.tokens, reading.text])
        return self.folder / f"{key}.safetensors"

    def encoder(self, reading: Reading) -> str:
        """The content hash of an encoder's weights, equal for two models that share them. Raises
        Missing where there are none."""
        return self._hash(reading.folder / reading.encoder, {".safetensors"})

    def _hash(self, folder: Path, kinds: set[str]) -> str:
        if folder not in self._hashes:
            files = sorted(file for file in folder.glob("*") if file.name in kinds)
            files = files or sorted(file for file in folder.glob("*") if file.suffix in kinds)
            if not files:
                raise Missing(
                    f"{folder} holds nothing that reads prompts",
                    "look what is there with: studio models check",
                )
            self._hashes[folder] = fingerprint([content_hash(file, self._memo) for file in files])
        return self._hashes[folder]

    def keep(self, reading: Reading, made: Path) -> None:
        """Take over a file that an encoder gave."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.file(reading).with_suffix(".part")
        shutil.move(made, part)
        part.replace(self.file(reading))


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
    on_event(StageStarted("texts", len(missing)))
    jobs = [
        Job("texts", "", n, ReadRequest("", one, kept.encoder(one)))
        for n, one in enumerate(missing)
    ]
    spec = TEXTS if on_card else replace(TEXTS, settings={"device": "cpu"})
    for result in executor.run(spec, jobs, on_event, cancel):
        match result:
            case Done():
                kept.keep(missing[result.job.key], next(iter(result.rendered.files.values())))
                on_event(StepDone("texts", None, None, result.seconds))
            case Failed():
                raise StudioError(f"a prompt cannot be read: {result.error}")
    on_event(StageEnded("texts"))
