"""The frames of a segment, composed by moviepy one at a time, and the strip below them.

Every layer is a moviepy clip whose frames are asked for by number: frame n is taken in
the middle of its time, at (n + 1/2) / rate, so that no rounding of seconds can reach
another one. The opacity of a fade is a whole number of 255ths, so that a segment and a
whole film composed in one piece give equal frames.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from studio.edit.cards import Card, Strip, caption, card, strip_height
from studio.edit.fonts import FontBook
from studio.edit.media import Media
from studio.edit.picture import Layer, Segment, Words
from studio.errors import RenderFailed
from studio.ffmpeg import Frame, read_frames
from studio.schema.time import Rate


@dataclass(frozen=True)
class Look:
    """What all segments of a film share: frame size (width, height, without the strip),
    rate, fonts."""

    size: tuple[int, int]
    rate: Rate
    book: FontBook


def outer_size(segment: Segment, look: Look) -> tuple[int, int]:
    """Width and height of a segment's frames, the strip included."""
    width, height = look.size
    return width, height + (strip_height(height) if segment.labels else 0)


def opacity(number: int, frames: int) -> int:
    """How much of a picture is there in frame `number` of its coming, in 255ths."""
    return round(255 * (2 * number + 1) / (2 * frames))


def frames(segment: Segment, look: Look) -> Iterator[Frame]:
    """Every frame of a segment, RGB, of `outer_size`. Raises RenderFailed, naming the shot."""
    width, height = outer_size(segment, look)
    foot = (width, height - look.size[1])
    strips = {label.at: Strip(label.shot, label.text, foot, look.book) for label in segment.labels}
    strip: Strip | None = None
    try:
        with ExitStack() as stack:
            composed = _picture(segment, look, stack)
            for number in range(segment.frames):
                strip = strips.get(number, strip)
                frame = composed(number)
                if strip is not None:
                    frame = np.vstack([frame, strip.at(segment.start + number, look.rate)])
                yield frame
    except RenderFailed as error:
        raise RenderFailed(f"{segment.shot}: {error}", error.tip) from error


def _picture(segment: Segment, look: Look, stack: ExitStack) -> Callable[[int], Frame]:
    """The composed picture by frame number; a single opaque layer needs no composing."""
    from moviepy import CompositeVideoClip

    fps = float(look.rate.fps)
    lowest = segment.layers[0]
    if len(segment.layers) == 1 and lowest.fade is None:
        return _source(lowest, look, stack)
    clips = [_clip(layer, look, stack) for layer in segment.layers]
    composite = CompositeVideoClip(clips, size=look.size, bg_color=segment.ground)
    return lambda number: composite.get_frame((number + 0.5) / fps)


def _clip(layer: Layer, look: Look, stack: ExitStack) -> Any:
    from moviepy import ImageClip, VideoClip

    fps = float(look.rate.fps)
    if isinstance(layer.source, Words):
        picture, place = caption(layer.source.lines, look.size, look.book)
        clip = ImageClip(picture).with_position(place)
    else:
        source = _source(layer, look, stack)
        clip = VideoClip(lambda t: source(int(t * fps)))
        if layer.fade:
            clip = clip.with_mask(_fade(layer, look, fps))
    return clip.with_start(layer.at / fps).with_duration(layer.frames / fps)


def _fade(layer: Layer, look: Look, fps: float) -> Any:
    from moviepy import VideoClip

    width, height = look.size

    def mask(t: float) -> Any:
        number = int(t * fps)
        there = opacity(number if layer.fade == "in" else layer.frames - 1 - number, layer.frames)
        return np.full((height, width), (there + 0.5) / 255)

    return VideoClip(mask, is_mask=True)


def _source(layer: Layer, look: Look, stack: ExitStack) -> Callable[[int], Frame]:
    """A layer's own frames by number; numbers may be asked for again, but never go back."""
    source, size = layer.source, look.size
    if isinstance(source, Media) and source.kind == "clip":
        clip = read_frames(source.path, layer.first, layer.reads, size)
        footage = _Footage(stack.enter_context(closing(clip)))
        return lambda number: footage.at(layer.frame(number) - layer.first)
    if isinstance(source, Media):
        begins = [first for first, _, _ in source.panels]
        shown = {bisect_right(begins, layer.frame(number)) for number in range(layer.frames)}
        files = [source.path, *(path for _, path, _ in source.panels)]
        stills = {panel: _still(files[panel], size) for panel in shown}
        return lambda number: stills[bisect_right(begins, layer.frame(number))]
    assert isinstance(source, Card)  # noqa: S101 - captions have a position, see _clip
    drawn = card(source, size, look.book)
    return lambda _number: drawn


def _still(path: Path, size: tuple[int, int]) -> Frame:
    """A picture, cropped to fill `size`. Raises RenderFailed where it does not open."""
    try:
        with Image.open(path) as image:
            return np.asarray(ImageOps.fit(image.convert("RGB"), size, Image.Resampling.LANCZOS))
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise RenderFailed(f"{path.name} is no picture that opens: {error}") from error


class _Footage:
    """Frames that come one after another, by number."""

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self._number = -1

    def at(self, number: int) -> Frame:
        while self._number < number:
            self._frame = next(self._frames)
            self._number += 1
        return self._frame
