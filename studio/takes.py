"""Numbered renders that are never overwritten, and which of them is current.

A take is whole when its sidecar and every file that the sidecar lists are there. All
files of a take are first written under `.part` names, the sidecar last; then they are
renamed, the sidecar last. `recover` finishes or removes what a crash left half-way, so
that only whole takes are ever seen.

Fresh means: the take's fingerprint is what its engine would be asked for now, at the
take's own variation, or somebody accepted the take for that; and it has enough frames. Time
stamps and mere existence never count. For the same reason there is no index of takes: every
command reads the sidecars of the shots that it is about, a tenth of a millisecond each.

A verdict on a take stands beside it (`clip_v001.review.json`), so that a take never
changes. A folder belongs to the shot it is named after, whatever id its takes were made under.
The pictures of somebody's cast sheet are takes too, in the folder `cast_<who>`: here it counts as
a shot.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import ValidationError

from studio.errors import DocumentError, StudioError
from studio.fingerprint import file_hash
from studio.project import Project, write_atomic
from studio.schema.storyboard import SheetKind, TakeKind
from studio.schema.take import Kind, Review, Take

State = Literal["fresh", "stale", "missing", "failed"]

_KINDS = "|".join(get_args(TakeKind) + get_args(SheetKind))
_SIDECAR = re.compile(rf"({_KINDS})_v(\d{{3,}})\.json")
_NUMBERED = re.compile(rf"({_KINDS})_v(\d{{3,}})\.")
_SHOT_ID = re.compile(r"""\bid["']?\s*:\s*["']?(sc\d{3,5}_sh\d{3,5})\b""")
_RENAMING = ".rename.json"
"""In a folder of takes: the id that its shot had, and the one that it gets."""


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
        self.project = project
        self.folder = project.takes_folder
        self._read: dict[str, list[Take]] = {}
        self._reviews: dict[tuple[str, str], Review] = {}
        self._judged: dict[str, dict[type, Standing]] = {}

    def of(self, shot: str, kind: Kind) -> list[Take]:
        """Whole takes of a shot, failed ones too, by number. Raises DocumentError where a
        sidecar was damaged."""
        if shot not in self._read:
            self._read[shot] = self._scan(shot)
        return [take for take in self._read[shot] if take.kind == kind]

    def path(self, take: Take, suffix: str | None = None) -> Path:
        """A file of a take: its picture or clip, unless another suffix is named."""
        return self.folder / take.shot / (take.stem + (suffix or next(iter(take.files))))

    def review(self, take: Take) -> Review:
        """What was said of a take; a review without verdicts where nothing was."""
        self.of(take.shot, take.kind)
        return self._reviews.get((take.shot, take.stem), Review())

    def write_review(self, take: Take, review: Review) -> None:
        """Keep what is said of a take; a review without verdicts is removed. Raises StudioError."""
        path = self.folder / take.shot / f"{take.stem}.review.json"
        if review.verdicts:
            text = json.dumps(review.model_dump(by_alias=True), ensure_ascii=False, indent=1)
            write_atomic(path, text + "\n")
        else:
            path.unlink(missing_ok=True)
        self._forget(take.shot)

    def accepted(self, take: Take) -> set[str]:
        """Fingerprints of the requests that a take was declared good for."""
        return {said.fingerprint for said in self.review(take).of("accepted")}

    def standing(
        self,
        shot: str,
        kind: Kind,
        wanted: Callable[[Take], str],
        frames: int = 1,
        circled: int | None = None,
    ) -> Standing:
        """Judge a shot's takes.

        `wanted` gives the fingerprint that a take should have now, at its own variation and
        number of frames; empty where that cannot be known yet (a parent will change).
        """
        takes = self.of(shot, kind)
        good = [take for take in takes if take.status == "good"]
        newest = good[-1] if good else None
        if circled is not None:
            chosen = next((take for take in good if take.number == circled), None)
            if chosen is None:
                known = ", ".join(str(take.number) for take in good) or "none"
                said = shot.removeprefix("cast_")
                raise StudioError(
                    f"{said}: {kind} take {circled} is circled, but is not there",
                    f"takes there: {known}; undo with: studio circle {said} {kind} --clear",
                )
            return Standing("fresh", chosen, newest, circled=True)
        failed: Take | None = None
        for take in reversed(takes):
            if take.frames < frames and take.status == "good":
                continue
            now = wanted(take)
            if now and (take.fingerprint == now or now in self.accepted(take)):
                if take.status == "good":
                    return Standing("fresh", take, newest)
                failed = failed or take
        if failed is not None:
            return Standing("failed", None, newest, error=failed.error)
        return Standing("stale" if newest else "missing", None, newest)

    def judged(self, judge: type, shot: str, judging: Callable[[str], Standing]) -> Standing:
        """What `judging` says of a shot: asked once a judge, and again after the shot's takes or
        reviews were changed in this run."""
        known = self._judged.setdefault(shot, {})
        if judge not in known:
            known[judge] = judging(shot)
        return known[judge]

    def next_number(self, shot: str, kind: Kind) -> int:
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
            for part in folder.glob(f".{take.stem}*.part"):
                part.unlink(missing_ok=True)
            raise StudioError(
                f"{take.shot}/{take.stem} cannot be kept: {error.strerror or error}",
                "look at the space on the disk and the folder's permissions; nothing was lost",
            ) from error
        self._forget(take.shot)
        return take

    @contextlib.contextmanager
    def renaming(self, shot: str, to: str) -> Iterator[None]:
        """Move a shot's takes, and a person's own pictures of it, to another id, once the body
        has given the shot that id in the storyboard; where it has not, they stay.

        A crash at any moment leaves a note, by which `recover` does the same. Only for the
        holder of the project's lock. Raises StudioError where the other id has takes.
        """
        if (self.folder / to).exists():
            raise StudioError(
                f"takes/{to} is there already", "its takes are another shot's: choose another id"
            )
        folder = self.folder / shot
        write_atomic(folder / _RENAMING, json.dumps({"from": shot, "to": to}))
        try:
            yield
        finally:
            self._bring_together(folder)
            self._forget(shot)
            self._forget(to)

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
            if (folder / _RENAMING).is_file():
                folder = self._bring_together(folder)
            for sidecar in sorted(folder.glob(".*.json.part")):
                with contextlib.suppress(ValidationError, ValueError):
                    take = Take.model_validate_json(sidecar.read_bytes())
                    if all(_arrived(folder, take, suffix) for suffix in take.files):
                        _publish(folder, take)
                        finished += 1
            for part in folder.glob(".*.part"):
                part.unlink()
        return finished

    def _bring_together(self, folder: Path) -> Path:
        """Finish or undo a renaming, as the storyboard has the shot; gives the takes' folder."""
        said = json.loads((folder / _RENAMING).read_bytes())
        names = (said["to"], said["from"])
        known = _shot_ids(self.project.storyboard_file)
        target = self.folder / next((name for name in names if name in known), folder.name)
        try:
            if not target.exists():
                folder.rename(target)
                folder = target
            boards = self.project.boards_folder
            for path in list(boards.iterdir()) if boards.is_dir() else []:
                shot, panel, _ = re.split(r"((?:_[b-z])?)$", path.stem, maxsplit=1)
                moved = path.with_name(target.name + panel + path.suffix)
                if folder == target and shot in names and not moved.exists():
                    path.rename(moved)
            (folder / _RENAMING).unlink()
        except OSError as error:
            raise StudioError(
                f"the takes of {said['from']} cannot be moved to {said['to']}: {error.strerror}",
                "look at the permissions of takes/ and boards/; the next make finishes it",
            ) from error
        with contextlib.suppress(OSError):  # a folder that holds anything stays
            folder.rmdir()
        return folder

    def _forget(self, shot: str) -> None:
        self._read.pop(shot, None)
        self._judged.pop(shot, None)

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
                with open(f"{folder}/{name}", "rb") as sidecar:  # noqa: PTH123 - one of thousands
                    take = Take.model_validate_json(sidecar.read())
            except FileNotFoundError:
                continue  # moved or removed meanwhile, by another command
            except ValidationError as error:
                raise DocumentError(
                    f"takes/{shot}/{name} is damaged: {error.errors()[0]['msg']}",
                    "remove it together with its picture or clip; that take is then gone",
                ) from None
            if not all(take.stem + suffix in names for suffix in take.files):
                continue
            takes.append(take if take.shot == shot else take.model_copy(update={"shot": shot}))
            if (review := f"{take.stem}.review.json") in names:
                self._reviews[shot, take.stem] = _review(folder / review)
            else:
                self._reviews.pop((shot, take.stem), None)
        return sorted(takes, key=lambda take: take.number)


def _shot_ids(storyboard: Path) -> set[str]:
    """The ids of the shots in a storyboard, which may not read as one."""
    try:
        lines = storyboard.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return set()
    return {id_ for line in lines if line.strip()[:1] != "#" for id_ in _SHOT_ID.findall(line)}


def _review(path: Path) -> Review:
    try:
        return Review.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Review()  # removed meanwhile, by another command
    except ValidationError as error:
        raise DocumentError(
            f"takes/{path.parent.name}/{path.name} is damaged: {error.errors()[0]['msg']}",
            "remove it: what was said of that take is then forgotten",
        ) from None


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
