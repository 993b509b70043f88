"""Whether a model's words say anything; by rule, without a dictionary."""

from __future__ import annotations

import re
from collections import Counter

_PLACEHOLDERS = frozenset(("none", "n/a", "null", "string", "action", "todo", "unknown"))
_SIGNS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def senseless(text: str) -> bool:
    """Whether a text says nothing: hardly a letter, a placeholder, or one thing over and over."""
    words = re.findall(r"\w+", text.casefold())
    letters = [char for char in text.casefold() if char.isalpha()]
    if text.casefold().strip(" .") in _PLACEHOLDERS:
        return True
    if _SIGNS.search(text):
        words = letters
    elif len(set(letters)) < 3 or sum(map(len, words)) < 6:
        return True
    return len(words) >= 6 and Counter(words).most_common(1)[0][1] > len(words) / 2
