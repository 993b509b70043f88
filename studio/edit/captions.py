"""Captions: what is told and said in each shot, as cues in film time, and as SRT text.

A cue is one or two lines of at most 42 columns (21 Chinese characters). The cues of a
shot share its slot in the order narration, dialogue, each in proportion to its text: at
a reading speed of 15 columns a second and at least a second each where the slot is long
enough, shown half as long again where it is longer, and hurried where it is shorter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from studio.edit.cut import Slot, Timeline
from studio.edit.lines import columns, is_wide, wrap
from studio.schema.storyboard import Shot, Storyboard
from studio.schema.time import Rate

COLUMNS = 42
COLUMNS_A_SECOND = 15
LEAST = Fraction(1)
"""Seconds that a cue is shown, if its slot has them."""

PAUSE = 2
"""Frames without caption between two cues, so that the eye sees the change."""

_SENTENCE = re.compile(
    r".+?(?:(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)[.!?…]+[”’\"'»)\]]*(?=\s|$)|[。！？]+[”’」』）]*|$)",
    re.DOTALL,
)
_LONGEST_SHORT_CUE = 12


@dataclass(frozen=True)
class Cue:
    """One caption: shown from frame `start` of the film up to, not including, `end`."""

    start: int
    end: int
    lines: tuple[str, ...]


def cues(timeline: Timeline, storyboard: Storyboard) -> tuple[Cue, ...]:
    """The captions of a film in order; none overlaps another, each lies in its shot's slot."""
    slots = timeline.shots
    return tuple(
        cue
        for _, shot in storyboard.shots()
        if shot.id in slots
        for cue in _in_slot(list(_texts(shot, storyboard)), slots[shot.id], timeline.rate)
    )


def srt(cues: tuple[Cue, ...], rate: Rate) -> str:
    """The captions as an SRT file's text; times are rounded to milliseconds."""

    def time(frame: int) -> str:
        thousandths = int(frame / rate.fps * 1000 + Fraction(1, 2))
        seconds, thousandths = divmod(thousandths, 1000)
        return (
            f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{thousandths:03d}"
        )

    return "\n".join(
        f"{number}\n{time(cue.start)} --> {time(cue.end)}\n" + "\n".join(cue.lines) + "\n"
        for number, cue in enumerate(cues, start=1)
    )


def _texts(shot: Shot, storyboard: Storyboard) -> Iterator[str]:
    """The shot's narration and lines; a speaker is named where the picture does not show who."""
    if shot.narration.strip():
        yield shot.narration
    seen = {presence.who for presence in shot.cast}
    several = len({line.who for line in shot.dialogue}) > 1
    for line in shot.dialogue:
        person = storyboard.cast.get(line.who)
        name = person.name if person else line.who
        if several or line.heard != "on" or (len(seen) > 1) or (seen and line.who not in seen):
            colon = "：" if is_wide(line.line[0]) or is_wide(name[-1]) else ": "
            yield f"{name}{colon}{line.line}"
        else:
            yield line.line


def _split(text: str) -> Iterator[tuple[str, ...]]:
    """A text in cues of two lines: sentence by sentence, short ones together."""
    held = ""
    for sentence in map(str.strip, _SENTENCE.findall(" ".join(text.split()))):
        glue = " " if held and not is_wide(held[-1]) else ""
        if held and len(wrap(held + glue + sentence, COLUMNS, columns)) > 2:
            yield from _pairs(held)
            held = sentence
        else:
            held += glue + sentence
    yield from _pairs(held)


def _pairs(text: str) -> Iterator[tuple[str, ...]]:
    lines = wrap(text, COLUMNS, columns)
    for index in range(0, len(lines), 2):
        yield tuple(lines[index : index + 2])


def _in_slot(texts: list[str], slot: Slot, rate: Rate) -> Iterator[Cue]:
    parts = [lines for text in texts for lines in _split(text)][: slot.frames]
    needs = [
        max(LEAST, Fraction(sum(map(columns, lines)), COLUMNS_A_SECOND)) * rate.fps
        for lines in parts
    ]
    if not needs:
        return
    stretch = min(Fraction(3, 2), slot.frames / sum(needs, Fraction(0)))
    place = Fraction(slot.start)
    for number, (lines, need) in enumerate(zip(parts, needs, strict=True), start=1):
        start, place = int(place), place + need * stretch
        end = int(place)
        pause = PAUSE if number < len(parts) and end - start > _LONGEST_SHORT_CUE else 0
        yield Cue(start, end - pause, lines)
