"""`direct`: a person's wish becomes a change of the storyboard, and of the film's look. It is
proposed first, and written only when somebody agrees.

The script doctor (agents/) works on values; here they are read, checked and laid out after every
call, told as a difference, and written into the texts, of which every other byte stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from agents.directing.changes import Draft, carried_out
from agents.directing.tools import Call
from studio import history
from studio.boards import boards_of
from studio.desk.shots import laid_out, used_ids
from studio.documents import parse_document, read_text
from studio.engines.base import Talk
from studio.errors import Missing, StudioError
from studio.events import Listener, Note
from studio.project import Project, write_atomic
from studio.revise.differing.changes import changes
from studio.revise.differing.state import Snapshot
from studio.revise.differing.telling import summary, told
from studio.revise.differing.wording import LABELS, rewritten
from studio.revise.merging.apply import applied
from studio.revise.text.film import filmed
from studio.revise.text.ids import ids_in, new_scene_id, new_shot_id
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
from studio.stages.clips import Clips
from studio.stages.keyframes import Keyframes
from studio.stages.panels import check_panels
from studio.stages.production import Production, crew_of
from studio.stages.words import writers_prompts
from studio.stages.write import newest_draft
from studio.stages.writing import talk_of

Opening = Callable[[], AbstractContextManager[Talk]]

NAMED = 4
"""Prompts that a line names at most."""
TOLD_WISH = 200
"""Characters of a wish that the project's log keeps."""


@dataclass(frozen=True)
class Text:
    """A file's text as it was read, and as it would be."""

    before: str
    after: str


@dataclass(frozen=True)
class Proposal:
    """What would change, or why it would not.

    `sections` are lines in words under their headings, `said` the model's own words, `not_done`
    what it could not do and why. `summary` is one line, and empty where nothing would change.
    `removed` of `shots` shots would go.
    """

    wish: str
    sections: Mapping[str, Sequence[str]]
    said: str
    not_done: Sequence[str]
    summary: str
    removed: Sequence[str]
    shots: int
    storyboard: Text
    film: Text

    @property
    def sweeping(self) -> bool:
        """Whether more than half of the shots would go: nobody agrees to that unseen."""
        return 2 * len(self.removed) > self.shots


def proposed(
    project: Project, wish: str, on_event: Listener, talk: Opening | None = None
) -> Proposal:
    """Have the script doctor change the film after a wish. Writes nothing.

    `talk` opens the language model, by default the film's. Raises Missing where it is not there,
    StudioError where there is no storyboard, or the model gives no answer that can be used.
    """
    wish = wish.strip()
    if not wish:
        raise StudioError("the wish is empty", 'say it: studio direct "the storm scene slower"')
    film_text = read_text(project.film_file)
    film = parse_document(film_text, project.film_file, Film)
    if project.read_storyboard(film) is None:
        raise StudioError("there is no storyboard yet", "write one with: studio write")
    text = read_text(project.storyboard_file)
    before = Draft(film, parse_document(text, project.storyboard_file, Storyboard))
    desk = _Desk(project, before.storyboard, text)

    def note(said: str) -> None:
        on_event(Note(said))

    try:
        from agents.asking import Asker
        from agents.script_doctor import directed
    except ImportError as error:
        raise Missing(
            f"the script doctor is not installed: {error}",
            "python -m pip install 'storyreel[llm]'",
        ) from error
    with (talk or talk_of(project, film, note))() as model:
        asker = Asker(model.chat, at_once=model.at_once, seed=film.seed)
        work = directed(asker, before, wish, desk.done, context=model.context, note=note)
        outcome = asyncio.run(work)
    after = outcome.draft
    left = {shot.id for _, shot in after.storyboard.shots()}
    there = [shot.id for _, shot in before.storyboard.shots()]
    return Proposal(
        wish=wish,
        sections={} if after == before else _sections(project, before, after),
        said=outcome.said,
        not_done=outcome.not_done,
        summary="" if after == before else summary(changes(*_states(project, before, after))),
        removed=[shot for shot in there if shot not in left],
        shots=len(there),
        storyboard=Text(text, applied(text, before.storyboard, after.storyboard, ())),
        film=Text(film_text, filmed(film_text, film, after.film)),
    )


def agree(project: Project, proposal: Proposal) -> None:
    """Write what was proposed. Raises StudioError, and writes nothing, where somebody changed
    storyboard.yaml or film.yaml since."""

    def change(text: str) -> str:
        if (text, read_text(project.film_file)) != (
            proposal.storyboard.before,
            proposal.film.before,
        ):
            raise StudioError(
                "storyboard.yaml or film.yaml was changed meanwhile, so nothing was written",
                "say the wish again: it is carried out on what is there now",
            )
        return proposal.storyboard.after

    project.rewrite_storyboard(change)
    if proposal.film.after != proposal.film.before:
        mark = "\ufeff" if project.film_file.read_bytes().startswith(b"\xef\xbb\xbf") else ""
        write_atomic(project.film_file, mark + proposal.film.after)
    wish, gone = proposal.wish, ", ".join(proposal.removed)
    said = wish if len(wish) <= TOLD_WISH else f"{wish[:TOLD_WISH]}…"
    did = f"{proposal.summary}{f'; removed {gone}' if gone else ''}"
    history.note(project, f'direct "{said}"', did)


class _Desk:
    """Carries calls out, and looks whether the film still holds together and can be laid out."""

    def __init__(self, project: Project, board: Storyboard, text: str) -> None:
        self.project = project
        self.ids = _Ids(used_ids(project) | ids_in(text))
        self.boards = boards_of(project, board)[0]

    def done(self, draft: Draft, call: Call) -> Draft:
        """The draft after a call. Raises StudioError that says why it cannot be done."""
        made = carried_out(draft, call, self.ids)
        for problem in problems(made.film, made.storyboard):
            raise StudioError(problem.text, problem.tip)
        slots = laid_out(self.project, made.film, made.storyboard).shots
        shots = {shot.id: (scene, shot) for scene, shot in made.storyboard.shots()}
        boards = {shot: pictures for shot, pictures in self.boards.items() if shot in shots}
        check_panels(made.film, shots, slots, boards)
        return made


class _Ids:
    """Ids that no shot or scene ever had, nor gets twice."""

    def __init__(self, used: set[str]) -> None:
        self.used = used

    def shot(self, scene: str, before: Sequence[str], after: Sequence[str]) -> str:
        """For a new shot of a scene."""
        return self._noted(new_shot_id(scene, before, after, self.used))

    def scene(self, before: Sequence[str], after: Sequence[str]) -> str:
        """For a new scene."""
        return self._noted(new_scene_id(before, after, self.used))

    def _noted(self, new: str) -> str:
        self.used.add(new)
        return new


# --- what changes, in words --------------------------------------------------------------


def _states(project: Project, before: Draft, after: Draft) -> tuple[Snapshot, Snapshot]:
    def state(draft: Draft) -> Snapshot:
        slots = laid_out(project, draft.film, draft.storyboard)
        frames = {shot: slot.frames for shot, slot in slots.shots.items()}
        return Snapshot(draft.film, draft.storyboard, frames, slots.seconds)

    return state(before), state(after)


def _sections(project: Project, before: Draft, after: Draft) -> dict[str, list[str]]:
    """Everything that would change, with the whole words of prompts, and what becomes stale."""
    sections = told(*_states(project, before, after))
    if prompts := [
        *_prompts(before.storyboard, after.storyboard),
        *_outdated(newest_draft(project), before.storyboard, after.storyboard),
    ]:
        sections["Prompts"] = prompts
    if stale := _stale(project, before, after):
        sections["Rendered anew by the next studio make"] = [stale]
    return sections


def _prompts(before: Storyboard, after: Storyboard) -> list[str]:
    old = {shot.id: shot for _, shot in before.shots()}
    return [
        f"{shot.id}, {LABELS[name]}: {rewritten(was or '', now or '')}"
        for _, shot in after.shots()
        for name in ("keyframe", "motion")
        if shot.id in old and (was := getattr(old[shot.id], name)) != (now := getattr(shot, name))
    ]


def _outdated(draft: Storyboard | None, before: Storyboard, after: Storyboard) -> list[str]:
    """Which prompts stand although their fields change: the writer's, no longer used, and a
    person's."""
    older = writers_prompts(before, after)
    writers = writers_prompts(draft, before)
    composed = [at for at, is_older in older.items() if is_older and writers.get(at) is False]
    kept = [at for at, is_older in older.items() if is_older and at not in writers]
    return [
        f"{_listed(prompts)}: {what}"
        for prompts, what in (
            (composed, "composed from the fields, as these change"),
            (kept, "yours, and used as it stands, although its fields change"),
        )
        if prompts
    ]


def _listed(prompts: Sequence[tuple[str, str]]) -> str:
    named = [f"{shot}, {LABELS[field]}" for shot, field in prompts[:NAMED]]
    more = f" and {len(prompts) - NAMED} more" if len(prompts) > NAMED else ""
    return "; ".join(named) + more


def _stale(project: Project, before: Draft, after: Draft) -> str:
    """How many takes that are fresh would be so no longer; empty where none."""
    crew, _ = crew_of(project, before.film)
    draft = newest_draft(project)
    productions = [
        Production(project, one.film, one.storyboard, crew, draft=draft) for one in (before, after)
    ]
    words = []
    for stage, noun in ((Keyframes, "keyframe"), (Clips, "clip")):
        was, now = (stage(production) for production in productions)
        fresh = [
            shot
            for shot in was.renders(was.production.shots)
            if shot in now.production.shots and was.standing(shot).state == "fresh"
        ]
        count = sum(now.standing(shot).state != "fresh" for shot in fresh)
        if count:
            words.append(f"{count} {noun}{'' if count == 1 else 's'}")
    return " and ".join(words)
