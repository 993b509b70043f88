"""Keyframes: one picture for each shot, from which its clip begins. The painter's, or a
person's own from boards/, which beats it.
"""

from __future__ import annotations

from dataclasses import replace

from studio.engines.base import ENGINES, EngineSpec
from studio.engines.requests import File, PaintRequest, Reading
from studio.schema.take import Take
from studio.stages.cast import BOARD, references
from studio.stages.production import Production
from studio.stages.takes import TakeStage
from studio.takes import Standing

SKETCH = EngineSpec("painter", "sketch", ENGINES["painter"]["sketch"])


class Keyframes(TakeStage):
    """A keyframe depends on its prompt, its size and, for a painter that composes, on the
    shot's fields; a person's own one on the pictures and how they are cropped."""

    kind = "keyframe"
    engine_kind = "painter"

    def spec_of(self, shot: str) -> EngineSpec:
        """The board engine where a person drew the shot, else the film's painter, which may also
        begin from what the person drew."""
        return BOARD if shot in self.production.boards and not self._begins() else self.spec

    def _begins(self) -> bool:
        """Whether the painter takes a person's own picture as a beginning."""
        return self.spec.reads("board")

    def _standing(self, shot: str) -> Standing:
        """With `newest` by whom the keyframe would be made now: never a person's picture that
        was removed, and the painter's only where no picture of a person's was taken over."""
        standing = super()._standing(shot)
        own = self.spec_of(shot) == BOARD
        like = [
            take
            for take in self.takes.of(shot, self.kind)
            if take.status == "good" and _is_own(take) == own
        ]
        if own and not like:
            return standing
        return replace(standing, newest=like[-1] if like else None)

    def reason(self, shot: str) -> str:
        """Why the shot's keyframe would be made; empty where it would not."""
        standing = self.standing(shot)
        own = self.own(shot)
        if own and standing.state in ("stale", "missing"):
            newest = standing.newest
            if newest is None or not _is_own(newest):
                return f"own picture: {own}"
        return super().reason(shot)

    def drift(self, shot: str) -> str:
        """What changed since a circled take was made; empty where nothing did."""
        standing = self.standing(shot)
        own = self.own(shot)
        if own and standing.circled and standing.current and not _is_own(standing.current):
            return f"{own} is not used"
        return super().drift(shot)

    def own(self, shot: str) -> str:
        """A person's own picture that is the shot's keyframe, as boards/NAME; empty where there is
        none."""
        pictures = self.production.boards.get(shot)
        return f"boards/{pictures[0].path.name}" if pictures and not self._begins() else ""

    def request(self, shot: str, seed: int, frames: int) -> PaintRequest | None:
        """What the painter would be asked for; None while a sheet of the cast is to be painted."""
        pictures = self._references(shot)
        return None if pictures is None else self._asked(shot, seed, pictures)

    def _asked(self, shot: str, seed: int, references: tuple[File, ...] = ()) -> PaintRequest:
        scene, fields = self._shot(shot)
        size = self.production.native.keyframe
        pictures = self.production.boards.get(shot, ())
        if self.spec_of(shot) == BOARD:
            return PaintRequest(shot, "", "", size, 0, pictures=pictures, fit=fields.fit)
        return PaintRequest(
            shot=shot,
            prompt=self.production.prompter.keyframe(scene, fields),
            avoid=fields.avoid if self.spec.reads("avoid") else "",
            size=size,
            seed=seed,
            panel=self.panel(shot),
            pictures=pictures[:1] if self._begins() else (),
            fit=fields.fit if pictures else "center",
            references=references,
        )

    def waits_for(self, shot: str) -> str:
        """The sheets of its cast are to be painted first."""
        return "a sheet of its cast is painted anew"

    def _references(self, shot: str) -> tuple[File, ...] | None:
        """Pictures of the shot's people, for a painter that reads them."""
        own = self.spec_of(shot) == BOARD or not self.spec.reads("references")
        return () if own else references(self.production, shot)

    def parents(self, shot: str) -> dict[str, str]:
        """The content hashes of the cast sheets that it is painted from."""
        return {file.path.parent.name: file.sha256 for file in self._references(shot) or ()}

    def readings(self, shot: str) -> tuple[Reading, ...]:
        """The prompt, as the painter's model reads it."""
        return self.spec_of(shot).readings(self._asked(shot, 0))


def _is_own(take: Take) -> bool:
    return take.made_by.engine == BOARD.name


class ReelKeyframes(Keyframes):
    """For a film whose painter needs a GPU: any picture is good enough for the reel, and where
    there is none, `sketch` draws one."""

    def __init__(self, production: Production) -> None:
        super().__init__(production)
        self.spec = SKETCH

    def _standing(self, shot: str) -> Standing:
        newest = super()._standing(shot).newest
        if newest is not None and shot not in self.production.boards:
            return Standing("fresh", newest, newest)
        return super()._standing(shot)


def keyframes_for_reel(production: Production) -> Keyframes:
    """The keyframes of a reel, which never start a GPU engine."""
    embedded = production.crew["painter"].engine_class().embedded
    return Keyframes(production) if embedded else ReelKeyframes(production)
