"""Ids of people and places: short, lower-case, ascii, each once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

RESERVED = frozenset(["look", "place", "movement", "time", "weather", "action", "cast"])
"""Names that prompts fill in themselves: nobody's id."""


def slug(text: str) -> str:
    """Lower-case ascii words joined by `_`, or an empty string."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "_", ascii_text.lower()).strip("_")[:40].strip("_")
    return made if re.match(r"[a-z]", made) else ""


def new_id(taken: Container[str], *wanted: str) -> str:
    """An id that nobody has yet, from the first of `wanted` that gives one."""
    for text in wanted:
        made = slug(text)
        if made and made not in taken and made not in RESERVED:
            return made
    base = next(
        (slug(text) for text in wanted if slug(text) and slug(text) not in RESERVED), "person"
    )[:36]
    return next(
        f"{base}_{n}"
        for n in range(1 if base == "person" else 2, 10**6)
        if f"{base}_{n}" not in taken
    )
