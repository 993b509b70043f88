"""The storyboard: written once from the story by the writer, then a person's; and the drafts,
which are what the writer wrote, kept as the base of later merges."""

from __future__ import annotations

import re
import time
from fractions import Fraction
from pathlib import Path

from studio.documents import dump_document
from studio.edit.cut import END, TITLE
from studio.edit.grid import song_marks
from studio.edit.snap import snapped
from studio.edit.song import song_seconds
from studio.engines.base import EngineSpec
from studio.engines.requests import Brief
from studio.errors import StudioError
from studio.events import Listener, StageEnded, StageStarted, StepDone, StepStarted
from studio.executors import Cancel
from studio.fingerprint import fingerprint
from studio.project import STORYBOARD_MODELINE, Project, write_atomic
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.story import Story
from studio.schema.storyboard import Storyboard
from studio.stages.writing import aid_of

CARDS_SECONDS = TITLE + END
DEFAULT_SECONDS = Fraction(60)
_WRITTEN_BY = "# first written by: "
_FROM_STORY = "# from the story: sha256 "
_DRAFT = re.compile(r"storyboard_v(\d{3,})\.yaml")


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
    project: Project, film: Film, writer: EngineSpec, on_event: Listener, cancel: Cancel
) -> Storyboard:
    """Have the writer write storyboard.yaml, and keep the same text as its draft.

    Raises StudioError where the story does not read, or where a storyboard is there
    already: a person's work is never overwritten.
    """
    if project.storyboard_file.exists():
        raise StudioError(
            "storyboard.yaml is there already and may hold somebody's work",
            "merge what changed into it with: studio write",
        )
    story = project.read_story()
    draft = written(project, film, writer, story, on_event, cancel)
    # the draft first: without it nothing could be merged into the storyboard later
    write_atomic(next_draft(project), draft_text(draft, writer, story))
    storyboard = without_told(draft)
    write_atomic(project.storyboard_file, draft_text(storyboard, writer, story))
    return storyboard


def written(
    project: Project,
    film: Film,
    writer: EngineSpec,
    story: Story,
    on_event: Listener,
    cancel: Cancel,
) -> Storyboard:
    """What the writer writes of the story now; its scenes say what they were `told` from.

    Raises StudioError where it does not hold together, Interrupted where `cancel` was asked.
    """
    began = time.monotonic()
    brief = Brief(
        seconds=wanted_seconds(project, film),
        language=film.language,
        look=film.look,
        seed=film.seed,
    )
    on_event(StageStarted("storyboard", 1))
    on_event(StepStarted("storyboard"))
    aid = aid_of(project, film, writer, on_event, cancel)
    storyboard: Storyboard = writer.open().write(story, brief, aid)
    if film.song:
        storyboard = snapped(film, storyboard, brief.seconds, song_marks(project, film))
    for problem in problems(film, storyboard):
        raise StudioError(f"the writer {writer.name} wrote what does not hold: {problem.text}")
    on_event(StepDone("storyboard", None, None, time.monotonic() - began))
    on_event(StageEnded("storyboard"))
    return storyboard


def without_told(storyboard: Storyboard) -> Storyboard:
    """As it stands in storyboard.yaml: what its scenes were told from is the drafts' matter."""
    scenes = [scene.model_copy(update={"told": ""}) for scene in storyboard.scenes]
    return storyboard.model_copy(update={"scenes": scenes})


# --- drafts ----------------------------------------------------------------------------


def draft_text(storyboard: Storyboard, writer: EngineSpec, story: Story) -> str:
    """The text of a draft: who wrote it, of which story, and the storyboard."""
    head = (
        f"{STORYBOARD_MODELINE}\n"
        f"{_WRITTEN_BY}{writer.name}, {writer.engine_class().about}\n"
        f"{_FROM_STORY}{fingerprint(story)}"
    )
    return dump_document(storyboard, head, exclude_defaults=True)


def next_draft(project: Project) -> Path:
    """Where the next draft is kept: its number is above all there are."""
    numbers = [_number(path) for path in _drafts(project)]
    return project.drafts_folder / f"storyboard_v{max(numbers, default=0) + 1:03d}.yaml"


def pending_draft(project: Project) -> Path:
    """Where a draft lies while it is merged into the storyboard: there only if a crash stopped
    that, and then the next merge begins with it."""
    return project.drafts_folder / "pending.yaml"


def written_by(project: Project) -> str:
    """The writer of the newest draft and what it says of itself; empty where a person wrote
    the storyboard."""
    return _said_in_draft(project, _WRITTEN_BY)


def newest_draft(project: Project) -> Storyboard | None:
    """The storyboard as a writer last wrote it; None where no draft is kept. Raises
    DocumentError where it was damaged."""
    drafts = _drafts(project)
    return project.read_content(drafts[-1]) if drafts else None


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
    """Every draft that is kept, the oldest first."""
    found = project.drafts_folder.glob("storyboard_v*.yaml")
    return sorted((path for path in found if _DRAFT.fullmatch(path.name)), key=_number)


def _number(draft: Path) -> int:
    match = _DRAFT.fullmatch(draft.name)
    return int(match[1]) if match else 0
