"""What is said of somebody, asked for: which words, which templates, which colours; and
choices that belong to the person where nothing is said.

Knows words and templates' names, not what they look like.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from studio.engines.sketch.library import mention, split_words
from studio.engines.sketch.parts import Template, parts

_PHRASES = re.compile(r"[,;.，；。、]|\b(?:and|with|in an?|over an?)\b|和")


class Description:
    """A person's id, name, looks (the cast sheet) and clothes of the shot (`wears`)."""

    def __init__(self, who: str, name: str, looks: str, wears: str) -> None:
        self._who = who
        self.name = name
        self.looks = looks
        self.wears = wears
        self.all = f"{name}; {looks}; {wears}"
        self.chinese = bool(re.search(r"[一-鿿]", self.all))

    def says(self, words: Sequence[str], text: str | None = None) -> bool:
        """Whether one of the words is in the text (without one: in all that is said)."""
        return mention(words, self.all if text is None else text) is not None

    def choose(self, what: str, count: int) -> int:
        """A number below `count` that belongs to this person and to what is chosen."""
        digest = hashlib.sha256(f"{self._who}/{what}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % count

    def pick(self, what: str, among: Sequence[str]) -> str:
        """One of several that belongs to this person and to what is chosen."""
        return among[self.choose(what, len(among))]

    def part(self, kind: str) -> str:
        """The template of a kind that is worn: named by the shot's clothes, else by the
        looks, else what people of that trade wear; empty where nothing is said."""
        for text, key in (
            (self.wears, "words"),
            (self.looks, "words"),
            (f"{self.name}; {self.looks}", "who"),
        ):
            if found := named_part(kind, text, key):
                return found
        return ""

    def colour(
        self, table: Mapping[str, tuple[str, ...]], nouns: Sequence[str], *texts: str
    ) -> str | None:
        """The colour that stands nearest before one of the nouns, in its phrase, in the
        first of the texts that tells one."""
        for text in texts:
            for phrase in _PHRASES.split(text.lower()):
                noun = mention(nouns, phrase)
                if noun is None:
                    continue
                told = [
                    (at <= noun, at + len(word), len(word), colour)
                    for colour, words in table.items()
                    for word in words
                    if (at := mention((word,), phrase)) is not None
                ]
                if told:
                    return max(told)[3]
        return None


def named_part(kind: str, text: str, key: str = "words") -> str:
    """The template of a kind that has the longest of its words in the text; empty without.

    `key` is the attribute that holds the words: `words`, or `who` for those of trades.
    """
    found = [
        (len(word), -at, part.name)
        for part in parts("figures").values()
        if part.kind == kind
        for word in _words(part, key)
        if (at := mention((word,), text)) is not None
    ]
    return max(found)[2] if found else ""


def _words(part: Template, key: str) -> tuple[str, ...]:
    return part.words if key == "words" else split_words(part.data.get(key, ""))
