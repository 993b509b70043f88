"""The film's sound track: one piece, never cut at a cut.

A song is copied, not changed: its own stream stands in the film, from the frame after the
title card on and up to the film's end (to the packet, less than a tenth of a second). Where
it is shorter, silence follows. Sound without compression becomes FLAC, which is smaller and
equal sample for sample; only what mp4 cannot hold is encoded anew, and said so. A film
without a song has 48 kHz stereo silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.edit.cut import Timeline
from studio.edit.song import READS, Song, read_song

REVISION = 2
"""Raised by hand when equal songs come to the film in another way."""

SAMPLES_A_SECOND = 48_000
"""Of the silence; a song keeps its own."""

COPIED = ("aac", "mp3", "flac", "alac", "opus")
"""Codecs whose packets mp4 holds as they are."""

_LEAST_MP3 = 16_000
"""Samples a second from which on mp4 holds mp3."""

_FINER = ("pcm_s32", "pcm_s64", "pcm_f")
"""Samples of more than the 24 bits that FLAC holds."""


@dataclass(frozen=True)
class Track:
    """ffmpeg's options for the sound: `inputs` open it as one input, `outputs` map and encode
    it. `note` says what became of a song that is not in the film sample for sample."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str = ""


def track(timeline: Timeline, song: Path | None, number: int) -> Track:
    """The sound track of a film, read as ffmpeg's input `number`.

    Raises DocumentError for a song that is missing or holds no sound.
    """
    if song is None:
        end = round(timeline.seconds * SAMPLES_A_SECOND)
        silence = f"[{number}:a:0]atrim=end_sample={end}[sound]"
        return Track(
            ("-f", "lavfi", "-i", f"anullsrc=r={SAMPLES_A_SECOND}:cl=stereo"),
            ("-filter_complex", silence, "-filter_threads", "1", *_encoded("aac", "192k")),
        )
    first = next(slot.start for slot in timeline.slots if slot.kind == "shot")
    late = first / timeline.rate.fps
    read = read_song(song)
    if _fits(read):
        cut = ("-t", f"{float(timeline.seconds):.6f}")
        begin = ("-itsoffset", f"{float(late):.6f}") if late else ()
        opened = (*cut, *begin, *READS, "-i", f"file:{song}")
        return Track(opened, ("-map", f"{number}:a:0", "-c:a", "copy"))
    whole = round(timeline.seconds * read.samples)
    shaped = (
        f"[{number}:a:0]adelay={round(late * read.samples)}S:all=1,"
        f"apad=whole_len={whole},atrim=end_sample={whole}[sound]"
    )
    codec, note = _codec(read)
    return Track(
        (*READS, "-i", f"file:{song}"),
        ("-filter_complex", shaped, "-filter_threads", "1", *codec),
        note,
    )


def _fits(song: Song) -> bool:
    """Whether mp4 holds the song's packets as they are."""
    return song.codec in COPIED and not (song.codec == "mp3" and song.samples < _LEAST_MP3)


def _codec(song: Song) -> tuple[list[str], str]:
    """How a song that cannot be copied is encoded, and what is to be said of it."""
    name = song.path.name
    if song.codec.startswith(_FINER):
        note = f"the samples of {name} ({song.codec}) are rounded to 24 bits in the film's FLAC"
        return [*_encoded("flac"), "-sample_fmt", "s32"], note
    if song.codec.startswith("pcm_"):
        return _encoded("flac"), ""
    note = (
        f"{name}: mp4 holds no {_kind(song)}, so the song is encoded anew as AAC; "
        "give it as flac, wav, m4a or mp3 to have it in the film as it is"
    )
    return _encoded("aac", "256k"), note


def _kind(song: Song) -> str:
    return f"{song.codec} of {song.samples} Hz" if song.codec in COPIED else song.codec


def _encoded(codec: str, bits: str = "") -> list[str]:
    rate = ["-b:a", bits] if bits else []
    return ["-map", "[sound]", "-c:a", codec, *rate, "-flags:a", "+bitexact"]
