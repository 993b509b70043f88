"""Frames in and out of files."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from studio.errors import Missing, RenderFailed
from studio.ffmpeg import TAKE, Encoding, Frame, FrameWriter, probe, read_frames, transcode

LOSSLESS = Encoding(crf=0, preset="ultrafast")
SIZE = (96, 54)
FILM_RATE = Fraction(24000, 1001)


def numbered(number: int) -> Frame:
    """A grey whose shade is the frame's number."""
    return np.full((SIZE[1], SIZE[0], 3), number * 4, np.uint8)


def shades(path: Path, first: int = 0, count: int | None = None) -> list[int]:
    return [round(float(frame.mean()) / 4) for frame in read_frames(path, first, count)]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "fifty.mp4"
    with FrameWriter(path, SIZE, FILM_RATE, TAKE) as writer:
        for number in range(50):
            writer.write(numbered(number))
    return path


def test_probe_says_size_exact_rate_and_frames(video: Path) -> None:
    found = probe(video)
    assert (found.size, found.rate, found.frames) == (SIZE, FILM_RATE, 50)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_files_of_a_few_frames_are_whole(tmp_path: Path, count: int) -> None:
    path = tmp_path / "short.mp4"
    with FrameWriter(path, SIZE, Fraction(25)) as writer:
        for number in range(count):
            writer.write(numbered(number))
    assert (probe(path).frames, probe(path).rate) == (count, Fraction(25))
    assert shades(path) == list(range(count))


def test_frames_are_read_by_number(video: Path) -> None:
    assert shades(video) == list(range(50))
    assert shades(video, 13, 5) == [13, 14, 15, 16, 17]
    assert shades(video, 49) == [49]
    assert shades(video, 7, 0) == []


def test_reading_may_stop_early(video: Path) -> None:
    frames = read_frames(video, 3)
    assert round(float(next(frames).mean()) / 4) == 3
    frames.close()


@pytest.mark.parametrize(("first", "count"), [(48, 3), (50, 1), (50, None)])
def test_fewer_frames_than_asked_for_is_an_error(
    video: Path, first: int, count: int | None
) -> None:
    with pytest.raises(RenderFailed, match=r"reading fifty\.mp4: \d frames from number"):
        list(read_frames(video, first, count))


def test_colours_survive(tmp_path: Path) -> None:
    path = tmp_path / "colours.mp4"
    frame = np.zeros((54, 96, 3), np.uint8)
    for index, colour in enumerate([(255, 0, 0), (0, 200, 0), (20, 30, 250), (255, 255, 255)]):
        frame[:, index * 24 : index * 24 + 24] = colour
    with FrameWriter(path, SIZE, Fraction(24), LOSSLESS) as writer:
        writer.write(frame)
    read = next(read_frames(path))
    for left in (0, 24, 48, 72):
        middle = slice(left + 4, left + 20)
        assert np.abs(read[:, middle].astype(int) - frame[:, middle]).max() <= 3


def test_equal_frames_give_equal_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("a.mp4", "b.mp4"):
        with FrameWriter(tmp_path / name, SIZE, Fraction(24)) as writer:
            for number in range(20):
                writer.write(numbered(number))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_pictures_are_cropped_to_fill_and_never_stretched(tmp_path: Path) -> None:
    path = tmp_path / "square.mp4"
    frame = np.full((54, 96, 3), 128, np.uint8)
    frame[12:42, 33:63] = 255  # a square of 30 pixels
    with FrameWriter(path, SIZE, Fraction(24), LOSSLESS) as writer:
        writer.write(frame)
    tall = next(read_frames(path, size=(54, 108)))
    assert tall.shape == (108, 54, 3)
    bright = tall[:, :, 1] > 190
    assert bright.any(axis=1).sum() == pytest.approx(60, abs=2)
    assert bright[54].all(), "a square twice as large fills the width"


def test_transcoding_equals_reading_and_writing(video: Path, tmp_path: Path) -> None:
    size = (64, 64)
    straight, through = tmp_path / "straight.mp4", tmp_path / "through.mp4"
    assert transcode(video, straight, 5, 20, size, FILM_RATE, LOSSLESS) == 20
    with FrameWriter(through, size, FILM_RATE, LOSSLESS) as writer:
        for frame in read_frames(video, 5, 20, size):
            writer.write(frame)
    assert probe(straight) == probe(through)
    for one, other in zip(read_frames(straight), read_frames(through), strict=True):
        assert np.array_equal(one, other)


def test_transcoding_says_how_many_frames_came(video: Path, tmp_path: Path) -> None:
    assert transcode(video, tmp_path / "out.mp4", 45, 20, SIZE, FILM_RATE, LOSSLESS) == 5


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((54, 96), np.uint8),
        np.zeros((96, 54, 3), np.uint8),
        np.zeros((54, 96, 4), np.uint8),
        np.zeros((54, 96, 3), np.float64),
    ],
)
def test_frames_of_another_shape_are_refused(tmp_path: Path, frame: Frame) -> None:
    with (
        pytest.raises(ValueError, match="a frame is uint8"),
        FrameWriter(tmp_path / "a.mp4", SIZE, Fraction(24)) as writer,
    ):
        writer.write(frame)
    assert list(tmp_path.iterdir()) == []


def test_an_exception_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"an older file")
    with contextlib.suppress(KeyError), FrameWriter(path, SIZE, Fraction(24)) as writer:
        writer.write(numbered(1))
        raise KeyError
    assert [item.name for item in tmp_path.iterdir()] == ["a.mp4"]
    assert path.read_bytes() == b"an older file"


def test_no_frame_at_all_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(RenderFailed, match="no frame"),
        FrameWriter(tmp_path / "a.mp4", SIZE, Fraction(24)),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    writer = FrameWriter(tmp_path / "nowhere" / "a.mp4", (640, 360), Fraction(24))

    def write() -> None:
        with writer:
            for _ in range(50):
                writer.write(np.zeros((360, 640, 3), np.uint8))

    with pytest.raises(RenderFailed, match=r"writing a\.mp4: ffmpeg: .*No such file"):
        write()


def test_odd_sizes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="even"):
        FrameWriter(tmp_path / "a.mp4", (97, 54), Fraction(24))


def test_broken_files_are_said(video: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no video at all\n" * 100)
    cut_short = tmp_path / "short.mp4"
    cut_short.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    for path in (text, cut_short, tmp_path / "nowhere.mp4"):
        with pytest.raises(RenderFailed, match=path.name):
            probe(path)
        with pytest.raises(RenderFailed, match=path.name):
            list(read_frames(path))


def test_damage_inside_a_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "noise.mp4"
    noise = np.random.default_rng(1).integers(0, 256, (30, 54, 96, 3), np.uint8)
    with FrameWriter(path, SIZE, Fraction(24)) as writer:
        for frame in noise:
            writer.write(frame)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 20_000
    data[start : start + 5000] = bytes(5000)
    path.write_bytes(data)
    with pytest.raises(RenderFailed, match=r"noise\.mp4"):
        list(read_frames(path))


def test_lists_that_lead_to_other_files_are_not_read(video: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.mp4"
    path.write_text(f"ffconcat version 1.0\nfile '{video}'\n")
    with pytest.raises(RenderFailed):
        probe(path)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process by its descriptor")
def test_ffmpeg_stands_apart_and_ends_with_the_program(tmp_path: Path) -> None:
    program = (
        "import sys; from fractions import Fraction; from pathlib import Path\n"
        "from studio.ffmpeg import FrameWriter\n"
        "with FrameWriter(Path(sys.argv[1]), (96, 54), Fraction(24)) as writer:\n"
        "    print(writer._process.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "a.mp4")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        assert os.getsid(child) != os.getsid(process.pid)
        ended = select.poll()
        descriptor = os.pidfd_open(child)
        ended.register(descriptor, select.POLLIN)
        process.kill()
        assert ended.poll(30_000), "the encoder outlived the program"
        os.close(descriptor)


def test_a_missing_ffmpeg_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", lambda: str(tmp_path / "nowhere"))
    with pytest.raises(Missing, match="ffmpeg does not start"):
        probe(tmp_path / "a.mp4")
