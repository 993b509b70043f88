"""Where everything stands. Reads only, so it works while a run holds the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from studio.documents import read_text
from studio.project import Project
from studio.revise.merging import conflicts
from studio.revise.merging.conflicts import Conflict
from studio.schema.storyboard import SheetKind
from studio.schema.take import Take, Verdict, is_sheet
from studio.selection import selected
from studio.stages.cast import SHEETS, has_sheet, is_used, named
from studio.stages.clips import Clips
from studio.stages.film import FilmStep
from studio.stages.inbetweens import Inbetweens
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production, open_production, written_production
from studio.stages.takes import TakeStage
from studio.takes import Standing, State


@dataclass(frozen=True)
class SheetStatus:
    """Where the pictures of somebody's cast sheet stand."""

    who: str
    looks: str
    pictures: dict[SheetKind, Standing]


@dataclass(frozen=True)
class ShotStatus:
    """Where one shot stands; `shows` is the shot whose takes it shows, its own id for most."""

    id: str
    shows: str
    keyframe: Standing
    clip: Standing
    seconds: Fraction
    action: str


@dataclass(frozen=True)
class Status:
    """Where the selected shots, the film and the engines stand; `film` is fresh, stale or
    missing, `seconds` its planned length; `sheets` of those in the shots who have one."""

    shots: list[ShotStatus]
    film: State
    seconds: Fraction
    engines: list[str]
    conflicts: list[Conflict]
    by_rules: list[str]
    """Scenes that the film's writer could not write, and that were written by rules instead."""
    sheets: list[SheetStatus] = field(default_factory=list)

    @property
    def all_fresh(self) -> bool:
        """Whether nothing is left to make."""
        shots = all(one.keyframe.state == one.clip.state == "fresh" for one in self.shots)
        return shots and self.film == "fresh"


def status(project: Project, selection: Sequence[str] = ()) -> Status:
    """Where everything stands. Reads only. Raises StudioError."""
    production = open_production(project)
    if production is None:
        return Status([], "missing", Fraction(0), [], [], [])
    keyframes, clips, film = Keyframes(production), Clips(production), FilmStep(production)
    shots = []
    chosen = selected(production, selection)
    for shot in chosen:
        fields = production.shots[shot][1]
        seconds = production.slots[shot].frames / production.film.rate.fps
        shots.append(
            ShotStatus(
                shot,
                production.shown_of(shot),
                keyframes.standing(shot),
                clips.standing(shot),
                seconds,
                fields.action,
            )
        )
    state: State = "stale" if film.out.is_file() else "missing"
    if not film.reason(changed=False):
        state = "fresh"
    engines = [
        f"{kind} {spec.name}: {spec.about()}"
        for kind, spec in production.crew.items()
        if kind in ("painter", "animator")
    ]
    text = read_text(project.storyboard_file)
    found = conflicts.read(text) if conflicts.MARK in text else []
    by_rules = [scene.id for scene in production.storyboard.scenes if scene.by]
    sheets = _sheets(production, chosen)
    return Status(shots, state, production.timeline.seconds, engines, found, by_rules, sheets)


def _sheets(production: Production, shots: Sequence[str]) -> list[SheetStatus]:
    """The cast sheets of the people in the shots, where they have one or it is to be made."""
    stages = {kind: stage(production) for kind, stage in SHEETS.items()}
    found = []
    for sheet in stages["front"].renders(shots):
        who = sheet.removeprefix("cast_")
        if has_sheet(production, who) or is_used(production, who):
            pictures = {kind: stage.standing(sheet) for kind, stage in stages.items()}
            found.append(SheetStatus(who, production.storyboard.cast[who].looks, pictures))
    return found


def said_of(standing: Standing) -> str:
    """A standing in a word or three: `fresh v002 circled`."""
    number = f" v{standing.current.number:03d}" if standing.current else ""
    return f"{standing.state}{number}{' circled' if standing.circled else ''}"


@dataclass(frozen=True)
class ListedTake:
    """A take as it is listed; `file` is None for a failed one, `accepted` holds what was said of
    one that was declared good."""

    take: Take
    current: bool
    circled: bool
    file: Path | None
    accepted: list[Verdict]


def takes_of(project: Project, name: str) -> list[ListedTake]:
    """Every take of a shot, or of the cast sheet of somebody, by kind and number. Raises
    StudioError where neither is in the storyboard."""
    production = written_production(project)
    shot = named(production, name)
    stages: list[TakeStage] = [Keyframes(production), Clips(production), Inbetweens(production)]
    if is_sheet(shot):
        stages = [stage(production) for stage in SHEETS.values()]
    listed = []
    for stage in stages:
        standing = stage.standing(shot)
        for take in production.takes.of(shot, stage.kind):
            current = take == standing.current
            file = production.takes.path(take) if take.files else None
            said = production.takes.review(take).verdicts
            listed.append(ListedTake(take, current, current and standing.circled, file, said))
    return listed
