"""Numbered renders that are never overwritten, and which of them is current.

A take is whole when its sidecar and every file that the sidecar lists are there. All
files of a take are first written under `.part` names, the sidecar last; then they are
renamed, the sidecar last. `recover` finishes or removes what a crash left half-way, so
that only whole takes are ever seen.

Fresh means: the take's fingerprint is what its engine would be asked for now, at the
take's own variation, and it has enough frames. Time stamps and mere existence never
count.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from studio.errors import DocumentError, StudioError
from studio.fingerprint import file_hash
from studio.project import Project
from studio.schema.storyboard import TakeKind
from studio.schema.take import Take

State = Literal["fresh", "stale", "missing", "failed"]

_SIDECAR = re.compile(r"(keyframe|clip|voice)_v(\d{3,})\.json")
_NUMBERED = re.compile(r"(keyframe|clip|voice)_v(\d{3,})\.")


@dataclass(frozen=True)
class Standing:
    """Where one kind of take of one shot stands.

    `current` is the take that everything downstream uses: None unless it is fresh or
    circled. `newest` is the newest good take, for reasons and for the reel.
    """

    state: State
    current: Take | None
    newest: Take | None
    circled: bool = False
    error: str = ""


class Takes:
    """The takes of a project, read once a shot and kept up to date as takes are placed."""

    def __init__(self, project: Project) -> None:
        self.folder = project.takes_folder
        self._read: dict[str, list[Take]] = {}

    def of(self, shot: str, kind: TakeKind) -> list[Take]:
        """Whole takes of a shot, failed ones too, by number. Raises DocumentError where a
        sidecar was damaged."""
        if shot not in self._read:
            self._read[shot] = self._scan(shot)
        return [take for take in self._read[shot] if take.kind == kind]

    def path(self, take: Take, suffix: str | None = None) -> Path:
        """A file of a take: its picture or clip, unless another suffix is named."""
        return self.folder / take.shot / (take.stem + (suffix or next(iter(take.files))))

    def standing(
        self,
        shot: str,
        kind: TakeKind,
        wanted: Callable[[Take], str] | None,
        frames: int = 1,
        circled: int | None = None,
    ) -> Standing:
        """Judge a shot's takes.

        `wanted` gives the fingerprint that a take should have now, at its own variation and
        number of frames; None where that cannot be known yet (a parent will change).
        """
        takes = self.of(shot, kind)
        good = [take for take in takes if take.status == "good"]
        newest = good[-1] if good else None
        if circled is not None:
            chosen = next((take for take in good if take.number == circled), None)
            if chosen is None:
                known = ", ".join(str(take.number) for take in good) or "none"
                raise StudioError(
                    f"{shot}: {kind} take {circled} is circled, but is not there",
                    f"takes there: {known}; undo with: studio circle {shot} {kind} --clear",
                )
            return Standing("fresh", chosen, newest, circled=True)
        if wanted is not None:
            for take in reversed(takes):
                if take.frames < frames and take.status == "good":
                    continue
                if take.fingerprint == wanted(take):
                    if take.status == "failed":
                        return Standing("failed", None, newest, error=take.error)
                    return Standing("fresh", take, newest)
        return Standing("stale" if newest else "missing", None, newest)

    def next_number(self, shot: str, kind: TakeKind) -> int:
        """The number of the next take: above every number that was ever used."""
        folder = self.folder / shot
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        found = [_NUMBERED.match(name.lstrip(".")) for name in names]
        return max((int(m[2]) for m in found if m and m[1] == kind), default=0) + 1

    def place(self, take: Take, files: Mapping[str, Path]) -> Take:
        """Take over rendered files as a new take, all or nothing; gives the take with its
        content hashes. Raises StudioError where the disk refuses."""
        folder = self.folder / take.shot
        try:
            folder.mkdir(parents=True, exist_ok=True)
            hashes = {}
            for suffix, source in files.items():
                part = folder / f".{take.stem}{suffix}.part"
                shutil.move(source, part)
                _sync(part)
                hashes[suffix] = file_hash(part)
            take = take.model_copy(update={"files": hashes})
            sidecar = folder / f".{take.stem}.json.part"
            sidecar.write_text(
                json.dumps(
                    take.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1
                )
                + "\n",
                encoding="utf-8",
            )
            _sync(sidecar)
            _publish(folder, take)
        except OSError as error:
            for part in folder.glob(f".{take.stem}.*part"):
                part.unlink(missing_ok=True)
            raise StudioError(
                f"{take.shot}/{take.stem} cannot be kept: {error.strerror or error}",
                "look at the space on the disk and the folder's permissions; nothing was lost",
            ) from error
        self._read.pop(take.shot, None)
        return take

    def recover(self) -> int:
        """Finish or remove what a crash left half-way; gives how many takes were finished.
        Only for the holder of the project's lock."""
        finished = 0
        shots = (
            [path for path in self.folder.iterdir() if path.is_dir()]
            if self.folder.is_dir()
            else []
        )
        for folder in shots:
            for sidecar in sorted(folder.glob(".*.json.part")):
                with contextlib.suppress(ValidationError, ValueError):
                    take = Take.model_validate_json(sidecar.read_bytes())
                    if all(_arrived(folder, take, suffix) for suffix in take.files):
                        _publish(folder, take)
                        finished += 1
            for part in folder.glob(".*.part"):
                part.unlink()
        return finished

    def _scan(self, shot: str) -> list[Take]:
        folder = self.folder / shot
        try:
            names = set(os.listdir(folder))  # noqa: PTH208 - names alone, and many of them
        except (FileNotFoundError, NotADirectoryError):
            return []
        takes = []
        for name in names:
            if not _SIDECAR.fullmatch(name):
                continue
            try:
                take = Take.model_validate_json((folder / name).read_bytes())
            except ValidationError as error:
                raise DocumentError(
                    f"takes/{shot}/{name} is damaged: {error.errors()[0]['msg']}",
                    "remove it together with its picture or clip; that take is then gone",
                ) from None
            if all(take.stem + suffix in names for suffix in take.files):
                takes.append(take)
        return sorted(takes, key=lambda take: take.number)


def _publish(folder: Path, take: Take) -> None:
    for suffix in take.files:
        part = folder / f".{take.stem}{suffix}.part"
        if part.exists():
            part.replace(folder / f"{take.stem}{suffix}")
    (folder / f".{take.stem}.json.part").replace(folder / f"{take.stem}.json")


def _arrived(folder: Path, take: Take, suffix: str) -> bool:
    for path in (folder / f".{take.stem}{suffix}.part", folder / f"{take.stem}{suffix}"):
        if path.is_file():
            return file_hash(path) == take.files[suffix]
    return False


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
