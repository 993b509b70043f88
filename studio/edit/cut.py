"""The cut: where every shot lies in the film, and which frames its clip has to give.

Pure arithmetic on a film and its storyboard; it knows neither takes nor files. A
duration is a slot: durations add up, and a cut's place is rounded once, from its
absolute time, so that no drift builds up. A dissolve is centred on its cut and shows
frames of either clip from beyond its slot (handles); the other transitions lie inside
the slots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from studio.errors import DocumentError
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
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
    source_in             the frame of the clip that stands at `start`: the head handle
    clip_frames           what the clip has to give: head handle, slot and tail handle; the
                          same wherever in the film the shot stands
    source                the shot whose clip is shown: its own, unless `from` names another
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


def lay_out(film: Film, storyboard: Storyboard) -> Timeline:
    """The timeline of a film: title card, shots, end card.

    Raises DocumentError, its message beginning with the shot's id, for a transition that
    does not fit the shots it joins, a shot below one frame, beats without a tempo, and a
    storyboard without shots.
    """
    shots = list(storyboard.shots())
    if not shots:
        raise DocumentError("the storyboard has no shots", "add a shot, or run studio write")
    rate, fade = film.rate, film.rate.frame_at(FADE)
    slots: list[Slot] = []
    now = Fraction(0)
    if film.has_cards:
        now = TITLE
        slots.append(Slot("title", 0, rate.frame_at(now), fade_in=fade, fade_out=fade))
    for scene, shot in shots:
        try:
            seconds = film.seconds(shot.duration)
        except ValueError as error:
            raise DocumentError(f"{shot.id}: duration: {error}") from None
        start, now = rate.frame_at(now), now + seconds
        frames = rate.frame_at(now) - start
        if not frames:
            raise DocumentError(
                f"{shot.id}: duration: {shot.duration} is shorter than a frame",
                f"at {rate} frames a second write 1f or more",
            )
        source = shot.source.shot if shot.source else shot.id
        covered = rate.frames_in(seconds)
        slot = Slot("shot", start, frames, shot.id, scene.id, clip_frames=covered, source=source)
        _join(film, slots, slot, shot.transition)
    _check(film, slots, {shot.id: shot.transition for _, shot in shots})
    if film.has_cards:
        last = slots[-1]
        if last.frames >= last.after_cut + last.fade_in + fade:
            slots[-1] = replace(last, fade_out=fade)
        frames = rate.frame_at(now + END) - last.end
        slots.append(Slot("end", last.end, frames, fade_in=fade, fade_out=fade))
    return Timeline(rate, tuple(_with_handles(rate, slots)))


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


def _with_handles(rate: Rate, slots: list[Slot]) -> Iterator[Slot]:
    least = rate.frames_in(HANDLE)
    for index, slot in enumerate(slots):
        if slot.kind != "shot":
            yield slot
            continue
        dissolves = slot.join == "dissolve"
        head = max(least, slot.before_cut if dissolves else 0)
        after = slots[index + 1] if index + 1 < len(slots) else None
        tail = max(least, after.after_cut if after and after.join == "dissolve" else 0)
        yield replace(slot, source_in=head, clip_frames=head + slot.clip_frames + tail)
