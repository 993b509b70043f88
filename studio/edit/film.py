"""The film as a file: segments joined by stream copy, with sound, captions, chapters, tags.

An mp4 that plays while it loads (faststart): H.264 yuv420p bt709, the song as it is or
silence in AAC, one chapter a scene, captions as a track that players can switch off, and
tags that say the title, what made the film, and the fingerprint of what it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from studio import ffmpeg
from studio.edit import captions, segments, sound
from studio.edit.captions import Cue
from studio.edit.cut import Timeline
from studio.edit.media import Media
from studio.edit.parts import parts_of
from studio.edit.segments import Cancel
from studio.edit.stamp import stamp
from studio.errors import RenderFailed
from studio.events import Listener, StepProgress, StepStarted
from studio.ffmpeg import FILM, Encoding
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard

_LANGUAGES = {
    "ar": "ara",
    "cs": "ces",
    "da": "dan",
    "de": "deu",
    "el": "ell",
    "en": "eng",
    "es": "spa",
    "fa": "fas",
    "fi": "fin",
    "fr": "fra",
    "he": "heb",
    "hi": "hin",
    "hu": "hun",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "nl": "nld",
    "no": "nor",
    "pl": "pol",
    "pt": "por",
    "ro": "ron",
    "ru": "rus",
    "sv": "swe",
    "th": "tha",
    "tr": "tur",
    "uk": "ukr",
    "vi": "vie",
    "zh": "zho",
}
"""The three-letter codes of ISO 639-2 that mp4 wants; other languages are `und`."""


@dataclass(frozen=True)
class Assembled:
    """What came of it: frames and length of the film, segments encoded now and taken as they
    were, the characters that no font draws, the captions as SRT text, and what is to be said
    of a song that could not be copied (empty where it was)."""

    frames: int
    seconds: Fraction
    encoded: int
    reused: int
    missing: tuple[str, ...]
    srt: str
    note: str = ""


def assemble(
    timeline: Timeline,
    media: Mapping[str, Media],
    film: Film,
    storyboard: Storyboard,
    *,
    title_lines: Sequence[str],
    end_lines: Sequence[str],
    folder: Path,
    out: Path,
    fingerprint: str,
    on_event: Listener,
    cancel: Cancel,
    song: Path | None = None,
    strip: bool = False,
    step: str = "film",
    encoding: Encoding = FILM,
) -> Assembled:
    """Puts the film together and writes it to `out`, atomically.

    `media` holds what is shown of each shot, by its id; `title_lines` stand below the
    title on the title card, `end_lines` on the end card and, joined, in the comment tag;
    `folder` keeps the segments. With `strip` the reel's strip lies below the picture.
    Reports the step's progress in frames. Raises RenderFailed, naming the shot where there
    is one, and Interrupted after `cancel`.
    """
    on_event(StepStarted(step))
    parts = parts_of(timeline, media, film, storyboard, title_lines, end_lines, strip)
    heard = sound.track(timeline, song, 1)
    made = segments.encode(
        *(parts.segments, parts.look, encoding, folder, cancel),
        lambda done: on_event(StepProgress(step, None, done, timeline.frames)),
    )
    tags = {
        "title": film.title,
        "comment": ". ".join(end_lines),
        "encoding_tool": stamp(fingerprint),
    }
    soft = parts.cues if film.captions == "soft" else ()
    _join(made.paths, timeline, storyboard, film, soft, tags, heard, folder, out)
    return Assembled(
        timeline.frames,
        timeline.seconds,
        made.encoded,
        len(parts.segments) - made.encoded,
        parts.look.book.missing,
        captions.srt(parts.cues, film.rate),
        heard.note,
    )


def _join(
    paths: Sequence[Path],
    timeline: Timeline,
    storyboard: Storyboard,
    film: Film,
    cues: tuple[Cue, ...],
    tags: Mapping[str, str],
    heard: sound.Track,
    folder: Path,
    out: Path,
) -> None:
    """Joins the segments by stream copy and adds all that is not picture, in one pass; the
    sound is the second input."""
    listing, about = folder / f"{out.name}.ffconcat", folder / f"{out.name}.ffmeta"
    subtitles, part = folder / f"{out.name}.srt", out.with_name(f"{out.name}.part")
    listing.write_text(
        "ffconcat version 1.0\n" + "".join(f"file '{_quoted(path)}'\n" for path in paths), "utf-8"
    )
    about.write_text(_tags(tags) + _chapters(timeline, storyboard), "utf-8")
    subtitles.write_text(captions.srt(cues, film.rate), "utf-8")
    language = _LANGUAGES.get(film.language.split("-")[0].lower(), "und")
    track = ["-map", "3:s:0", "-c:s", "mov_text", "-disposition:s:0", "default"]
    try:
        ffmpeg.run(
            [
                *("-f", "concat", "-safe", "0", "-i", f"file:{listing}"),
                *heard.inputs,
                *("-f", "ffmetadata", "-i", f"file:{about}"),
                *(["-f", "srt", "-i", f"file:{subtitles}"] if cues else []),
                *("-map", "0:v:0", "-c:v", "copy"),
                *heard.outputs,
                *([*track, "-metadata:s:s:0", f"language={language}"] if cues else []),
                *("-map_metadata", "2", "-map_chapters", "2", "-fflags", "+bitexact"),
                *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{part}"),
            ],
            f"joining {out.name}",
        )
        frames = ffmpeg.probe(part).frames
        if frames != timeline.frames:
            raise RenderFailed(
                f"joining {out.name}: it has {frames} frames, not {timeline.frames}",
                f"delete {folder}, which loses nothing, and make the film again",
            )
        part.replace(out)
    finally:
        for path in (listing, about, subtitles, part):
            path.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    """A segment's whole address for the list: a name alone is looked for beside the list, whose
    own address ffmpeg ends at a # or ? in a folder's name."""
    return f"file:{path}".replace("'", "'\\''")


def _tags(tags: Mapping[str, str]) -> str:
    lines = [f"{name}={_escaped(value)}\n" for name, value in tags.items()]
    return ";FFMETADATA1\n" + "".join(lines)


def _chapters(timeline: Timeline, storyboard: Storyboard) -> str:
    """A chapter a scene; the first begins with the film, the last ends with it."""
    headings = {scene.id: scene.heading for scene in storyboard.scenes}
    starts: dict[str, int] = {}
    for slot in timeline.slots:
        if slot.kind == "shot":
            starts.setdefault(slot.scene, slot.start if starts else 0)
    ends = [*list(starts.values())[1:], timeline.frames]
    base = 1 / timeline.rate.fps
    return "".join(
        f"[CHAPTER]\nTIMEBASE={base.numerator}/{base.denominator}\nSTART={start}\nEND={end}\n"
        f"title={_escaped(headings[scene])}\n"
        for (scene, start), end in zip(starts.items(), ends, strict=True)
    )


def _escaped(text: str) -> str:
    return re.sub(r"([=;#\\\n])", r"\\\1", text)
