"""Versions: what was shown to somebody, kept under a name, and what changed between two.

versions/<name>/ holds the film or the reel as it was, its storyboard as YAML and PDF, film.yaml
and the story, `version.yaml` (a record) and `changes.md` (in words, against the version before).
It is gathered under another name and renamed, so that it is whole or not there, and is never
written again.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from studio.desk.export import export_pdf
from studio.desk.states import (
    RECORD,
    shots_now,
    stages,
    state_now,
    state_of,
    versions,
)
from studio.documents import dump_document
from studio.errors import StudioError
from studio.events import Listener, Note
from studio.history import note
from studio.project import STORY_NAMES, Project
from studio.revise.differing.changes import changes
from studio.revise.differing.state import Change, Snapshot
from studio.revise.differing.telling import summary, told
from studio.revise.differing.wording import seconds
from studio.schema.version import Version
from studio.session import held
from studio.stages.film import FilmStep, ReelStep
from studio.stages.production import Production, written_production

CHANGES = "changes.md"
PDF = "storyboard.pdf"
OUTCOMES: tuple[Literal["film", "reel"], ...] = ("film", "reel")
_NAME = re.compile(r"\w[\w.-]{0,59}")


@dataclass(frozen=True)
class Difference:
    """What lies between two states of the film, in values and in words under headings."""

    before: Snapshot
    after: Snapshot
    found: list[Change]
    told: dict[str, list[str]]
    waiting: int = 0
    """Shots of the project as it is now that are not rendered as they are written."""


def keep(project: Project, name: str, on_event: Listener) -> Version:
    """Keep the film, or else the reel, under a name. Raises StudioError where the name is taken
    or malformed, or neither is up to date, ProjectBusy while a run holds the project."""
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise StudioError(
            f"{name!r} is no name for a version",
            "use letters, digits, - _ and dots, up to 60, such as v1 or client-2",
        )
    with held(project, f"version {name}", on_event):
        before = versions(project)
        taken = next((one.name for one in before if one.name.casefold() == name.casefold()), None)
        if taken or (project.versions_folder / name).exists():
            raise StudioError(f"{taken or name} is there already", "choose another name")
        with _whole(project.versions_folder, name) as folder:
            version = _gather(project, name, before[-1] if before else None, folder, on_event)
        note(project, f"version {name}", f"kept the {' and '.join(version.kept)} as {name}")
    return version


def compare(project: Project, first: str, second: str | None = None) -> Difference:
    """What changed from one version to another, or to the project as it is now. Reads only.
    Raises StudioError where there is no version of that name."""
    before, waiting = state_of(project, _named(project, first)), 0
    if second is not None:
        after = state_of(project, _named(project, second))
    else:
        production = written_production(project)
        after, waiting = state_now(production), _waiting(production)
    return Difference(before, after, changes(before, after), told(before, after), waiting)


# --- gathering a version ---------------------------------------------------------------


@contextlib.contextmanager
def _whole(parent: Path, name: str) -> Iterator[Path]:
    """A folder to fill, which is given its name when it is full and removed where that fails."""
    part = parent / f".{name}.part"
    try:
        parent.mkdir(exist_ok=True)
        for old in parent.glob(".*.part"):
            shutil.rmtree(old)
        part.mkdir()
        yield part
        for path in part.iterdir():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        part.rename(parent / name)
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            raise StudioError(
                f"the version {name} cannot be kept: {error.strerror or error}",
                "look at the space on the disk and the folder's permissions; nothing was lost",
            ) from error
        raise


def _gather(
    project: Project, name: str, last: Version | None, folder: Path, on_event: Listener
) -> Version:
    """Fill a version's folder. Raises StudioError, OSError."""
    intent = [project.film_file, project.storyboard_file, *map(project.root.joinpath, STORY_NAMES)]
    written = {path: path.read_bytes() for path in intent if path.is_file()}
    production = written_production(project)
    results = _results(production)
    if not results:
        raise StudioError(
            "nothing to keep: neither film nor reel is up to date",
            "studio make" if (project.root / "film.mp4").exists() else "studio make --to reel",
        )
    for path in results:
        shutil.copyfile(path, folder / path.name)
    for path, content in written.items():
        (folder / path.name).write_bytes(content)
    for text in _pdf(project, folder):
        on_event(Note(text, warning=True))
    version, text = _record(production, name, last, results)
    (folder / RECORD).write_text(dump_document(version), encoding="utf-8")
    (folder / CHANGES).write_text(text, encoding="utf-8")
    if any(path.read_bytes() != content for path, content in written.items()):
        raise StudioError(
            "the storyboard was changed while the version was gathered", "run it again"
        )
    return version


def _pdf(project: Project, folder: Path) -> tuple[str, ...]:
    """Write storyboard.pdf; gives what is to be said about it. Exports go nowhere in the project
    but beside the film, so it is drawn elsewhere first."""
    with tempfile.TemporaryDirectory() as elsewhere:
        exported = export_pdf(project, Path(elsewhere) / PDF)
        shutil.copyfile(exported.path, folder / PDF)
    return exported.notes


def _results(production: Production) -> list[Path]:
    """Files of the film and of the reel that show the project as it is now."""
    root = production.project.root
    film = FilmStep(production)
    reels = (ReelStep(production), ReelStep(production, clean=True))
    found = []
    if not film.reason(changed=False):
        found += [film.out, root / "film.srt", root / "cut.otio"]
    if any(not reel.reason(changed=False) for reel in reels):
        found.append(reels[0].out)
    return found


def _record(
    production: Production, name: str, last: Version | None, results: list[Path]
) -> tuple[Version, str]:
    """The record of a version, and changes.md."""
    shots, state = shots_now(production), state_now(production)
    if last is None:
        count = sum(1 for scene in state.storyboard.scenes if scene.shots)
        what = f"the first version: {_counted(len(shots), 'shot')} in {_counted(count, 'scene')}"
        sections = {"What made it": FilmStep(production).credits()}
    else:
        before = state_of(production.project, last)
        what = summary(changes(before, state))
        sections = told(before, state)
    version = Version(
        name=name,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        kept=[one for one in OUTCOMES if f"{one}.mp4" in {path.name for path in results}],
        since=last.name if last else None,
        summary=what,
        frames=production.timeline.frames,
        rate=production.film.rate,
        song=state.song,
        shots=shots,
    )
    return version, _markdown(version, last, production, sections)


def _markdown(
    version: Version, last: Version | None, production: Production, sections: dict[str, list[str]]
) -> str:
    length = seconds(production.timeline.seconds)
    shots = _counted(len(version.shots), "shot")
    lines = [f"# {production.film.title}: {version.name}", ""]
    lines.append(f"The {' and the '.join(version.kept)} of {version.at[:10]}, {length}, {shots}.")
    since = (
        f"Since {last.name}, the {' and the '.join(last.kept)} of {last.at[:10]}: " if last else ""
    )
    lines.append(f"{since}{version.summary}.")
    if late := _outdated(production):
        lines.append(f"Not drawn anew since they were changed: {', '.join(late)}.")
    for heading, said in sections.items():
        lines += ["", f"## {heading}", "", *(f"- {line}" for line in said)]
    return "\n".join(lines) + "\n"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _outdated(production: Production) -> list[str]:
    """Shots of which a reel shows what they were before they were changed."""
    return [
        shot
        for shot in production.shots
        if all(stage.standing(shot).current is None for stage in stages(production))
    ]


def _waiting(production: Production) -> int:
    """How many shots have no picture as they are written, or a clip that shows something else."""
    keyframes, clips = stages(production)
    return sum(
        keyframes.standing(shot).state != "fresh"
        or clips.standing(shot).state in ("stale", "failed")
        for shot in production.shots
    )


def _named(project: Project, name: str) -> Version:
    found = {version.name: version for version in versions(project)}
    if name in found:
        return found[name]
    if not found:
        raise StudioError(
            f"there is no version {name}: none was kept yet", "keep one with: studio version v1"
        )
    close = difflib.get_close_matches(name, found, 3, 0.5)
    raise StudioError(
        f"there is no version {name}",
        f"did you mean {' or '.join(close)}?" if close else f"versions: {', '.join(found)}",
    )
