"""A story in parts that a language model reads one after another, nothing left out.

A part is a run of passages: paragraphs, or sentences where a story has few paragraphs. Knows
no model and no server: tokens are estimated, and rather too many than too few.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.asking import SHOWN
from studio.errors import StudioError

_PARAGRAPH = re.compile(r".+?(?:\n[^\S\n]*\n\s*|\Z)", re.DOTALL)
_SENTENCE = re.compile(r".+?(?:[.!?…]+[\"”’')\]]*(?:\s+|\Z)|[。！？]+[”’」』）]*\s*|\Z)", re.DOTALL)
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|[A-Z]))\.\s*$")
_WORD = re.compile(r".+?(?:\s+|\Z)", re.DOTALL)
_CHAPTER = re.compile(r"^#{1,6}\s")
NUMBER = 7
"""Tokens of a passage's number in brackets."""
LEAST = 500
"""Tokens of a part at least."""


def tokens_in(text: str) -> int:
    """What a small vocabulary needs for a text: two lower-case letters a token, every other mark
    and every byte of another script one. Large vocabularies need about half of it."""
    small = sum(c.isascii() and c.islower() for c in text)
    spaces = text.count(" ")
    ascii_ = sum(map(str.isascii, text))
    others = len(text.encode("utf-8", "replace")) - ascii_
    return math.ceil(0.6 * small + 0.1 * spaces + (ascii_ - small - spaces) + others)


@dataclass(frozen=True)
class Allowance:
    """The tokens of a question: `part` of the story, `known` people and places, `answer`."""

    part: int
    known: int
    answer: int


def allowance(context: int, fixed: int, story: int) -> Allowance:
    """How `context` is shared, `fixed` tokens being a question's own words and `story` the whole
    story's: what a short one leaves is the answer's. There is room for a bad answer that is shown
    again, and what was wrong with it. Raises StudioError where a story cannot be read in so
    little."""
    again = SHOWN * 3 // 5 + 700
    known, answer = context // 16, context * 9 // 40
    summary, frame = 160, 64
    part = context - fixed - again - answer - known - summary - frame
    if part < LEAST:
        least = -(-(fixed + again + summary + frame + LEAST) * 80 // 57 // 1024) * 1024
        raise StudioError(
            f"the writers' room cannot work with a context of {context} tokens",
            f"engines: llm: context: {least} or more, and a model that has it",
        )
    spare = max(0, part - max(LEAST, story))
    return Allowance(part - spare, known, answer + spare)


@dataclass(frozen=True)
class Part:
    """Passages of a story with what divides them; `first` is the number of the first, from 1."""

    passages: tuple[str, ...]
    first: int

    @property
    def last(self) -> int:
        """The number of the last passage."""
        return self.first + len(self.passages) - 1

    @property
    def text(self) -> str:
        """As it stands in the story: the parts joined are the story."""
        return "".join(self.passages)

    def numbered(self) -> str:
        """As it is read: `[12] The boat struck the rocks.`"""
        return "\n".join(f"[{n}] {p.strip()}" for n, p in enumerate(self.passages, self.first))

    def between(self, begins: int, ends: int) -> str:
        """The text of the passages from number `begins` up to before number `ends`."""
        return "".join(self.passages[begins - self.first : ends - self.first]).strip()


def passages_of(text: str, enough: int = 1) -> list[str]:
    """Paragraphs, each with what divides it from the next; sentences where they are not enough."""
    paragraphs = _worded(_PARAGRAPH.findall(text))
    if len(paragraphs) >= enough:
        return paragraphs
    return _worded([piece for paragraph in paragraphs for piece in _sentences(paragraph)])


def parts_of(passages: Sequence[str], room: int, scenes: int = 1, most: int = 1) -> list[Part]:
    """The parts of a story, each within `room` tokens, in its order.

    `scenes` is how many the film has time for, `most` how many one answer holds: parts are
    smaller where a long film is made of a short story. A part ends with a chapter or at a break
    where there is one in its second half, else with a passage.
    """
    passages = [piece for passage in passages for piece in _fitting(passage, room - NUMBER)]
    costs = [tokens_in(passage) + NUMBER for passage in passages]
    if scenes > most:
        room = min(room, max(max(costs), math.ceil(sum(costs) * most / scenes)))
    found: list[Part] = []
    start = 0
    while start < len(passages):
        end, size = start, 0
        while end < len(passages) and size + costs[end] <= room:
            size += costs[end]
            end += 1
        if end < len(passages):
            end = _at_break(passages, start, end)
        found.append(Part(tuple(passages[start:end]), start + 1))
        start = end
    return found


def _at_break(passages: Sequence[str], start: int, end: int) -> int:
    for at in range(end, (start + end) // 2, -1):
        if _CHAPTER.match(passages[at]) or _breaks(passages[at - 1]):
            return at
    return end


def _breaks(passage: str) -> bool:
    """Whether a break such as *** follows a passage."""
    return "\n" in passage.strip() and not re.search(r"\w", passage.strip().rsplit("\n", 1)[1])


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    for piece in _SENTENCE.findall(text):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _worded(pieces: Sequence[str]) -> list[str]:
    """Pieces that all hold a word: those that hold none belong to the one before."""
    found: list[str] = []
    for piece in pieces:
        if found and not (re.search(r"\w", piece) and re.search(r"\w", found[-1])):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _fitting(passage: str, room: int) -> list[str]:
    """A passage that is longer than a part, at its sentences, else at words, else anywhere."""
    if tokens_in(passage) <= room:
        return [passage]
    whole = passage
    for cut in (_sentences(whole), _WORD.findall(whole), list(whole)):
        if all(tokens_in(piece) <= room for piece in cut):
            return _packed(cut, room)
    raise AssertionError("a character is never longer than a part")


def _packed(pieces: Sequence[str], room: int) -> list[str]:
    found = [""]
    for piece in pieces:
        if found[-1] and tokens_in(found[-1] + piece) > room:
            found.append("")
        found[-1] += piece
    return found
