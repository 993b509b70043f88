"""The moments that the frames of another rate show, as exact fractions of a clip's own frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from studio.engines.requests import InterpolateRequest
from studio.errors import RenderFailed


@dataclass(frozen=True)
class Moment:
    """Frame `number` of the new clip shows the clip's frame `source`, or where `share` is over 0
    what lies that part (0 to 1, exclusive) of the way from it to the next."""

    number: int
    source: int
    share: Fraction


def moments(request: InterpolateRequest) -> Iterator[Moment]:
    """Of every frame that is asked for, in order. The clip's last frame stands until its time is
    over. Raises RenderFailed where frames are asked for from then on."""
    step = request.clip_rate / request.rate
    if request.frames < 1 or (request.frames - 1) * step >= request.clip_frames:
        raise RenderFailed(
            f"{request.clip_frames} frames at {request.clip_rate} a second do not make "
            f"{request.frames} at {request.rate}"
        )
    for number in range(request.frames):
        source, share = divmod(number * step, 1)
        last = source == request.clip_frames - 1
        yield Moment(number, int(source), Fraction(0) if last else share)
