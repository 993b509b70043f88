"""What a project no longer needs: segments that neither film nor reel uses, what a killed run
left, and takes of shots, and sheets of people, that are not in the storyboard.

Of a removed shot, or the sheet of somebody removed, there stay, of each kind, the newest good
take, the one with the highest number (so that no number is given twice), what a version shows,
what a draft or a version circles, and the keyframes that clips which stay were made from. Takes of
shots and people that are in the storyboard all stay.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from studio.desk.states import storyboard_of, versions
from studio.documents import read_document
from studio.errors import StudioError
from studio.events import Listener
from studio.history import note
from studio.project import Project
from studio.schema.base import is_shot_id
from studio.schema.storyboard import SheetKind, Storyboard, TakeKind
from studio.schema.take import Kind, Take, is_sheet, sheet_of
from studio.session import held
from studio.stages.film import FilmStep, ReelStep
from studio.stages.production import Production, written_production

KINDS: tuple[Kind, ...] = get_args(TakeKind) + get_args(SheetKind)
IN_USE_SECONDS = 60
"""A temporary file that is younger may be one that another command is just writing."""

_NUMBERED = re.compile(rf"({'|'.join(KINDS)})_v(\d{{3,}})\.")

Numbered = dict[tuple[Kind, int], list[Path]]
"""The files of a shot's takes, by kind and number; the sidecar first."""


@dataclass(frozen=True)
class Leftover:
    """Something to remove: the files of one segment, of one take of a shot or a sheet, or a
    temporary file or folder.

    `shot` is empty but for a take, `cast_<who>` for one of a sheet; `size` is in bytes.
    """

    kind: Literal["segment", "temporary", "take", "sheet"]
    name: str
    files: tuple[Path, ...]
    size: int
    shot: str = ""


def leftovers(project: Project) -> list[Leftover]:
    """What could be removed now. Reads only. Raises StudioError where the project, a version or
    a draft does not read, since nobody then knows what is needed."""
    production = written_production(project)
    return [*_segments(production), *_temporaries(project), *_takes(production)]


def clean(project: Project, agreed: Sequence[Leftover], on_event: Listener) -> list[Leftover]:
    """Remove what was agreed on and is still not needed; gives what was removed. Raises
    ProjectBusy while a run holds the project, StudioError where the system refuses."""
    files = {one.files for one in agreed}
    with held(project, "clean", on_event):
        gone = [one for one in leftovers(project) if one.files in files]
        for one in gone:
            for path in one.files:
                _remove(path)
        if gone:
            note(project, "clean", f"removed {described(gone)}")
    return gone


def described(gone: Sequence[Leftover]) -> str:
    """`38 segments, 3 takes of removed shots: 134.7 MB`."""
    nouns = {
        "segment": ("segment", "segments"),
        "temporary": ("temporary file", "temporary files"),
        "take": ("take of a removed shot", "takes of removed shots"),
        "sheet": ("picture of a removed sheet", "pictures of removed sheets"),
    }
    counts = {kind: sum(one.kind == kind for one in gone) for kind in nouns}
    parts = [f"{count} {nouns[kind][count > 1]}" for kind, count in counts.items() if count]
    return f"{', '.join(parts)}: {megabytes(gone)}"


def megabytes(of: Sequence[Leftover]) -> str:
    """The size of leftovers together: `134.7 MB`."""
    return f"{sum(one.size for one in of) / 1e6:.1f} MB"


# --- what is not needed ----------------------------------------------------------------


def _segments(production: Production) -> Iterator[Leftover]:
    folder = production.project.studio_folder / "segments"
    steps = FilmStep(production), ReelStep(production), ReelStep(production, clean=True)
    used = set[str]().union(*(step.segments() for step in steps)) if folder.is_dir() else set()
    for path in sorted(folder.glob("*")):
        if path.name not in used and path.suffix != ".part":
            yield Leftover("segment", path.name, (path,), _size(path))


def _temporaries(project: Project) -> Iterator[Leftover]:
    places = [
        *(project.root.glob(name) for name in (".*.part", "film.mp4.part", "reel.mp4.part")),
        *(each.glob(".*.part") for each in (project.drafts_folder, project.versions_folder)),
        project.studio_folder.rglob("*.part"),
    ]
    before = time.time() - IN_USE_SECONDS
    for path in sorted(path for place in places for path in place):
        if _changed(path) < before:
            name = path.relative_to(project.root).as_posix()
            yield Leftover("temporary", name, (path,), _size(path))


def _takes(production: Production) -> Iterator[Leftover]:
    project = production.project
    there = {name for _, shot in production.storyboard.shots() for name in (shot.id, shot.was)}
    there |= {sheet_of(who) for who in production.storyboard.cast}
    folders = sorted(project.takes_folder.iterdir()) if project.takes_folder.is_dir() else []
    ours = [path for path in folders if is_shot_id(path.name) or is_sheet(path.name)]
    removed = [path for path in ours if path.name not in there]
    if not removed:
        return
    shown, circled = _recorded(project)
    for folder in removed:
        numbered = _numbered(folder)
        takes = {
            (kind, take.number): take
            for kind in KINDS
            for take in production.takes.of(folder.name, kind)
        }
        stay = _staying(numbered, takes, shown)
        stay |= {(kind, number) for shot, kind, number in circled if shot == folder.name}
        for (kind, number), files in sorted(numbered.items()):
            if (kind, number) not in stay:
                name = f"{kind} {number}"
                size = sum(map(_size, files))
                of: Literal["take", "sheet"] = "sheet" if is_sheet(folder.name) else "take"
                yield Leftover(of, name, tuple(files), size, folder.name)


def _staying(
    numbered: Numbered, takes: dict[tuple[Kind, int], Take], shown: set[str]
) -> set[tuple[Kind, int]]:
    stay: set[tuple[Kind, int]] = set()
    for kind in KINDS:
        numbers = [number for of, number in numbered if of == kind]
        good = [number for of, number in takes if of == kind and takes[of, number].status == "good"]
        stay |= {(kind, max(each)) for each in (numbers, good) if each}
    stay |= {which for which, take in takes.items() if shown & set(take.files.values())}
    parents = {
        content for which in stay if which in takes for content in takes[which].parents.values()
    }
    return stay | {which for which, take in takes.items() if parents & set(take.files.values())}


def _recorded(project: Project) -> tuple[set[str], set[tuple[str, Kind, int]]]:
    """Content of the takes that versions show, and the takes that drafts and versions circle."""
    kept = versions(project)
    shown = {
        take.content
        for version in kept
        for shot in version.shots.values()
        for take in shot.takes.values()
    }
    drafts = sorted(project.drafts_folder.glob("*.yaml"))
    storyboards = [read_document(draft, Storyboard) for draft in drafts]
    storyboards += [storyboard_of(project, version) for version in kept]
    circled: set[tuple[str, Kind, int]] = set()
    for storyboard in storyboards:
        for _, shot in storyboard.shots():
            circled |= {(shot.id, kind, number) for kind, number in shot.takes.items()}
        for who, person in storyboard.cast.items():
            circled |= {(sheet_of(who), kind, number) for kind, number in person.takes.items()}
    return shown, circled


# --- files -----------------------------------------------------------------------------


def _numbered(folder: Path) -> Numbered:
    """The sidecar comes first: a take without it is none, so a take that was removed half-way is
    gone, and what is left of it is found again."""
    found: Numbered = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name.partition(".")[2] != "json"):
        if match := _NUMBERED.match(path.name):
            kind = next(each for each in KINDS if each == match[1])
            found.setdefault((kind, int(match[2])), []).append(path)
    return found


def _size(path: Path) -> int:
    """In bytes, of a folder all that is in it."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


def _changed(path: Path) -> float:
    """When a file was last written; now where it was renamed into place meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise StudioError(
            f"{path.name} cannot be removed: {error.strerror or error}",
            "look at the folder's permissions, then run it again: what is gone was not needed",
        ) from error
