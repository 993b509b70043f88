"""`write`: the first storyboard; and again, where what changed in story, cast or length since the
last draft is merged into the storyboard that a person has worked on since.

Nothing a person did is lost: their edits win, and what the writer has instead is listed as a
conflict in the file. Shots with circled, accepted or GPU-made takes are left alone unless selected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from studio import history
from studio.desk.shots import used_ids
from studio.documents import parse_document, read_document, read_text
from studio.engines.base import EngineSpec
from studio.errors import StudioError
from studio.events import Listener, Note
from studio.executors import Cancel
from studio.project import Project, write_atomic
from studio.revise.differing.changes import changes
from studio.revise.differing.state import Snapshot
from studio.revise.differing.telling import summary, told
from studio.revise.merging.align import aligned
from studio.revise.merging.apply import applied, commented
from studio.revise.merging.merge import Clash, merge
from studio.revise.merging.spare import spared
from studio.revise.text.ids import ids_in
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard, TakeKind
from studio.selection import selected
from studio.session import held
from studio.stages.production import crew_of, written_production
from studio.stages.write import (
    draft_text,
    newest_draft,
    next_draft,
    pending_draft,
    story_changed,
    write_storyboard,
    written,
)
from studio.takes import Takes


@dataclass(frozen=True)
class Difference:
    """What a merge does to storyboard.yaml, or would do.

    `sections` are lines in words under their headings, `conflicts` pairs of an id and what is
    said of it, `left_alone` says why of every shot that the writer would have changed.
    `summary` is one line; it is empty where the storyboard stays as it is. `noted`: a new draft
    is kept even so.
    """

    sections: Mapping[str, Sequence[str]]
    conflicts: Sequence[tuple[str, str]]
    left_alone: Mapping[str, str]
    summary: str
    noted: bool = False


def write(project: Project, on_event: Listener, cancel: Cancel) -> None:
    """Write the storyboard where there is none. Raises StudioError, and Interrupted where `cancel`
    was asked."""
    film = project.read_film()
    crew, notes = crew_of(project, film)
    for note in notes:
        on_event(Note(note))
    with held(project, "write", on_event) as (_, listen):
        write_storyboard(project, film, crew["writer"], listen, cancel)
        history.note(project, "write", "storyboard written")


def rewrite(
    project: Project,
    selection: Sequence[str],
    on_event: Listener,
    cancel: Cancel,
    *,
    dry_run: bool = False,
) -> Difference:
    """Have the writer write again, and merge that into storyboard.yaml; `dry_run` only says what
    would change. `selection` names shots that may change although their takes are circled or
    GPU-made.

    Raises StudioError where there is no storyboard, or no draft that it came of.
    """
    if dry_run:
        return _Rewriting(project, selection, on_event, cancel).shown()
    with held(project, "write", on_event) as (_, listen):
        return _Rewriting(project, selection, listen, cancel).done()


@dataclass(frozen=True)
class _Outcome:
    """A merge: the storyboard's text and content after it, and the draft that it was made with."""

    text: str
    storyboard: Storyboard
    draft: Storyboard
    clashes: Sequence[Clash]
    withheld: Sequence[str]


class _Rewriting:
    def __init__(
        self, project: Project, selection: Sequence[str], on_event: Listener, cancel: Cancel
    ) -> None:
        self.project = project
        self.on_event = on_event
        self.cancel = cancel
        self.film: Film = project.read_film()
        crew, notes = crew_of(project, self.film)
        for note in notes:
            on_event(Note(note))
        self.writer: EngineSpec = crew["writer"]
        self.story = project.read_story()
        if project.read_storyboard(self.film) is None:
            raise StudioError("there is no storyboard yet", "write one with: studio write")
        base = newest_draft(project)
        if base is None:
            raise StudioError(
                "there is no draft in drafts/ that storyboard.yaml came of: nothing to merge with",
                "move storyboard.yaml away to have a new one written",
            )
        self.base = base
        self.freed = set(selected(written_production(project), selection)) if selection else set()

    def shown(self) -> Difference:
        """What would change. Writes nothing at all."""
        before = text = self._text()
        interrupted = pending_draft(self.project)
        if interrupted.is_file():
            draft = read_document(interrupted, Storyboard)
            text = self._merged(text, draft).text
            self.base = draft
        outcome = self._outcome(text, self._new())
        return self._difference(before, outcome)

    def done(self) -> Difference:
        """Change storyboard.yaml, and keep the new draft."""
        self._finish()
        new = self._new()
        before = self._text()
        outcome = self._outcome(before, new)
        difference = self._difference(before, outcome)
        if outcome.text == before:
            if difference.noted:
                write_atomic(next_draft(self.project), self._draft_text(outcome.draft))
                history.note(self.project, "write", "a new draft; the storyboard needed no change")
            return difference

        def change(text: str) -> str:
            nonlocal before, outcome
            before, outcome = text, self._outcome(text, new)
            # The draft lies in drafts/ before the storyboard changes, and counts as a draft only
            # after it. Counted earlier, a crash in between would make the merge look done, and
            # all that it had still to change like a person's edits. Written later, the next merge
            # would know nothing of the new shots' ids, and add them again. As it is, the next
            # `write` first does this same merge over, which changes nothing twice.
            write_atomic(pending_draft(self.project), self._draft_text(outcome.draft))
            return outcome.text

        try:
            self._write(change)
        except StudioError:
            pending_draft(self.project).unlink(missing_ok=True)
            raise
        difference = self._difference(before, outcome)
        history.note(self.project, "write", difference.summary)
        return difference

    # --- steps -------------------------------------------------------------------------

    def _text(self) -> str:
        return read_text(self.project.storyboard_file)

    def _new(self) -> Storyboard:
        """What the writer has now, as a draft holds it: lengths rounded as they are written."""
        new = written(self.project, self.film, self.writer, self.story, self.on_event, self.cancel)
        return parse_document(self._draft_text(new), next_draft(self.project), Storyboard)

    def _finish(self) -> None:
        """Do a merge over that a crash has stopped."""
        interrupted = pending_draft(self.project)
        if interrupted.is_file():
            draft = read_document(interrupted, Storyboard)
            self._write(lambda text: self._merged(text, draft).text)
            self.base = draft

    def _write(self, change: Callable[[str], str]) -> None:
        """Change the storyboard's text, then let the pending draft count."""
        self.project.rewrite_storyboard(change)
        pending_draft(self.project).replace(next_draft(self.project))

    def _outcome(self, text: str, new: Storyboard) -> _Outcome:
        """What comes of a new draft, whose ids are the writer's own yet."""
        mine = parse_document(text, self.project.storyboard_file, Storyboard)
        now = {scene.was: scene.id for scene in mine.scenes if scene.was}
        draft = aligned(self.base, new, used_ids(self.project) | ids_in(text), now)
        first = {shot.id: shot.first_id for _, shot in mine.shots()}
        kept = {first[id_] for id_ in self._guarded(mine) if id_ not in self.freed}
        draft, withheld = spared(self.base, draft, kept)
        called = {shot.first_id: shot.id for _, shot in mine.shots()}
        return self._merged(text, draft, [called[id_] for id_ in withheld])

    def _merged(self, text: str, draft: Storyboard, withheld: Sequence[str] = ()) -> _Outcome:
        mine = parse_document(text, self.project.storyboard_file, Storyboard)
        drawn = ids_in("\n".join(path.name for path in self.project.boards_folder.glob("*")))
        merged = merge(self.base, mine, draft, commented(text) | drawn)
        for problem in problems(self.film, merged.storyboard):
            raise StudioError(
                f"what the writer changed does not fit the storyboard: {problem.text}",
                f"storyboard.yaml is as it was. {problem.tip}".strip(),
            )
        changed = applied(text, mine, merged.storyboard, merged.clashes)
        return _Outcome(changed, merged.storyboard, draft, merged.clashes, withheld)

    def _draft_text(self, draft: Storyboard) -> str:
        return draft_text(draft, self.writer, self.story)

    def _guarded(self, mine: Storyboard) -> dict[str, str]:
        """Shots that are left alone, and why."""
        takes = Takes(self.project)
        why = {}
        for _, shot in mine.shots():
            for kind in get_args(TakeKind):
                for take in takes.of(shot.id, kind):
                    if takes.accepted(take):
                        why[shot.id] = f"{take.stem} is accepted"
                    if take.status == "good" and not take.made_by.embedded:
                        why[shot.id] = f"{take.made_by.engine} made {take.stem}"
            for kind, number in shot.takes.items():
                why[shot.id] = f"{kind} take {number} is circled"
        return why

    def _difference(self, text: str, outcome: _Outcome) -> Difference:
        mine = parse_document(text, self.project.storyboard_file, Storyboard)
        states = Snapshot(self.film, mine), Snapshot(self.film, outcome.storyboard)
        said = [] if outcome.text == text else [summary(changes(*states))]
        if outcome.clashes and said:
            count = len(outcome.clashes)
            said.append(f"{count} conflict{'' if count == 1 else 's'}")
        why = self._guarded(mine)
        return Difference(
            told(*states),
            [(clash.id, clash.text) for clash in outcome.clashes],
            {id_: why[id_] for id_ in outcome.withheld},
            ", ".join(said),
            noted=outcome.draft != self.base or story_changed(self.project),
        )
