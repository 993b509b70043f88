"""How a clip that is longer than the model makes is put together of several.

Every piece has the model's default frames; each but the first begins at the last good frame of the
one before, which is dropped, as it was there already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from studio.engines.cogvideox.colours import Grade
from studio.errors import RenderFailed, StudioError
from studio.ffmpeg import Frame
from studio.models.contract import Contract, Frames

COLLAPSED = 0.2
"""A frame with less than this part of its clip's usual detail is black, flat or mush."""


def clip_frames(contract: Contract, needed: int, pieces: int) -> int:
    """How many frames to ask for, so that `needed` frames of the model's own rate are there: those
    of one whole clip, or of as few pieces as do, `pieces` at most. Raises StudioError where they
    do not suffice, and says how long a shot may be."""
    frames = clip_of(contract)
    longest = frames.default + (pieces - 1) * (frames.default - 1)
    if needed > longest:
        raise StudioError(
            f"{needed} frames are needed, handles counted, and {contract.name} makes {longest} in"
            f" {_counted(pieces)}: {longest / frames.rate:.4g} s",
            "shorten the shot or split it in two, or allow more pieces"
            " (`pieces:` of the animator, for image-to-video)",
        )
    return frames.default + (pieces_of(frames, needed) - 1) * (frames.default - 1)


def pieces_of(frames: Frames, count: int) -> int:
    """How many clips `count` frames are put together of, at least 1."""
    return max(1, -(-(count - 1) // (frames.default - 1)))


def clip_of(contract: Contract) -> Frames:
    """The rule of a model's clips. Raises StudioError for a model of pictures."""
    if contract.frames is None:
        raise StudioError(f"{contract.name} paints pictures and makes no clips")
    return contract.frames


def piece_seed(seed: int, piece: int) -> int:
    """The seed of a piece, counted from 0: the first has the clip's own, so that a clip of one
    piece is the beginning of the same clip of two."""
    if not piece:
        return seed
    return int.from_bytes(hashlib.sha256(f"{seed}/{piece}".encode()).digest()[:8], "big") >> 1


def joined(
    make: Callable[[int, Frame | None], Sequence[Frame]], count: int, pieces: int
) -> Iterator[Frame]:
    """`count` frames of as few pieces as do. `make` gives a piece's frames by its number, the first
    one's without a frame to begin at, and those of each further one with it. Each is matched to the
    first in its colours, and made when the frames before it have been taken. Raises RenderFailed
    where `pieces` do not suffice, because one turned black."""
    first = made = make(0, None)
    left, grade = count, None
    for piece in range(1, pieces + 1):
        kept = made if left <= len(made) else made[: good(made)]
        yield from kept[:left]
        left -= len(kept)
        if left <= 0:
            return
        if piece < pieces:
            grade = grade or Grade(first)
            made = list(grade.matched(make(piece, kept[-1]), kept[-1]))[1:]
    raise RenderFailed(
        f"a piece of the clip turned black or to mush at its end: {left} of {count} frames are"
        f" missing after {_counted(pieces)}",
        "try another seed, or allow one piece more (`pieces:` of the animator)",
    )


def good(piece: Sequence[Frame]) -> int:
    """How many frames of a piece there are up to the last one that another can go on from: at its
    end a clip may have turned black, or to mush. At least 1."""
    import cv2
    import numpy as np

    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in piece]
    detail = [float(cv2.Laplacian(frame, cv2.CV_32F).std()) for frame in grey]
    least = COLLAPSED * float(np.median(detail))
    return max(number for number, found in enumerate(detail, 1) if found >= least)


def _counted(pieces: int) -> str:
    return "one piece" if pieces == 1 else f"{pieces} pieces"
