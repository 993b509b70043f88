"""Makes clicks.flac, the song of this project: a metronome, a soft bass and a pad.

    python make_clicks.py [BARS [FILE]]

BARS (16, a multiple of 4, at least 8) of four beats at 120 beats a minute, so two seconds a
bar, the first click at 0 s. Mono, 16 bit, 48 kHz; FILE is clicks.flac beside this script.
Everything is computed: there is no recording and no chance in it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe
from numpy.typing import NDArray

Sound = NDArray[np.float64]

SAMPLE_RATE = 48_000
BEAT = SAMPLE_RATE // 2
BAR = 4 * BEAT

# A bar each: A minor, F major, C major, G major. Numbers are MIDI notes, the bass first.
CHORDS = ((33, 57, 64, 72), (29, 57, 65, 69), (36, 55, 64, 67), (31, 55, 62, 71))
BASS_BEATS = ((0.0, 1.5), (1.5, 0.5), (2.0, 1.5), (3.5, 0.5))
HIGH_NOTES = (1, 2, 3, 2, 1, 2, 3, 2)


def tone(note: int, samples: int, overtones: tuple[float, ...]) -> Sound:
    """A steady tone of a MIDI note; `overtones` are the strengths of harmonics 1, 2, 3, …"""
    time = np.arange(samples) / SAMPLE_RATE
    pitch = 440 * 2 ** ((note - 69) / 12)
    parts = (
        strength * np.sin(2 * np.pi * pitch * harmonic * time)
        for harmonic, strength in enumerate(overtones, start=1)
    )
    return np.asarray(sum(parts))


def envelope(samples: int, attack: float, release: float) -> Sound:
    """Rises over `attack` seconds, falls over `release` seconds, 1 in between."""
    position = np.arange(samples) / SAMPLE_RATE
    left = (samples - 1) / SAMPLE_RATE - position
    swell = np.minimum(np.minimum(position / attack, left / release), 1)
    return np.asarray(np.sin(np.pi / 2 * swell) ** 2)


def click(accented: bool) -> Sound:
    """A wood-block tap of 80 ms: higher and louder on the first beat of a bar."""
    samples = SAMPLE_RATE * 80 // 1000
    fall = np.exp(-np.arange(samples) / (SAMPLE_RATE * 0.011))
    body = tone(93 if accented else 86, samples, (1.0, 0.0, 0.35))
    return body * fall * envelope(samples, 0.0005, 0.02) * (0.55 if accented else 0.3)


def song(bars: int) -> Sound:
    """The whole song between -1 and 1.

    The clicks come alone with the pad; the bass joins after a quarter of the song, the
    broken chords at the half, and both leave before the last bar.
    """
    mix = np.zeros(bars * BAR)

    def place(sound: Sound, at: int) -> None:
        sound = sound[: len(mix) - at]
        mix[at : at + len(sound)] += sound

    for bar in range(bars):
        last = bar == bars - 1
        start, (root, *chord) = bar * BAR, CHORDS[0 if last else bar % len(CHORDS)]
        for beat in range(4):
            place(click(accented=beat == 0), start + beat * BEAT)
        for note in chord:
            place(0.075 * tone(note, BAR, (1.0, 0.22)) * envelope(BAR, 0.35, 0.6), start)
        if bars // 4 <= bar and not last:
            for at, length in BASS_BEATS:
                samples = int(length * BEAT)
                bass = tone(root, samples, (1.0, 0.5, 0.18)) * envelope(samples, 0.012, 0.18)
                place(0.2 * bass, start + int(at * BEAT))
        if bars // 2 <= bar and not last:
            for half_beat, index in enumerate(HIGH_NOTES):
                fall = np.exp(-np.arange(BEAT) / (SAMPLE_RATE * 0.14))
                pluck = tone(chord[index - 1] + 12, BEAT, (1.0, 0.3, 0.1)) * fall
                place(0.1 * pluck * envelope(BEAT, 0.004, 0.05), start + half_beat * BEAT // 2)
    return mix


def write(sound: Sound, file: Path) -> None:
    """Writes FLAC: 16 bit, SAMPLE_RATE, without a date or a program's name in it."""
    pcm = np.round(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    raw = ["-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", "pipe:0"]
    flac = ["-c:a", "flac", "-compression_level", "12", "-threads", "1"]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run(
        [get_ffmpeg_exe(), "-v", "error", "-y", *raw, *flac, *plain, str(file)],
        input=pcm,
        check=True,
    )


def main(bars: str = "16", file: str = "") -> None:
    """Writes the song of so many bars to `file`, or beside this script."""
    write(song(int(bars)), Path(file or Path(__file__).parent / "clicks.flac"))


if __name__ == "__main__":
    main(*sys.argv[1:])
