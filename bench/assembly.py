"""Putting a film together, against moviepy's own concatenation with cross-fades: CPU seconds of
the rebuild after one shot changed, and peak memory however long the film is.

20 clips of 640x360 in motion, 3 s each, 24 frames a second, joined by dissolves of 0.5 s; for
the long film the same clips fill 300 shots, each of which is encoded for itself. Both write
x264 `veryfast` at the same quality, with the same two threads. Each work is a process of its
own, its start included. moviepy makes the whole film anew, since it keeps nothing of the last.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from fractions import Fraction
from pathlib import Path

from figures import Figure, tell
from measured import Cost, measure

SHOTS, MANY = 20, 300
SIZE, RATE, SLOT, HANDLE, DISSOLVE = (640, 360), 24, 2, 0.5, 0.5
SOURCES = (
    "testsrc2=size=640x360:rate=24,hue=h={hue}",
    "testsrc2=size=640x360:rate=24,scroll=h=0.01:v=0.004,hue=h={hue}",
    "cellauto=size=640x360:rate=24:seed={hue}:scroll=1,gblur=2",
    "gradients=size=640x360:rate=24:speed=0.05:seed={hue}",
)
CHANGED = 7
TIMES, MB, GROWTH = 8, 400, 1.3


def main() -> int:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(SHOTS):
            draw(folder, number, hue=number * 17)
        first = work("storyreel", folder, SHOTS)
        draw(folder, CHANGED, hue=359)
        rebuilt = work("storyreel", folder, SHOTS)
        moviepy = work("moviepy", folder, SHOTS)
        many = work("storyreel", folder, MANY)
    share = f"{rebuilt.cpu:.1f} CPU-s against {moviepy.cpu:.0f}"
    return tell(
        [
            Figure(f"{SHOTS} clips, put together at first", first.cpu, "CPU-s"),
            Figure(f"{SHOTS} clips, by moviepy: memory", moviepy.peak_mb, "MB"),
            Figure(f"{SHOTS} clips: memory", first.peak_mb, "MB", MB),
            Figure(f"{MANY} clips: memory", many.peak_mb, "MB", MB, note=f"{many.cpu:.0f} CPU-s"),
            Figure("memory, long film by short", many.peak_mb / first.peak_mb, "times", GROWTH),
            Figure(
                "rebuilding after one changed shot, moviepy by ours",
                *(moviepy.cpu / rebuilt.cpu, "times", TIMES),
                at_least=True,
                note=share,
            ),
        ]
    )


def draw(folder: Path, number: int, hue: int) -> None:
    """Make one clip, under its number; another hue makes it another one."""
    from studio import ffmpeg
    from studio.ffmpeg import TAKE, TO_YUV, encoder

    source = SOURCES[number % len(SOURCES)].format(hue=hue)
    moving = ["-f", "lavfi", "-i", source, "-t", str(SLOT + 2 * HANDLE), "-vf", TO_YUV]
    encoded = encoder(Fraction(RATE), TAKE)
    ffmpeg.run([*moving, *encoded, "-y", str(clip(folder, number))], "drawing a clip")


def clip(folder: Path, number: int) -> Path:
    """The file that a shot's clip is in."""
    return folder / f"clip_{number % SHOTS}.mp4"


def work(by: str, folder: Path, shots: int) -> Cost:
    """What it costs to put a film together, in a process of its own."""
    return measure([sys.executable, __file__, by, str(folder), str(shots)])


def by_storyreel(folder: Path, shots: int) -> None:
    """The program's own assembly, which keeps segments in the folder."""
    from studio.edit.cut import lay_out
    from studio.edit.film import assemble
    from studio.edit.media import Media
    from studio.fingerprint import file_hash
    from studio.schema.film import Film
    from studio.schema.storyboard import Storyboard

    film = Film.model_validate(
        {
            "schema": "film/1",
            "title": "Assembly",
            "frame": f"{SIZE[0]}x{SIZE[1]}",
            "rate": RATE,
            "cards": False,
        }
    )
    told = [
        {
            "id": f"sc010_sh{number:04d}",
            "duration": f"{SLOT}s",
            "transition": f"dissolve {DISSOLVE}s" if number else "cut",
        }
        for number in range(shots)
    ]
    scene = {"id": "sc010", "heading": "INT. BENCH - DAY", "place": "bench", "shots": told}
    storyboard = Storyboard.model_validate(
        {"schema": "storyboard/1", "places": {"bench": {"name": "Bench"}}, "scenes": [scene]}
    )
    timeline = lay_out(film, storyboard)
    hashes = [file_hash(clip(folder, number)) for number in range(SHOTS)]
    media = {
        shot: Media(clip(folder, n), f"{hashes[n % SHOTS]} {n // SHOTS}", "clip", slot.clip_frames)
        for n, (shot, slot) in enumerate(timeline.shots.items())
    }
    assemble(
        *(timeline, media, film, storyboard),
        title_lines=(),
        end_lines=(),
        folder=folder / f"segments_{shots}",
        out=folder / f"storyreel_{shots}.mp4",
        fingerprint="bench",
        on_event=lambda event: None,  # noqa: ARG005 - a listener that does not listen
        cancel=threading.Event(),
    )


def by_moviepy(folder: Path, shots: int) -> None:
    """The same film as moviepy's documentation makes it."""
    from moviepy import VideoFileClip, concatenate_videoclips
    from moviepy.video.fx import CrossFadeIn

    half = DISSOLVE / 2
    clips = [VideoFileClip(str(clip(folder, number)), audio=False) for number in range(shots)]
    shown = [each.subclipped(HANDLE - half, HANDLE + SLOT + half) for each in clips]
    faded = [each.with_effects([CrossFadeIn(DISSOLVE)]) for each in shown]
    whole = concatenate_videoclips([shown[0], *faded[1:]], padding=-DISSOLVE, method="compose")
    whole.write_videofile(
        str(folder / "moviepy.mp4"),
        fps=RATE,
        codec="libx264",
        preset="veryfast",
        ffmpeg_params=["-crf", "18"],
        threads=2,
        audio=False,
        logger=None,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["storyreel"]:
        by_storyreel(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["moviepy"]:
        by_moviepy(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
