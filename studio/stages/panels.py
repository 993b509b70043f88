"""Further panels: when each of a shot's own pictures after the first is shown.

They are spread evenly over the shot, or begin at its `panels:` moments, counted from where
the shot begins. A clip begins earlier than its shot, by the handle, so a panel's frame in
the clip and its frame in the film's slot are two things. Arithmetic alone, no files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from math import ceil

from studio.edit.cut import Slot
from studio.engines.base import EngineSpec
from studio.engines.requests import File
from studio.errors import StudioError
from studio.schema.film import Film
from studio.schema.storyboard import Scene, Shot
from studio.schema.take import Take

Panels = tuple[tuple[int, str], ...]
"""The frame from which each further panel is shown, and the suffix of its file in the
keyframe's take (`_b.png`), in order."""

_FURTHER = re.compile(r"_[b-z]\.png")


def panels_in_clip(film: Film, shot: Shot, slot: Slot, keyframe: Take) -> Panels:
    """A keyframe's further panels by the frame of the shot's own clip; `slot` is the shot's.

    Raises StudioError as `_firsts` does.
    """
    suffixes = [suffix for suffix in keyframe.files if _FURTHER.fullmatch(suffix)]
    if not suffixes:
        return ()
    holder = f"keyframe take {keyframe.number}"
    firsts = _firsts(film, shot, slot, holder, len(suffixes))
    frames = [slot.source_in + int(first * slot.speed) for first in firsts]
    return tuple(zip(frames, suffixes, strict=True))


def panels_in_slot(panels: Panels, slot: Slot) -> Panels:
    """A clip's panels by the frame of a slot that shows that clip, from its beginning or not;
    what began before the slot has a frame below 0."""
    return tuple((ceil((first - slot.source_in) / slot.speed), suffix) for first, suffix in panels)


def check_panels(
    film: Film,
    shots: Mapping[str, tuple[Scene, Shot]],
    slots: Mapping[str, Slot],
    boards: Mapping[str, tuple[File, ...]],
) -> None:
    """Raises StudioError where a shot's further panels do not fit it."""
    for shot, pictures in boards.items():
        _firsts(film, shots[shot][1], slots[shot], "boards/", len(pictures) - 1)


def panel_notes(
    film: Film,
    shots: Mapping[str, tuple[Scene, Shot]],
    slots: Mapping[str, Slot],
    boards: Mapping[str, tuple[File, ...]],
    animator: EngineSpec,
) -> list[str]:
    """A line where the animator leaves further panels out. Raises StudioError where panels
    do not fit their shot, so before anything is rendered."""
    check_panels(film, shots, slots, boards)
    several = [shot for shot, pictures in boards.items() if len(pictures) > 1]
    if not several or animator.reads("panel"):
        return []
    more = f" and {len(several) - 3} more" if len(several) > 3 else ""
    return [
        f"{', '.join(several[:3])}{more}: {animator.name} moves the first picture alone, so the"
        " further panels are only in the reel, until there is a clip"
    ]


def _firsts(film: Film, shot: Shot, slot: Slot, holder: str, further: int) -> list[int]:
    """The frame of the slot in which each further panel begins; `holder` is what has them.

    Raises StudioError where `panels:` gives another number of moments, or they lie outside
    the shot or not in order, and where the shot has fewer frames than panels.
    """
    if not shot.panels:
        firsts = [number * slot.frames // (further + 1) for number in range(1, further + 1)]
        said, tip = "", "lengthen the shot, or take pictures away"
    elif len(shot.panels) != further:
        raise StudioError(
            f"storyboard.yaml: {shot.id}: panels: has {_counted(len(shot.panels), 'moment')}, and"
            f" {holder} has {_counted(further, 'further panel')} of it",
            "write one moment for each panel after the first; without any they are spread evenly",
        )
    else:
        firsts = [film.rate.frame_at(film.seconds(moment)) for moment in shot.panels]
        said = f"panels: {', '.join(map(str, shot.panels))}: "
        tip = "each panel begins after the one before it, and before the shot ends"
    if all(one < other for one, other in pairwise([0, *firsts, slot.frames])):
        return firsts
    length = f"{float(slot.frames / film.rate.fps):.4g}s"
    raise StudioError(
        f"storyboard.yaml: {shot.id}: {said}{further + 1} pictures do not follow each other"
        f" within {length}",
        tip,
    )


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
