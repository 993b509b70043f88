"""Small films for the tests of the edit: values from a few fields, clips of drawn patterns."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from studio.edit.cut import Timeline, lay_out
from studio.edit.film import Assembled, assemble
from studio.edit.media import Media
from studio.events import Event
from studio.ffmpeg import TAKE, Encoding, Frame, FrameWriter
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard

SIZE = (128, 72)
LOSSLESS = Encoding(crf=0, preset="ultrafast")


def a_film(**changes: Any) -> Film:
    return Film.model_validate(
        {"schema": "film/1", "title": "The Keeper", "frame": f"{SIZE[0]}x{SIZE[1]}"} | changes
    )


def a_storyboard(*scenes: Sequence[Mapping[str, Any]]) -> Storyboard:
    """Each scene is its shots' fields; ids are given in order."""
    return Storyboard.model_validate(
        {
            "schema": "storyboard/1",
            "cast": {"mara": {"name": "Mara"}, "tom": {"name": "Tom"}},
            "places": {"tower": {"name": "The tower"}},
            "scenes": [
                {
                    "id": f"sc{n:03d}0",
                    "heading": f"EXT. TOWER {n} - DUSK; a=b",
                    "place": "tower",
                    "shots": [
                        {"id": f"sc{n:03d}0_sh{m:03d}0", **shot}
                        for m, shot in enumerate(shots, start=1)
                    ],
                }
                for n, shots in enumerate(scenes, start=1)
            ],
        }
    )


def pattern(number: int, shade: int, size: tuple[int, int] = SIZE) -> Frame:
    """A picture that is another one for every frame and shot: a ramp, a shade, a moving bar."""
    width, height = size
    frame = np.zeros((height, width, 3), np.uint8)
    frame[:, :, 0] = np.linspace(0, 255, width)[None]
    frame[:, :, 1] = shade * 37 % 256
    frame[:, :, 2] = number * 5 % 256
    left = number * 4 % (width - 16)
    frame[8:24, left : left + 16] = (250, 240, 230)
    return frame


def a_clip(
    path: Path, frames: int, shade: int, size: tuple[int, int] = SIZE, encoding: Encoding = TAKE
) -> Media:
    with FrameWriter(path, size, a_film().rate.fps, encoding) as writer:
        for number in range(frames):
            writer.write(pattern(number, shade, size))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Media(path, digest, "clip", frames, f"clip v{shade:03d} · test")


def flat_clip(path: Path, frames: int, colour: tuple[int, int, int] = (128, 128, 128)) -> Media:
    """A small clip of one colour, named by it."""
    with FrameWriter(path, (64, 64), a_film().rate.fps) as writer:
        for _ in range(frames):
            writer.write(np.full((64, 64, 3), colour, np.uint8))
    return Media(path, f"{colour}", "clip", frames, "clip v001 · test")


def clips(timeline: Timeline, folder: Path) -> dict[str, Media]:
    """A clip of exactly the frames that each shot has to give."""
    folder.mkdir(exist_ok=True)
    return {
        shot: a_clip(folder / f"{shot}.mp4", slot.clip_frames, shade)
        for shade, (shot, slot) in enumerate(timeline.shots.items(), start=1)
    }


@dataclass
class Cutting:
    """A film on its way: change a field and assemble again."""

    film: Film
    storyboard: Storyboard
    folder: Path
    media: dict[str, Media] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @property
    def timeline(self) -> Timeline:
        return lay_out(self.film, self.storyboard)

    @property
    def out(self) -> Path:
        return self.folder / "film.mp4"

    @property
    def segments(self) -> Path:
        return self.folder / "segments"

    def assemble(self, **changes: Any) -> Assembled:
        if not self.media:
            self.media = clips(self.timeline, self.folder / "clips")
        settings: dict[str, Any] = {
            "title_lines": ["A story reel"],
            "end_lines": ["Storyboard by breakdown", "Pictures by sketch"],
            "folder": self.segments,
            "out": self.out,
            "fingerprint": "0123abcd",
            "on_event": self.events.append,
            "cancel": threading.Event(),
        }
        return assemble(self.timeline, self.media, self.film, self.storyboard, **settings | changes)
