"""Which letters a language is written in, and whether a text is in others.

Languages that share their letters are not told apart, and of a language that is not in the table
nothing is said.
"""

from __future__ import annotations

import unicodedata

_WRITTEN = {
    "CJK": "zh ja ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CYRILLIC": "be bg kk mk ru sr uk",
    "GREEK": "el",
    "ARABIC": "ar fa ur",
    "HEBREW": "he yi",
    "DEVANAGARI": "hi mr ne",
    "BENGALI": "bn",
    "THAI": "th",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
    "LATIN": "cs da de en es et fi fr hr hu id it lt lv ms nl no pl pt ro sk sl sr sv sw tr vi",
}
"""Languages by how Unicode names their letters."""
_KNOWN = frozenset(" ".join(_WRITTEN.values()).split())
_SIGNS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
WORD = 5
"""Letters of an alphabet that weigh as much as one sign, so that a few foreign names in Chinese do
not make it foreign."""


def in_other_letters(text: str, language: str) -> bool:
    """Whether most of a text is in letters that its language (`zh`, `pt-BR`) is not written in."""
    code = language.replace("_", "-").split("-")[0].lower()
    if code not in _KNOWN:
        return False
    own = others = 0
    for letter in filter(str.isalpha, text):
        script = _script(letter)
        weight = WORD if script in _SIGNS else 1
        if code in _WRITTEN.get(script, "").split():
            own += weight
        else:
            others += weight
    return own < others


def is_latin(letter: str) -> bool:
    """Whether a character is a Latin letter."""
    return letter.isalpha() and _script(letter) == "LATIN"


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
