"""What a run works on: the project as it was read at the start, and its engines.

A run uses what it read: later edits of the files are the next run's.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from studio.boards import boards_of
from studio.documents import problem_at
from studio.edit.cut import Slot, Timeline, lay_out
from studio.edit.grid import off_grid, song_marks
from studio.edit.song import song_seconds
from studio.engines.base import EngineSpec, known_engines
from studio.errors import DocumentError, StudioError
from studio.project import Project
from studio.prompts import Prompter
from studio.schema.film import EngineChoice, EngineKind, Film
from studio.schema.storyboard import Scene, Shot, Storyboard
from studio.stages.kept_texts import KeptTexts
from studio.stages.native import native_of
from studio.stages.panels import panel_notes
from studio.stages.words import writers_prompts
from studio.stages.write import newest_draft, story_changed
from studio.takes import Takes

Crew = Mapping[EngineKind, EngineSpec]

NEEDED: tuple[EngineKind, ...] = ("writer", "painter", "animator", "interpolator")
"""Kinds without which there is no film; the others are said in `plan` where they are missing."""


def crew_of(project: Project, film: Film) -> tuple[dict[EngineKind, EngineSpec], list[str]]:
    """The engines that film.yaml chooses, and what it asks for in vain, in words.

    Raises DocumentError where a needed engine is not known.
    """
    crew: dict[EngineKind, EngineSpec] = {}
    notes = []
    needed = (*NEEDED, "llm") if film.engines.writer.engine == "room" else NEEDED
    for kind in get_args(EngineKind):
        choice: EngineChoice | None = getattr(film.engines, kind)
        if choice is None:
            continue
        known = known_engines(kind)
        if choice.engine in known:
            crew[kind] = EngineSpec(kind, choice.engine, known[choice.engine], choice.settings)
            if choice.settings and (wrong := crew[kind].wrong_settings()):
                key, why, tip = wrong
                raise problem_at(project.film_file, ("engines", kind, key), why, tip)
        elif kind in needed:
            close = difflib.get_close_matches(choice.engine, known, 1, 0.5)
            raise problem_at(
                project.film_file,
                ("engines", kind),
                f"there is no {kind} called {choice.engine!r}",
                f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}",
            )
        else:
            notes.append(f"{kind}: there is no engine {choice.engine!r} here; its step is left out")
    return crew, notes


@dataclass
class Production:
    """Film, storyboard, takes and engines of one run."""

    project: Project
    film: Film
    storyboard: Storyboard
    crew: Crew
    notes: list[str] = field(default_factory=list)
    draft: Storyboard | None = None

    def __post_init__(self) -> None:
        self.takes = Takes(self.project)
        self.writers = writers_prompts(self.draft, self.storyboard)
        outdated = {prompt for prompt, older in self.writers.items() if older}
        self.prompter = Prompter(self.film.look, self.storyboard, outdated)
        self.shots: dict[str, tuple[Scene, Shot]] = {
            shot.id: (scene, shot) for scene, shot in self.storyboard.shots()
        }
        self.marks = song_marks(self.project, self.film)
        self.timeline: Timeline = self._laid_out()
        self.slots: dict[str, Slot] = self.timeline.shots
        self._needed = self.timeline.needed
        self.native = native_of(self.film, self.crew)
        self.texts = KeptTexts(self.project)
        self.boards, of_boards = boards_of(self.project, self.storyboard)
        animator = self.crew["animator"]
        of_panels = panel_notes(self.film, self.shots, self.slots, self.boards, animator)
        self.notes = [*self.notes, *of_boards, *of_panels, *self._unused_fields()]

    def shown_of(self, shot: str) -> str:
        """The shot whose takes are shown of this one: itself, unless `from` names another."""
        source = self.shots[shot][1].source
        return source.shot if source else shot

    def frames_of(self, shot: str) -> int:
        """Frames that the cut takes from the shot's clip, handles included."""
        return self._needed.get(shot, 1)

    def _laid_out(self) -> Timeline:
        try:
            return lay_out(self.film, self.storyboard, self.marks)
        except DocumentError as error:
            shot, field, *_ = (part.strip() for part in error.message.split(":", 2))
            for s, scene in enumerate(self.storyboard.scenes):
                for n, each in enumerate(scene.shots):
                    if each.id == shot:
                        raise problem_at(
                            self.project.storyboard_file,
                            ("scenes", s, "shots", n, field),
                            error.message,
                            error.tip,
                        ) from None
            raise

    def _unused_fields(self) -> list[str]:
        """Fields that are kept, but that no engine of this film reads."""
        notes = []
        spoken = sum(bool(shot.dialogue or shot.narration) for _, shot in self.shots.values())
        if spoken and "voice" not in self.crew:
            what = "shown as captions" if self.film.captions != "none" else "not heard or shown"
            notes.append(
                f"{spoken} shots have narration or dialogue, and no voice engine speaks: {what}"
            )
        references = [who for who, person in self.storyboard.cast.items() if person.references]
        if references and not self.crew["painter"].reads("references"):
            notes.append(
                f"references of {', '.join(references)}: {self.crew['painter'].name} reads none"
            )
        if off := off_grid(self.timeline, self.film, self.marks):
            shown = ", ".join(off[:3]) + (" …" if len(off) > 3 else "")
            what = "cuts lie" if len(off) > 1 else "cut lies"
            notes.append(f"{len(off)} {what} off the song's beats and marks, into: {shown}")
        if song := self.film.song:
            heard = song_seconds(self.project.inside(song.file))
            shots = sum(slot.frames for slot in self.slots.values()) / self.film.rate.fps
            if abs(heard - shots) > heard / 20:
                notes.append(f"the song lasts {float(heard):.1f}s, the shots {float(shots):.1f}s")
        asked = self.film.seconds(self.film.length) if self.film.length else None
        lasts = self.timeline.seconds
        if asked and not self.film.song and abs(lasts - asked) > asked / 20:
            notes.append(
                f"film.yaml asks for {float(asked):g}s, the storyboard lasts {float(lasts):.1f}s"
                " with its cards: change its durations, or run: studio write"
            )
        return notes


def open_production(project: Project) -> Production | None:
    """A production of the project as it is now; None while no storyboard is written.

    Raises StudioError where a file does not read or does not hold together.
    """
    film = project.read_film()
    crew, notes = crew_of(project, film)
    storyboard = project.read_storyboard(film)
    if storyboard is None:
        return None
    if story_changed(project):
        notes.append(
            "the story changed since the storyboard was written from it: studio write merges the"
            " changes (--dry-run shows them)"
        )
    return Production(project, film, storyboard, crew, notes, newest_draft(project))


def written_production(project: Project) -> Production:
    """A production of a project that has a storyboard. Raises StudioError where it has none."""
    production = open_production(project)
    if production is None:
        raise StudioError("there is no storyboard yet", "write one with: studio make")
    return production
