"""The assembled film: its frames, its times, its tracks, and what is encoded again."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from moviepy import CompositeVideoClip, ImageClip, VideoClip

from studio import ffmpeg
from studio.edit import captions, cards
from studio.edit.compose import opacity
from studio.edit.cut import Slot
from studio.edit.fonts import FontBook
from studio.edit.media import Media
from studio.edit.stamp import film_fingerprint
from studio.errors import Interrupted, RenderFailed
from studio.events import StepProgress, StepStarted
from studio.ffmpeg import Frame, FrameWriter, probe, read_frames
from tests.edit.sample import LOSSLESS, SIZE, Cutting, a_clip, a_film, a_storyboard, pattern

EVERY_TRANSITION: list[dict[str, Any]] = [
    {"duration": "1s", "transition": "dissolve 0.3s", "narration": "She looked out to sea."},
    {"duration": "1.3s", "transition": "dissolve 0.5s"},
    {"duration": "0.9s", "transition": "fade to black 0.25s", "cast": ["mara"]},
    {"duration": "1s", "transition": "dip to white 7f", "narration": "Nobody came."},
    {"duration": "0.7s", "transition": "fade from black 0.2s"},
    {"duration": "1f", "transition": "cut"},
    {"duration": "1.1s", "transition": "cut"},
    {"duration": "0.8s", "transition": "dissolve 5f"},
]


def packets(path: Path, track: str = "v:0") -> list[tuple[Fraction, Fraction]]:
    """Start and length of every packet of a track, in seconds."""
    said = ffmpeg.run(
        ["-i", path, "-map", f"0:{track}", "-c", "copy", "-f", "framecrc", "pipe:2"], "packets"
    )
    base = re.search(r"^#tb 0: (\d+/\d+)$", said, re.MULTILINE)
    assert base
    rows = [line.split(",") for line in said.splitlines() if line.startswith("0,")]
    return [(int(row[2]) * Fraction(base[1]), int(row[3]) * Fraction(base[1])) for row in rows]


def about(path: Path) -> str:
    return ffmpeg.run(["-i", path, "-map", "0:v", "-t", "0", "-f", "null", "-"], "about", "info")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Cutting:
    """A film of two scenes with every transition, assembled once."""
    folder = tmp_path_factory.mktemp("film")
    storyboard = a_storyboard(EVERY_TRANSITION[:3], EVERY_TRANSITION[3:])
    cutting = Cutting(a_film(rate="24000/1001", title="Größe = 1; the film"), storyboard, folder)
    cutting.assemble()
    return cutting


# --- the picture -----------------------------------------------------------------------


def composed_whole(cutting: Cutting) -> list[Frame]:
    """The film in one piece: every slot one moviepy clip with its handles, all at once."""
    timeline, book = cutting.timeline, FontBook()
    fps = float(timeline.rate.fps)
    title = cards.Card(cutting.film.title, ("A story reel",))
    end = cards.Card("", ("Storyboard by breakdown", "Pictures by sketch"))
    layers = []
    for slot, after in zip(timeline.slots, (*timeline.slots[1:], None), strict=True):
        if slot.kind == "shot":
            source = list(read_frames(cutting.media[slot.shot].path, size=SIZE))
        else:
            source = [cards.card(title if slot.kind == "title" else end, SIZE, book)]
        tail = after.after_cut if after and after.join == "dissolve" else 0
        layers += white(slot, fps)
        layers.append(whole_slot(slot, after, source, tail, fps))
    for cue in captions.cues(timeline, cutting.storyboard):
        picture, place = cards.caption(cue.lines, SIZE, book)
        words = ImageClip(picture).with_position(place).with_start(cue.start / fps)
        layers.append(words.with_duration((cue.end - cue.start) / fps).with_layer_index(9))
    film = CompositeVideoClip(layers, size=SIZE, bg_color=(0, 0, 0))
    return [film.get_frame((n + 0.5) / fps) for n in range(timeline.frames)]


def whole_slot(slot: Slot, after: Slot | None, source: list[Frame], tail: int, fps: float) -> Any:
    lead = slot.before_cut if slot.join == "dissolve" else 0
    dips_out = after.before_cut if after and after.join == "dip to white" else 0
    length = lead + slot.frames + tail

    def picture(t: float) -> Frame:
        place = int(t * fps) - lead + slot.source_in
        return source[min(place, len(source) - 1) if len(source) == 1 else place]

    def visible(number: int) -> int:
        left = slot.frames - 1 - (number - lead)
        joined = {"dissolve": slot.join_frames, "dip to white": slot.after_cut}.get(slot.join, 0)
        coming = joined or slot.fade_in
        if number < coming:
            return opacity(number, coming)
        going = dips_out or slot.fade_out
        return opacity(left, going) if 0 <= left < going else 255

    def mask(t: float) -> Any:
        return np.full((SIZE[1], SIZE[0]), (visible(int(t * fps)) + 0.5) / 255)

    clip = VideoClip(picture).with_mask(VideoClip(mask, is_mask=True))
    return clip.with_start((slot.start - lead) / fps).with_duration(length / fps)


def white(slot: Slot, fps: float) -> list[Any]:
    """White below a dip: half in the slot before is drawn over it by that slot's own layer."""
    if slot.join != "dip to white":
        return []
    still = ImageClip(np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)).with_layer_index(-1)
    start = (slot.start - slot.before_cut) / fps
    return [still.with_start(start).with_duration(slot.join_frames / fps)]


@pytest.mark.parametrize("shown", ["burnt", "none"])
def test_the_joined_film_equals_a_whole_composition(tmp_path: Path, shown: str) -> None:
    storyboard = a_storyboard(EVERY_TRANSITION)
    if shown == "none":
        quiet = [{**shot, "narration": ""} for shot in EVERY_TRANSITION]
        storyboard = a_storyboard(quiet)
    cutting = Cutting(a_film(captions=shown, rate="24000/1001"), storyboard, tmp_path)
    cutting.assemble(encoding=LOSSLESS)
    whole = tmp_path / "whole.mp4"
    with FrameWriter(whole, SIZE, cutting.timeline.rate.fps, LOSSLESS) as writer:
        for frame in composed_whole(cutting):
            writer.write(frame)
    pairs = zip(read_frames(cutting.out), read_frames(whole), strict=True)
    different = [n for n, (one, other) in enumerate(pairs) if not np.array_equal(one, other)]
    assert different == []
    assert probe(cutting.out) == probe(whole)


def test_the_film_is_as_long_as_its_timeline(made: Cutting) -> None:
    assert probe(made.out) == ffmpeg.Video(SIZE, Fraction(24000, 1001), made.timeline.frames)
    assert sum(1 for _ in read_frames(made.out)) == made.timeline.frames


def test_every_frame_stands_at_its_number_over_the_rate(made: Cutting) -> None:
    length = 1 / made.timeline.rate.fps
    assert packets(made.out) == [(n * length, length) for n in range(made.timeline.frames)]


def test_three_hundred_segments_join_without_a_gap(tmp_path: Path) -> None:
    shots = [{"duration": f"{1 + n % 3}f"} for n in range(300)]
    cutting = Cutting(a_film(cards=False), a_storyboard(shots), tmp_path)
    clip = a_clip(tmp_path / "clip.mp4", 48, 1)
    cutting.media = dict.fromkeys(cutting.timeline.shots, clip)
    assert cutting.assemble().encoded == 3, "equal segments share a file"
    assert packets(cutting.out) == [(Fraction(n, 24), Fraction(1, 24)) for n in range(600)]
    assert sum(1 for _ in read_frames(cutting.out)) == 600


def test_clips_of_another_size_fill_the_frame(tmp_path: Path) -> None:
    cutting = Cutting(a_film(cards=False), a_storyboard([{"duration": "0.5s"}]), tmp_path)
    cutting.media = {"sc0010_sh0010": a_clip(tmp_path / "a.mp4", 40, 1, (100, 100))}
    cutting.assemble()
    assert probe(cutting.out).size == SIZE


# --- what is encoded again -------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> Cutting:
    """Three shots joined by dissolves, assembled."""
    shots = [{"duration": "1s", "transition": "dissolve 0.5s"} for _ in range(3)]
    shots[0]["transition"] = "cut"
    cutting = Cutting(a_film(), a_storyboard(shots), tmp_path)
    report = cutting.assemble()
    assert (report.encoded, report.reused) == (3 + 5 + 1 + 3, 0)
    return cutting


def test_an_unchanged_film_encodes_nothing(three: Cutting) -> None:
    before = three.out.read_bytes()
    assert three.assemble().encoded == 0
    assert three.out.read_bytes() == before


def test_a_changed_shot_encodes_its_body_and_its_two_transitions(three: Cutting) -> None:
    old = set(three.segments.iterdir())
    middle = three.media["sc0010_sh0020"]
    three.media["sc0010_sh0020"] = a_clip(three.folder / "new.mp4", middle.frames, 99)
    report = three.assemble()
    assert (report.encoded, report.reused) == (3, 9)
    lengths = sorted(probe(path).frames for path in set(three.segments.iterdir()) - old)
    assert lengths == [12, 12, 12]


def test_going_back_encodes_nothing(three: Cutting) -> None:
    middle = three.media["sc0010_sh0020"]
    three.media["sc0010_sh0020"] = a_clip(three.folder / "new.mp4", middle.frames, 99)
    three.assemble()
    three.media["sc0010_sh0020"] = middle
    assert three.assemble().encoded == 0


def test_the_same_frames_elsewhere_in_the_film_are_reused(three: Cutting) -> None:
    three.film = a_film(cards=False)
    assert three.assemble().encoded == 1  # the last shot no longer sinks into black


def test_a_label_matters_only_where_it_is_shown(three: Cutting) -> None:
    three.media = {
        shot: dataclasses.replace(item, label="clip v777") for shot, item in three.media.items()
    }
    assert three.assemble().encoded == 0


# --- what goes wrong -------------------------------------------------------------------


def test_a_clip_that_is_too_short_is_refused_before_anything_is_encoded(tmp_path: Path) -> None:
    cutting = Cutting(a_film(), a_storyboard([{"duration": "2s"}]), tmp_path)
    cutting.media = {"sc0010_sh0010": a_clip(tmp_path / "a.mp4", 59, 1)}
    with pytest.raises(RenderFailed, match=r"sc0010_sh0010: its clip has 59 frames .* needs 60"):
        cutting.assemble()
    assert not cutting.segments.exists()


@pytest.mark.parametrize("transition", ["cut", "dissolve 0.5s"])
def test_a_clip_shorter_than_it_says_is_refused(tmp_path: Path, transition: str) -> None:
    shots = [{"duration": "1s"}, {"duration": "2s", "transition": transition}]
    cutting = Cutting(a_film(cards=False), a_storyboard(shots), tmp_path)
    cutting.media = {
        "sc0010_sh0010": a_clip(tmp_path / "a.mp4", 48, 1),
        "sc0010_sh0020": dataclasses.replace(a_clip(tmp_path / "b.mp4", 10, 2), frames=72),
    }
    with pytest.raises(RenderFailed, match=r"sc0010_sh0020: .*frames from number"):
        cutting.assemble()
    assert not cutting.out.exists()
    assert not [path for path in cutting.segments.iterdir() if path.suffix != ".mp4"]


def test_a_broken_clip_and_missing_media_name_the_shot(tmp_path: Path) -> None:
    cutting = Cutting(a_film(), a_storyboard([{"duration": "1s"}]), tmp_path)
    cutting.media = {"sc0010_sh0020": Media(tmp_path / "x.mp4", "0", "clip", 48)}
    with pytest.raises(RenderFailed, match="sc0010_sh0010: there is no picture"):
        cutting.assemble()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a video")
    for kind in ("clip", "still"):
        cutting.media = {"sc0010_sh0010": Media(broken, "1", kind, 48)}
        with pytest.raises(RenderFailed, match=r"sc0010_sh0010: .*broken\.mp4"):
            cutting.assemble()


class AfterThree:
    """Asks to stop once it was looked at three times."""

    looked = 0

    def is_set(self) -> bool:
        self.looked += 1
        return self.looked > 3


def test_cancelling_leaves_whole_segments_and_goes_on_later(tmp_path: Path) -> None:
    cutting = Cutting(a_film(), a_storyboard(EVERY_TRANSITION), tmp_path)
    with pytest.raises(Interrupted, match="stopped"):
        cutting.assemble(cancel=AfterThree())
    left = list(cutting.segments.iterdir())
    assert len(left) == 3
    assert all(path.suffix == ".mp4" and probe(path).frames for path in left)
    assert not cutting.out.exists()
    assert cutting.assemble().reused == 3


# --- the file --------------------------------------------------------------------------


def test_the_header_comes_first(made: Cutting) -> None:
    data = made.out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_picture_is_h264_with_bt709_tags(made: Cutting) -> None:
    assert re.search(r"Video: h264 .* yuv420p\(tv, bt709, progressive\), 128x72", about(made.out))


def test_the_tags_say_title_engines_and_fingerprint(made: Cutting) -> None:
    said = about(made.out)
    assert re.search(r"^ +title +: Größe = 1; the film$", said, re.MULTILINE)
    assert re.search(r"^ +comment +: Storyboard by breakdown. Pictures by sketch$", said, re.M)
    assert film_fingerprint(made.out) == "0123abcd"


def test_a_file_without_fingerprint_has_none(made: Cutting, tmp_path: Path) -> None:
    assert film_fingerprint(tmp_path / "nowhere.mp4") is None
    assert film_fingerprint(next(iter(made.media.values())).path) is None


def test_a_chapter_a_scene(made: Cutting) -> None:
    said = about(made.out).partition("Output #0")[0]
    found = re.findall(
        r"Chapter #0:\d+: start ([\d.]+), end ([\d.]+)\s+Metadata:\s+title +: (.*)", said
    )
    seconds = made.timeline.shots["sc0020_sh0010"].start / made.timeline.rate.fps
    assert [heading for _, _, heading in found] == [
        "EXT. TOWER 1 - DUSK; a=b",
        "EXT. TOWER 2 - DUSK; a=b",
    ]
    assert float(found[0][0]) == 0
    assert float(found[1][0]) == pytest.approx(float(seconds), abs=0.001)
    assert float(found[1][1]) == pytest.approx(float(made.timeline.seconds), abs=0.001)


def test_captions_are_a_track_that_says_its_language(made: Cutting, tmp_path: Path) -> None:
    assert "(eng): Subtitle: mov_text" in about(made.out)
    out = tmp_path / "film.srt"
    ffmpeg.run(["-i", made.out, "-map", "0:s:0", out], "captions")
    cues = captions.cues(made.timeline, made.storyboard)
    assert out.read_text("utf-8").split() == captions.srt(cues, made.film.rate).split()


@pytest.mark.parametrize("shown", ["none", "burnt"])
def test_there_is_no_caption_track_unless_it_is_soft(tmp_path: Path, shown: str) -> None:
    cutting = Cutting(a_film(captions=shown), a_storyboard(EVERY_TRANSITION[:1]), tmp_path)
    report = cutting.assemble()
    assert "Subtitle: mov_text" not in about(cutting.out)
    assert bool(report.srt) == (shown == "burnt")


def samples(path: Path) -> np.ndarray[Any, np.dtype[np.float32]]:
    raw = path.with_suffix(".f32")
    ffmpeg.run(["-i", path, "-map", "0:a:0", "-f", "f32le", "-y", raw], "sound")
    return np.fromfile(raw, np.float32).reshape(-1, 2)


def test_the_sound_is_as_long_as_the_picture(made: Cutting) -> None:
    assert "Audio: aac (LC)" in about(made.out)
    assert "48000 Hz, stereo" in about(made.out)
    heard = samples(made.out)
    assert abs(len(heard) - round(made.timeline.seconds * 48000)) <= 1
    assert np.abs(heard).max() < 1e-4


def test_progress_is_told_in_frames(made: Cutting) -> None:
    assert made.events[0] == StepStarted("film")
    told = [event for event in made.events if isinstance(event, StepProgress)]
    assert [event.done for event in told] == sorted(event.done for event in told)
    assert {event.total for event in told} == {made.timeline.frames}
    assert told[-1].done == made.timeline.frames


# --- the reel --------------------------------------------------------------------------


def test_the_reel_holds_stills_and_shows_its_strip(tmp_path: Path) -> None:
    from PIL import Image

    still = tmp_path / "panel.png"
    Image.fromarray(pattern(3, 5, (256, 144))).save(still)
    shots = [{"duration": "0.5s"}, {"duration": "0.5s", "transition": "dissolve 0.25s"}]
    cutting = Cutting(a_film(cards=False), a_storyboard(shots), tmp_path)
    cutting.media = {
        "sc0010_sh0010": Media(still, "0", "still", label="keyframe v001"),
        "sc0010_sh0020": a_clip(tmp_path / "a.mp4", 40, 1),
    }
    report = cutting.assemble(strip=True, step="reel", encoding=LOSSLESS)
    assert report.frames == 24
    height = SIZE[1] + cards.strip_height(SIZE[1])
    assert probe(cutting.out).size == (SIZE[0], height)
    frames = list(read_frames(cutting.out))
    strips = [frame[SIZE[1] :].astype(int) for frame in frames]
    assert all(np.abs(one - two).max() > 40 for one, two in pairwise(strips))
    name = (slice(None), slice(0, SIZE[0] // 2))
    changes = [n for n in range(1, 24) if np.abs(strips[n][name] - strips[n - 1][name]).max() > 40]
    assert changes == [12], "the name changes at the cut, in the middle of the dissolve"
    assert np.abs(frames[0][: SIZE[1]].astype(int) - frames[5][: SIZE[1]]).max() == 0
