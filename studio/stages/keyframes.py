"""Keyframes: one picture for each shot, from which its clip begins. The painter's, or a
person's own from boards/, which beats it.
"""

from __future__ import annotations

from studio.engines.base import ENGINES, EngineSpec, PaintRequest
from studio.stages.production import Production
from studio.stages.takes import TakeStage
from studio.takes import Standing

BOARD = EngineSpec("painter", "board", "studio.engines.board:Board")
"""Takes over a person's own pictures; chosen by their being there, never by film.yaml."""

SKETCH = EngineSpec("painter", "sketch", ENGINES["painter"]["sketch"])


class Keyframes(TakeStage):
    """A keyframe depends on its prompt, its size and, for a painter that composes, on the
    shot's fields; a person's own one on the pictures and how they are cropped."""

    kind = "keyframe"
    engine_kind = "painter"

    def spec_of(self, shot: str) -> EngineSpec:
        """The board engine where a person drew the shot, else the film's painter."""
        return BOARD if shot in self.production.boards else self.spec

    def request(self, shot: str, seed: int, frames: int) -> PaintRequest:
        """What the painter would be asked for."""
        scene, fields = self._shot(shot)
        frame = self.production.film.frame
        size = (frame.width, frame.height)
        if shot in self.production.boards:
            pictures = self.production.boards[shot]
            return PaintRequest(shot, "", "", size, 0, pictures=pictures, fit=fields.fit)
        return PaintRequest(
            shot=shot,
            prompt=self.production.prompter.keyframe(scene, fields),
            avoid=fields.avoid,
            size=size,
            seed=seed,
            panel=self.panel(shot),
        )


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
