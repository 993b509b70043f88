"""Test doubles: a painter and an animator that draw nothing and say so.

A picture is one flat colour that follows from the request's prompt and seed; a clip
holds one for exactly the asked frames. They do as little work as a whole take allows.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import AnimateRequest, PaintRequest

_ABOUT = "a test double: flat colour, nothing drawn"


class NullPainter:
    """Painter of flat pictures of any size."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = _ABOUT
    embedded: ClassVar[bool] = True
    composes: ClassVar[bool] = False
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        """Writes keyframe.png into `folder`."""
        path = folder / "keyframe.png"
        path.write_bytes(_png(request.size, colour(request.prompt, request.seed)))
        report(1, 1)
        return Rendered({".png": path})


class NullAnimator:
    """Animator whose clips stand still: no frame differs from another."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = _ABOUT
    embedded: ClassVar[bool] = True
    composes: ClassVar[bool] = False
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def animate(self, request: AnimateRequest, folder: Path, report: Report) -> Rendered:
        """Writes clip.mp4 into `folder`: its colour tells prompt, seed and keyframe apart."""
        import numpy as np

        from studio.ffmpeg import Encoding, FrameWriter

        width, height = request.size
        flat = np.full(
            (height, width, 3),
            colour(f"{request.prompt} {request.keyframe.sha256}", request.seed),
            np.uint8,
        )
        path = folder / "clip.mp4"
        quick = Encoding(preset="ultrafast", threads=1, gop=request.frames)
        with FrameWriter(path, request.size, request.rate, quick) as writer:
            for number in range(request.frames):
                writer.write(flat)
                report(number + 1, request.frames)
        return Rendered({".mp4": path})


def colour(prompt: str, seed: int) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, the same for the same prompt and seed."""
    red, green, blue = hashlib.sha256(f"{seed} {prompt}".encode()).digest()[:3]
    return red, green, blue


def _png(size: tuple[int, int], rgb: tuple[int, int, int]) -> bytes:
    """A picture of one colour, without the help of any library that draws."""
    width, height = size
    rows = (b"\0" + bytes(rgb) * width) * height

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
