"""A screenplay as typed paragraphs: what Fountain and Final Draft have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ParagraphKind = Literal[
    "heading",
    "action",
    "cue",
    "parenthetical",
    "dialogue",
    "lyrics",
    "transition",
    "centered",
    "note",
    "section",
    "synopsis",
]
TRANSITION = re.compile(
    r"(?:[A-Z'’-]+ )*(?:CUT|DISSOLVE|FADE|WIPE|IRIS)(?: (?:IN|OUT|UP|BACK|TO|FROM)\b[A-Z'’ ]*)?[.:]"
)
"""A line that is a transition by its words: FADE IN:, SMASH CUT TO:, FADE TO BLACK."""
TitlePage = tuple[tuple[str, str], ...]
"""A title page's lines, as (key, text); the key is empty where the page has none."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, its text without marks. `number` is a heading's; `dual` says of a cue that
    it speaks at once with the one before it. A cue's text still has its extensions."""

    kind: ParagraphKind
    text: str
    number: str = ""
    dual: bool = False


def clean(text: str) -> str:
    """Lines without spaces around them, single spaces within, no empty line at either end."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n")
