"""Cast and place sheets as they become known: who is who, ids that a storyboard takes, and whether
looks can be painted; and a treatment, which holds them with the scenes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from agents.bible import ScenePlan, Untold
from agents.reading.letters import is_latin
from agents.reading.parts import tokens_in
from agents.wording.english import foreign
from studio.schema.check import PROMPT_WORDS

ROLE = "screenwriter"

_ARTICLES = frozenset(["a", "an", "the"])
_TITLES = frozenset(["mr", "dr", "sir"])
"""Titles without which a name means the same person: Mrs. Bennet is not Mr. Bennet, Bennet is."""
_UNSEEN = re.compile(
    r"\b(?:unknown|unspecified|undescribed|n/a|"
    r"not (?:described|specified|mentioned|stated|given|known)|no description)\b",
    re.IGNORECASE,
)
_MARKS = frozenset(" ,.;:!?'\"’‘“”()-–—/&%°+")


@dataclass(frozen=True)
class Sheet:
    """A person or a place: the name as the story writes it, and looks in English."""

    name: str
    looks: str


@dataclass(frozen=True)
class Treatment:
    """A story as scenes whose ids, seconds and `told` are still open, and who and where is in
    them; `voices` are the ids of those who are only heard somewhere."""

    parts: tuple[ScenePlan | Untold, ...]
    people: Mapping[str, Sheet]
    places: Mapping[str, Sheet]
    voices: frozenset[str] = frozenset()


class Roster:
    """People, or places, by id, in the order in which they became known."""

    def __init__(self, kind: str) -> None:
        """`kind` is the id of those whose names have no Latin letters: person1, person2."""
        self.sheets: dict[str, Sheet] = {}
        self._kind = kind
        self._ids: dict[str, str] = {}

    def add(self, name: str, looks: str, beside: str = "") -> str:
        """The id of somebody or something of this name, new or known; the first looks stand.
        `beside` tells things of one name apart: the inside of a house from its outside."""
        same = f"{_folded(name)}\n{beside}"
        if same not in self._ids:
            id_ = self._free(slug(name) or f"{self._kind}1", beside.lower())
            self._ids[same] = id_
            self.sheets[id_] = Sheet(name, looks)
        if not self.sheets[self._ids[same]].looks:
            self.describe(self._ids[same], looks)
        return self._ids[same]

    def describe(self, id_: str, looks: str) -> None:
        """Say what somebody or something looks like."""
        self.sheets[id_] = Sheet(self.sheets[id_].name, looks)

    def _free(self, wanted: str, beside: str) -> str:
        taken = {*self.sheets, *PROMPT_WORDS}
        stem = re.sub(r"\d+$", "", wanted)[:36] or self._kind
        numbered = (f"{stem}{n}" for n in range(2, len(taken) + 3))
        choices = [wanted, *([f"{wanted[:34]}_{slug(beside)}"] if beside else []), *numbered]
        return next(id_ for id_ in choices if id_ not in taken)


def slug(text: str) -> str:
    """A name as an id: lower-case ascii words joined by `_`; empty where it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = list(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return re.sub(r"^[0-9_]+", "", "_".join(words))[:40].rstrip("_")


def _folded(name: str) -> str:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    return " ".join([word for word in words if word not in _ARTICLES | _TITLES] or words)


def told_of(sheets: Mapping[str, Sheet], room: int, text: str) -> dict[str, str]:
    """A line for each, within `room` tokens together: without looks where there are many, and
    where there are too many, without those that `text` does not name, the last known first."""
    lines = {id_: f"- {id_}: {sheet.name}. {sheet.looks}" for id_, sheet in sheets.items()}
    if sum(map(tokens_in, lines.values())) > room:
        lines = {id_: f"- {id_}: {sheet.name}" for id_, sheet in sheets.items()}
    needed = sorted(lines, key=lambda id_: not is_named(sheets[id_].name, text))
    while lines and sum(map(tokens_in, lines.values())) > room:
        del lines[needed.pop()]
    return lines


def is_named(name: str, text: str) -> bool:
    """Whether a text has a name, or the last word of it: Wilson is Mr. Jabez Wilson."""
    words = _folded(name).split()
    if not words:
        return False
    told = text.casefold()
    if not all(word.isascii() for word in words):
        return name.casefold() in told
    return any(re.search(rf"\b{re.escape(form)}\b", told) for form in (" ".join(words), words[-1]))


def one_line(text: str) -> str:
    """Text as a sheet holds it: one line that can be printed, and no braces, which are names in
    prompts."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.translate({ord("{"): "(", ord("}"): ")"}).split())


def paintable(looks: str) -> str:
    """Looks without the odd sign of another script that has strayed into English."""
    text = one_line(looks)
    strays = sum(c.isalpha() and not is_latin(c) for c in text)
    if strays * 5 > sum(map(str.isalpha, text)):
        return text
    return one_line("".join(c if c.isdigit() or is_latin(c) or c in _MARKS else " " for c in text))


def unpaintable(looks: str) -> str:
    """Why looks cannot stand in a prompt, in words for the model; empty where they can."""
    text = paintable(looks)
    # a list of what is seen need not hold a small English word, as a sentence does
    if text and (why := foreign(f"This is the look. {text[:1].upper()}{text[1:]}")):
        return f"is not plain English: {why[0][1]}"
    if _UNSEEN.search(text) or len(re.findall(r"[^\W\d_]{2,}", text)) < 3:
        return "says too little that can be seen; decide what the story leaves open"
    return ""
