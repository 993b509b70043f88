"""What matters in a story: a weight for every sentence.

Turns, deeds that cannot be undone, first appearances, decisions, discoveries, what can
be seen, the words that the story and its title come back to, how it begins and how it
ends.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from studio.engines.breakdown.lexicon import (
    Verb,
    chinese_verbs,
    grammar,
    is_chinese,
    marked,
    phrases,
    talk,
    verb_forms,
    verbs,
)
from studio.engines.breakdown.mentions import People
from studio.engines.breakdown.sentences import shortened, speech_seconds, words_of
from studio.engines.breakdown.units import Unit

LONGEST = 5.6
"""Seconds of speech that fit the longest shot."""


def verbs_in(text: str) -> list[Verb]:
    """The verbs of a sentence that can be seen, in order."""
    if is_chinese(text):
        known = verbs()
        return [known[base] for base, _, _ in chinese_verbs().all(list(text))]
    found = []
    before = ""
    for word in words_of(text):
        low = word.lower()
        form = verb_forms().get(low)
        noun = (form is not None and form.form == "base" and before not in _BEFORE_BASE) or (
            form is not None and form.form == "ing" and before in _BEFORE_NOUN
        )
        if form is not None and form.verb.tags and not noun:
            found.append(form.verb)
        before = low
    return found


_BEFORE_BASE = grammar("weight_before_base")
_BEFORE_THING = frozenset(["the", "a", "an", "his", "her", "my", "their"])
_BEFORE_NOUN = grammar("weight_before_noun")


def tags_in(text: str) -> set[str]:
    """The tags of all verbs of a sentence."""
    return {tag for verb in verbs_in(text) for tag in verb.tags}


def marks_in(text: str) -> set[str]:
    """Which lines of words/marks.txt colour a sentence: turn, stakes, feeling, …"""
    words = list(text) if is_chinese(text) else [word.lower() for word in words_of(text)]
    sorts = ("turn", "stakes", "feeling", "fear", "power", "habit", "light", "deed")
    return {sort for sort in sorts if marked(sort).all(words)}


def props_in(text: str) -> list[str]:
    """The things in a sentence that deserve to be seen, by key, in order."""
    words = list(text) if is_chinese(text) else [word.lower() for word in words_of(text)]
    return list(dict.fromkeys(key for key, _, _ in phrases("props").all(words)))


def held_props(text: str) -> list[str]:
    """The things in a sentence that a hand can hold, or that lie on a table; the telling first."""
    held = [key for key in props_in(text) if key not in _LARGE_PROPS]
    return sorted(held, key=lambda key: key in _FAINT_PROPS)


_LARGE_PROPS = grammar("weight_large_props")
_FAINT_PROPS = grammar("weight_faint_props")
"""Things that are there in any scene: shown only where nothing better is named."""


def weigh(units: Sequence[Unit], people: People, title: str) -> None:
    """Set the weight of every unit."""
    central = _central(units, title)
    called = {word for word in _content(title) if len(word) > 2 or is_chinese(word)}
    planted = _planted(units, people)
    seen: set[str] = set()
    ranked = sorted(people.by_id.values(), key=lambda person: (-person.count, person.id))
    leads = {person.id for person in ranked[:3]}
    chief = ranked[0].id if ranked else ""
    total = max(1, len(units) - 1)
    for unit in units:
        unit.weight = _weight(unit, people, central, called, seen, leads)
        comes_back = sum(planted.get(word, 0.0) for word in set(_content(unit.text)))
        unit.weight += min(2.4, comes_back) * (0.3 + 0.7 * min(1.0, total / 250))
        asked = units[unit.index - 1] if unit.index else unit
        if unit.spoken and asked.speaker != unit.speaker and asked.text.endswith(("?", "？")):
            unit.weight += 0.8
        comes_in = unit.subject in leads and unit.subject not in seen
        unit.weight *= 1.0 if comes_in else _sayable(unit)
        if unit.subject == chief and chief not in seen:
            unit.weight *= 1.25
        seen.update(unit.people)
        place = unit.index / total
        if not unit.aloud and _deeds(unit.text):
            unit.weight *= 1 + 0.4 * math.exp(-(((place - 0.8) / 0.16) ** 2))
        climax = (0.25 + 0.25 * min(1.0, total / 400)) * math.exp(-(((place - 0.86) / 0.09) ** 2))
        unit.weight *= 1 + climax + 0.5 * (place < 0.02) + 0.35 * (place > 0.985)


def _deeds(text: str) -> int:
    """How many things happen that can be seen and not be undone: it strikes, breaks, opens."""
    return sum("deed" in verb.tags for verb in verbs_in(text)) + ("deed" in marks_in(text))


_LEANS = re.compile(r"(?:But|And|That|It|He|She|They|This|Which|Not|So|Or|At)\b|但|可是|那|这")
"""How a line begins that leans on the one before it."""


def _content(text: str) -> list[str]:
    if is_chinese(text):
        return [text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalpha()]
    stop = talk("stop")
    return [word.lower() for word in words_of(text) if word.lower() not in stop and word.isalpha()]


def _central(units: Sequence[Unit], title: str) -> dict[str, float]:
    """The words that the story comes back to, the most used with 1."""
    count = Counter(word for unit in units for word in _content(unit.text))
    for word in _content(title):
        count[word] += 2
    common = [(n, word) for word, n in count.items() if n > 2 and len(word) > 1]
    top = sorted(common, key=lambda item: (-item[0], item[1]))[:40]
    return {word: n / top[0][0] for n, word in top} if top else {}


def _planted(units: Sequence[Unit], people: People) -> dict[str, float]:
    """Things that come back much later (the knees, the pavement): planted, and paid off.

    By word, with what it adds; one that is written with a capital (the Encyclopedia) most.
    """
    places: dict[str, list[int]] = {}
    things: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for unit in units:
        before = "" if not is_chinese(unit.text) else "-"
        for word in words_of(unit.text):
            low = word.lower()
            places.setdefault(low, []).append(unit.index)
            things[low] += before in _BEFORE_THING
            capital[low] += before not in ("", "-") and word[0].isupper()
            before = low
    names = {part.lower() for words in people.names for part in words}
    names |= {word.lower() for sort in ("placename", "month", "stop") for word in talk(sort)}
    names |= {word.lower() for sort in "mfn" for word in talk(f"title_{sort}")}
    length = len(units)
    return {
        word: 1.6 if capital[word] == len(found) else 0.8
        for word, found in places.items()
        if 2 <= len(found) <= 16
        and len(word) > 3
        and word not in names
        and things[word] * 2 >= len(found)
        and found[-1] - found[0] > 0.25 * length
    }


def _sayable(unit: Unit) -> float:
    """How much of the sentence can be heard in one shot: whole lines are worth more."""
    found = shortened(unit.text, LONGEST)
    if found is None:
        return 0.3 if unit.spoken else 0.6
    kept = speech_seconds(found) / max(0.1, speech_seconds(unit.text))
    return 0.45 + 0.55 * kept if unit.spoken else 0.7 + 0.3 * kept


def _weight(
    unit: Unit,
    people: People,
    central: dict[str, float],
    called: set[str],
    seen: set[str],
    leads: set[str],
) -> float:
    text = unit.text
    words = set(_content(text))
    marks, tags = marks_in(text), tags_in(text)
    value = 1.0
    value += 0.5 * min(2, len(marks & {"turn", "stakes", "feeling"})) + 0.3 * ("light" in marks)
    value += min(
        1.2, sum(sorted((central.get(word, 0.0) for word in words), reverse=True)[:4]) * 0.4
    )
    value += 0.7 * min(2, len(words & called))
    new = [p for p in unit.people if p not in seen and not people.by_id[p].group]
    value += sum(2.0 if p in leads and p == unit.subject else 1.0 for p in new[:2])
    if unit.spoken:
        value += 0.5 * text.rstrip().endswith(("?", "？")) + 0.4 * text.rstrip().endswith(
            ("!", "！")
        )
        value += 0.3 * bool(words) - 0.8 * (len(words_of(text)) < 3)
        value -= 0.3 * (unit.level == 1)
        value *= 1.0 if _LEANS.match(text) else 1.3
    else:
        strong = {"fight", "fast", "reveal", "decide", "grief", "fear", "joy", "fall", "take"}
        value += 0.55 * min(3, sum(1 for verb in verbs_in(text) if verb.tags & strong))
        value += (0.0, 0.9, 1.3)[min(2, _deeds(text))]
        value += 0.4 * bool(unit.subject) + 0.3 * min(2, len(props_in(text)))
        value += 0.2 * bool(tags & {"move", "look", "still"})
        value += 4.2 * unit.notice * (len(called & words) > 0) + 0.6 * unit.notice
        if "habit" in marks:
            value *= 0.6
        if not tags and not props_in(text):
            value *= 0.6
    if speech_seconds(text) < 1.0:
        value *= 0.7
    if re.search(r"\d{4}|£|\$", text):
        value += 0.2
    return max(0.1, value)
