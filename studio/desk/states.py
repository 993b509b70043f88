"""States of a film to be compared: a version that was kept, and the project as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from studio.documents import read_document
from studio.errors import DocumentError
from studio.fingerprint import file_hash
from studio.project import Project
from studio.revise.differing.state import Snapshot
from studio.schema.base import Model
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
from studio.schema.version import ShownTake, Version, VersionShot
from studio.stages.clips import Clips
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production
from studio.stages.takes import TakeStage

RECORD = "version.yaml"
M = TypeVar("M", bound=Model)


def versions(project: Project) -> list[Version]:
    """The versions that were kept, the oldest first. Raises DocumentError where a record was
    damaged."""
    folders = project.versions_folder.glob(f"[!.]*/{RECORD}")
    found = [_read(path, Version) for path in folders]
    return sorted(found, key=lambda version: (version.at, version.name))


def storyboard_of(project: Project, version: Version) -> Storyboard:
    """The storyboard as a version kept it. Raises DocumentError."""
    return _read(project.versions_folder / version.name / "storyboard.yaml", Storyboard)


def state_of(project: Project, version: Version) -> Snapshot:
    """The film as a version kept it. Raises DocumentError."""
    film = _read(project.versions_folder / version.name / "film.yaml", Film)
    storyboard = storyboard_of(project, version)
    return _state(film, storyboard, version.seconds, version.shots, version.song)


def state_now(production: Production) -> Snapshot:
    """The film as it is now."""
    film, length = production.film, production.timeline.seconds
    shots, song = shots_now(production), _song(production)
    return _state(film, production.storyboard, length, shots, song)


def shots_now(production: Production) -> dict[str, VersionShot]:
    """Every shot's slot and the takes that show it: the current ones, or the best there is."""
    shots = {}
    for shot, slot in production.slots.items():
        own = production.shown_of(shot) == shot
        takes = {}
        for stage in stages(production) if own else ():
            standing = stage.standing(shot)
            take = standing.current or standing.newest
            if take is not None:
                content = next(iter(take.files.values()))
                takes[stage.kind] = ShownTake(
                    number=take.number, content=content, engine=take.made_by.engine
                )
        shots[shot] = VersionShot(start=slot.start, frames=slot.frames, takes=takes)
    return shots


def _song(production: Production) -> str:
    """The sha256 of the song's file, empty without one."""
    song = production.film.song
    return file_hash(production.project.inside(song.file)) if song else ""


def stages(production: Production) -> tuple[TakeStage, ...]:
    """The stages whose takes a version records."""
    return Keyframes(production), Clips(production)


def _state(
    film: Film,
    storyboard: Storyboard,
    length: Fraction,
    shots: Mapping[str, VersionShot],
    song: str,
) -> Snapshot:
    return Snapshot(
        film=film,
        storyboard=storyboard,
        frames={id_: shot.frames for id_, shot in shots.items()},
        seconds=length,
        takes={
            (id_, kind): take for id_, shot in shots.items() for kind, take in shot.takes.items()
        },
        song=song,
    )


def _read(path: Path, model: type[M]) -> M:
    name = f"versions/{path.parent.name}"
    if not path.is_file():
        raise DocumentError(
            f"{name}/{path.name} is not there",
            f"{name} is a record: restore it, or remove it whole",
        )
    try:
        return read_document(path, model)
    except DocumentError as error:
        raise DocumentError(f"{name}/{error.message}", error.tip) from None
