"""Segments as files: one H.264 mp4 each, named by the hash of all that its frames depend on.

What is there is reused; what is missing is encoded, several at a time, each written under
a part name and renamed, so that a segment's file is always whole. The body of a shot goes
straight from its clip through one ffmpeg; everything else, a slowed body too, is composed
frame by frame. Both are encoded with the same options and can be joined by stream copy.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from studio import ffmpeg
from studio.edit import cards, compose
from studio.edit.cards import Card
from studio.edit.compose import Look
from studio.edit.media import Media
from studio.edit.picture import Layer, Segment, Words
from studio.edit.stamp import REVISION
from studio.errors import Interrupted, RenderFailed
from studio.ffmpeg import Encoding, FrameWriter

WORKERS = max(1, min(4, (os.cpu_count() or 1) // 2))
"""Segments encoded at a time; each keeps about two processor cores busy."""


class Cancel(Protocol):
    """Whether a person asked to stop, such as a threading.Event."""

    def is_set(self) -> bool:
        """True from that moment on."""
        ...


@dataclass(frozen=True)
class Encoded:
    """The files of all segments in order, and how many of them were encoded just now."""

    paths: tuple[Path, ...]
    encoded: int


def key(segment: Segment, look: Look, encoding: Encoding) -> str:
    """The name of a segment: a hash that is equal exactly where all frames are."""
    texts = [text for layer in segment.layers for text in _texts(layer)]
    texts += [text for label in segment.labels for text in (label.shot, label.text)]
    value = {
        "revision": [REVISION, cards.REVISION, ffmpeg.version()],
        "frames": segment.frames,
        "ground": segment.ground,
        "layers": [_depends(layer) for layer in segment.layers],
        "strip": [asdict(label) for label in segment.labels],
        "start": segment.start if segment.labels else None,
        "size": look.size,
        "rate": str(look.rate),
        "encoding": asdict(encoding),
        "fonts": sorted(
            {look.book.found[mark].path.name for mark in "".join(texts) if mark in look.book.found}
        ),
        "missing": sorted(set(look.book.missing) & set("".join(texts))),
    }
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _texts(layer: Layer) -> tuple[str, ...]:
    if isinstance(layer.source, Card):
        return (layer.source.heading, *layer.source.lines)
    return layer.source.lines if isinstance(layer.source, Words) else ()


def _depends(layer: Layer) -> dict[str, object]:
    """What the layer's frames depend on; its speed only where it is not the clip's own."""
    source = layer.source
    content: object = asdict(source)
    if isinstance(source, Media):
        panels = [[first, sha256] for first, _, sha256 in source.panels]
        content = [source.kind, source.sha256, *([panels] if panels else [])]
    return {
        "source": [type(source).__name__, content],
        **{name: getattr(layer, name) for name in ("at", "frames", "first", "fade")},
        **({"speed": [str(layer.speed), str(layer.phase)]} if layer.speed != 1 else {}),
    }


def encode(
    segments: Sequence[Segment],
    look: Look,
    encoding: Encoding,
    folder: Path,
    cancel: Cancel,
    report: Callable[[int], None],
) -> Encoded:
    """Makes the files of all segments in `folder`; `report` hears how many frames are there.

    Equal segments share one file. Raises the first RenderFailed once the segments that
    were begun are done; Interrupted likewise, after `cancel`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{key(segment, look, encoding)}.mp4" for segment in segments]
    missing = {
        path: segment for path, segment in zip(paths, segments, strict=True) if not path.exists()
    }
    done = sum(segment.frames for segment in segments) - sum(s.frames for s in missing.values())
    report(done)
    waiting = list(reversed(missing.items()))
    running: dict[Future[None], int] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        while waiting or running:
            while waiting and len(running) < WORKERS and not cancel.is_set():
                path, segment = waiting.pop()
                running[pool.submit(_encode, segment, look, encoding, path)] = segment.frames
            if not running:
                raise Interrupted(
                    "stopped while the film was being put together",
                    "what is encoded is kept: run studio make again to go on",
                )
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                done += running.pop(future)
                future.result()
                report(done)
    return Encoded(tuple(paths), len(missing))


def _encode(segment: Segment, look: Look, encoding: Encoding, path: Path) -> None:
    layer = segment.layers[0]
    alone = len(segment.layers) == 1 and layer.fade is None and not segment.labels
    straight = alone and layer.speed == 1
    if straight and isinstance(layer.source, Media) and layer.source.kind == "clip":
        _encode_body(segment, layer, layer.source, look, encoding, path)
        return
    size = compose.outer_size(segment, look)
    with FrameWriter(path, size, look.rate.fps, encoding) as writer:
        for frame in compose.frames(segment, look):
            writer.write(frame)


def _encode_body(
    segment: Segment, layer: Layer, clip: Media, look: Look, encoding: Encoding, path: Path
) -> None:
    """A stretch of one clip, from file to file."""
    part = path.with_name(f"{path.name}.part")
    try:
        frames = ffmpeg.transcode(
            clip.path, part, layer.first, layer.frames, look.size, look.rate.fps, encoding
        )
        if frames != layer.frames:
            raise RenderFailed(
                f"{clip.path.name} gives {frames} frames from number {layer.first} on, "
                f"not {layer.frames}"
            )
        part.replace(path)
    except RenderFailed as error:
        tip = error.tip or (
            f"if takes/{clip.path.parent.name}/{clip.path.name} is damaged, remove it with its"
            " .json: studio make renders it again"
        )
        raise RenderFailed(f"{segment.shot}: {error}", tip) from error
    finally:
        part.unlink(missing_ok=True)
