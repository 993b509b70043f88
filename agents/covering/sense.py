"""Whether a model's words say anything, and in the film's writing; by rule, without dictionary."""

from __future__ import annotations

import re
from collections import Counter

_WRITINGS = {
    "Latin": "A-Za-z\u00aa-\u024f\u1e00-\u1eff",
    "Chinese": "\u3400-\u9fff",
    "Japanese": "\u3040-\u30ff\u3400-\u9fff",
    "Korean": "\uac00-\ud7af\u3400-\u9fff",
    "Cyrillic": "\u0400-\u052f",
    "Greek": "\u0370-\u03ff",
    "Arabic": "\u0600-\u06ff",
    "Hebrew": "\u0590-\u05ff",
}
_LATIN = "cs da de en es fi fr hu id it nl no pl pt ro sv tr vi"
_OF: dict[str, str] = {
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Cyrillic",
    "uk": "Cyrillic",
    "bg": "Cyrillic",
    "el": "Greek",
    "ar": "Arabic",
    "fa": "Arabic",
    "he": "Hebrew",
    **dict.fromkeys(_LATIN.split(), "Latin"),
}
_PLACEHOLDERS = frozenset(("none", "n/a", "null", "string", "action", "todo", "unknown"))
_SIGNS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def said(text: str) -> str:
    """A text on one line, without characters that do not print, and without braces, which are
    names in prompts."""
    text = text.translate({ord("{"): "(", ord("}"): ")"})
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def foreign(text: str, language: str) -> bool:
    """Whether most letters are of another writing than the language's. Languages that share one
    are not told apart, and of a language that is not known nothing is."""
    writing = _OF.get(language.split("-")[0].lower())
    letters = [char for char in text if char.isalpha()]
    if writing is None or not letters:
        return False
    return 2 * len(re.findall(f"[{_WRITINGS[writing]}]", "".join(letters))) < len(letters)


def senseless(text: str) -> bool:
    """Whether a text says nothing: hardly a letter, a placeholder, or one thing over and over."""
    words = re.findall(r"\w+", text.casefold())
    letters = [char for char in text.casefold() if char.isalpha()]
    if text.casefold().strip(" .") in _PLACEHOLDERS or len(set(letters)) < 3:
        return True
    if _SIGNS.search(text):
        words = letters
    elif sum(map(len, words)) < 6:
        return True
    return len(words) >= 6 and Counter(words).most_common(1)[0][1] > len(words) / 2
