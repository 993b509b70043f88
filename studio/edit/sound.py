"""The film's sound track: one piece from the first frame to the last, never cut at a cut.

48 kHz stereo. Silence, or the film's song from the first frame after the title card on,
cut or followed by silence to the film's length, with a short fade at the end.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from studio.edit.cut import Timeline

SAMPLES_A_SECOND = 48_000
_FADE = SAMPLES_A_SECOND * 3 // 2
_READS = ("-format_whitelist", "wav,w64,flac,mp3,ogg,mov,aac,aiff,matroska")


def source(song: Path | None) -> list[str]:
    """ffmpeg's input options for the sound."""
    if song is None:
        return ["-f", "lavfi", "-i", f"anullsrc=r={SAMPLES_A_SECOND}:cl=stereo"]
    return [*_READS, "-i", f"file:{song}"]


def mix(timeline: Timeline, song: Path | None, number: int) -> str:
    """The filter from input `number` to the whole track, which it calls [sound]."""
    samples = _samples(timeline.seconds)
    if song is None:
        return f"[{number}:a:0]atrim=end_sample={samples}[sound]"
    first = next(slot.start for slot in timeline.slots if slot.kind == "shot")
    late = _samples(first / timeline.rate.fps)
    fade = min(_FADE, samples)
    return (
        f"[{number}:a:0]aresample={SAMPLES_A_SECOND},aformat=sample_fmts=fltp:channel_layouts=stereo,"
        f"adelay={late}S:all=1,apad,atrim=end_sample={samples},"
        f"afade=t=out:start_sample={samples - fade}:nb_samples={fade}[sound]"
    )


def _samples(seconds: Fraction) -> int:
    return round(seconds * SAMPLES_A_SECOND)
