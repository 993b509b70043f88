"""A sentence with names in place of the pronouns that would be lost outside the story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.engines.breakdown.company import Meant
from studio.engines.breakdown.lexicon import grammar, is_chinese, third_person, verb_forms
from studio.engines.breakdown.mentions import People, Person
from studio.engines.breakdown.pronouns import FIRST, WE

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_AGREES = re.compile(
    r"(\s+(?:(?:never|also|often|only|still|always|just|\w+ly)\s+)?)([a-z]+(?:n[’']t)?)"
)
_ASKS = grammar("rewriting_asks")
_SAME = frozenset(["put", "read", "let", "set", "shut", "cut", "hit", "burst", "cost"])


def rewritten(text: str, found: Sequence[Meant], people: People, me: str | None) -> str:
    """The sentence with names for its first pronouns, and no I, my, me."""
    out: list[str] = []
    place = 0
    named: set[str] = set()
    for item in found:
        person, start, end, how = item.person, item.start, item.end, item.how
        known = people.by_id[person]
        low = text[start:end].lower()
        new = None
        if is_chinese(text):
            if how == "subject" and person not in named and len(low) == 1:
                new = known.short
        elif how in ("name", "glimpse"):
            pass
        elif how == "we" and low in WE:
            new = {"we": "they", "us": "them", "our": "their", "ours": "theirs"}.get(
                low, "themselves"
            )
        elif low in FIRST or (how in ("subject", "possessive") and start == 0) or how == "subject":
            new = _instead(low, known, first=person not in named, own=person == me, start=start)
        named.add(person)
        if new is None:
            continue
        if start == 0 or text[:start].rstrip().endswith((".", "“")):
            new = new[:1].upper() + new[1:]
        out += [text[place:start], new]
        place = end
        before = _TOKEN.findall(text[:start])[-1:]
        if low in ("i", "i've") and not (before and before[0].lower() in _ASKS):
            agreed = _AGREES.match(text, end)
            if agreed:
                out += [agreed[1], _third(agreed[2])]
                place = agreed.end()
    return "".join([*out, text[place:]])


def _third(word: str) -> str:
    """The form that a verb takes when `I` became a name: am -> is, hope -> hopes."""
    special = {
        "am": "is",
        "have": "has",
        "do": "does",
        "don't": "doesn't",
        "don’t": "doesn’t",
        "haven’t": "hasn’t",
    }
    form = verb_forms().get(word)
    if word in special:
        return special[word]
    return (
        third_person(word)
        if form is not None and form.form == "base" and word not in _SAME
        else word
    )


def _instead(low: str, known: Person, *, first: bool, own: bool, start: int) -> str | None:
    """What stands for a pronoun: a name at first, then he, she and the like."""
    short = known.short
    own_words = {
        "m": ("he", "him", "his", "himself"),
        "f": ("she", "her", "her", "herself"),
    }.get(known.sex)
    if low in ("he", "she", "il", "elle", "er") or (low in ("i", "je", "ich")):
        if first:
            return short
        return (own_words[0] if own_words else short) if own else None
    if low in ("i'm", "i've", "i'd", "i'll"):
        return short + {"i'm": " is", "i've": " has", "i'd": " had", "i'll": " will"}[low]
    if low in ("my", "his", "her"):
        if (first and start == 0) or (own and own_words is None):
            return short + ("’" if short.endswith("s") else "’s")
        return own_words[2] if own and own_words else None
    if own and own_words is None:
        return short
    if own and own_words:
        if low == "me":
            return short if first else own_words[1]
        return {"mine": own_words[2], "myself": own_words[3]}.get(low)
    return None
