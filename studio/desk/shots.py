"""Shots added, split, moved, renamed and removed: the storyboard's text is changed, checked and
laid out before it is written, takes and a person's own pictures stay with their shot, and the
project's log says what was done.

Every function raises StudioError where it cannot be done; nothing is changed then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from studio import history
from studio.boards import boards_of
from studio.documents import parse_document
from studio.edit.cut import Timeline, lay_out
from studio.edit.marks import read_marks
from studio.errors import StudioError
from studio.project import Project
from studio.revise.text import shots as revise
from studio.revise.text.edits import scalar
from studio.revise.text.ids import ids_in
from studio.revise.text.shots import Spot as Spot
from studio.schema.film import Film
from studio.schema.storyboard import SIZE_NAMES, Shot, Storyboard
from studio.schema.time import Duration, Moment
from studio.session import held
from studio.stages.panels import check_panels
from studio.takes import Takes

D = TypeVar("D", bound=Duration)

DURATION = "3s"
"""Of a new shot that nothing is said of."""


@dataclass(frozen=True)
class Done:
    """What was done, in a line, and the id that it gave; the id is empty where none is new."""

    text: str
    id: str = ""


def add(
    project: Project,
    spot: Spot,
    *,
    duration: str | None = None,
    action: str = "",
    size: str | None = None,
    copy: str | None = None,
) -> Done:
    """A new shot at a place; what is not said is as in the shot `copy`, else the default."""
    fields = {}
    if duration or not copy:
        fields["duration"] = str(_time(Duration, duration)) if duration else DURATION
    if action.strip():
        fields["action"] = scalar(action)
    if size:
        if size not in SIZE_NAMES:
            raise StudioError(f"{size!r} is no size of a shot", f"sizes: {', '.join(SIZE_NAMES)}")
        fields["size"] = size
    used, new = used_ids(project), ""

    def change(text: str) -> str:
        nonlocal new
        text, new = revise.add(text, spot, fields, used, copy)
        return text

    rewrite(project, change)
    like = f", as {copy}" if copy else ""
    return noted(project, "shot add", f"added {new} {spot}{like}", new)


def split(project: Project, shot: str, at: str, *, new_picture: bool = False) -> Done:
    """A shot in two parts that last as long together, cut at a time from its beginning; the
    second shows the rest of the same clip from exactly the next frame on, or gets a picture of
    its own."""
    film, used, new = project.read_film(), used_ids(project), ""
    moment = _time(Moment, at)

    def change(text: str) -> str:
        nonlocal new
        before, begins = _read(project, text), None
        _refuse_spread(project, before, shot)
        while True:
            made, new = revise.split(
                text, film, before, shot, moment, used, new_picture=new_picture, begins=begins
            )
            board = _read(project, made)
            after = laid_out(project, film, board)
            if after.frames != laid_out(project, film, before).frames:
                raise StudioError(
                    f"{shot}: the film would last longer if it was split at {at}",
                    "name the time in beats",
                )
            first, second = after.shots[shot], after.shots[new]
            missed = first.source_in + int(first.frames * first.speed) - second.source_in
            if new_picture or not missed:
                return made
            # the cut is rounded to frames where it lies in the film, the clip where it lies in it
            begins = _later(film, board, new, missed)

    rewrite(project, change)
    shows = "has a picture of its own" if new_picture else "shows the rest of its clip"
    return noted(project, "shot split", f"split {shot} at {at}: {new} {shows}", new)


def _refuse_spread(project: Project, storyboard: Storyboard, shot: str) -> None:
    """A shot whose further panels are spread over its length would show them at other times."""
    pictures = boards_of(project, storyboard)[0].get(shot, ())
    fields = next((each for _, each in storyboard.shots() if each.id == shot), None)
    if len(pictures) > 1 and fields is not None and not fields.panels:
        raise StudioError(
            f"{shot} has {len(pictures)} pictures, which are spread over its length",
            "say first when they begin, such as panels: [1s], then split it after the last",
        )


def move(project: Project, shot: str, spot: Spot) -> Done:
    """A shot at another place, also of another scene; id and takes stay."""
    before = project.read_content(project.storyboard_file)
    if not rewrite(project, lambda text: revise.move(text, shot, spot)):
        return Done(f"{shot} stands {spot} already")
    did = f"moved {shot} {spot}".replace(" at the ", " to the ")
    if _scene_of(before, shot) != _scene_of(project.read_content(project.storyboard_file), shot):
        did += ", into another scene: studio plan says what that makes stale"
    return noted(project, "shot move", did)


def _scene_of(storyboard: Storyboard, shot: str) -> str:
    return next((scene.id for scene, each in storyboard.shots() if each.id == shot), "")


def rename(project: Project, shot: str, new: str) -> Done:
    """A shot under another id; its takes and own pictures move with it. Nothing else may hold
    the project meanwhile."""
    with held(project, "shot rename", lambda _: None), ExitStack() as stack:
        used, takes = used_ids(project), Takes(project)

        def change(text: str) -> str:
            changed = revise.rename(text, shot, new, used)
            stack.enter_context(takes.renaming(shot, new))
            return changed

        rewrite(project, change)
    along = "; its takes went along" if (takes.folder / new).is_dir() else ""
    return noted(project, "shot rename", f"renamed {shot} to {new}{along}")


def remove(project: Project, shots: Sequence[str]) -> Done:
    """Shots taken out of the storyboard; their takes stay in takes/."""
    rewrite(project, lambda text: revise.remove(text, shots))
    text = f"removed {', '.join(dict.fromkeys(shots))}{kept(project, shots)}"
    return noted(project, "shot remove", text)


# --- what scenes need as well ----------------------------------------------------------


def rewrite(project: Project, change: Callable[[str], str]) -> bool:
    """Change the storyboard's text and write it, once it reads, holds together and is laid out;
    gives whether anything changed."""
    changed = False

    def checked(text: str) -> str:
        nonlocal changed
        _read(project, text)
        new = change(text)
        film, board = project.read_film(), _read(project, new)
        slots = laid_out(project, film, board).shots
        shots = {shot.id: (scene, shot) for scene, shot in board.shots()}
        check_panels(film, shots, slots, boards_of(project, board)[0])
        changed = new != text
        return new

    project.rewrite_storyboard(checked)
    return changed


def laid_out(project: Project, film: Film, storyboard: Storyboard) -> Timeline:
    """The film's timeline. Raises DocumentError where it cannot be laid out."""
    song = film.song
    marks = read_marks(project.inside(song.marks), film.rate) if song and song.marks else ()
    return lay_out(film, storyboard, marks)


def used_ids(project: Project) -> set[str]:
    """Ids that a new shot or scene may not get, beyond those in the storyboard: of takes, of a
    person's own pictures, of every draft and version that is kept, and all that the log names."""
    texts = [
        path.read_text(encoding="utf-8", errors="replace")
        for folder, names in (
            (project.drafts_folder, "*.yaml"),
            (project.versions_folder, "*/storyboard.yaml"),
        )
        for path in folder.glob(names)
    ]
    folders = (project.takes_folder, project.boards_folder)
    names = [path.name for folder in folders if folder.is_dir() for path in folder.iterdir()]
    told = [f"{entry.command} {entry.did}" for entry in history.read(project)]
    return ids_in("\n".join([*names, *texts, *told]))


def kept(project: Project, shots: Sequence[str]) -> str:
    """What a person should know of the takes of shots that are gone; empty where none has any."""
    takes = Takes(project)
    have = [shot for shot in shots if takes.of(shot, "keyframe") or takes.of(shot, "clip")]
    if not have:
        return ""
    whose = "its" if len(have) == 1 else "their"
    return f"; {whose} takes stay in takes/, and count again for a shot of that id"


def _read(project: Project, text: str) -> Storyboard:
    return parse_document(text, project.storyboard_file, Storyboard)


def _time(kind: type[D], text: str) -> D:
    try:
        return kind.parse(text)
    except ValueError as error:
        raise StudioError(str(error)) from None


def _later(film: Film, storyboard: Storyboard, shot: str, frames: int) -> Moment:
    """So many frames later in its source's clip than where a shot begins it."""
    fields: Shot = next(each for _, each in storyboard.shots() if each.id == shot)
    start = film.seconds(fields.source.start) if fields.source else Fraction(0)
    return Moment(Fraction(film.rate.frame_at(start) + frames), "frames")


def noted(project: Project, command: str, did: str, new: str = "") -> Done:
    """Note in the log what a command did, and give it."""
    history.note(project, command, did)
    return Done(did, new)
