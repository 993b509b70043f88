"""What the film's models make of themselves: the size that they paint and animate at, and the rate
of their clips. The cut crops and scales to the film's frame; inbetweens bring its rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from studio.engines.base import EngineSpec
from studio.models.contract import Contract
from studio.schema.film import EngineKind, Film


@dataclass(frozen=True)
class Native:
    """`painter` and `animator` are the models' contracts, None for engines without one; sizes are
    width and height in pixels, `rate` is the clips' frames a second."""

    painter: Contract | None
    animator: Contract | None
    keyframe: tuple[int, int]
    clip: tuple[int, int]
    rate: Fraction

    def clip_frames(self, film_frames: int, film_rate: Fraction) -> int:
        """Frames of a clip that reach as far as `film_frames` of the film do: the last of them
        lies at or after the film's last one."""
        if self.rate == film_rate:
            return film_frames
        return ceil((film_frames - 1) * self.rate / film_rate) + 1

    def film_frames(self, clip_frames: int, film_rate: Fraction) -> int:
        """Frames of the film between a clip's first and last frame, both included."""
        return inbetween(clip_frames, self.rate, film_rate)


def inbetween(frames: int, rate: Fraction, to: Fraction) -> int:
    """How many frames at `to` a second a clip of `frames` at `rate` gives, none beyond its last."""
    return int((frames - 1) * to / rate) + 1


def native_of(film: Film, crew: Mapping[EngineKind, EngineSpec]) -> Native:
    """The sizes and the rate of a film's keyframes and clips. A keyframe is painted at the size at
    which it will be animated; with an animator without a model, at one that the painter takes.

    Raises StudioError where film.yaml names a model that is not known.
    """
    frame = (film.frame.width, film.frame.height)
    painter, animator = crew["painter"].contract(), crew["animator"].contract()
    if animator is not None and animator.frames is not None:
        size = animator.size_for(frame)
        return Native(painter, animator, size, size, Fraction(animator.frames.rate))
    keyframe = frame if painter is None else painter.size_for(frame)
    return Native(painter, None, keyframe, frame, film.rate.fps)
