"""What is said in a scene: a script's lines, which are spoken as they stand, and lines that are
quoted from prose. It knows words, neither shots nor time on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from studio.schema.story import Beat
from studio.schema.storyboard import Heard, Person

WORDS_A_SECOND = Fraction(13, 5)
SIGNS_A_SECOND = Fraction(4)
"""Chinese, Japanese and Korean signs."""
BREATH = Fraction(7)
"""Seconds of speech at most in one piece of a long speech: a shot holds it."""

_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARK = re.compile('["“”„«»「」『』]')
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_PIECES = (
    re.compile(r".+?(?:[.!?…。！？]+[\"'”’」』)]*\s*|$)", re.DOTALL),
    re.compile(r".+?(?:[,;:—–，；：、]+\s*|$)", re.DOTALL),
    re.compile(
        r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\s\u3040-\u30ff\u3400-\u9fff]+\s*|\s+"
    ),
)
"""Sentences, then clauses, then words: where a speech may be taken apart."""


@dataclass(frozen=True)
class Cue:
    """A line of the script, or a part of a long one that one shot can hold."""

    who: str
    """An id of the cast; empty: a voice over of nobody in the cast, which is narration."""
    text: str
    beat: int
    """Which of the scene's beats it is of."""
    how: str = ""
    heard: Heard = "on"


def spoken_seconds(text: str) -> Fraction:
    """How long a text takes to speak, estimated."""
    signs = len(_SIGN.findall(text))
    words = len(_WORD.findall(_SIGN.sub(" ", text)))
    return words / WORDS_A_SECOND + signs / SIGNS_A_SECOND


def cues(beats: Sequence[Beat], cast: Mapping[str, Person]) -> list[Cue]:
    """A scene's lines in order, without those that nobody in the cast can speak."""
    spoken = []
    for at, beat in enumerate(beats):
        if beat.kind == "dialogue" and beat.text.strip():
            who = speaker(beat.who, cast)
            if who or beat.heard == "vo":
                pieces = _in_breaths(beat.text)
                spoken += [Cue(who, piece, at, beat.how, beat.heard) for piece in pieces]
    return spoken


def speaker(name: str, cast: Mapping[str, Person]) -> str:
    """The id behind a cue: its own name, or the only one that shares it (MARA: Mara Quill). Empty
    where there is none."""
    wanted = _words(name)
    for who, person in cast.items():
        if name == who or wanted in (_words(person.name), _words(who)):
            return who
    like = [
        who
        for who, person in cast.items()
        if wanted and (wanted <= _words(person.name) or _words(person.name) <= wanted)
    ]
    return like[0] if len(like) == 1 else ""


def is_quoted(line: str, text: str) -> bool:
    """Whether a line's clauses stand in the text, in their order: “Tell them,” said Mara, “I read
    it” may be spoken as one line, with a comma or without."""
    clauses = [bare for part in re.split(r"[^\w\s'’-]+", line) if (bare := _bare(part))]
    between_marks = ["".join(_MARK.split(paragraph)[1::2]) for paragraph in text.splitlines()]
    return bool(clauses) and any(
        _in_order(clauses, _bare(story)) for story in (text, "\n".join(between_marks))
    )


def _in_order(clauses: Sequence[str], story: str) -> bool:
    place = 0
    for clause in clauses:
        found = story.find(clause, place)
        if found < 0:
            return False
        place = found + len(clause)
    return True


def kept(script: Sequence[Cue], wanted: Sequence[int], seconds: Fraction) -> list[int]:
    """The numbers (1 is the first) of the lines that a scene has time for: all where they fit,
    else those that are wanted, else the first, as long as they fit."""

    def length(number: int) -> Fraction:
        return spoken_seconds(script[number - 1].text)

    every = range(1, len(script) + 1)
    if sum(map(length, every)) <= seconds:
        return list(every)
    chosen, now = [], Fraction(0)
    for number in sorted(set(wanted)) or every:
        if now + length(number) <= seconds:
            chosen.append(number)
            now += length(number)
    return chosen


def placed(numbers: Sequence[int], shots: Sequence[Sequence[int]]) -> dict[int, int]:
    """The shot (0 is the first) in which each line is spoken: where `shots` have its number, as
    far as the numbers rise; the others evenly between their neighbours."""
    at: dict[int, int] = {}
    for shot, spoken in enumerate(shots):
        for number in spoken:
            if number in numbers and number > max(at, default=0):
                at[number] = shot
    fixed = [(0, 0), *at.items(), (max(numbers, default=0) + 1, len(shots) - 1)]
    for (before, low), (after, high) in pairwise(fixed):
        between = [number for number in numbers if before < number < after]
        for count, number in enumerate(between):
            at[number] = low + count * (high - low + 1) // len(between)
    return at


def spread(script: Sequence[Cue], numbers: Sequence[int], shots: int) -> dict[int, int]:
    """The shot in which each line is spoken where they are spread evenly in time."""
    lengths = {number: spoken_seconds(script[number - 1].text) for number in numbers}
    whole = sum(lengths.values()) or Fraction(1)
    at, now = {}, Fraction(0)
    for number, length in lengths.items():
        at[number] = min(shots - 1, int((now + length / 2) / whole * shots))
        now += length
    return at


def _in_breaths(text: str, level: int = 0) -> list[str]:
    """A speech in pieces of a breath, which together are the whole of it."""
    text = " ".join(text.split())
    if spoken_seconds(text) <= BREATH or level == len(_PIECES):
        return [text]
    pieces: list[str] = []
    for part in _PIECES[level].findall(text):
        if pieces and spoken_seconds(pieces[-1] + part) <= BREATH:
            pieces[-1] += part
        else:
            pieces.append(part)
    return [small for piece in pieces for small in _in_breaths(piece, level + 1) if small]


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name.casefold()))


def _bare(text: str) -> str:
    """Letters and figures alone: quotation marks, case and line breaks do not count."""
    return re.sub(r"[\W_]+", "", text.casefold())
