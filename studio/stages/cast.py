"""Cast sheets: of each of the cast a picture from the front, one in profile and one of the full
length, so that keyframes can show the same face again.

A sheet's pictures are takes of their own, in takes/cast_<who>/, by kind `front`, `profile` and
`full`. Somebody's own `references` are taken over as they are, in that order; the others are
painted from `looks` and, by a painter that reads references, from the front picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, ClassVar, get_args

from studio.documents import problem_at
from studio.engines.base import EngineSpec
from studio.engines.requests import Figure, File, PaintRequest, Panel, Reading
from studio.errors import SelectionError, StudioError
from studio.fingerprint import file_hash, seed_of
from studio.schema.base import is_shot_id
from studio.schema.storyboard import Facing, Person, SheetKind, Size
from studio.schema.take import is_sheet, sheet_of
from studio.stages.production import Production
from studio.stages.takes import TakeStage
from studio.takes import Standing

BOARD = EngineSpec("painter", "board", "studio.engines.board:Board")
"""Takes over a person's own pictures; chosen by their being there, never by film.yaml."""

KINDS: tuple[SheetKind, ...] = get_args(SheetKind)
MOST_REFERENCES = 2
"""Pictures of people that a keyframe is painted from, at most."""

WIDE: frozenset[Size] = frozenset({"MLS", "LS", "ELS"})
"""Sizes in which somebody is seen at full length."""


@dataclass(frozen=True)
class View:
    """What a picture of a sheet shows: in words, in pixels (width, height) where the painter's
    model has no other size, and as a panel for painters that compose."""

    says: str
    size: tuple[int, int]
    panel: Size
    facing: Facing


class Sheets(TakeStage):
    """One kind of picture for everybody, or for those alone whose pictures are `in_use`. What is
    called a shot elsewhere is a person's sheet here (`cast_mara`)."""

    kind: ClassVar[SheetKind]  # type: ignore[assignment]  # no shot has such takes
    engine_kind = "painter"
    view: ClassVar[View]

    def __init__(self, production: Production, in_use: bool = False) -> None:
        super().__init__(production)
        self.in_use = in_use

    def renders(self, shots: Iterable[str]) -> list[str]:
        """The sheets of the people in the shots, and those that are named themselves; everybody's
        where all shots are named."""
        named = set(shots)
        cast = self.production.storyboard.cast
        people = {who.removeprefix("cast_") for who in named if is_sheet(who)}
        if named >= self.production.shots.keys():
            people = set(cast)
        for shot in named & self.production.shots.keys():
            people |= {each.who for each in self.production.shots[shot][1].cast}
        if self.in_use:
            people = {who for who in people if is_used(self.production, who)}
        return [sheet_of(who) for who in cast if who in people]

    def spec_of(self, shot: str) -> EngineSpec:
        """The board engine where a person gave the picture, else the film's painter."""
        return BOARD if self.own(shot) else self.spec

    def standing(self, shot: str) -> Standing:
        """Where the picture stands now."""
        return self.takes.judged(type(self), shot, self._standing)

    def _standing(self, shot: str) -> Standing:
        circled = self._person(shot).takes.get(self.kind)
        return self.takes.standing(shot, self.kind, self.wanted, circled=circled)

    def reason(self, shot: str) -> str:
        """Why the picture would be made; empty where it would not."""
        standing, own = self.standing(shot), self.own(shot)
        painted = standing.newest is None or standing.newest.made_by.engine != BOARD.name
        if own and painted and standing.state in ("stale", "missing"):
            return f"own picture: {own}"
        return super().reason(shot)

    def request(self, shot: str, seed: int, frames: int) -> PaintRequest | None:
        """What the painter would be asked for; None while the front picture is to be made."""
        if own := self.own(shot):
            pictures = (self._picture(own),)
            return PaintRequest(shot, "", "", self.view.size, 0, pictures=pictures, fit="top")
        front = self._front(shot)
        return None if front is None else self._asked(shot, seed, front)

    def waits_for(self, shot: str) -> str:
        """The front picture is to be made first."""
        return "the front picture is made anew"

    def parents(self, shot: str) -> dict[str, str]:
        """The front picture's content hash."""
        front = self._front(shot)
        return {"front": front[0].sha256} if front else {}

    def _front(self, shot: str) -> tuple[File, ...] | None:
        """The front picture, from which a painter that reads references paints the others; None
        while it is to be made."""
        if self.kind == "front" or self.own(shot) or not self.spec.reads("references"):
            return ()
        return _shown(FrontSheets(self.production), shot)

    def readings(self, shot: str) -> tuple[Reading, ...]:
        """The prompt, as the painter's model reads it."""
        return () if self.own(shot) else self.spec.readings(self._asked(shot, 0))

    def _asked(self, shot: str, seed: int, references: tuple[File, ...] = ()) -> PaintRequest:
        painter = self.production.native.painter
        return PaintRequest(
            shot=shot,
            prompt=self.prompt(shot),
            avoid="",
            size=self.view.size if painter is None else painter.size_for(self.view.size),
            seed=seed,
            panel=self.panel(shot),
            references=references,
        )

    def prompt(self, shot: str) -> str:
        """What the painter is asked for, in words."""
        person = self._person(shot)
        who = ", ".join(part for part in (person.name, person.looks) if part).rstrip(" .")
        look = self.production.film.look.rstrip(" .")
        same = self.kind != "front" and self.spec.reads("references")
        said = (
            "The same person as in the picture" if same else "",
            f"{self.view.says}: {who}",
            "Plain grey background, even light",
            look,
        )
        return " ".join(f"{part}." for part in said if part)

    def panel(self, shot: str) -> Panel | None:
        """Somebody alone before a plain background, for a painter that composes."""
        if not self.spec.reads("panel"):
            return None
        person = self._person(shot)
        figure = Figure(
            id=shot.removeprefix("cast_"),
            name=person.name,
            looks=person.looks,
            at="center",
            facing=self.view.facing,
        )
        return Panel(
            size=self.view.panel,
            framing="single",
            angle="eye",
            heading="INT. PLAIN BACKDROP - DAY",
            place_id="backdrop",
            place="plain backdrop",
            time="day",
            weather="",
            action="",
            look=self.production.film.look,
            figures=(figure,),
        )

    def _person(self, shot: str) -> Person:
        return self.production.storyboard.cast[shot.removeprefix("cast_")]

    def own(self, shot: str) -> str:
        """A person's own picture, by its path in the project; empty where there is none."""
        own, number = self._person(shot).references, KINDS.index(self.kind)
        return own[number] if number < len(own) else ""

    def _picture(self, own: str) -> File:
        project = self.production.project
        path = project.inside(own)
        try:
            state = path.stat()
            return File(path, _content(path, state.st_mtime_ns, state.st_size))
        except OSError as error:
            who, n = next(
                (who, person.references.index(own))
                for who, person in self.production.storyboard.cast.items()
                if own in person.references
            )
            raise problem_at(
                project.storyboard_file,
                ("cast", who, "references", n),
                f"{own} does not open: {error.strerror}",
                "put the picture there, or take it out of references",
            ) from error

    def _request(self, shot: str, variation: int, frames: int) -> PaintRequest | None:
        name = f"{shot}/{self.kind}"
        return self.request(shot, seed_of(self.production.film.seed, name, variation), frames)

    def _words(self, shot: str) -> dict[str, Any]:
        return {}


class FrontSheets(Sheets):
    """The picture that the others of a sheet are painted from."""

    kind = "front"
    view = View("Head and shoulders portrait, facing the camera", (1024, 1024), "MCU", "camera")


class ProfileSheets(Sheets):
    """Faces from the side."""

    kind = "profile"
    view = View("Head and shoulders in profile, facing left", (1024, 1024), "MCU", "left")


class FullSheets(Sheets):
    """People from head to feet."""

    kind = "full"
    view = View("Full length, standing, facing the camera", (768, 1152), "LS", "camera")


SHEETS: dict[SheetKind, type[Sheets]] = {
    "front": FrontSheets,
    "profile": ProfileSheets,
    "full": FullSheets,
}
"""The stages of a cast sheet, in order."""

SHEETS_IN_USE = tuple(partial(stage, in_use=True) for stage in SHEETS.values())
"""The same on the way to keyframes: only what these are painted from."""


def has_sheet(production: Production, who: str) -> bool:
    """Whether any picture of somebody's sheet was made."""
    return any(production.takes.of(sheet_of(who), kind) for kind in KINDS)


def is_used(production: Production, who: str) -> bool:
    """Whether keyframes are painted from somebody's sheet: by a painter that reads references,
    where a sheet was once made or pictures for it are given."""
    if not production.crew["painter"].reads("references"):
        return False
    return bool(production.storyboard.cast[who].references) or has_sheet(production, who)


def references(production: Production, shot: str) -> tuple[File, ...] | None:
    """What a shot's keyframe is painted from, besides its prompt: of the first people of its cast
    who have a sheet, no more than the painter reads, the full length in wide shots and the front
    picture in others. None while one of these is to be made first."""
    fields = production.shots[shot][1]
    stage = FullSheets(production) if fields.size in WIDE else FrontSheets(production)
    painter = production.native.painter
    most = min(MOST_REFERENCES, painter.references if painter else 0)
    people = list(dict.fromkeys(each.who for each in fields.cast))
    used = [who for who in people if is_used(production, who)][:most]
    found = [_shown(stage, sheet_of(who)) for who in used]
    return None if None in found else tuple(file for files in found for file in files or ())


def people_of(production: Production, expressions: Sequence[str]) -> list[str]:
    """The sheets that `--select` means where sheets are asked for: people by id, with wildcards,
    or as cast:NAME. Raises SelectionError where somebody is not there."""
    cast = production.storyboard.cast
    chosen: set[str] = set()
    for expression in expressions:
        for term in (part.strip() for part in expression.split(",")):
            name = term.removeprefix("cast:").removeprefix("cast_")
            found = {who for who in cast if fnmatchcase(who, name)}
            if not found:
                close = get_close_matches(name, cast, 1, 0.5)
                raise SelectionError(
                    f"--select {expression}: there is nobody {name!r} in the cast",
                    f"did you mean {close[0]}?" if close else f"cast: {', '.join(cast)}",
                )
            chosen |= found
    return [sheet_of(who) for who in cast if who in chosen]


def named(production: Production, name: str) -> str:
    """What a person calls a shot or one of the cast, as its takes go by: sc010_sh010, or mara as
    cast_mara. Raises StudioError where neither is there."""
    if name in production.shots:
        return name
    cast = production.storyboard.cast
    who = name.removeprefix("cast_")
    if who in cast:
        return sheet_of(who)
    if is_shot_id(name):
        raise StudioError(
            f"there is no shot {name} in storyboard.yaml", "list them with: studio status"
        )
    close = get_close_matches(name, [*production.shots, *cast], 1, 0.6)
    raise StudioError(
        f"there is no shot and nobody in the cast called {name} in storyboard.yaml",
        f"did you mean {close[0]}?" if close else "list them with: studio status",
    )


def _shown(stage: Sheets, shot: str) -> tuple[File] | None:
    take = stage.standing(shot).current
    if take is None:
        return None
    return (File(stage.takes.path(take), next(iter(take.files.values()))),)


@lru_cache(maxsize=256)
def _content(path: Path, changed: int, size: int) -> str:  # noqa: ARG001 - a changed file is another
    return file_hash(path)
