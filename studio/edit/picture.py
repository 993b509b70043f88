"""The film's picture as a list of segments, each a value that says all its frames depend on.

A shot gives a body, and each transition is a segment of its own, so that a changed shot
changes its body and its two transitions and nothing else. Nothing is read or drawn here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from studio.edit.captions import Cue
from studio.edit.cards import Card
from studio.edit.cut import Slot, Timeline
from studio.edit.media import Media
from studio.errors import RenderFailed

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


@dataclass(frozen=True)
class Words:
    """A caption that is burnt into the picture."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """One source in a segment: from the segment's frame `at` on, for `frames` frames; with
    `fade` it comes or goes over that length.

    Frame n of the layer is frame `first + floor(phase + n * speed)` of its clip. Of a still
    with panels `first` counts in its slot, and may be below zero.
    """

    source: Media | Card | Words
    at: int
    frames: int
    first: int = 0
    fade: Literal["in", "out"] | None = None
    speed: Fraction = Fraction(1)
    phase: Fraction = Fraction(0)

    def frame(self, number: int) -> int:
        """The frame of the source that is shown in the layer's frame `number`."""
        return self.first + int(self.phase + number * self.speed)

    @property
    def reads(self) -> int:
        """How many frames of its clip the layer runs through."""
        return self.frame(self.frames - 1) + 1 - self.first


@dataclass(frozen=True)
class Label:
    """What the reel's strip says, from the segment's frame `at` on."""

    at: int
    shot: str
    text: str


@dataclass(frozen=True)
class Segment:
    """`frames` frames of the film from frame `start` on: layers from the lowest to the top,
    on a ground of one colour (red, green, blue).

    `labels` is empty without a strip; `shot` is the shot that an error is about.
    """

    start: int
    frames: int
    layers: tuple[Layer, ...]
    shot: str
    ground: tuple[int, int, int] = BLACK
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Cards:
    """The words of the title card and of the end card."""

    title: Card
    end: Card


def segments(
    timeline: Timeline,
    media: Mapping[str, Media],
    cards: Cards,
    burnt: Sequence[Cue] = (),
    strip: bool = False,
) -> tuple[Segment, ...]:
    """The segments of the film, in order and without gaps.

    Raises RenderFailed, naming the shot, where a shot has no media, or its clip holds
    fewer frames than the cut shows of it.
    """
    sources = [_source(slot, media, cards) for slot in timeline.slots]
    texts = [source.label if isinstance(source, Media) else "card" for source in sources]
    labels = [
        Label(slot.start, slot.shot or slot.kind, text)
        for slot, text in zip(timeline.slots, texts, strict=True)
    ]
    plain = _without_words(timeline.slots, sources)
    return tuple(_with_words(plain, burnt, labels if strip else []))


Source = Media | Card


def _source(slot: Slot, media: Mapping[str, Media], cards: Cards) -> Source:
    if slot.kind != "shot":
        return cards.title if slot.kind == "title" else cards.end
    if slot.shot not in media:
        raise RenderFailed(f"{slot.shot}: there is no picture of it", "run studio make")
    return media[slot.shot]


def _layer(
    slot: Slot, source: Source, start: int, frames: int, at: int, fade: Literal["in", "out"] | None
) -> Layer:
    """The frames of a slot's source from frame `start` of the film on."""
    place = start - slot.start
    if not isinstance(source, Media):
        return Layer(source, at, frames, 0, fade)
    if source.kind == "still":
        return Layer(source, at, frames, place if source.panels else 0, fade)
    first, phase = divmod(place * slot.speed, 1)
    layer = Layer(source, at, frames, slot.source_in + first, fade, slot.speed, phase)
    needed = layer.first + layer.reads
    if needed > source.frames:
        whose = "its clip" if slot.source == slot.shot else f"the clip of {slot.source}"
        raise RenderFailed(
            f"{slot.shot}: {whose} has {source.frames} frames and the cut needs {needed}",
            f"render it again: studio retake --select {slot.source} clip",
        )
    return layer


def _without_words(slots: Sequence[Slot], sources: Sequence[Source]) -> Iterator[Segment]:
    """Bodies and transitions, slot by slot: into it, out of black, body, into black."""
    before: tuple[Slot, Source] | None = None
    for index, (slot, source) in enumerate(zip(slots, sources, strict=True)):
        if slot.join != "cut" and before:
            yield _joined(before, (slot, source))
        after = slots[index + 1].before_cut if index + 1 < len(slots) else 0
        marks = [slot.start + slot.after_cut]
        marks += [marks[0] + slot.fade_in, slot.end - after - slot.fade_out, slot.end - after]
        fades: list[Literal["in", "out"] | None] = ["in", None, "out"]
        for (start, end), fade in zip(pairwise(marks), fades, strict=True):
            if end > start:
                layer = _layer(slot, source, start, end - start, 0, fade)
                yield Segment(start, end - start, (layer,), slot.shot)
        before = slot, source


def _joined(before: tuple[Slot, Source], into: tuple[Slot, Source]) -> Segment:
    slot = into[0]
    start, frames, half = slot.start - slot.before_cut, slot.join_frames, slot.before_cut
    if slot.join == "dissolve":
        out = _layer(*before, start, frames, 0, None)
        return Segment(start, frames, (out, _layer(*into, start, frames, 0, "in")), slot.shot)
    layers = [_layer(*into, slot.start, frames - half, half, "in")]
    if half:
        layers.insert(0, _layer(*before, start, half, 0, "out"))
    return Segment(start, frames, tuple(layers), slot.shot, WHITE)


def _with_words(
    plain: Iterator[Segment], burnt: Sequence[Cue], labels: Sequence[Label]
) -> Iterator[Segment]:
    """Adds the captions and the strip's labels that fall into each segment."""
    cue = label = 0
    for segment in plain:
        start, end = segment.start, segment.start + segment.frames
        while cue < len(burnt) and burnt[cue].end <= start:
            cue += 1
        words = []
        for spoken in burnt[cue:]:
            if spoken.start >= end:
                break
            first, last = max(start, spoken.start), min(end, spoken.end)
            words.append(Layer(Words(spoken.lines), first - start, last - first))
        while label + 1 < len(labels) and labels[label + 1].at <= start:
            label += 1
        seen = [
            Label(max(0, told.at - start), told.shot, told.text)
            for told in labels[label : label + 2]
            if told.at < end
        ]
        layers = (*segment.layers, *words)
        yield replace(segment, layers=layers, labels=tuple(seen))
