"""Sentences and their clauses: the smallest pieces that a prompt may lose whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_STOP = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"”’)]))\s+(?=[\"“‘(]?[A-ZÀ-Þ{0-9])")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|No|Prof|Capt|Lt|Sgt|Jr|Sr)\.$")
_JOINT = re.compile(
    r"(;\s+|\s+[—–]\s+|,?\s+and then\s+|,\s+(?:then|while|before|until|whereupon)\s+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """`lead` joins it to the clause before: `; `, `, while `; empty where it opens a sentence."""

    lead: str
    text: str


Sentence = tuple[Clause, ...]


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, with their marks."""
    found: list[str] = []
    for piece in _STOP.split(text.strip()):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        elif piece.strip():
            found.append(piece.strip())
    return found


def parted(text: str) -> list[Sentence]:
    """The sentences in clauses. A clause's own final mark stays with the sentence's last one."""
    parts = []
    for sentence in sentences(text):
        pieces = _JOINT.split(sentence)
        leads = ["", *pieces[1::2]]
        parts.append(
            tuple(Clause(lead, piece) for lead, piece in zip(leads, pieces[0::2], strict=True))
        )
    return parts


def joined(parts: Sequence[Sentence]) -> str:
    """The text of sentences that may have lost clauses: each begins and ends as one does."""
    return " ".join(filter(None, (_sentence(clauses) for clauses in parts)))


def without(text: str, falls: Callable[[str], bool]) -> str:
    """The text without the clauses for which `falls` is true."""
    return joined(
        [
            tuple(clause for clause in sentence if not falls(clause.lead + clause.text))
            for sentence in parted(text)
        ]
    )


def _sentence(clauses: Sequence[Clause]) -> str:
    if not clauses:
        return ""
    text = clauses[0].text + "".join(clause.lead + clause.text for clause in clauses[1:])
    text = text.strip().rstrip(",;:—– ")
    if not text:
        return ""
    if clauses[0].lead:
        text = text[0].upper() + text[1:]
    return text if text[-1] in '.!?…”"' else f"{text}."
