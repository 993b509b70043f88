"""Moving pictures in and out of files, through the ffmpeg that imageio-ffmpeg brings.

Frames are numpy arrays, height x width x 3, uint8, RGB, full range, sRGB/bt709. Written
files are H.264, yuv420p, bt709 limited range, constant rate, closed GOPs, made with a
pinned thread count and bitexact flags, so that equal frames give equal bytes. They hold
no B-frames: a file of any length, down to one frame, then joins others by stream copy
with even times.

Every ffmpeg is started here. It stands in a process group of its own, so that a
terminal's Ctrl-C is the program's to answer, and it reads or writes a pipe of the
program, or a short piece of film, so that it does not outlive the program for long.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self, TypeAlias

from studio.errors import Missing, RenderFailed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Frame: TypeAlias = "npt.NDArray[np.uint8]"
"""A picture, height x width x 3, RGB."""

_CONTAINERS = ("-format_whitelist", "mov,matroska,avi")
"""What may be read: files of video, never lists that lead to other files."""

_SCALER = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"

TO_YUV = (
    f"scale=in_range=pc:out_range=tv:out_color_matrix=bt709:{_SCALER},format=yuv420p,setsar=1,"
    "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
)
"""The filter from RGB frames to what is encoded."""


@dataclass(frozen=True)
class Encoding:
    """How H.264 is written: `crf` 0 is lossless, `gop` is the most frames between key frames."""

    crf: int = 18
    preset: str = "veryfast"
    threads: int = 2
    gop: int = 48


TAKE = Encoding(crf=12, preset="ultrafast", threads=1, gop=24)
"""For takes: visually lossless, quick to enter at any frame, and cheap: workers already use
every core, and half of veryfast's CPU time buys back what 2.6 times its size costs."""

FILM = Encoding(crf=18, gop=48)
"""For the segments of the film."""


def to_rgb(size: tuple[int, int] | None) -> str:
    """The filter that gives RGB frames, cropped to fill `size` (width, height), never stretched.

    They are planar: the packed format is scaled at half the speed, to equal values.
    """
    if size is None:
        return f"scale={_SCALER},format=gbrp"
    width, height = size
    return (
        f"scale={width}:{height}:force_original_aspect_ratio=increase:{_SCALER},format=gbrp,"
        f"crop={width}:{height}"
    )


def encoder(rate: Fraction, encoding: Encoding) -> list[str]:
    """The output options under which equal frames give equal bytes, in an mp4 of even times."""
    ticks = rate.numerator if rate.numerator >= 10_000 else rate.numerator * 1000
    even = f"setts=pts=N:dts=N:duration=1:time_base={rate.denominator}/{rate.numerator}"
    return [
        *("-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-fps_mode", "passthrough", "-c:v", "libx264", "-preset", encoding.preset),
        *("-crf", str(encoding.crf), "-g", str(encoding.gop), "-bf", "0"),
        *("-threads:v", str(encoding.threads), "-flags:v", "+cgop+bitexact"),
        *(
            "-bsf:v",
            even,
            "-fflags",
            "+bitexact",
            "-video_track_timescale",
            str(ticks),
            "-f",
            "mp4",
        ),
    ]


def _reading(path: Path) -> list[str]:
    """The input options of a video whose frames are decoded; damage in it is an error."""
    return [
        *(*_CONTAINERS, "-xerror", "-threads", "1", "-i", f"file:{path}", "-map", "0:v:0"),
        *("-filter_threads", "1"),
    ]


# --- starting ffmpeg -------------------------------------------------------------------


def _start(
    arguments: Sequence[str], stdin: int, stdout: int, stderr: IO[bytes], loglevel: str = "error"
) -> subprocess.Popen[bytes]:
    import imageio_ffmpeg

    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    options = ["-nostdin", "-hide_banner", "-loglevel", loglevel]
    try:
        command = [imageio_ffmpeg.get_ffmpeg_exe(), *options, *arguments]
        return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr, **apart)
    except (OSError, RuntimeError) as error:
        raise Missing(
            f"ffmpeg does not start: {error}", "reinstall the package imageio-ffmpeg"
        ) from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # frames that the encoder will never read
                continue
    process.wait()


def _last_line(stderr: IO[bytes]) -> str:
    """What ffmpeg said last, without the addresses of its parts."""
    stderr.seek(0)
    lines = stderr.read().decode("utf-8", "replace").strip().splitlines()
    lines = [line for line in lines if not line.startswith("frame=")]
    return re.sub(r"^(\[[^\]]*\]\s*)+", "", lines[-1]) if lines else "no reason given"


def run(arguments: Sequence[str | os.PathLike[str]], what: str, loglevel: str = "error") -> str:
    """Runs ffmpeg to its end and gives what it wrote to its standard error.

    `what` names the work in the error. Raises RenderFailed with ffmpeg's last line.
    """
    with tempfile.TemporaryFile() as stderr:
        process = _start(
            [os.fspath(argument) for argument in arguments],
            *(subprocess.DEVNULL, subprocess.DEVNULL, stderr, loglevel),
        )
        try:
            code = process.wait()
        except BaseException:
            _stop(process)
            raise
        if code:
            raise RenderFailed(f"{what}: ffmpeg: {_last_line(stderr)}")
        stderr.seek(0)
        return stderr.read().decode("utf-8", "replace")


@cache
def version() -> str:
    """The version of the ffmpeg that is used."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_version())


def transcode(
    source: Path,
    target: Path,
    first: int,
    count: int,
    size: tuple[int, int],
    rate: Fraction,
    encoding: Encoding,
) -> int:
    """Encodes frames of a video anew, from file to file, as if they were read and written.

    Takes `count` frames from number `first` on, cropped to fill `size`, one after another
    at `rate`. Gives the number of frames written, fewer where the source has fewer. Raises
    RenderFailed where the source does not decode.
    """
    times = f"settb={rate.denominator}/{rate.numerator},setpts=N"
    said = run(
        [
            *(*_reading(source), "-vf"),
            f"trim=start_frame={first}:end_frame={first + count},{times},{to_rgb(size)},{TO_YUV}",
            *(*encoder(rate, encoding), "-stats", "-y", f"file:{target}"),
        ],
        f"reading {source.name}",
    )
    counts = re.findall(r"frame=\s*(\d+)", said)
    return int(counts[-1]) if counts else 0


# --- frames into files -----------------------------------------------------------------


class FrameWriter:
    """Encodes frames to an mp4 at `path`, as a context manager.

        with FrameWriter(path, (1280, 720), Fraction(24), TAKE) as writer:
            writer.write(frame)  # uint8, (720, 1280, 3)

    The file is written under a part name and renamed when the block ends well; after
    an exception nothing stays. `size` is (width, height), both even. Raises ValueError
    for a frame of another shape or type, RenderFailed where ffmpeg fails or no frame came.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], rate: Fraction, encoding: Encoding = TAKE
    ) -> None:
        if any(side < 2 or side % 2 for side in size):
            raise ValueError(f"{size[0]}x{size[1]}: width and height are even numbers")
        self.path, self.size, self.rate, self.encoding = path, size, rate, encoding
        self.frames = 0
        self._part = path.with_name(f"{path.name}.part")

    def __enter__(self) -> Self:
        # The file of ffmpeg's messages lives as long as the process, not as this method.
        self._stderr = tempfile.TemporaryFile()
        arguments = [
            *("-f", "rawvideo", "-pixel_format", "rgb24"),
            *("-video_size", f"{self.size[0]}x{self.size[1]}"),
            *("-framerate", str(self.rate), "-i", "pipe:0", "-vf", TO_YUV),
            *encoder(self.rate, self.encoding),
            *("-y", f"file:{self._part}"),
        ]
        try:
            self._process = _start(arguments, subprocess.PIPE, subprocess.DEVNULL, self._stderr)
        except BaseException:
            self._stderr.close()
            raise
        return self

    def write(self, frame: Frame) -> None:
        """Adds one frame."""
        import numpy as np

        shape = (self.size[1], self.size[0], 3)
        if frame.shape != shape or frame.dtype != np.uint8:
            raise ValueError(f"a frame is uint8 {shape}, not {frame.dtype} {frame.shape}")
        assert self._process.stdin is not None  # noqa: S101 - opened with a pipe above
        try:
            self._process.stdin.write(np.ascontiguousarray(frame).data)
        except OSError as error:
            self._process.wait()
            raise self._failure() from error
        self.frames += 1

    def _failure(self) -> RenderFailed:
        return RenderFailed(f"writing {self.path.name}: ffmpeg: {_last_line(self._stderr)}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            _stop(self._process)
            self._stderr.close()
            self._part.unlink(missing_ok=True)

    def _finish(self) -> None:
        assert self._process.stdin is not None  # noqa: S101 - opened with a pipe above
        try:
            self._process.stdin.close()
        except OSError as error:
            self._process.wait()
            raise self._failure() from error
        if self._process.wait():
            raise self._failure()
        if not self.frames:
            raise RenderFailed(f"writing {self.path.name}: no frame was given")
        self._part.replace(self.path)


# --- frames out of files ---------------------------------------------------------------


def read_frames(
    path: Path, first: int = 0, count: int | None = None, size: tuple[int, int] | None = None
) -> Generator[Frame, None, None]:
    """The frames of a video from number `first` on, RGB, one at a time.

    With `size` (width, height) they are cropped to fill it, never stretched; else they
    have the file's own size. Without `count` all that follow are given. Raises
    RenderFailed where the file does not decode or holds fewer than were asked for.
    """
    import numpy as np

    width, height = size or probe(path).size
    last = "" if count is None else f":end_frame={first + count}"
    arguments = [
        *_reading(path),
        *("-vf", f"trim=start_frame={first}{last},{to_rgb(size)},format=rgb24"),
        *("-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"),
    ]
    given = 0
    with tempfile.TemporaryFile() as stderr:
        process = _start(arguments, subprocess.DEVNULL, subprocess.PIPE, stderr)
        assert process.stdout is not None  # noqa: S101 - opened with a pipe above
        try:
            while count is None or given < count:
                data = process.stdout.read(width * height * 3)
                if len(data) < width * height * 3:
                    break
                given += 1
                yield np.frombuffer(data, np.uint8).reshape(height, width, 3)
            else:
                return
            if process.wait():
                raise RenderFailed(f"reading {path.name}: ffmpeg: {_last_line(stderr)}")
        finally:
            _stop(process)
    if count is not None or not given:
        raise RenderFailed(
            f"reading {path.name}: {given} frames from number {first} on, "
            f"not {'one' if count is None else count}"
        )


@dataclass(frozen=True)
class Video:
    """What a file's first video track holds: `size` (width, height), exact rate, frames."""

    size: tuple[int, int]
    rate: Fraction
    frames: int


def probe(path: Path) -> Video:
    """Reads a video's size, rate and number of frames, from its packets (nothing is decoded).

    Raises RenderFailed for a file that is missing, broken, or holds no video.
    """
    with tempfile.TemporaryFile() as stderr, tempfile.TemporaryFile() as listing:
        process = _start(
            [
                *(*_CONTAINERS, "-i", f"file:{path}", "-map", "0:v:0"),
                *("-c", "copy", "-f", "framecrc", "pipe:1"),
            ],
            *(subprocess.DEVNULL, listing.fileno(), stderr),
        )
        try:
            code = process.wait()
        finally:
            _stop(process)
        listing.seek(0)
        lines = listing.read().decode("ascii", "replace").splitlines()
        head = dict(line[1:].split(" 0: ", 1) for line in lines if re.match(r"#\w+ 0: ", line))
        packets = [line.split(",") for line in lines if not line.startswith("#")]
        if code or not packets or "x" not in head.get("dimensions", ""):
            raise RenderFailed(f"{path.name} is no video that plays: {_last_line(stderr)}")
    ticks = sum(int(packet[3]) for packet in packets)
    if not ticks:
        raise RenderFailed(f"{path.name} is no video that plays: its frames have no times")
    width, height = head["dimensions"].split("x")
    rate = len(packets) / (Fraction(head["tb"]) * ticks)
    return Video((int(width), int(height)), rate.limit_denominator(1001), len(packets))
