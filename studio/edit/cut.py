"""The cut: where every shot lies in the film, and which frames its clip has to give.

Pure arithmetic on a film and its storyboard; it knows neither takes nor files. A
duration is a slot: durations add up, and a cut's place is rounded once, from its
absolute time, so that no drift builds up. A dissolve is centred on its cut and shows
frames of either clip from beyond its slot (handles); the other transitions lie inside
the slots.

A film with a song counts from the song's beginning, which is the first frame after the
title card. A duration in marks ends on the song's own marks; a first shot in beats or
bars also holds what the song plays before its first beat, so that its end lies on a beat.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Literal

from studio.errors import DocumentError
from studio.schema.film import Film
from studio.schema.storyboard import Shot, Storyboard
from studio.schema.time import Rate, Transition

TITLE = Fraction(5, 2)
"""Seconds of the title card, its fades included."""

END = Fraction(3)
"""Seconds of the end card, its fades included."""

FADE = Fraction(1, 2)
"""Seconds in which cards come out of black and sink into it."""

HANDLE = Fraction(1, 2)
"""Seconds that every clip gives before and after its slot, so that another transition of
up to a second, or a shorter duration, needs no new clip."""

Join = Literal["cut", "dissolve", "dip to white"]


@dataclass(frozen=True)
class Slot:
    """A stretch of the film that shows one shot or card; all lengths are in frames.

    start, frames         its place in the film, from cut to cut
    join, join_frames     how the picture passes over from the slot before; half of the
                          frames (rounded down) lie before the cut
    fade_in, fade_out     how long it comes out of black and sinks into it, inside the slot
    source                the shot whose clip is shown: its own, unless `from` names another
    source_in             the frame of that clip that stands at `start`
    speed                 frames of the clip for a frame of the film
    clip_frames           what that clip has to give to this slot, from its first frame on:
                          head handle, what is trimmed, slot and tail handle; with durations
                          in time or beats the same wherever in the film the shot stands
    """

    kind: Literal["title", "shot", "end"]
    start: int
    frames: int
    shot: str = ""
    scene: str = ""
    join: Join = "cut"
    join_frames: int = 0
    fade_in: int = 0
    fade_out: int = 0
    source_in: int = 0
    clip_frames: int = 0
    source: str = ""
    speed: Fraction = Fraction(1)

    @property
    def end(self) -> int:
        """The frame of the film after its last one."""
        return self.start + self.frames

    @property
    def before_cut(self) -> int:
        """Frames of the join that lie before the cut, in the slot before."""
        return self.join_frames // 2

    @property
    def after_cut(self) -> int:
        """Frames of the join that lie in this slot."""
        return self.join_frames - self.before_cut


@dataclass(frozen=True)
class Timeline:
    """The film's slots in order, without gaps, from frame 0 on."""

    rate: Rate
    slots: tuple[Slot, ...]

    @property
    def frames(self) -> int:
        """Length of the film in frames."""
        return self.slots[-1].end

    @property
    def seconds(self) -> Fraction:
        """Length of the film in seconds."""
        return self.frames / self.rate.fps

    @property
    def shots(self) -> dict[str, Slot]:
        """The shots' slots by the shots' ids, in the order of the film."""
        return {slot.shot: slot for slot in self.slots if slot.kind == "shot"}

    @property
    def needed(self) -> dict[str, int]:
        """How many frames every shot's own clip has to give, to all slots that show it."""
        frames: dict[str, int] = {}
        for slot in self.slots:
            if slot.kind == "shot":
                frames[slot.source] = max(frames.get(slot.source, 0), slot.clip_frames)
        return frames


def lay_out(film: Film, storyboard: Storyboard, marks: Sequence[Fraction] = ()) -> Timeline:
    """The timeline of a film: title card, shots, end card.

    `marks` are the song's, in seconds from its beginning, increasing. Raises DocumentError,
    its message beginning with the shot's id and the field, for a transition that does not
    fit the shots it joins, a shot below one frame, beats without a tempo, more marks than
    there are, and a `from` that names no shot; and for a storyboard without shots.
    """
    shots = list(storyboard.shots())
    if not shots:
        raise DocumentError("the storyboard has no shots", "add a shot, or run studio write")
    rate, fade = film.rate, film.rate.frame_at(FADE)
    slots: list[Slot] = []
    lengths: list[Fraction] = []
    origin = Fraction(0)
    if film.has_cards:
        slots.append(Slot("title", 0, rate.frame_at(TITLE), fade_in=fade, fade_out=fade))
        origin = song_start(film)
    now = origin
    for scene, shot in shots:
        start, began = rate.frame_at(now), now
        now = origin + _ends(film, shot, now - origin, marks)
        frames = rate.frame_at(now) - start
        if not frames:
            raise DocumentError(
                f"{shot.id}: duration: {shot.duration} is shorter than a frame",
                f"at {rate} frames a second write 1f or more",
            )
        source = shot.source.shot if shot.source else shot.id
        slot = Slot("shot", start, frames, shot.id, scene.id, source=source)
        _join(film, slots, replace(slot, speed=shot.speed.factor), shot.transition)
        lengths.append(now - began)
    _check(film, slots, {shot.id: shot.transition for _, shot in shots})
    if film.has_cards:
        last = slots[-1]
        if last.frames >= last.after_cut + last.fade_in + fade:
            slots[-1] = replace(last, fade_out=fade)
        frames = rate.frame_at(now + END) - last.end
        slots.append(Slot("end", last.end, frames, fade_in=fade, fade_out=fade))
    named = {shot.id: shot for _, shot in shots}
    skipped = {shot: _skipped(film, named[shot], named) for shot in named}
    return Timeline(rate, _with_footage(rate, slots, lengths, skipped))


def song_start(film: Film) -> Fraction:
    """Where in the film the shots begin, in seconds, and with them its song: after the title
    card, with a song at the frame where its sound begins."""
    if not film.has_cards:
        return Fraction(0)
    return film.rate.frame_at(TITLE) / film.rate.fps if film.song else TITLE


def _ends(film: Film, shot: Shot, begins: Fraction, marks: Sequence[Fraction]) -> Fraction:
    """Where a shot ends, in seconds from where the first one begins.

    A mark within half a frame of where the shot begins is the one that it begins on.
    """
    length = shot.duration
    if length.unit == "marks" and marks:
        number = bisect_right(marks, begins + 1 / (2 * film.rate.fps)) + int(length.amount) - 1
        if number < len(marks):
            return marks[number]
        have = f"{len(marks)} marks, the last at {float(marks[-1]):.6g}s"
        raise DocumentError(
            f"{shot.id}: duration: {length}: the song has no more ({have})",
            "give this shot a length in seconds, or add marks to the file",
        )
    try:
        seconds = film.seconds(length)
    except ValueError as error:
        raise DocumentError(f"{shot.id}: duration: {error}") from None
    if length.unit in ("beats", "bars") and not begins and film.song and film.song.first:
        seconds += film.seconds(film.song.first)
    return begins + seconds


def _join(film: Film, slots: list[Slot], slot: Slot, transition: Transition) -> None:
    """Appends a shot's slot, joined to the one before as its transition says."""
    kind, length = transition.kind, 0
    if transition.length is not None:
        try:
            length = max(1, film.rate.frame_at(film.seconds(transition.length)))
        except ValueError as error:
            raise DocumentError(f"{slot.shot}: transition: {error}") from None
    if kind == "fade from black":
        slot = replace(slot, fade_in=length)
    elif kind != "cut":
        if not slots:
            raise DocumentError(
                f"{slot.shot}: transition: {transition} has no shot before it",
                "the first shot of a film without title card begins with cut or fade from black",
            )
        if kind == "fade to black":
            slots[-1] = replace(slots[-1], fade_out=length)
        else:
            slots[-1] = replace(slots[-1], fade_out=0)
            slot = replace(slot, join=kind, join_frames=length)
    slots.append(slot)


def _check(film: Film, slots: list[Slot], transitions: Mapping[str, Transition]) -> None:
    """Refuses transitions that are longer than what they join, or overlap in one shot."""
    for index, slot in enumerate(slots):
        after = slots[index + 1] if index + 1 < len(slots) else None
        head = slot.after_cut + slot.fade_in
        tail = slot.fade_out + (after.before_cut if after else 0)
        if head + tail <= slot.frames:
            continue
        name = slot.shot or "the title card"
        length = f"{float(slot.frames / film.rate.fps):.4g}s"
        if head > slot.frames:
            blamed, reason = slot.shot, f"does not fit the shot, which lasts {length}"
        elif after and tail > slot.frames:
            blamed, reason = after.shot, f"does not fit {name}, which lasts {length}"
        else:
            blamed = after.shot if after else slot.shot
            reason = f"overlaps the transition into {name}, which lasts {length}"
        raise DocumentError(
            f"{blamed}: transition: {transitions[blamed]} {reason}",
            "shorten the transition, or lengthen the shot",
        )


def _skipped(film: Film, shot: Shot, shots: Mapping[str, Shot]) -> int:
    """How many frames of its source's clip, past the head handle, a shot leaves out."""
    if shot.source is None and not shot.trim.amount:
        return 0
    try:
        frames = film.rate.frame_at(film.seconds(shot.trim))
    except ValueError as error:
        raise DocumentError(f"{shot.id}: trim: {error}", "write it in seconds") from None
    if shot.source is None:
        return frames
    if shot.source.shot not in shots:
        raise DocumentError(f"{shot.id}: from: there is no shot {shot.source.shot}")
    try:
        start = film.seconds(shot.source.start) + film.seconds(shots[shot.source.shot].trim)
    except ValueError as error:
        raise DocumentError(f"{shot.id}: from: {error}", "write it in seconds") from None
    return frames + film.rate.frame_at(start)


def _with_footage(
    rate: Rate, slots: Sequence[Slot], lengths: Sequence[Fraction], skipped: Mapping[str, int]
) -> tuple[Slot, ...]:
    """The slots with what each shows of its source's clip: one head handle a clip, long
    enough for every slot that shows it. `lengths` are the shots' in seconds."""
    least = rate.frames_in(HANDLE)
    heads: dict[str, int] = {}
    tails: dict[str, int] = {}
    for slot, after in zip(slots, (*slots[1:], None), strict=True):
        if slot.kind == "shot":
            before = slot.before_cut if slot.join == "dissolve" else 0
            head = ceil(before * slot.speed) - skipped[slot.shot]
            heads[slot.source] = max(least, head, heads.get(slot.source, 0))
            beyond = after.after_cut if after and after.join == "dissolve" else 0
            tails[slot.shot] = max(least, beyond)
    made = []
    covered = iter(lengths)
    for slot in slots:
        if slot.kind == "shot":
            first = heads[slot.source] + skipped[slot.shot]
            shown = rate.frames_in(next(covered)) + tails[slot.shot]
            frames = first + ceil(shown * slot.speed)
            slot = replace(slot, source_in=first, clip_frames=frames)
        made.append(slot)
    return tuple(made)
