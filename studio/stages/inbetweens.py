"""Inbetweens: clips brought from their own rate to the film's, a take of their own, so that a
film at another rate renders no clip again.
"""

from __future__ import annotations

from fractions import Fraction

from studio.engines.requests import File, InterpolateRequest
from studio.schema.take import Take
from studio.stages.clips import Clips
from studio.stages.native import inbetween
from studio.stages.production import Production
from studio.stages.takes import TakeStage
from studio.takes import Standing


class Inbetweens(TakeStage):
    """The whole of each shot's current clip at the film's rate. A clip that has that rate already
    serves as it is, and has none."""

    kind = "inbetweens"
    engine_kind = "interpolator"

    def __init__(self, production: Production) -> None:
        super().__init__(production)
        self.clips = Clips(production)

    def clip(self, shot: str) -> Take | None:
        """The clip that is brought to the film's rate, where there is one that is current."""
        return self.clips.standing(shot).current

    def renders_for(self, shot: str) -> bool:
        """Whether the shot's clip has, or will have, another rate than the film."""
        clip = self.clip(shot)
        rate = self.production.native.rate if clip is None else rate_of(clip)
        return rate != self.production.film.rate.fps

    def _standing(self, shot: str) -> Standing:
        if not self.renders_for(shot):
            return self.clips.standing(shot)
        return super()._standing(shot)

    def frames(self, shot: str) -> int:
        """Frames that the cut takes, at the film's rate."""
        return self.production.frames_of(shot)

    def parents(self, shot: str) -> dict[str, str]:
        """The clip's content hash."""
        clip = self.clip(shot)
        return {} if clip is None else {"clip": next(iter(clip.files.values()))}

    def reason(self, shot: str) -> str:
        """Why inbetweens would be made; empty where not."""
        return super().reason(shot) if self.renders_for(shot) else ""

    def waits_for(self, shot: str) -> str:
        """The clip is to be rendered first."""
        return "its clip is rendered anew"

    def request(self, shot: str, seed: int, frames: int) -> InterpolateRequest | None:
        """What the interpolator would be asked for; None while the clip is to be rendered."""
        clip = self.clip(shot)
        if clip is None:
            return None
        (suffix, sha256), rate = next(iter(clip.files.items())), self.production.film.rate.fps
        return InterpolateRequest(
            shot=shot,
            clip=File(self.takes.path(clip, suffix), sha256),
            clip_rate=rate_of(clip),
            clip_frames=clip.frames,
            rate=rate,
            frames=inbetween(clip.frames, rate_of(clip), rate),
        )


def rate_of(clip: Take) -> Fraction:
    """Frames a second of a clip, as it was asked for."""
    return Fraction(clip.request["request"]["rate"])
