"""What text encoders gave of prompts: files in .studio/texts, by what each was made of.

An encoder that two models share, file for file, is one encoder: a prompt that both read is read
once. What is kept is never read again, so a second run loads no encoder.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from studio.engines.base import EngineSpec
from studio.engines.requests import AnimateRequest, PaintRequest, Reading, Request
from studio.errors import Missing
from studio.fingerprint import fingerprint
from studio.models.weights import content_hash
from studio.project import Project

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
