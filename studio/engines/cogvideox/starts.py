"""What a clip starts from: the keyframe, or a first, model-less version of the clip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from studio.engines.base import NoSettings, unheard
from studio.engines.requests import AnimateRequest
from studio.errors import RenderFailed
from studio.ffmpeg import Frame, read_frames

SMALLEST = 64
"""Pixels of a keyframe's shorter side: of less there is nothing to animate."""


@dataclass(frozen=True)
class Start:
    """A picture, or the frames of a clip of which all but `strength` is kept, or nothing."""

    image: Frame | None = None
    video: tuple[Frame, ...] = ()
    strength: float = 1.0


def keyframe(request: AnimateRequest) -> Frame:
    """The keyframe at the clip's size: in sRGB, cropped to fill it, never stretched. Raises
    RenderFailed where it is too small or does not open."""
    import numpy as np

    from studio.engines.board.picture import fitted

    picture, facts = fitted(request.keyframe, request.size, "center")
    if min(int(side) for side in facts["size"].split("x")) < SMALLEST:
        raise RenderFailed(
            f"{request.keyframe.path.name} is {facts['size']} pixels: too small to animate",
            f"{SMALLEST} pixels a side are the least, and the clip is"
            f" {request.size[0]}x{request.size[1]}",
        )
    return np.asarray(picture)


def moved(request: AnimateRequest, frames: int, folder: Path) -> tuple[Frame, ...]:
    """The camera's move over the keyframe, as the animator `pan` makes it in `folder`. Raises
    RenderFailed where the keyframe does not open."""
    from studio.engines.pan import Pan

    folder.mkdir()
    clip = Pan(NoSettings()).animate(replace(request, frames=frames), folder, unheard)
    return tuple(read_frames(clip.files[".mp4"]))
