"""Where, when and in what weather a sentence plays, as far as it says so.

Reads one sentence at a time and gives what it found with its strength; `scenes` decides
what that changes.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from studio.engines.breakdown.lexicon import grammar, is_chinese, marked, phrases, talk, verb_forms

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ARRIVING = grammar("places_arriving")
_BEING = grammar("places_being")
_LEAVING = frozenset(["from", "of", "out", "off", "left", "beyond", "about", "behind", "like"])
_TRAVEL = grammar("places_travel")
_FAINT = frozenset(["sea", "sky", "space", "snow", "underwater", "island", "tree", "well", "gate"])
_VAGUE = grammar("places_vague")
_UNREAL = frozenset(["would", "should", "wish", "wished", "dreamed", "imagined", "you"])
_ARTICLES = grammar("places_articles")
_COMMON_ADJECTIVES = grammar("places_common_adjectives")
_LONGEST_PHRASE = 8  # words; those of words/places.txt have at most four


@dataclass(frozen=True)
class Setting:
    """A place that a sentence names: kind, name where it has one, the story's own words."""

    kind: str
    name: str
    words: str
    strength: float


def settings(sentence: str, named: Collection[str]) -> list[Setting]:
    """The places of a sentence in order; strength 2 arrives there, 1 is there, 0 only mentions."""
    return _chinese(sentence) if is_chinese(sentence) else _latin(sentence, named)


def _latin(text: str, named: Collection[str]) -> list[Setting]:
    tokens = list(_TOKEN.finditer(text))
    written = [token[0] for token in tokens]
    words = [re.sub(r"['’]s$", "", word) for word in written]
    low = [word.lower() for word in words]
    unreal = bool(_UNREAL & set(low))
    found: list[Setting] = []
    taken = -1
    for at in range(len(low)):
        hit = _named_at(written, at, named)
        if hit is None and (not at or words[at][0].islower() or words[at].isupper()):
            hit = _kind_at(low, at)
        if hit is None or at <= taken:
            continue
        kind, length, name = hit
        taken = at + length - 1
        if (
            text[tokens[taken].start() : tokens[taken].end()].endswith(("'s", "’s"))
            and kind != "shop"
            and not name
        ):
            continue
        start = at
        while start and low[start - 1] not in _ARRIVING | _BEING | _LEAVING and at - start < 6:
            gap = text[tokens[start - 1].end() : tokens[start].start()]
            word, form = low[start - 1], verb_forms().get(low[start - 1])
            is_verb = word in _TRAVEL or (form is not None and form.form == "past")
            if gap.strip() not in ("", ",") or is_verb or (word in talk("stop") - _ARTICLES):
                break
            start -= 1
            if word in _ARTICLES:
                break
        before = low[start - 1] if start else ""
        strength = _strength(low, start, before, at + length, bool(name))
        if low[taken] == "water":
            strength -= 0.6
        if kind in _FAINT or (low[taken] in _VAGUE and not name):
            strength -= 0.6
        describing = [
            w for w in low[start:at] if w not in talk("stop") and w not in _COMMON_ADJECTIVES
        ]
        phrase = " ".join([*describing[-2:], *low[at : at + length]])
        found.append(Setting(kind, name, phrase, strength * (0.3 if unreal else 1.0)))
    return found


def _strength(low: list[str], start: int, before: str, end: int, named: bool) -> float:
    moves = any(word in _TRAVEL for word in low[max(0, start - 12) : start])
    if before == "of" and set(low[max(0, start - 4) : start - 1]) & {"at", "in", "on", "to"}:
        return 0.9
    if before in _LEAVING:
        return 0.0
    if before in (
        "entering",
        "reaching",
        "crossing",
        "reached",
        "entered",
        "crossed",
        "climbed",
        "explored",
        "enters",
        "reaches",
    ):
        return 2.0
    if before in ("into", "inside"):
        moves = any(word in _TRAVEL for word in low[:start])
        near = [verb_forms().get(word) for word in low[max(0, start - 6) : start]]
        return (
            2.0 if moves or any(form is not None and form.form == "past" for form in near) else 0.8
        )
    if before == "for":
        return 1.6 if named and moves else 0.4
    if before in ("up", "down", "over", "across", "through"):
        led = low[start - 2] if start > 1 else ""
        form = verb_forms().get(led)
        leads = (
            led in _TRAVEL
            or led in ("way", "far", "off", "slowly", "on", "out", "back")
            or (form is not None and "move" in form.verb.tags)
        )
        return 2.0 if leads or (before in ("across", "through") and moves) else 0.3
    if before in _ARRIVING:
        return 2.0 if moves else 0.6
    if before in _BEING:
        opens = start <= 2 or low[:2] in (["there", "was"], ["there", "were"], ["there", "lived"])
        return 1.6 if opens else (1.3 if moves else 0.7)
    if (
        named
        and start == 0
        and low[end : end + 1]
        and low[end] in ("was", "lay", "stood", "looked")
    ):
        return 1.6
    form = verb_forms().get(before)
    if form is not None and form.verb.base in (
        "approach",
        "descend",
        "enter",
        "reach",
        "cross",
        "climb",
        "explore",
    ):
        return 2.0
    return 0.3


def _named_at(words: list[str], at: int, named: Collection[str]) -> tuple[str, int, str] | None:
    for length in range(4, 0, -1):
        name = " ".join(words[at : at + length])
        if len(words[at : at + length]) == length and name in named and name[0].isupper():
            last = words[at + length - 1].lower()
            special = {"court": "street", "hall": "hall", "park": "garden", "bank": "bank"}
            hit = phrases("places").at([last], 0)
            kind = special.get(last) or (hit[0] if hit else "city")
            return kind, length, name
    return None


def _kind_at(low: list[str], at: int) -> tuple[str, int, str] | None:
    hit = phrases("places").at(low, at)
    if hit is None and low[at].endswith("s"):
        singular = low[at][:-1]
        hit = phrases("places").at([singular, *low[at + 1 : at + _LONGEST_PHRASE]], 0)
    return (hit[0], hit[1], "") if hit else None


_COMES = re.compile(
    r"(?:来到|走到|走进|走出|进了|进入|回到|到了|到达|穿过|爬上|爬到|飞到|飞向|飞过|飞进|跑到|跑进|跑向|游到|奔向|登上|去|出了|进|回|到|过|上|下)了?$"
)
_IS = re.compile(r"(?:在|住在|坐在|站在|躺在|藏在|靠着)$")


def _chinese(text: str) -> list[Setting]:
    found: list[Setting] = []
    characters = list(text)
    for kind, start, end in phrases("places").all(characters):
        head = re.sub(
            r"(?:一|那|这)?(?:片|座|个|条|间|棵|处|块)?[^，。！？；]{0,6}?$", "", text[:start]
        )
        clause = re.split(r"[，。！？；]", text[:start])[-1]
        strength = 0.2
        near = re.sub(
            r"(?:[一那这][片座个条间棵处块]|[高大小老远深绿旧古美密茫]+的?|[^，。]{1,5}的)$",
            "",
            clause,
        )
        for candidate in (clause, near, head):
            if _COMES.search(candidate):
                strength = max(strength, 2.0 if len(clause) <= 14 else 1.4)
            elif _IS.search(candidate):
                strength = max(strength, 1.5)
        after = text[end : end + 1]
        if len(clause) <= 2 and after in "里上边中前下旁，":
            strength = max(strength, 1.6)
        if end - start == 1 and after not in "里上边中前下旁，。；！" and strength < 2:
            strength = min(strength, 0.3)
        if kind in _FAINT:
            strength -= 0.6
        found.append(Setting(kind, "", text[start:end], strength))
    return found


_WEAK_TIMES = grammar("places_weak_times")


def time_of(sentence: str) -> tuple[str, bool] | None:
    """Time of day that a sentence names, and whether it stands at its beginning."""
    words, chinese = _searchable(sentence)
    for key, start, end in phrases("times").all(words):
        if start and words[start - 1] in ("an", "of", "every", "each", "whole"):
            continue
        phrase = ("" if chinese else " ").join(words[start:end])
        return key, start <= (8 if chinese else 6) and phrase not in _WEAK_TIMES
    return None


def weather_of(sentence: str) -> str | None:
    """Weather that a sentence names."""
    if re.search(
        r"\brain (?:had )?(?:cleared|stopped|ended)\b|\bafter (?:the )?rain\b|雨停|雨过天晴",
        sentence,
    ):
        return "clearing after rain"
    if re.search(r"\bsky (?:was|is) clear\b", sentence):
        return "clear"
    words, chinese = _searchable(sentence)
    for key, start, end in phrases("weather").all(words):
        following = words[end : end + 1]
        if not chinese and following == ["of"]:
            continue
        return key if start >= 0 else None
    return None


def describes_place(sentence: str) -> bool:
    """Whether a sentence speaks of a place, the weather or the hour, as a first view does."""
    there = any(item.strength >= 0.6 for item in settings(sentence, ()))
    return there or weather_of(sentence) is not None or time_of(sentence) is not None


def jumps_in_time(sentence: str) -> bool:
    """Whether a sentence begins at another time: `The next morning`, 第二天."""
    words, chinese = _searchable(sentence)
    if not chinese and re.match(
        r"(?:one|the next|the following|that|the same) (?:\w+ )?"
        r"(?:night|day|morning|evening|afternoon)\b",
        " ".join(words[:5]),
    ):
        return True
    limit = 1 if chinese else 3
    return any(start <= limit for _, start, _ in marked("later").all(words))


def _searchable(sentence: str) -> tuple[list[str], bool]:
    if is_chinese(sentence):
        return list(sentence), True
    return [token.lower() for token in _TOKEN.findall(sentence)], False
