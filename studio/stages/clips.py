"""Clips: each shot's keyframe set in motion by the animator, handles included."""

from __future__ import annotations

from studio.engines.base import AnimateRequest, File, PanelAt
from studio.schema.take import Take
from studio.stages.keyframes import Keyframes
from studio.stages.panels import panels_in_clip
from studio.stages.production import Production
from studio.stages.takes import TakeStage


class Clips(TakeStage):
    """A clip depends on the current keyframe's content, the motion prompt and the movement;
    with an animator that composes, on the further panels and when they are shown. A clip that
    is longer than its shot needs serves the shot as it is."""

    kind = "clip"
    engine_kind = "animator"

    def __init__(self, production: Production) -> None:
        super().__init__(production)
        self.keyframes = Keyframes(production)

    def keyframe(self, shot: str) -> Take | None:
        """The keyframe that the clip begins with, where there is one that is current."""
        return self.keyframes.standing(shot).current

    def frames(self, shot: str) -> int:
        """Frames that the cut takes from the clip: the slot and its handles."""
        return self.production.frames_of(shot)

    def parents(self, shot: str) -> dict[str, str]:
        """The keyframe's content hash."""
        keyframe = self.keyframe(shot)
        return {} if keyframe is None else {"keyframe": next(iter(keyframe.files.values()))}

    def waits_for(self, shot: str) -> str:
        """The keyframe is to be painted first."""
        return "its keyframe is painted anew"

    def request(self, shot: str, seed: int, frames: int) -> AnimateRequest | None:
        """What the animator would be asked for; None while the keyframe is to be painted."""
        keyframe = self.keyframe(shot)
        if keyframe is None:
            return None
        scene, fields = self._shot(shot)
        film = self.production.film
        files = {
            suffix: File(self.takes.path(keyframe, suffix), digest)
            for suffix, digest in keyframe.files.items()
        }
        return AnimateRequest(
            shot=shot,
            prompt=self.production.prompter.motion(scene, fields),
            avoid=fields.avoid,
            keyframe=next(iter(files.values())),
            layers=files.get(".svg"),
            movement=fields.movement,
            size=(film.frame.width, film.frame.height),
            rate=film.rate.fps,
            frames=frames,
            seed=seed,
            panel=self.panel(shot),
            panels=self._panels(shot, keyframe, files),
        )

    def _panels(self, shot: str, keyframe: Take, files: dict[str, File]) -> tuple[PanelAt, ...]:
        """The keyframe's further panels, for an animator that composes."""
        if not self.spec.engine_class().composes:
            return ()
        fields, slot = self._shot(shot)[1], self.production.slots[shot]
        panels = panels_in_clip(self.production.film, fields, slot, keyframe)
        return tuple(PanelAt(files[suffix], first) for first, suffix in panels)
