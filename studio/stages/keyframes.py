"""Keyframes: the painter's one picture for each shot, from which its clip begins."""

from __future__ import annotations

from studio.engines.base import PaintRequest
from studio.stages.takes import TakeStage


class Keyframes(TakeStage):
    """A keyframe depends on its prompt, its size and, for a painter that composes, on the
    shot's fields."""

    kind = "keyframe"
    engine_kind = "painter"

    def request(self, shot: str, seed: int, frames: int) -> PaintRequest:
        """What the painter would be asked for."""
        scene, fields = self._shot(shot)
        size = self.production.film.frame
        return PaintRequest(
            shot=shot,
            prompt=self.production.prompter.keyframe(scene, fields),
            avoid=fields.avoid,
            size=(size.width, size.height),
            seed=seed,
            panel=self.panel(shot),
        )
