"""Writing the storyboard for others: as PDF, as contact sheet, as shot list. Reads only what is
there, renders nothing, and works while a run holds the project.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.errors import StudioError
from studio.exchange.boards import Boards, BoardShot
from studio.exchange.contact_sheet import contact_sheet
from studio.exchange.shot_list import shot_list
from studio.exchange.storyboard_pdf import storyboard_pdf
from studio.project import Project, write_atomic
from studio.schema.take import Take
from studio.selection import selected
from studio.stages.clips import Clips
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production, written_production
from studio.takes import Standing

_KEPT = ("boards", "cast", "sound", "takes", "drafts", "versions", ".studio")
"""Folders of a project that hold no exports: what lies there is a person's, or a record."""


@dataclass(frozen=True)
class Exported:
    """A file that was written, and what is to be said about it."""

    path: Path
    notes: tuple[str, ...] = ()


def export_pdf(project: Project, out: Path | None, selection: Sequence[str] = ()) -> Exported:
    """Write the storyboard's panels as a PDF, by default storyboard.pdf in the project.

    Raises StudioError where there is no storyboard, the selection names nothing, or the file
    cannot be written.
    """
    return _with_pictures(project, out, "storyboard.pdf", selection, storyboard_pdf)


def export_sheet(project: Project, out: Path | None, selection: Sequence[str] = ()) -> Exported:
    """Write all shots as one picture, by default contact-sheet.png in the project. Raises as
    `export_pdf` does."""
    return _with_pictures(project, out, "contact-sheet.png", selection, contact_sheet)


def export_csv(project: Project, out: Path | None, selection: Sequence[str] = ()) -> Exported:
    """Write the shot list, by default shotlist.csv in the project. Raises as `export_pdf`
    does."""
    target = _target(project, out, "shotlist.csv")
    write_atomic(target, shot_list(_gathered(project, selection)))
    return Exported(target)


def _with_pictures(
    project: Project,
    out: Path | None,
    name: str,
    selection: Sequence[str],
    draw: Callable[[Boards], tuple[bytes, tuple[str, ...]]],
) -> Exported:
    target = _target(project, out, name)
    boards = _gathered(project, selection)
    content, missing = draw(boards)
    write_atomic(target, content)
    notes = []
    if missing:
        notes.append(
            f"no font here draws {' '.join(missing[:20])}{' …' if len(missing) > 20 else ''}:"
            " \ufffd stands for them; install a font that has them, such as Noto Sans CJK"
        )
    bare = sum(not board.pictures for board in boards.shots)
    if bare:
        notes.append(f"{bare} of {len(boards.shots)} shots have no picture yet: studio make")
    return Exported(target, tuple(notes))


def _gathered(project: Project, selection: Sequence[str]) -> Boards:
    """The selected shots with their pictures: the take that the film uses, else the newest."""
    production = written_production(project)
    keyframes, clips = Keyframes(production), Clips(production)
    shots = []
    for name in selected(production, selection):
        scene, shot = production.shots[name]
        slot = production.slots[name]
        keyframe, clip = keyframes.standing(name), clips.standing(name)
        shots.append(
            BoardShot(
                *(scene, shot, slot.start, slot.frames),
                pictures=_pictures(production, keyframe.current or keyframe.newest),
                outdated=_is_outdated(keyframe),
                keyframe=keyframe.current.stem if keyframe.current else "",
                clip=clip.current.stem if clip.current else "",
            )
        )
    return Boards(production.film, production.storyboard, tuple(shots))


def _pictures(production: Production, take: Take | None) -> tuple[Path, ...]:
    """A take's picture and its further panels, _b, _c …, in order."""
    if take is None:
        return ()
    further = sorted(
        (suffix for suffix in take.files if suffix.startswith("_") and suffix.endswith(".png")),
        key=lambda suffix: (len(suffix), suffix),
    )
    return tuple(production.takes.path(take, suffix) for suffix in (None, *further))


def _is_outdated(keyframe: Standing) -> bool:
    return keyframe.current is None and keyframe.newest is not None


def _target(project: Project, out: Path | None, name: str) -> Path:
    """The file to be written. Raises StudioError where it cannot be, or holds something else."""
    if out is None:
        return project.root / name
    suffix = Path(name).suffix
    target = out.absolute()
    try:
        if target.is_dir():
            raise StudioError(f"{out} is a folder", f"name a file in it: -o {out / name}")
        if not target.parent.is_dir():
            raise StudioError(
                f"there is no folder {out.parent}", "make it first, or choose another"
            )
        resolved = target.resolve()
    except OSError as error:
        raise StudioError(
            f"{out.name[:40]}… cannot be written: {error.strerror}", "choose a shorter name"
        ) from error
    if target.suffix.lower() != suffix:
        raise StudioError(f"{out} does not end in {suffix}", f"name it {out.with_suffix(suffix)}")
    if resolved.is_relative_to(project.root):
        first = resolved.relative_to(project.root).parts[0]
        if first in _KEPT:
            raise StudioError(
                f"{first}/ holds what the film is made of, no exports",
                f"leave -o out for {name} in the project, or choose another folder",
            )
    return target
