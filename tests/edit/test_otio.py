"""cut.otio, read back by OpenTimelineIO."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from studio.edit.cut import Timeline, lay_out
from studio.edit.media import Media
from studio.edit.otio import to_otio
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
from tests.edit.sample import a_film, a_storyboard

SCENES = (
    [
        {"duration": "2s", "action": "Mara waits."},
        {"duration": "3.7s", "transition": "dissolve 7f"},
        {"duration": "2s", "transition": "fade to black 0.5s"},
    ],
    [{"duration": "2s", "transition": "dip to white 1s"}, {"duration": "1s"}],
)


def a_cut(**film: Any) -> tuple[Film, Storyboard, Timeline, dict[str, Media]]:
    made, storyboard = a_film(**film), a_storyboard(*SCENES)
    timeline = lay_out(made, storyboard)
    root = Path("project") / "takes"
    media = {
        shot: Media(root / shot / "clip_v001.mp4", "0", "clip", slot.clip_frames + 5, "clip v001")
        for shot, slot in timeline.shots.items()
    }
    del media["sc0020_sh0020"]
    media["sc0010_sh0030"] = Media(root / "k.png", "0", "still", 0, "keyframe v001")
    return made, storyboard, timeline, media


def text_of(**film: Any) -> str:
    made, storyboard, timeline, media = a_cut(**film)
    return to_otio(timeline, media, made, storyboard, Path("project"))


@pytest.mark.parametrize("film", [{}, {"rate": "24000/1001"}, {"cards": False}])
def test_times_read_back_to_the_frame(film: dict[str, Any]) -> None:
    _, _, timeline, _ = a_cut(**film)
    read = otio.adapters.read_from_string(text_of(**film), "otio_json")
    (track,) = read.tracks
    clips = [item for item in track if isinstance(item, otio.schema.Clip)]
    assert len(clips) == len(timeline.slots)
    for clip, slot in zip(clips, timeline.slots, strict=True):
        place = track.range_of_child(clip)
        assert (place.start_time.value, place.duration.value) == (slot.start, slot.frames)
        assert place.start_time.rate == pytest.approx(float(timeline.rate.fps))
    assert track.duration().value == timeline.frames


def test_media_are_relative_and_hold_the_handles() -> None:
    _, _, timeline, media = a_cut()
    read = otio.adapters.read_from_string(text_of(), "otio_json")
    clips = {clip.name: clip for clip in read.find_clips()}
    first = clips["sc0010_sh0010"]
    assert first.media_reference.target_url == "takes/sc0010_sh0010/clip_v001.mp4"
    assert first.media_reference.available_range.duration.value == media["sc0010_sh0010"].frames
    assert first.source_range.start_time.value == timeline.shots["sc0010_sh0010"].source_in == 12
    assert first.metadata["storyreel"]["action"] == "Mara waits."
    assert clips["sc0010_sh0030"].source_range.start_time.value == 0
    assert isinstance(clips["sc0020_sh0020"].media_reference, otio.schema.MissingReference)
    assert isinstance(clips["The Keeper"].media_reference, otio.schema.GeneratorReference)


def test_transitions_carry_their_offsets() -> None:
    read = otio.adapters.read_from_string(text_of(), "otio_json")
    (track,) = read.tracks
    found = [
        (item.name, item.transition_type, item.in_offset.value, item.out_offset.value)
        for item in track
        if isinstance(item, otio.schema.Transition)
    ]
    assert found == [
        ("fade from black", "Custom_Transition", 0, 12),
        ("fade to black", "Custom_Transition", 12, 0),
        ("dissolve", "SMPTE_Dissolve", 3, 4),
        ("fade to black", "Custom_Transition", 12, 0),
        ("dip to white", "Custom_Transition", 12, 12),
        ("fade through black", "Custom_Transition", 12, 12),
        ("fade to black", "Custom_Transition", 12, 0),
    ]


def test_a_marker_for_every_scene() -> None:
    _, _, timeline, _ = a_cut()
    read = otio.adapters.read_from_string(text_of(), "otio_json")
    marks = [(mark.name, mark.marked_range.start_time.value) for mark in read.tracks[0].markers]
    starts = [timeline.shots[shot].start for shot in ("sc0010_sh0010", "sc0020_sh0010")]
    assert marks == [
        ("EXT. TOWER 1 - DUSK; a=b", starts[0]),
        ("EXT. TOWER 2 - DUSK; a=b", starts[1]),
    ]


def test_equal_cuts_give_equal_bytes() -> None:
    assert text_of() == text_of()
