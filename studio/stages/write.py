"""The storyboard: written once from the story by the writer, then a person's."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

from studio.documents import dump_document, read_document
from studio.edit.cut import END, TITLE
from studio.edit.song import song_seconds
from studio.engines.base import Brief, EngineSpec
from studio.errors import StudioError
from studio.events import Listener, StageEnded, StageStarted, StepDone, StepStarted
from studio.fingerprint import fingerprint
from studio.project import STORYBOARD_MODELINE, Project, write_atomic
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard

CARDS_SECONDS = TITLE + END
DEFAULT_SECONDS = Fraction(60)
_WRITTEN_BY = "# first written by: "
_FROM_STORY = "# from the story: sha256 "


def wanted_seconds(project: Project, film: Film) -> Fraction:
    """Seconds of picture without cards. Raises StudioError where there is no room for any."""
    if film.song:
        total = song_seconds(project.inside(film.song.file))
    else:
        total = film.seconds(film.length) if film.length else DEFAULT_SECONDS
    picture = total - (CARDS_SECONDS if film.has_cards else 0)
    if picture < 2:
        raise StudioError(
            f"film.yaml: a length of {float(total):g}s leaves no room for pictures",
            f"the cards take {float(CARDS_SECONDS):g}s: raise length, or set cards: false",
        )
    return picture


def write_storyboard(
    project: Project, film: Film, writer: EngineSpec, on_event: Listener
) -> Storyboard:
    """Have the writer write storyboard.yaml, and keep the same text as its draft.

    Raises StudioError where the story does not read, or where a storyboard is there
    already: a person's work is never overwritten.
    """
    if project.storyboard_file.exists():
        raise StudioError(
            "storyboard.yaml is there already and may hold somebody's work",
            "edit it, or move it away to have a new one written",
        )
    began = time.monotonic()
    story = project.read_story()
    brief = Brief(
        seconds=wanted_seconds(project, film),
        language=film.language,
        look=film.look,
        seed=film.seed,
    )
    on_event(StageStarted("storyboard", 1))
    on_event(StepStarted("storyboard"))
    storyboard: Storyboard = writer.open().write(story, brief)
    for problem in problems(film, storyboard):
        raise StudioError(f"the writer {writer.name} wrote what does not hold: {problem.text}")
    head = (
        f"{STORYBOARD_MODELINE}\n"
        f"{_WRITTEN_BY}{writer.name}, {writer.engine_class().about}\n"
        f"{_FROM_STORY}{fingerprint(story)}"
    )
    text = dump_document(storyboard, head, exclude_defaults=True)
    draft = f"storyboard_v{len(_drafts(project)) + 1:03d}.yaml"
    write_atomic(project.drafts_folder / draft, text)
    write_atomic(project.storyboard_file, text)
    on_event(StepDone("storyboard", None, None, time.monotonic() - began))
    on_event(StageEnded("storyboard"))
    return storyboard


def written_by(project: Project) -> str:
    """The writer of the newest draft and what it says of itself; empty where a person wrote
    the storyboard."""
    return _said_in_draft(project, _WRITTEN_BY)


def newest_draft(project: Project) -> Storyboard | None:
    """The storyboard as a writer last wrote it; None where no draft is kept. Raises
    DocumentError where it was damaged."""
    drafts = _drafts(project)
    return read_document(drafts[-1], Storyboard) if drafts else None


def story_changed(project: Project) -> bool:
    """Whether the story is another than the one that the newest draft was written from."""
    told = _said_in_draft(project, _FROM_STORY)
    return bool(told) and told != fingerprint(project.read_story())


def _said_in_draft(project: Project, what: str) -> str:
    for draft in reversed(_drafts(project)):
        for line in draft.read_text(encoding="utf-8").splitlines()[:4]:
            if line.startswith(what):
                return line.removeprefix(what)
    return ""


def _drafts(project: Project) -> list[Path]:
    return sorted(project.drafts_folder.glob("storyboard_v*.yaml"))
