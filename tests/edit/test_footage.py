"""One clip for several shots, trimmed and slowed; further pictures of a still."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.edit.cards import Card
from studio.edit.compose import Look
from studio.edit.cut import Slot, Timeline, lay_out
from studio.edit.fonts import FontBook
from studio.edit.media import Media
from studio.edit.otio import to_otio
from studio.edit.picture import Cards, Layer, segments
from studio.edit.segments import key
from studio.errors import DocumentError, RenderFailed
from studio.ffmpeg import FILM, Frame, FrameWriter, read_frames
from tests.edit.sample import LOSSLESS, SIZE, Cutting, a_film, a_storyboard

CARDS = Cards(Card("a", ()), Card("", ()))


def cut_of(*shots: dict[str, Any], **film: Any) -> Timeline:
    return lay_out(a_film(cards=False, **film), a_storyboard(shots))


def served(first: str = "sc0010_sh0010", **start: str) -> dict[str, Any]:
    return {"duration": "1s", "from": {"shot": first} | start}


# --- which frames ----------------------------------------------------------------------


def test_a_shot_may_show_another_ones_clip() -> None:
    timeline = cut_of({"duration": "2s"}, served(), served(**{"in": "1.5s"}))
    assert [slot.source for slot in timeline.slots] == ["sc0010_sh0010"] * 3
    assert [slot.source_in for slot in timeline.slots] == [12, 12, 12 + 36]
    assert timeline.needed == {"sc0010_sh0010": 12 + 36 + 24 + 12}


def test_trim_leaves_the_beginning_out_and_counts_on_top_of_in() -> None:
    timeline = cut_of({"duration": "2s", "trim": "0.5s"}, served(**{"in": "1s"}) | {"trim": "6f"})
    assert [slot.source_in for slot in timeline.slots] == [12 + 12, 12 + 12 + 24 + 6]
    assert [slot.clip_frames for slot in timeline.slots] == [24 + 48 + 12, 54 + 24 + 12]


def test_speed_changes_how_much_of_the_clip_is_shown_and_not_where_it_begins() -> None:
    slow, fast = cut_of({"duration": "2s", "speed": 0.5}, {"duration": "2s", "speed": 2}).slots
    assert (slow.frames, slow.source_in, slow.clip_frames) == (48, 12, 12 + 24 + 6)
    assert (fast.frames, fast.source_in, fast.clip_frames) == (48, 12, 12 + 96 + 24)


def test_a_clip_has_the_longest_head_that_a_shot_of_it_needs() -> None:
    one, two = {"duration": "4s"}, {"duration": "4s"}
    into = served() | {"duration": "4s", "transition": "dissolve 3s"}
    assert [slot.source_in for slot in cut_of(one, two, into).slots] == [36, 12, 36]
    into = into | {"trim": "0.5s"}
    assert [slot.source_in for slot in cut_of(one, two, into).slots] == [24, 12, 36]


@pytest.mark.parametrize(
    ("shot", "message"),
    [
        (served("sc0010_sh0090"), "sc0010_sh0020: from: there is no shot sc0010_sh0090"),
        (served(**{"in": "1 beat"}), "sc0010_sh0020: from: 1 beat needs a song"),
        ({"duration": "1s", "trim": "2 bars"}, "sc0010_sh0020: trim: 2 bars needs a song"),
    ],
)
def test_what_cannot_be_shown(shot: dict[str, Any], message: str) -> None:
    with pytest.raises(DocumentError, match=f"^{message}"):
        cut_of({"duration": "2s"}, shot)


# --- whatever is drawn -----------------------------------------------------------------

SPEEDS = st.sampled_from(["1", "0.5", "1/3", "0.37", "0.1", "1.5", "4"])
TRANSITIONS = st.sampled_from(
    ["cut", "cut", "dissolve 0.4s", "dissolve 11f", "dip to white 5f", "fade from black 3f"]
)


@st.composite
def storyboards(draw: st.DrawFn) -> list[dict[str, Any]]:
    shots: list[dict[str, Any]] = []
    own: list[str] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        shot: dict[str, Any] = {
            "duration": draw(st.sampled_from(["0.7s", "1s", "37f", "2.3s", "2 marks", "2 beats"])),
            "speed": draw(SPEEDS),
            "trim": f"{draw(st.integers(0, 40))}f",
            "transition": draw(TRANSITIONS) if number > 1 else "cut",
        }
        if own and draw(st.booleans()):
            start = f"{draw(st.integers(0, 2000))}ms"
            shot["from"] = {"shot": draw(st.sampled_from(own)), "in": start}
        else:
            own.append(f"sc0010_sh{number:03d}0")
        shots.append(shot)
    return shots


@settings(deadline=None, max_examples=80)
@given(storyboards(), st.sampled_from(["24", "24000/1001", "25"]))
def test_no_gaps_and_every_frame_is_there(shots: list[dict[str, Any]], rate: str) -> None:
    marks = [Fraction(number * 11, 10) for number in range(40)]
    film = a_film(song={"file": "a.wav", "tempo": 97, "marks": "m.csv"}, rate=rate)
    timeline = lay_out(film, a_storyboard(shots), marks)
    assert timeline.slots[0].start == 0
    assert all(one.end == two.start for one, two in pairwise(timeline.slots))
    needed = timeline.needed
    media = {
        shot: Media(Path(slot.source), slot.source, "clip", needed[slot.source])
        for shot, slot in timeline.shots.items()
    }
    parts = segments(timeline, media, CARDS)
    assert [part.start for part in parts[1:]] == [part.start + part.frames for part in parts[:-1]]
    assert parts[-1].start + parts[-1].frames == timeline.frames
    shown = defaultdict[str, dict[int, int]](dict)
    for part in parts:
        for layer in part.layers:
            assert isinstance(layer.source, Media)
            slot = slot_of(timeline, layer, part.start)
            for number in range(layer.frames):
                place = part.start + layer.at + number - slot.start
                frame = layer.frame(number)
                assert 0 <= frame < layer.source.frames
                assert frame == slot.source_in + floor(place * slot.speed)
                assert shown[slot.shot].setdefault(place, frame) == frame
            assert layer.reads == layer.frame(layer.frames - 1) - layer.first + 1 > 0
    for slot in timeline.slots:
        assert set(range(slot.frames)) <= set(shown[slot.shot])


def slot_of(timeline: Timeline, layer: Layer, start: int) -> Slot:
    """The slot that a layer shows: there is one that its frames fit."""
    assert isinstance(layer.source, Media)
    place = start + layer.at
    fitting = [
        slot
        for slot in timeline.slots
        if slot.source == layer.source.sha256
        and slot.start - slot.before_cut <= place < slot.end + 40
        and layer.frame(0) == slot.source_in + floor((place - slot.start) * slot.speed)
        and layer.speed == slot.speed
    ]
    return min(fitting, key=lambda slot: abs(slot.start - place))


# --- pictures --------------------------------------------------------------------------


def grey(level: int, size: tuple[int, int] = SIZE) -> Frame:
    return np.full((size[1], size[0], 3), level, np.uint8)


def a_ramp(path: Path, frames: int) -> Media:
    """A clip whose frame n is grey of level 3n."""
    with FrameWriter(path, SIZE, Fraction(24), LOSSLESS) as writer:
        for number in range(frames):
            writer.write(grey(3 * number))
    return Media(path, path.name, "clip", frames, "clip v001")


def numbers(path: Path) -> list[int]:
    return [round(float(frame[36, 64].mean()) / 3) for frame in read_frames(path)]


def test_slowed_trimmed_and_served_frames_are_in_the_film(tmp_path: Path) -> None:
    shots = [
        {"duration": "1s"},
        served(**{"in": "0.5s"}) | {"speed": "0.5"},
        served() | {"speed": "1/3", "duration": "12f"},
        {"duration": "0.5s", "trim": "6f", "from": {"shot": "sc0010_sh0010"}, "speed": 2},
    ]
    cutting = Cutting(a_film(cards=False), a_storyboard(shots), tmp_path)
    clip = a_ramp(tmp_path / "a.mp4", cutting.timeline.needed["sc0010_sh0010"])
    cutting.media = dict.fromkeys(cutting.timeline.shots, clip)
    head = 12
    cutting.assemble(encoding=LOSSLESS)
    assert numbers(cutting.out) == [
        *range(head, head + 24),
        *(head + 12 + n // 2 for n in range(24)),
        *(head + n // 3 for n in range(12)),
        *(head + 6 + n * 2 for n in range(12)),
    ]


def test_a_slowed_dissolve_goes_on_where_its_body_ends(tmp_path: Path) -> None:
    shots = [
        {"duration": "1s", "speed": "0.4"},
        {"duration": "1s", "speed": "0.4", "transition": "dissolve 7f"},
    ]
    cutting = Cutting(a_film(cards=False), a_storyboard(shots), tmp_path)
    one = a_ramp(tmp_path / "a.mp4", 60)
    cutting.media = dict.fromkeys(cutting.timeline.shots, one)
    cutting.assemble(encoding=LOSSLESS)
    shown = numbers(cutting.out)
    assert shown[:21] == [12 + floor(n * Fraction(2, 5)) for n in range(21)]
    assert shown[28:] == [12 + floor((n - 24) * Fraction(2, 5)) for n in range(28, 48)]


def test_a_clip_too_short_for_another_shot_is_named() -> None:
    timeline = cut_of({"duration": "1s"}, served() | {"duration": "3s"})
    clip = Media(Path("a.mp4"), "0", "clip", timeline.slots[0].clip_frames)
    with pytest.raises(
        RenderFailed, match=r"sc0010_sh0020: the clip of sc0010_sh0010 has 48 frames .* needs 84"
    ) as refused:
        segments(timeline, dict.fromkeys(timeline.shots, clip), CARDS)
    assert "sc0010_sh0010 clip" in refused.value.tip


def a_still(path: Path, level: int) -> Path:
    Image.fromarray(grey(level, (256, 144))).save(path)
    return path


def test_further_panels_of_a_still_are_shown_in_their_time(tmp_path: Path) -> None:
    shots = [
        {"duration": "0.5s"},
        {"duration": "1s", "transition": "dissolve 4f", "speed": 0.5},
        {"duration": "0.5s", "transition": "dissolve 4f"},
    ]
    cutting = Cutting(a_film(cards=False), a_storyboard(shots), tmp_path)
    plain = Media(a_still(tmp_path / "a.png", 0), "a", "still")
    panels = (
        (6, a_still(tmp_path / "b.png", 100), "b"),
        (20, a_still(tmp_path / "c.png", 50), "c"),
    )
    drawn = Media(a_still(tmp_path / "k.png", 200), "k", "still", panels=panels)
    names = list(cutting.timeline.shots)
    cutting.media = dict(zip(names, (plain, drawn, plain), strict=True))
    cutting.assemble(encoding=LOSSLESS)
    levels = [round(float(frame.mean())) for frame in read_frames(cutting.out)]
    assert levels[:10] == [0] * 10
    assert 0 < levels[10] < levels[13] < 200, "the main picture comes in before the slot"
    assert levels[14:] == [200] * 4 + [100] * 14 + [50] * 2 + levels[34:38] + [0] * 10
    assert 50 > levels[34] > levels[37] > 0, "the last panel goes out"


def test_panels_are_part_of_what_a_segment_depends_on() -> None:
    timeline = cut_of({"duration": "1s"})
    look = Look(SIZE, timeline.rate, FontBook())

    def name(**changes: Any) -> str:
        media = dataclasses.replace(Media(Path("k.png"), "k", "still"), **changes)
        (part,) = segments(timeline, {"sc0010_sh0010": media}, CARDS)
        return key(part, look, FILM)

    two = (6, Path("b.png"), "b")
    names = {name(), name(panels=(two,)), name(panels=((7, *two[1:]),))}
    names |= {name(panels=((6, Path("b.png"), "c"),)), name(sha256="other")}
    assert len(names) == 5
    assert name(panels=(two,)) == name(panels=((6, Path("moved.png"), "b"),))


def test_speed_is_part_of_what_a_segment_depends_on_and_only_of_clips() -> None:
    look = Look(SIZE, a_film().rate, FontBook())

    def name(kind: Any, speed: str) -> str:
        timeline = cut_of({"duration": "1s", "speed": speed})
        media = {"sc0010_sh0010": Media(Path("k"), "k", kind, 200)}
        return key(segments(timeline, media, CARDS)[0], look, FILM)

    assert name("clip", "1") != name("clip", "0.5")
    assert name("still", "1") == name("still", "0.5")


# --- for editing programs --------------------------------------------------------------


def test_the_cut_file_says_source_trim_and_speed() -> None:
    film = a_film(cards=False)
    board = a_storyboard([{"duration": "2s"}, served(**{"in": "1s"}) | {"speed": "0.5"}])
    timeline = lay_out(film, board)
    clip = Media(Path("project/takes/sc0010_sh0010/clip_v001.mp4"), "0", "clip", 99, "clip v001")
    text = to_otio(timeline, dict.fromkeys(timeline.shots, clip), film, board, Path("project"))
    read = otio.adapters.read_from_string(text, "otio_json")
    one, two = read.find_clips()
    assert not list(one.effects)
    assert [effect.time_scalar for effect in two.effects] == [0.5]
    assert isinstance(two.effects[0], otio.schema.LinearTimeWarp)
    assert two.media_reference.target_url == "takes/sc0010_sh0010/clip_v001.mp4"
    assert two.media_reference.available_range.duration.value == 99
    assert (two.source_range.start_time.value, two.source_range.duration.value) == (36, 24)
    assert two.metadata["storyreel"]["from"] == "sc0010_sh0010"
    assert read.tracks[0].range_of_child(two).start_time.value == 48
