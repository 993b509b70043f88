"""Sentences, words and clauses of a text, and the shortening of a sentence to whole clauses."""

from __future__ import annotations

import re
from functools import lru_cache

from studio.engines.breakdown.lexicon import grammar, is_chinese, verb_forms

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|Sgt|Lt|Col|Gen|Rev|Hon|Jr|Sr|Mt|No|vs|etc|Mme|Mlle|M|z\.B|bzw)"
    r"|\b[A-Z])\.$"
)
_LONGEST_ABBREVIATION = 8  # characters, with its full stop and the mark before it
_NOT_SPACE = re.compile(r"\S")
_WORDED = re.compile(r"\w")
LONGEST_SENTENCE = 1500
"""Characters; writers of long sentences reach about half of that."""

_END = re.compile(r"(?:[.!?…]+|[。！？；]+|…+)[\"'”’»«“)\]」』]*(?=\s|$|(?<=[。！？；…”」』’]))")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")


def sentences(text: str) -> list[str]:
    """`text` cut after each sentence's end; nothing is lost but outer spaces.

    What is longer than any sentence, for want of full stops, is cut between two words.
    """
    found, start, worded = [], 0, 0
    for end in _END.finditer(text):
        after = _NOT_SPACE.search(text, end.end())
        near = max(start, end.end() - _LONGEST_ABBREVIATION)
        if after and _ABBREVIATION.search(text, near, end.end()):
            continue
        low = after is not None and after[0].islower()
        if low and not end[0].startswith(("。", "！", "？", "；")):
            continue
        if _WORDED.search(text, max(start, worded), end.end()):
            found += _of_readable_length(text[start : end.end()].strip())
            start = end.end()
        worded = end.end()
    rest = text[start:].strip()
    if rest and _WORDED.search(rest):
        found += _of_readable_length(rest)
    elif rest and found:
        found[-1] += rest
    return found


def _of_readable_length(sentence: str) -> list[str]:
    """The sentence, or its stretches of at most LONGEST_SENTENCE characters."""
    found = []
    while len(sentence) > LONGEST_SENTENCE:
        cut = sentence.rfind(" ", LONGEST_SENTENCE // 2, LONGEST_SENTENCE)
        cut = cut if cut > 0 else LONGEST_SENTENCE
        found.append(sentence[:cut].rstrip())
        sentence = sentence[cut:].lstrip()
    return [*found, sentence]


def words_of(text: str) -> list[str]:
    """The words of a text; of Chinese, its characters."""
    if is_chinese(text):
        return [character for character in text if character.isalnum()]
    return _WORD.findall(text)


def speech_seconds(text: str) -> float:
    """How long the text takes to speak: 2.5 words or 4.5 Chinese characters a second."""
    chinese = sum(1 for character in text if "一" <= character <= "鿿")
    rest = re.sub(r"[一-鿿]", " ", text)
    return chinese / 4.5 + len(_WORD.findall(rest)) / 2.5


_SUBORDINATE = grammar("sentences_subordinate")
_COORDINATE = frozenset(["and", "but", "then", "yet", "so", "or", "for", "nor"])
_PREPOSITION = grammar("sentences_preposition")
_BREAKS = re.compile(
    r"(?<=[,;:—–])\s*|\s+(?=(?:and|but|while|until|when|where|which|who|because|so that|before|"
    r"after|as|for|though|if|that|with|without)\s)|\s+(?=[—–(])"
)
_OPENERS = grammar("sentences_openers")
_DANGLING = _COORDINATE | grammar("sentences_dangling")
_MODAL = frozenset(["can", "could", "may", "might", "must", "shall", "should", "will", "would"])
_BE = grammar("sentences_be")


@lru_cache(maxsize=65536)
def has_verb(text: str) -> bool:
    """Whether an English clause holds a finite verb, as far as the lists can tell."""
    forms = verb_forms()
    before = ""
    for word in _WORD.findall(text):
        low = word.lower().replace("’", "'")
        noun = before.endswith("'s") or before in _OPENERS - {
            "he",
            "she",
            "it",
            "they",
            "we",
            "i",
            "you",
            "there",
        }
        before = low
        if noun:
            continue
        if (
            low in _BE
            or low in _MODAL
            or low.endswith("n't")
            or re.search(r"'(?:s|re|m|ll|ve|d)$", low)
        ):
            return True
        form = forms.get(low)
        if (form and form.form in ("past", "third", "base")) or (
            low.endswith("ed") and len(low) > 4
        ):
            return True
    return False


def shortened(text: str, seconds: float) -> str | None:
    """The sentence, or the best run of its whole clauses, that is spoken within `seconds`.

    None where no part of it can stand alone. A part ends with a full stop.
    """
    text = text.strip()
    if speech_seconds(text) <= seconds:
        return text
    if is_chinese(text):
        return _shortened_chinese(text, seconds)
    text = without_apposition(text)
    if speech_seconds(text) <= seconds:
        return text
    pieces = [piece for piece in _BREAKS.split(text) if piece.strip()]
    best: tuple[float, str] | None = None
    least = [speech_seconds(piece) for piece in pieces]
    for start in range(len(pieces)):
        if not _may_begin(pieces, start):
            continue
        for end in range(_reach(least, start, seconds), start, -1):
            part = _together(pieces[start:end])
            length = speech_seconds(part)
            if length > seconds or length < 1.2 or not _may_end(pieces, start, end):
                continue
            score = length - 0.8 * (start > 0) + 0.5 * (end == len(pieces))
            if best is None or score > best[0]:
                best = (score, _finish(part, text if end == len(pieces) else ""))
            break
    if best is None:
        return _without_aside(pieces, text, seconds)
    return best[1]


def _reach(lengths: list[float], start: int, seconds: float) -> int:
    """The end of the run of pieces beyond which every longer one takes more than `seconds`."""
    end, total = start, 0.0
    while end < len(lengths) and total + lengths[end] <= seconds + 0.5:
        total += lengths[end]
        end += 1
    return end


def without_apposition(text: str) -> str:
    """`Mara, a woman of sixty with a grey braid, stood at the rail`: without the description."""
    parts = text.split(", ")
    if (
        len(parts) < 3
        or len(parts[0].split()) > 4
        or parts[1].split()[0] not in {*_ARTICLES, "who"}
    ):
        return text
    for at in range(2, len(parts)):
        form = verb_forms().get(_first(parts[at]))
        if form is not None and form.form in ("past", "third"):
            return f"{parts[0]} {', '.join(parts[at:])}"
    return text


_ARTICLES = frozenset(["a", "an", "the", "my", "our", "his", "her", "their"])


def _together(pieces: list[str]) -> str:
    return re.sub(r"([—–(]) ", r"\1", " ".join(piece.strip() for piece in pieces))


def _without_aside(pieces: list[str], text: str, seconds: float) -> str | None:
    """The beginning of the sentence without one short aside between commas."""
    for aside in range(1, len(pieces) - 1):
        words = pieces[aside].split()
        between = pieces[aside - 1].rstrip().endswith(",") and pieces[aside].rstrip().endswith(",")
        named = words[0][:1].isupper() or words[0] in _ARTICLES
        if (
            not between
            or not named
            or len(words) > 4
            or has_verb(pieces[aside])
            or _first(pieces[aside + 1]) in ("and", "or")
        ):
            continue
        kept = [
            *pieces[: aside - 1],
            pieces[aside - 1].rstrip(" ,") + " " + pieces[aside + 1],
            *pieces[aside + 2 :],
        ]
        for end in range(len(kept), aside - 1, -1):
            part = _together(kept[:end])
            if (
                1.2 <= speech_seconds(part) <= seconds
                and _may_begin(kept, 0)
                and _may_end(kept, 0, end)
            ):
                return _finish(part, text if end == len(kept) else "")
    return None


def _first(piece: str) -> str:
    found = _WORD.search(piece)
    return found[0].lower() if found else ""


def _may_begin(pieces: list[str], start: int) -> bool:
    """A run may begin the sentence, or a clause that has a subject of its own."""
    words = [word.lower() for word in _WORD.findall(pieces[start])]
    if not words:
        return False
    if start == 0:
        return True
    if words[0] in _SUBORDINATE or words[0] in _PREPOSITION:
        return False
    if words[0] in _COORDINATE:
        words = words[1:]
        if words[:1] and words[0] in ("then", "so"):
            words = words[1:]
    if not words or not pieces[start - 1].rstrip().endswith((",", ";", ":", "—", "–")):
        return False
    named = _WORD.findall(pieces[start])[-len(words)][0].isupper()
    opens = words[0] in _OPENERS or named
    return opens and has_verb(" ".join(words[1:])) and words[1:2] != ["of"]


def _may_end(pieces: list[str], start: int, end: int) -> bool:
    """What is left must hold a main clause, and what is dropped must not be its object."""
    kept = pieces[start:end]
    last = [word.lower() for word in _WORD.findall(kept[-1])]
    if not last or last[-1] in _DANGLING:
        return False
    if (
        len(last) > 1
        and last[-2] in ("a", "an", "the")
        and end < len(pieces)
        and kept[-1].rstrip().endswith(",")
    ):
        return False
    main = [piece for piece in kept if _first(piece) not in _SUBORDINATE | _PREPOSITION]
    if not any(has_verb(piece) for piece in main):
        return False
    if _first(kept[0]) in _SUBORDINATE | _PREPOSITION and not any(
        has_verb(piece) for piece in kept[1:]
    ):
        return False
    if start < end - 1 and any(
        _first(piece) in _COORDINATE and len(piece.split()) == 1 for piece in kept
    ):
        return False
    if end < len(pieces):
        nextword = _first(pieces[end])
        ends_phrase = kept[-1].rstrip().endswith((",", ";", ":", "—", "–"))
        ending = verb_forms().get(last[-1])
        if nextword in ("and", "or") and (
            last[-1].endswith("ed") or (ending and ending.form == "past")
        ):
            return False
        if last[-1].endswith("ing") and nextword in _PREPOSITION and not ends_phrase:
            return False
        begins = verb_forms().get(_first(kept[-1]))
        listed = _first(kept[-1]).endswith("ed") or (begins is not None and begins.form == "past")
        if len(kept) > 1 and listed and nextword in ("and", "but"):
            return False
        following = _WORD.findall(pieces[end])[1:2]
        if (
            nextword == "and"
            and following
            and following[0].istitle()
            and _WORD.findall(kept[-1])[-1].istitle()
        ):
            return False
        if nextword == "that" or (nextword in ("who", "which", "whose") and not ends_phrase):
            return False
        if nextword in ("and", "or") and not has_verb(pieces[end]):
            return False
        if nextword == "for" and not ends_phrase:
            return False
        if nextword == "with" and last[-1].endswith("ed") and not ends_phrase:
            return False
        if (
            nextword in ("with", "as", "if", "where")
            and not ends_phrase
            and len(kept[-1].split()) < 4
        ):
            return False
        if pieces[end - 1].rstrip().endswith(",") and not (
            nextword in _SUBORDINATE | _COORDINATE | _PREPOSITION
            or nextword in _OPENERS
            or nextword.endswith("ing")
            or nextword in ("his", "her", "their", "its")
        ):
            return False
    return True


def _finish(part: str, whole: str) -> str:
    """A part as a sentence: no dangling joint, a capital, a full stop or the own end."""
    part = re.sub(r"^(?:and|but|so|then|for|yet|nor|or)\s+(?:then\s+)?", "", part.strip())
    part = part.strip(" ,;:—–-")
    opening, closing = part.count("“"), part.count("”")
    if opening != closing:
        part = part.replace("“", "").replace("”", "")
    if part.count("(") != part.count(")"):
        part = part.replace("(", "").replace(")", "")
    if not re.search(r"[.!?…]$", part):
        part += whole[-1] if whole and whole[-1] in ".!?…" else "."
    return part[:1].upper() + part[1:]


def _shortened_chinese(text: str, seconds: float) -> str | None:
    pieces = [piece for piece in re.split(r"(?<=[，；：、])", text) if piece.strip()]
    best: tuple[float, str] | None = None
    for start in range(len(pieces)):
        for end in range(len(pieces), start, -1):
            part = "".join(pieces[start:end])
            length = speech_seconds(part)
            if length > seconds or length < 0.9 or pieces[end - 1].endswith(("、", "：")):
                continue
            if start and re.match(r"[却便就又也还并而才]", part):
                continue
            score = length - 0.6 * (start > 0)
            if best is None or score > best[0]:
                ended = part.rstrip("，；：、")
                end_mark = "" if re.search(r"[。！？…]$", ended) else "。"
                best = (score, ended + end_mark)
            break
    return best[1] if best else None
