"""The people of a story as values, and where a sentence names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from studio.engines.breakdown.lexicon import Sort, grammar, is_chinese, talk, verb_forms
from studio.engines.breakdown.names import bare

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
CONTRAST = grammar("mentions_contrast")
_SAYS_WHAT = grammar("mentions_says_what")
_DETERMINERS = grammar("mentions_determiners")
GENERIC = grammar("mentions_generic")
"""Words for somebody known (`the stranger`), or for somebody new (`a stranger`)."""


@dataclass
class Person:
    """Somebody in the story. `sex` is m, f or n; `group` is true for several people as one;
    `age` is in years, 0 where nobody says it; `cued`: a screenplay has lines for them."""

    id: str
    name: str
    short: str
    sex: str = "n"
    sort: Sort = "n"
    role: str | None = None
    noun: str = ""
    group: bool = False
    narrator: bool = False
    count: int = 0
    first: int = 0
    age: int = 0
    cued: bool = False


@dataclass(frozen=True)
class Mention:
    """Where a sentence names somebody: character span, and whether as a new person (`a man`)."""

    person: str
    start: int
    end: int
    new: bool = False


@dataclass
class People:
    """All people by id, and the words that name them."""

    by_id: dict[str, Person]
    names: dict[tuple[str, ...], str]
    roles: dict[str, list[str]]
    _named: set[str] = field(default_factory=set, repr=False)
    _name_heads: set[str] = field(default_factory=set, repr=False)
    _role_heads: set[str] = field(default_factory=set, repr=False)
    _first_marks: set[str] = field(default_factory=set, repr=False)
    _indexed: tuple[int, int] = (0, 0)

    def has_name(self, person: str) -> bool:
        """Whether the story gives somebody a name, not only a role."""
        self._index()
        return person in self._named

    def _index(self) -> None:
        """Note names and roles that came since the last time; none ever goes."""
        names, roles = self._indexed
        if len(self.names) > names:
            for words in islice(reversed(self.names), len(self.names) - names):
                self._named.add(self.names[words])
                self._name_heads.add(words[0])
                self._first_marks.add(words[0][:1])
        if len(self.roles) > roles:
            for noun in islice(reversed(self.roles), len(self.roles) - roles):
                self._role_heads.add(noun.split()[0])
                self._first_marks.add(noun[:1])
        self._indexed = len(self.names), len(self.roles)

    def mentions(self, text: str, predicates: bool = False) -> list[Mention]:
        """Every place where `text` names one of the people, in order.

        `predicates`: also where a role only says what somebody is (`he was a musician`).
        """
        self._index()
        return self._chinese(text) if is_chinese(text) else self._latin(text, predicates)

    def _latin(self, text: str, predicates: bool) -> list[Mention]:
        tokens = list(_TOKEN.finditer(text))
        plain = [bare(token[0]) for token in tokens]
        low = [word.lower() for word in plain]
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            word = plain[at]
            hit = self._name_at(plain, at) if word[:1].isupper() else None
            if hit is None and (at == 0 or low[at] in _DETERMINERS):
                hit = self._role_at(plain, low[at : at + 8], at, text, tokens)
            if hit is None:
                at += 1
                continue
            person, length, new = hit
            start = tokens[at].start()
            said_of = _SAYS_WHAT & set(low[max(0, at - 1) : at])
            if new and said_of and not predicates:
                at += length
                continue
            last = tokens[at + length - 1]
            found.append(Mention(person, start, last.start() + len(bare(last[0])), new))
            at += length
        return found

    def _name_at(self, words: list[str], at: int) -> tuple[str, int, bool] | None:
        if words[at] not in self._name_heads and not _is_title(words[at]):
            return None
        titles = 0
        while at + titles < len(words) and _is_title(words[at + titles]):
            titles += 1
        for skip in dict.fromkeys((titles, 0)):
            for length in range(4, 0, -1):
                key = tuple(words[at + skip : at + skip + length])
                if len(key) == length and key in self.names and key[0][0].isupper():
                    return self.names[key], skip + length, False
        return None

    def _role_at(
        self,
        words: list[str],
        low: list[str],
        at: int,
        text: str,
        tokens: list[re.Match[str]],
    ) -> tuple[str, int, bool] | None:
        """A role that begins at `at`; `low` are the next eight words in lower case."""
        if self._role_heads.isdisjoint(low):
            return None
        if low[0] in _DETERMINERS:
            limit = range(1, len(low))
        elif low[0] in self.roles and at == 0:
            limit = range(1)
        else:
            return None
        for ahead in limit:
            gap = text[tokens[at + ahead - 1].end() : tokens[at + ahead].start()] if ahead else " "
            if ahead and gap.strip() not in ("", ","):
                return None
            if ahead and words[at + ahead][0].isupper() and self._name_at(words, at + ahead):
                return None
            pair = " ".join(low[ahead : ahead + 2])
            noun = pair if pair in self.roles else low[ahead]
            if noun in self.roles and low[
                ahead + len(noun.split()) : ahead + len(noun.split()) + 1
            ] not in (["of"],):
                nouns = len(noun.split())
                following = low[ahead + nouns : ahead + nouns + 1]
                after = " ".join(low[ahead + nouns : ahead + nouns + 2])
                last = tokens[at + ahead + nouns - 1].end()
                following = following if text[last : last + 1] == " " else []
                if (
                    following
                    and ((following and following[0] in self.roles) or after in self.roles)
                    and noun not in GENERIC
                ):
                    continue
                if self._describes(words, at + ahead + nouns, text, tokens):
                    continue
                person = self._role(noun, low[1:ahead])
                return (
                    (person, ahead + nouns, low[0] in ("a", "an", "one", "another"))
                    if person
                    else None
                )
            if low[ahead] in talk("body"):
                return None
            if (
                ahead
                and low[ahead] in talk("stop")
                and low[ahead] not in CONTRAST | {"very", "first", "second", "third", "little"}
            ):
                return None
        return None

    def _describes(
        self, words: list[str], following: int, text: str, tokens: list[re.Match[str]]
    ) -> bool:
        """Whether a role word only describes the noun after it: a criminal agent."""
        if following >= len(words) or not words[following].islower():
            return False
        gap = text[tokens[following - 1].end() : tokens[following].start()]
        word = words[following]
        verb = word in verb_forms() or word.endswith(("ed", "ing", "ly", "s"))
        return (
            gap == " " and not verb and word not in talk("stop") and word not in ("named", "back")
        )

    def _role(self, noun: str, adjectives: list[str]) -> str | None:
        candidates = self.roles[noun]
        for person in candidates:
            told = set(self.by_id[person].id.split("_"))
            if told & set(adjectives) & CONTRAST:
                return person
        if len(candidates) > 1 and set(adjectives) & CONTRAST:
            return candidates[0]
        return candidates[0]

    def _chinese(self, text: str) -> list[Mention]:
        found: list[Mention] = []
        at = 0
        while at < len(text):
            if text[at] not in self._first_marks:
                at += 1
                continue
            for length in range(min(5, len(text) - at), 0, -1):
                piece = text[at : at + length]
                person = self.names.get((piece,)) or next(iter(self.roles.get(piece, ())), None)
                if person and not (length == 1 and not _alone(text, at)):
                    new = text[max(0, at - 6) : at].find("一") >= 0
                    found.append(Mention(person, at, at + length, new))
                    at += length - 1
                    break
            at += 1
        return found


def _is_title(word: str) -> bool:
    return any(word in talk(f"title_{sort}") for sort in "mfn")


def _alone(text: str, at: int) -> bool:
    """A one-character role (王, 狼, 马) counts where no longer word is likely."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not re.match(r"[车上路背王灯]", after or "") and not re.match(
        r"[河斑海木蜗]", before or ""
    )
