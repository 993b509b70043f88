"""Clips: each shot's keyframe set in motion by the animator, handles included."""

from __future__ import annotations

from pathlib import Path

from studio.engines.requests import AnimateRequest, File, PanelAt, Reading
from studio.schema.take import Take
from studio.stages.keyframes import Keyframes
from studio.stages.panels import panels_in_clip
from studio.stages.production import Production
from studio.stages.takes import TakeStage

SMALLEST = 64
"""Pixels of the shorter side of a picture from which a model makes a clip."""


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
        """Frames that the cut takes from the clip, at the clip's own rate: the slot and its
        handles."""
        production = self.production
        return production.native.clip_frames(production.frames_of(shot), production.film.rate.fps)

    def asks(self, shot: str) -> int:
        """Frames of a whole clip, or of as many pieces as are needed, by the animator's model."""
        return self.spec.frames(self.frames(shot))

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
        files = {
            suffix: File(self.takes.path(keyframe, suffix), digest)
            for suffix, digest in keyframe.files.items()
        }
        picture = next(iter(files.values()))
        if not self._of_fields():
            return self._asked(shot, seed, frames, picture)
        panels = self._panels(shot, keyframe, files)
        return self._asked(shot, seed, frames, picture, files.get(".svg"), panels)

    def unfit(self, shot: str) -> str:
        """Why a model cannot animate the shot's keyframe, where a person's own picture was blown
        up to it; empty where it can."""
        keyframe = self.keyframe(shot)
        pictures = keyframe.recorded.get("pictures") if keyframe and self.spec.model else None
        if not pictures or min(map(int, pictures[0]["size"].split("x"))) >= SMALLEST:
            return ""
        return (
            f"boards/{pictures[0]['file']} is {pictures[0]['size']} pixels: too small to animate"
            f" ({SMALLEST} pixels a side are the least)"
        )

    def _of_fields(self) -> bool:
        """Whether the animator moves the picture by the shot's fields: a model's does what its
        prompt says, so that no other field makes its clip stale."""
        return self.spec.model is None or self.spec.reads("panel")

    def _asked(
        self,
        shot: str,
        seed: int,
        frames: int,
        keyframe: File,
        layers: File | None = None,
        panels: tuple[PanelAt, ...] = (),
    ) -> AnimateRequest:
        scene, fields = self._shot(shot)
        native = self.production.native
        return AnimateRequest(
            shot=shot,
            prompt=self.production.prompter.motion(scene, fields),
            avoid=fields.avoid if self.spec.reads("avoid") else "",
            keyframe=keyframe,
            layers=layers,
            movement=fields.movement if self._of_fields() else "static",
            size=native.clip,
            rate=native.rate,
            frames=frames,
            seed=seed,
            panel=self.panel(shot),
            panels=panels,
        )

    def readings(self, shot: str) -> tuple[Reading, ...]:
        """The prompts, as the animator's model reads them: known before the keyframe is."""
        if self.spec.model is None:
            return ()
        return self.spec.readings(self._asked(shot, 0, self.frames(shot), File(Path(), "")))

    def _panels(self, shot: str, keyframe: Take, files: dict[str, File]) -> tuple[PanelAt, ...]:
        """The keyframe's further panels, for an animator that composes."""
        if not self.spec.reads("panel"):
            return ()
        fields, slot = self._shot(shot)[1], self.production.slots[shot]
        panels = panels_in_clip(self.production.film, fields, slot, keyframe)
        return tuple(PanelAt(files[suffix], first) for first, suffix in panels)
