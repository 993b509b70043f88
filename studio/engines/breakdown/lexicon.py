"""The word lists of the folder `words/`, as values.

Each list is a table of `|` separated columns, English and Chinese beside each other;
a line that begins with # says what the columns are. Nothing here knows a story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Sort = Literal["m", "f", "n", "a", "c"]
"""Of a role: man, woman, either, animal, creature or thing."""


@dataclass(frozen=True)
class Entry:
    """One line of a table: its key and the English and Chinese words that name it."""

    key: str
    english: tuple[str, ...]
    chinese: tuple[str, ...]
    rest: tuple[str, ...] = ()


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a comma separated list, without empty ones."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@cache
def rows(table: str) -> tuple[tuple[str, ...], ...]:
    """Every line of words/<table>.txt as its columns."""
    text = files(__package__).joinpath("words", f"{table}.txt").read_text(encoding="utf-8")
    return tuple(
        tuple(cell.strip() for cell in line.split("|"))
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    )


@cache
def entries(table: str) -> dict[str, Entry]:
    """places, roles, props, times, weather and marks, by key."""
    return {
        key: Entry(key, split_list(english), split_list(chinese), tuple(rest))
        for key, english, chinese, *rest in rows(table)
    }


@cache
def talk(sort: str) -> frozenset[str]:
    """One list of words/talk.txt."""
    return frozenset(" ".join(words for key, words in rows("talk") if key == sort).split())


@cache
def grammar(sort: str) -> frozenset[str]:
    """One list of words/grammar.txt."""
    return frozenset(next(words for key, words in rows("grammar") if key == sort).split())


def plural(noun: str) -> str:
    """The regular English plural, and the few irregular ones that stories use."""
    irregular = {"man": "men", "child": "children", "wolf": "wolves", "thief": "thieves"}
    for ending, plural_ending in (*irregular.items(), ("wife", "wives"), ("mouse", "mice")):
        if noun.endswith(ending):
            return noun.removesuffix(ending) + plural_ending
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


class Phrases:
    """Finds the listed words and phrases in English words or in Chinese text, longest first.

    Linear in the length of what is searched: candidates are found by their first word.
    """

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        """`named` gives (phrase, key); the first key given for a phrase holds."""
        self._first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, key in named:
            parts = tuple(phrase) if is_chinese(phrase) else tuple(phrase.lower().split())
            if parts:
                self._first.setdefault(parts[0], []).append((parts, key))
        for found in self._first.values():
            found.sort(key=lambda item: -len(item[0]))

    def at(self, words: list[str], place: int) -> tuple[str, int] | None:
        """Key and length in words of the longest phrase that begins at `place`, if any.

        `words` are lower-case words, or the characters of a Chinese text.
        """
        for parts, key in self._first.get(words[place], ()):
            if tuple(words[place : place + len(parts)]) == parts:
                return key, len(parts)
        return None

    def all(self, words: list[str]) -> list[tuple[str, int, int]]:
        """Every phrase that does not overlap an earlier one: key, first and last+1 word."""
        found, place = [], 0
        while place < len(words):
            if words[place] not in self._first:
                place += 1
                continue
            hit = self.at(words, place)
            if hit:
                found.append((hit[0], place, place + hit[1]))
            place += hit[1] if hit else 1
        return found


_CHINESE = re.compile("[一-鿿]")


def is_chinese(text: str) -> bool:
    """Whether `text` holds a Chinese character."""
    return _CHINESE.search(text) is not None


@cache
def phrases(table: str) -> Phrases:
    """The words of a whole table, with regular English plurals for places and props."""
    named: list[tuple[str, str]] = []
    for entry in entries(table).values():
        named += [(word, entry.key) for word in (*entry.english, *entry.chinese)]
        if table in ("props",):
            named += [(plural(word), entry.key) for word in entry.english]
    return Phrases(named)


@cache
def marked(sort: str) -> Phrases:
    """The words of one line of words/marks.txt."""
    entry = entries("marks")[sort]
    return Phrases((word, sort) for word in (*entry.english, *entry.chinese))


@dataclass(frozen=True)
class Verb:
    """A verb that can be seen: its base form and what it tells a director."""

    base: str
    tags: frozenset[str]


@dataclass(frozen=True)
class VerbForm:
    """A form of a verb as it stands in a text: base, past or -ing."""

    verb: Verb
    form: Literal["base", "third", "past", "participle", "ing"]


def third_person(base: str) -> str:
    """go -> goes, carry -> carries, have -> has."""
    if base in ("be", "have"):
        return {"be": "is", "have": "has"}[base]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def _stems(base: str) -> tuple[str, str]:
    """The stems before -ed and -ing: stop -> (stopp, stopp), dance -> (danc, danc)."""
    vowels = "aeiou"
    if base.endswith("ie"):
        return base[:-1] + "", base[:-2] + "y"
    if base.endswith("e") and not base.endswith("ee"):
        return base[:-1], base[:-1]
    if base.endswith("y") and base[-2:-1] not in vowels:
        return base[:-1] + "i", base
    short = sum(1 for letter in base if letter in vowels) == 1 or base in ("begin", "commit")
    if (
        short
        and len(base) > 2
        and base[-1] not in "wxy" + vowels
        and base[-2] in vowels
        and base[-3] not in vowels
    ):
        return base + base[-1], base + base[-1]
    return base, base


@cache
def verb_forms() -> dict[str, VerbForm]:
    """Every form of every listed verb. An -ed form is given as past."""
    found: dict[str, VerbForm] = {}
    for base, irregular, _, *tags in (*rows("verbs"), *((*row, "") for row in rows("past"))):
        verb = Verb(base, frozenset(" ".join(tags).split()))
        ed, ing = _stems(base)
        past, *participle = irregular.split() or [ed + "ed"]
        for form, kind in (
            (base, "base"),
            (third_person(base), "third"),
            (past, "past"),
            (ing + "ing", "ing"),
            *((word, "participle") for word in participle),
        ):
            if form not in found or (kind == "past" and found[form].form != "past"):
                found[form] = VerbForm(verb, kind)  # type: ignore[arg-type]
    return found


@cache
def chinese_verbs() -> Phrases:
    """Chinese verbs, keyed by the English base form."""
    return Phrases(
        (word, base) for base, _, chinese, *_ in rows("verbs") for word in split_list(chinese)
    )


@cache
def verbs() -> dict[str, Verb]:
    """The listed verbs by base form."""
    return {form.verb.base: form.verb for form in verb_forms().values()}
