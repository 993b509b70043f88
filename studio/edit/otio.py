"""The cut as an OpenTimelineIO file, which editing programs open.

One video track: a clip for every shot, its media with the handles that the take gives,
generators for the cards, transitions where the picture passes over, a marker for every
scene. Equal cuts give equal bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from studio.edit.cut import Slot, Timeline
from studio.edit.media import Media
from studio.schema.film import Film
from studio.schema.storyboard import Shot, Storyboard


def to_otio(
    timeline: Timeline,
    media: Mapping[str, Media],
    film: Film,
    storyboard: Storyboard,
    folder: Path,
) -> str:
    """The text of cut.otio; media are named relative to `folder`, where the file will stand.

    A shot without media refers to missing media; all ranges are in frames at the film's rate.
    """
    shots = {shot.id: shot for _, shot in storyboard.shots()}
    rate = float(timeline.rate.fps)
    track = otio.schema.Track("picture", kind=otio.schema.TrackKind.Video)
    for index, slot in enumerate(timeline.slots):
        passing = _transition(timeline.slots[index - 1 : index] or (), slot, shots, rate)
        if passing:
            track.append(passing)
        track.append(_clip(slot, media.get(slot.shot), shots.get(slot.shot), film, folder, rate))
    last = _transition(timeline.slots[-1:], None, shots, rate)
    if last:
        track.append(last)
    track.markers.extend(_scenes(timeline, storyboard, rate))
    stack = otio.schema.Timeline(film.title, metadata={"storyreel": {"schema": "cut/1"}})
    stack.global_start_time = RationalTime(0, rate)
    stack.tracks.append(track)
    return str(otio.adapters.write_to_string(stack, "otio_json")) + "\n"


def _range(start: int, frames: int, rate: float) -> TimeRange:
    return TimeRange(RationalTime(start, rate), RationalTime(frames, rate))


def _clip(
    slot: Slot, media: Media | None, shot: Shot | None, film: Film, folder: Path, rate: float
) -> Any:
    about: dict[str, Any] = {"kind": slot.kind}
    if shot is None:
        name = film.title if slot.kind == "title" else "end card"
        reference: Any = otio.schema.GeneratorReference(
            name,
            generator_kind="StoryreelCard",
            available_range=_range(0, slot.frames, rate),
            parameters={"card": slot.kind},
        )
    else:
        name = slot.shot
        about |= {"shot": slot.shot, "scene": slot.scene, "action": shot.action}
        if slot.source != slot.shot:
            about["from"] = slot.source
        reference = otio.schema.MissingReference()
    source_in = slot.source_in
    if media is not None:
        still = media.kind == "still"
        source_in = 0 if still else source_in
        about["take"] = media.label
        reference = otio.schema.ExternalReference(
            Path(os.path.relpath(media.path, folder)).as_posix(),
            _range(0, slot.frames if still else media.frames, rate),
        )
    moves = media is None or media.kind == "clip"
    return otio.schema.Clip(
        name,
        reference,
        _range(source_in, slot.frames, rate),
        effects=_warp(slot) if moves else [],
        metadata={"storyreel": about},
    )


def _warp(slot: Slot) -> list[Any]:
    """The effect that shows a clip slowed or hurried. The clip's range keeps the length that
    it has in the film, as OpenTimelineIO wants it: effects change no durations."""
    if slot.speed == 1:
        return []
    return [otio.schema.LinearTimeWarp("speed", time_scalar=float(slot.speed))]


def _transition(
    before: Sequence[Slot], slot: Slot | None, shots: Mapping[str, Shot], rate: float
) -> Any:
    """What stands between two slots (or before the first, after the last), None for a cut."""
    if slot and slot.join != "cut":
        lengths = slot.before_cut, slot.after_cut
        name = str(slot.join)
    else:
        lengths = (before[0].fade_out if before else 0), (slot.fade_in if slot else 0)
        name = {(True, True): "fade through black", (True, False): "fade to black"}.get(
            (lengths[0] > 0, lengths[1] > 0), "fade from black"
        )
    if not any(lengths):
        return None
    types = otio.schema.TransitionTypes
    wanted = shots.get(slot.shot) if slot else None
    return otio.schema.Transition(
        name,
        types.SMPTE_Dissolve if name == "dissolve" else types.Custom,
        *(RationalTime(frames, rate) for frames in lengths),
        metadata={"storyreel": {"transition": str(wanted.transition) if wanted else name}},
    )


def _scenes(timeline: Timeline, storyboard: Storyboard, rate: float) -> list[Any]:
    headings = {scene.id: scene.heading for scene in storyboard.scenes}
    starts: dict[str, int] = {}
    for slot in timeline.shots.values():
        starts.setdefault(slot.scene, slot.start)
    return [
        otio.schema.Marker(
            headings[scene],
            _range(start, 1, rate),
            color=otio.schema.MarkerColor.CYAN,
            metadata={"storyreel": {"scene": scene}},
        )
        for scene, start in starts.items()
    ]
