"""An English sentence told in the past, said in the present: what is seen now.

Works on the words that the lists know; what it cannot tell stays as it was written.
"""

from __future__ import annotations

import re
from functools import cache

from studio.engines.breakdown.lexicon import grammar, rows, third_person, verb_forms, verbs

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[,;:.!?—–()“”‘’\"]")
_SIMPLE = {
    "was": "is", "were": "are", "had": "has", "did": "does", "could": "can",
    "didn’t": "doesn’t", "didn't": "doesn't", "wasn’t": "isn’t", "wasn't": "isn't",
    "weren’t": "aren’t", "weren't": "aren't", "hadn't": "hasn't",
    "couldn’t": "can’t", "couldn't": "can't",
}  # fmt: skip
_PLURAL = {
    "has": "have",
    "does": "do",
    "doesn’t": "don’t",
    "doesn't": "don't",
    "hasn't": "haven't",
    "is": "are",
}
_MANY = frozenset(["they", "we", "you", "these", "those", "many", "both"])
_ONE = frozenset(["he", "she", "it", "who", "which", "that"])
_AUXILIARY = grammar("tense_auxiliary")
_LIGHT = grammar("tense_light")
_NOUNISH = grammar("tense_nounish")


@cache
def _distinct() -> frozenset[str]:
    """Pasts that are no participle (took, went, fell): they are always the verb."""
    same = {
        row[1].split()[0]
        for table in ("verbs", "past")
        for row in rows(table)
        if len(row[1].split()) == 1
    }
    return frozenset(
        form for form, known in verb_forms().items() if known.form == "past" and form not in same
    )


_STAYS = grammar("tense_stays")


def present(sentence: str, several: bool = False) -> str:
    """The sentence in the present tense. `several`: its subject is more than one.

    A sentence of which one verb would be left in the past stays as it was written.
    """
    tokens = list(_TOKEN.finditer(sentence))
    out: list[str] = []
    place = 0
    finite = ""
    passive = left = False
    many = several
    for at, token in enumerate(tokens):
        word = token[0]
        low = word.lower()
        new = None
        before = _before(tokens, at)
        if low in _MANY:
            many = True
        elif low in _ONE and not (low in ("who", "which", "that") and several):
            many = False
        if low in _SIMPLE:
            if before not in ("would", "to", "having", "have") and not (
                low == "could" and finite == ""
            ):
                new = _SIMPLE[low]
            new = _PLURAL.get(new or "", new) if many and new else new
            finite, passive = finite or low, low in ("was", "were", "had")
        else:
            new = _verb(low, before, tokens, at, finite, passive, many)
            if new is not None:
                finite, passive = finite or low, False
        if new is None:
            surely = low in _distinct() and not low.endswith("ed") and not passive
            left = left or (surely and before not in _AUXILIARY | _NOUNISH)
            continue
        out += [
            sentence[place : token.start()],
            new[:1].upper() + new[1:] if word[0].isupper() else new,
        ]
        place = token.end()
    return sentence if left else "".join([*out, sentence[place:]])


def _before(tokens: list[re.Match[str]], at: int) -> str:
    """The word before, over light adverbs."""
    at -= 1
    while at >= 0 and (tokens[at][0] in _LIGHT or re.fullmatch("[a-z]+ly", tokens[at][0])):
        at -= 1
    return tokens[at][0].lower() if at >= 0 else ""


def _verb(
    low: str,
    before: str,
    tokens: list[re.Match[str]],
    at: int,
    finite: str,
    passive: bool,
    many: bool,
) -> str | None:
    form = verb_forms().get(low)
    raw = tokens[at - 1][0] if at else ""
    if low in ("named", "called") and at + 1 < len(tokens) and tokens[at + 1][0][:1].isupper():
        return None
    regular = form is None and low.endswith("ed") and len(low) > 4 and not low.endswith("eed")
    if not regular and (form is None or form.form != "past"):
        return None
    if (
        before in _AUXILIARY
        or before in _NOUNISH
        or (low == "used" and tokens[at + 1 :] and tokens[at + 1][0] == "to")
    ):
        return None
    joined = before in ("and", "then", "but", "or")
    listed = before == "," and finite not in ("", "was", "were") and not passive
    follows_pronoun = before in _MANY | _ONE or (
        at > 1 and raw[:1].isupper() and raw.lower() not in _NOUNISH
    )
    following = tokens[at + 1][0] if at + 1 < len(tokens) else ""
    inverted = finite == "" and form is not None and form.form == "past" and following[:1].isupper()
    distinct = (
        form is not None
        and not low.endswith("ed")
        and low in _distinct()
        and before not in (",", "and")
    )
    many = many if before in _MANY | _ONE else many and not raw[:1].isupper()
    many = many or (
        raw.islower()
        and raw.endswith("s")
        and not raw.endswith("ss")
        and raw not in ("this", "always", "yes")
    )
    many = many or (
        at >= 3
        and raw[:1].isupper()
        and tokens[at - 2][0] == "and"
        and tokens[at - 3][0][:1].isupper()
    )
    own_clause = _own_clause(tokens, at)
    opens = finite == "" and before not in ("", ",") and not _in_opening_phrase(tokens, at)
    if (
        (joined or listed)
        and not (follows_pronoun or own_clause)
        and low.endswith("ed")
        and not _phrase_follows(tokens, at)
    ):
        return None
    if not (
        follows_pronoun
        or own_clause
        or opens
        or distinct
        or inverted
        or (joined and not passive and finite)
        or (listed and form is not None)
    ):
        return None
    if listed and not _another_follows(tokens, at):
        return None
    base = form.verb.base if form else _base(low)
    if base is None or (low in _STAYS and not (follows_pronoun or own_clause or opens or joined)):
        return None
    return base if many else third_person(base)


def _own_clause(tokens: list[re.Match[str]], at: int) -> bool:
    """Whether a verb has a short subject of its own: `…, and gulls circled over its mast`."""
    for back in range(1, 5):
        joint = at - back - 1
        if joint < 0:
            return False
        word = tokens[joint][0].lower()
        if word in ("and", "but", "while", "as", "yet"):
            verb, low = tokens[at][0].lower(), tokens[joint + 1][0].lower()
            certain = verb in _distinct() and not verb.endswith("ed") and low in _NOUNISH
            apart = certain or word in ("but", "while", "as") or tokens[max(0, joint - 1)][0] == ","
            return apart and (certain or _phrase_follows(tokens, at))
        form = verb_forms().get(word)
        if (
            not word.isalpha()
            or word in _AUXILIARY | _PREPOSITIONS
            or (form is not None and form.form == "past")
        ):
            return False
    return False


_PREPOSITIONS = (
    _NOUNISH
    - frozenset(["a", "an", "the", "his", "her", "its", "their", "my", "our", "your"])
    - frozenset(["this", "that", "these", "those"])
)


def _in_opening_phrase(tokens: list[re.Match[str]], at: int) -> bool:
    """Whether a sentence that opens with a preposition has not yet come to its comma."""
    first = tokens[0][0].lower()
    clause = next((n for n in range(at - 1, -1, -1) if tokens[n][0] in ",;"), -1)
    if tokens[clause + 1][0].lower() == "with":
        return True
    if first not in _NOUNISH - {
        "a",
        "an",
        "the",
        "his",
        "her",
        "its",
        "their",
        "my",
        "our",
        "this",
        "that",
        "these",
        "those",
        "all",
    }:
        return False
    commas = any(token[0] == "," for token in tokens[:at])
    return not commas and (
        at < 4 or any(token[0] == "," for token in tokens[at:]) or not _phrase_follows(tokens, at)
    )


_FOLLOWERS = _NOUNISH | _MANY | _ONE | grammar("tense_followers")


def _phrase_follows(tokens: list[re.Match[str]], at: int) -> bool:
    """A verb has a phrase or a full stop after it; an adjective (a wrinkled newspaper) its noun."""
    following = tokens[at + 1][0].lower() if at + 1 < len(tokens) else "."
    return following in _FOLLOWERS or not following[0].isalpha() or following.endswith("ly")


def _another_follows(tokens: list[re.Match[str]], at: int) -> bool:
    """`took a step, cocked his head, and gazed`: a list of verbs ends with and."""
    return any(token[0].lower() == "and" for token in tokens[at + 1 : at + 12])


def _base(past: str) -> str | None:
    """A regular verb that is not listed: danced -> dance is listed; clattered -> clatter."""
    stem = past[:-2]
    if stem.endswith("ll") and stem[:-1] in verbs():
        return stem[:-1]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if re.search(
        r"(?:rmin|amin|agin|mbin|efin|achin|ombin|clin|uid|iev|eiv|gnor|plor|stor|dor|scar|epar|mpar|shar)$",
        stem,
    ):
        return stem + "e"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lszf":
        return stem[:-1]
    if re.search(
        r"(?:[^aeiou][aeiou](?:s|c|v|g|z|dg)|[aeiou]{2}(?:s|z|v)|ll?v|nc|rc|rs|rv|lv|at|ut|it|ir|ur|ib|ub|bl|pl|tl|dl|gl|fl|kl|zl|rg|ng|as|us|id|od|ud|ad|ak|ok|ik|am|im|om|um|in|op|ap|ar|or)$",
        stem,
    ):
        return (
            stem + "e"
            if re.search(
                r"(?:s|c|v|g|z|at|ut|bl|pl|tl|dl|gl|fl|kl|zl|ib|ub|ir|ur|id|od|ud|ad|ak|ok|ik)$",
                stem,
            )
            and not re.search(
                r"(?:ss|ng|ait|eat|oat|eet|oot|isit|imit|dit|loat|oad|ead|aid|ook|eak|oak|air|our|eur)$",
                stem,
            )
            else stem
        )
    return stem
