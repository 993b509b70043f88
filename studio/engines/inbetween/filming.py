"""From a clip to one of another rate, frame by frame: two of its frames are in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from studio.engines.base import Rendered, Report
from studio.engines.inbetween.cuts import is_cut
from studio.engines.inbetween.moments import Moment, moments
from studio.engines.requests import InterpolateRequest
from studio.errors import RenderFailed
from studio.ffmpeg import TAKE, Frame, FrameWriter, probe, read_frames

View: TypeAlias = Callable[[Moment], Frame]
"""The picture at a moment between two frames, of their size."""

Between: TypeAlias = Callable[[Frame, Frame], View]
"""What an interpolator sees between two neighbouring frames; asked once for each pair that needs
it, in order."""


def hold(first: Frame, second: Frame) -> View:
    """The nearer of two frames, halfway the first."""
    return lambda moment: first if moment.share <= Fraction(1, 2) else second


def interpolate(
    request: InterpolateRequest, folder: Path, report: Report, between: Between
) -> Rendered:
    """Writes inbetweens.mp4 into `folder`: the asked frames and rate, in the clip's size.

    Frames whose moment is one of the clip's own are that frame. Between frames that a cut parts
    the nearer stands; the facts say before which frames of the clip cuts lie. Raises
    RenderFailed where the clip does not read or is too short; nothing stays after an exception.
    """
    import cv2

    cv2.setNumThreads(1)  # workers already use every core
    width, height = size = probe(request.clip.path).size
    if width % 2 or height % 2:
        raise RenderFailed(
            f"{request.clip.path.name} is {width}x{height}: clips have even sides",
            "render it again, or crop it by one pixel",
        )
    path = folder / "inbetweens.mp4"
    cuts: list[int] = []
    with (
        closing(read_frames(request.clip.path, 0, request.clip_frames)) as source,
        FrameWriter(path, size, request.rate, TAKE) as writer,
    ):
        for number, frame in enumerate(_frames(request, source, between, cuts)):
            writer.write(frame)
            report(number + 1, request.frames)
    return Rendered({".mp4": path}, {"cuts": cuts} if cuts else {})


def _frames(
    request: InterpolateRequest, source: Iterator[Frame], between: Between, cuts: list[int]
) -> Iterator[Frame]:
    """The new frames. The clip's numbers of those that follow a cut are added to `cuts`."""
    here, frame, ahead = 0, next(source), None
    view: View | None = None
    for moment in moments(request):
        while here < moment.source:
            frame = next(source) if ahead is None else ahead
            here, ahead, view = here + 1, None, None
        if not moment.share:
            yield frame
            continue
        if ahead is None:
            ahead = next(source)
        if view is None:
            parted = between is not hold and is_cut(frame, ahead)
            view = (hold if parted else between)(frame, ahead)
            cuts += [here + 1] if parted else []
        yield view(moment)
