"""Whether a prompt is English: by its letters, and by the small words that every sentence has.

A modest rule, made to pass English with foreign names in it: it knows seven other languages by
their small words, and any other by the want of English ones.
"""

from __future__ import annotations

import re
import unicodedata

from agents.wording.clauses import sentences

_ENGLISH = (
    "the of and with is are her his from by into at she he it they their on in to as over under "
    "a an for through behind against above below near beside while slowly across"
)
_OTHERS = {
    "German": "und der das dem den nicht ein eine einen einem einer ist mit auf von zu zum zur im "
    "sie ihr ihre ihren wird über durch unter steht langsam vor während aus nach sich",
    "French": "le la les des une et est dans sur avec qui du au aux elle il ses vers sous par pour "
    "pas son sa lentement pendant devant tandis",
    "Spanish": "el los las una y en del con por para su sus que es se al sobre hacia mientras lo "
    "lentamente bajo desde",
    "Italian": "il lo gli una di che della del nel nella con per è sul sulla alla verso mentre si "
    "lentamente sotto suo sua",
    "Portuguese": "os uma em da dos das com não para seu sua enquanto lentamente sobre pela pelo é",
    "Dutch": "het een van en met op naar zijn haar niet terwijl langzaam onder aan",
    "Swedish": "och det en ett på är med av till som hon han sin över medan långsamt från",
}
_SMALL = {language: frozenset(words.split()) for language, words in _OTHERS.items()}
_OWN = frozenset(_ENGLISH.split())
_SHORT = 10
"""Words below which the want of English small words says nothing."""


def foreign(text: str) -> list[tuple[str, str]]:
    """What is not English in a prompt without its names in braces: (sentence, why)."""
    found = [(sentence, why) for sentence in sentences(text) if (why := _foreign(sentence))]
    words = _words(text)
    if not found and len(words) >= _SHORT and not _OWN & set(words):
        return [(text, "it does not read as English")]
    return found


def _foreign(sentence: str) -> str:
    plain = sentence.isascii()
    others = [] if plain else [c for c in sentence if c.isalpha() and not _latin(c)]
    if others:
        return f"{''.join(dict.fromkeys(others))[:12]!r} are no Latin letters"
    words = _words(sentence)
    english = sum(word in _OWN for word in words)
    for language, small in _SMALL.items():
        hits = [word for word in words if word in small]
        if len(set(hits)) >= 2 and len(hits) > english and 5 * len(hits) >= len(words):
            return f"it reads as {language}"
    return ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN") or letter in "ªº"
