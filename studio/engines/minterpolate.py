"""The interpolator of ffmpeg's filter minterpolate: motion of blocks, overlapped.

The filter ends with the last frame but one: the clip's tail is padded, so that the last interval
is not lost. What it leaves is taken up frame by frame as every interpolator's is, since its own
search for cuts misses mild ones.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import InterpolateRequest


class Minterpolate:
    """Interpolator by ffmpeg's motion compensation."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "ffmpeg's motion compensation between frames, no model"
    embedded: ClassVar[bool] = True
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def interpolate(self, request: InterpolateRequest, folder: Path, report: Report) -> Rendered:
        """Writes inbetweens.mp4 into `folder`. Raises RenderFailed where the clip does not read."""
        from studio.engines.inbetween.filming import View, interpolate
        from studio.engines.inbetween.moments import Moment
        from studio.ffmpeg import Frame, read_frames

        with ExitStack() as until_done:
            scratch = Path(until_done.enter_context(TemporaryDirectory(dir=folder)))
            made, given = None, 0

            def between(*_: Frame) -> View:
                return shown

            def shown(moment: Moment) -> Frame:
                nonlocal made, given
                if made is None:
                    path = _compensated(request, scratch)
                    made = until_done.enter_context(closing(read_frames(path, 0, request.frames)))
                frame = next(islice(made, moment.number - given, None))
                given = moment.number + 1
                return frame

            return interpolate(request, folder, report, between)


def _compensated(request: InterpolateRequest, folder: Path) -> Path:
    """The clip at its new rate as the filter gives it, every frame from the first on. Raises
    RenderFailed."""
    from studio import ffmpeg

    path = folder / "compensated.mp4"
    rate, own = request.rate, request.clip_rate
    filters = (
        f"trim=end_frame={request.clip_frames},settb={own.denominator}/{own.numerator},setpts=N,"
        f"fps={own},tpad=stop=3:stop_mode=clone,minterpolate=fps={rate}:mi_mode=mci,"
        "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
    )
    lossless = ffmpeg.Encoding(crf=0, preset="ultrafast", threads=1)
    ffmpeg.run(
        [
            *("-threads", "1", "-i", f"file:{request.clip.path}", "-map", "0:v:0"),
            *("-filter_threads", "1", "-vf", filters, "-frames:v", str(request.frames)),
            *(*ffmpeg.encoder(rate, lossless), "-y", f"file:{path}"),
        ],
        f"interpolating {request.clip.path.name}",
    )
    return path
