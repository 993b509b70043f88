"""Which parts of a paragraph are spoken: English, French, German and Chinese quotation marks.

A paragraph is cut into spans of narration and speech. Marks inside a speech are kept for
the speech itself to be cut again: somebody tells what others said. A quote left open
runs to the end of its paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from studio.engines.breakdown.lexicon import talk

_PAIRS = {
    "“": "”",
    "「": "」",
    "『": "』",
    "«": "»",
    "„": "“",
    "»": "«",
    "‚": "‘",
    "‹": "›",
    "”": "”",
    "〝": "〞",
}
_DASH = re.compile(r"^\s*(?:—|–|―|--)\s*(?=\S)")
_ENDS_SPEECH = ',.!?…—–;:”"'
_SHORTENED_WORD = re.compile(r"‘(?:tis|twas|em|cause)\b")
_NOT_SPACE = re.compile(r"\S")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Span:
    """Part of a paragraph; `open` where its quote did not close in this paragraph."""

    text: str
    spoken: bool
    open: bool = False


def spans(paragraph: str) -> list[Span]:
    """The paragraph's parts in order; parts without a word are left out."""
    dashed = _dashed(paragraph)
    if dashed:
        return dashed
    found: list[Span] = []
    start = place = 0
    while place < len(paragraph):
        end = _closing(paragraph, place)
        if end is None:
            place += 1
            continue
        if _is_named_only(paragraph, place, end):
            place = end + 1
            continue
        found.append(Span(paragraph[start:place], spoken=False))
        found.append(Span(paragraph[place + 1 : end], True, open=end >= len(paragraph)))
        start = place = end + 1
    found.append(Span(paragraph[start:], spoken=False))
    found = [part for span in found for part in _french(span)]
    return [
        Span(span.text.strip(), span.spoken, span.open)
        for span in found
        if re.search(r"\w", span.text)
    ]


def _closing(text: str, place: int) -> int | None:
    """Where the quote that opens at `place` ends; None where none opens there."""
    mark = text[place]
    before = text[place - 1] if place else " "
    if mark == '"':
        end = text.find('"', place + 1)
        return end if end >= 0 else len(text)
    if mark in "'‘":
        after = text[place + 1 : place + 2]
        if before.isalnum() or not after.strip() or not (after.isalpha() or after in '“"…—'):
            return None
        return _single(text, place, mark)
    if mark not in _PAIRS or (mark in "”" and not before.isspace()):
        return None
    if mark == "»" and not (before.isspace() or before in "—–("):
        return None
    close, depth = _PAIRS[mark], 0
    for at in range(place + 1, len(text)):
        if text[at] == close:
            if depth == 0:
                return at
            depth -= 1
        elif text[at] == mark and mark != close:
            depth += 1
    return len(text)


def _is_named_only(text: str, place: int, end: int) -> bool:
    """A sign, title or word in quotes inside a sentence: not somebody's speech."""
    inside = text[place + 1 : end]
    if end >= len(text) or not inside or inside.rstrip()[-1:] in ",.!?…—，。！？":
        return False
    last = place - 1
    while last >= 0 and text[last].isspace():
        last -= 1
    before = text[last] if last >= 0 else ""
    if not before.isalnum() or len(inside) > 40 or before in "说道问答喊叫":
        return False
    following = _NOT_SPACE.search(text, end + 1)
    after = following.start() if following else len(text)
    word = _LETTERS.match(text, after)
    says = talk("say") | talk("say_fr") | talk("say_de")
    return text[after : after + 1] not in "," and not (word and word[0].lower() in says)


def _single(text: str, place: int, mark: str) -> int | None:
    """The end of a ‘single’ quote: not an apostrophe. None where it is one (’twas, ’em)."""
    close = "'" if mark == "'" else "’"
    near = place + 60 if mark == "‘" else place
    at = text.find(close, place + 1, near)
    while at >= 0:
        if not text[at + 1 : at + 2].isalnum() and text[at - 1] != "s":
            return at
        at = text.find(close, at + 1, near)
    sure = _sure_ends(text, close)
    next_one = bisect_left(sure, place + 1)
    if next_one < len(sure):
        return sure[next_one]
    return None if mark == "'" or _SHORTENED_WORD.match(text, place) else len(text)


@lru_cache(maxsize=1)
def _sure_ends(text: str, close: str) -> list[int]:
    """Where the mark stands after punctuation and before no letter: it closes a quote."""
    return [
        found.start()
        for found in re.finditer(f"(?<=[{_ENDS_SPEECH}]){close}", text)
        if not text[found.end() : found.end() + 1].isalnum()
    ]


def _french(span: Span) -> list[Span]:
    """A French quote may name its speaker (« Oui, dit Jean. Viens ! »); dashes change turns."""
    if span.open:
        return _left_open(span)
    if not span.spoken:
        return (
            (_dashed(span.text) or [span])
            if _DASH.match(span.text) and not span.text[1:2].isalpha()
            else [span]
        )
    tag = re.search(
        rf",\s+({_SAID_FR}(?:-(?:t-)?(?:il|elle|je))?\b[^.,!?»]{{0,40}})[.,]", span.text
    )
    if tag is None:
        return [span]
    before, after = (
        Span(span.text[: tag.start() + 1], True),
        Span(span.text[tag.end() :], True, span.open),
    )
    return [before, Span(tag[1] + tag[0][-1], spoken=False), after]


def _left_open(span: Span) -> list[Span]:
    """A quote that was never closed ends where the text says who spoke: “Come here, said Tom. …"""
    tag = re.search(
        r"[,!?]\s+(?=(?:said|asked|cried|replied|answered|whispered|shouted)\s+[A-Z])", span.text
    )
    if tag is None or re.search("[‘'“”]", span.text[: tag.start()].replace("n't", "")):
        return [span]
    return [Span(span.text[: tag.start() + 1], True), Span(span.text[tag.end() :], spoken=False)]


_SAID_FR = (
    r"(?:dit|demanda|répondit|cria|murmura|répliqua|ajouta|souffla|déclara|fit|reprit|lança"
    r"|soupira)"
)


def _dashed(paragraph: str) -> list[Span] | None:
    """— Bonjour, dit-il. — Entrez: speech that a dash opens."""
    opened = _DASH.match(paragraph)
    if not opened:
        return None
    body = paragraph[opened.end() :]
    found: list[Span] = []
    for number, part in enumerate(re.split(r"\s+(?:—|–|―|--)\s*", body)):
        tag = re.search(
            rf"(?<=[,!?…])\s+(?={_SAID_FR}\b|(?:said|asked|cried|replied|whispered|dijo|preguntó)\b)",
            part,
        )
        if tag:
            found.append(Span(part[: tag.start()], spoken=True))
            found.append(Span(part[tag.end() :], spoken=False))
        else:
            spoken = number % 2 == 0 or (found and not found[-1].spoken)
            found.append(Span(part, spoken=bool(spoken)))
    return [span for span in found if re.search(r"\w", span.text)]
