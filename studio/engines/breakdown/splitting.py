"""A sentence that tells several things, as several units: `she went in, took it, and ran`.

Used where the film has more time than the story has sentences, so that each thing that
happens is shown, rather than one thing from many sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from studio.engines.breakdown.lexicon import is_chinese, verb_forms
from studio.engines.breakdown.mentions import People
from studio.engines.breakdown.units import Unit

_NEXT = re.compile(
    r",\s+(?:and\s+)?(?:then\s+|finally\s+|eventually\s+)?(?=[a-z]+\s)|\s+and\s+(?=[a-z]+\s+(?:the|a|an|his|her|its|their|to|into|out|up|down)\b)"
)


def split(units: Sequence[Unit], people: People) -> list[Unit]:
    """The units, those that tell several things cut into one unit for each; renumbered."""
    out: list[Unit] = []
    for unit in units:
        pieces = [unit] if unit.spoken or unit.notice else _pieces(unit, people)
        out += [replace(piece, index=len(out) + at) for at, piece in enumerate(pieces)]
    return out


def _pieces(unit: Unit, people: People) -> list[Unit]:
    if is_chinese(unit.text):
        return _chinese(unit)
    subject = people.by_id.get(unit.subject or "")
    if subject is None:
        return [unit]
    pronoun = (
        "They"
        if subject.group
        else {"m": "He", "f": "She"}.get(subject.sex, _capital(subject.short))
    )
    mine = "I" if subject.narrator and not unit.level else pronoun
    texts = [_cut(text) for text in (unit.text, unit.said, unit.voiced)]
    if len({len(parts) for parts in texts}) != 1 or len(texts[0]) == 1:
        return [unit]
    found = []
    for at, (text, said, voiced) in enumerate(zip(*texts, strict=True)):
        if at:
            name = _capital(subject.short)
            text, said, voiced = f"{mine} {text}", f"{name} {said}", f"{mine} {voiced}"
        ended = [part if part[-1:] in ".!?…" else part + "." for part in (text, said, voiced)]
        people_here = unit.people if not at else [unit.subject or "", *_named(said, unit, people)]
        found.append(
            replace(
                unit,
                text=ended[0],
                said=ended[1],
                voiced=ended[2],
                people=list(dict.fromkeys(people_here)),
                **_first_only(at),
            )
        )
    return found


def _first_only(at: int) -> dict[str, Any]:
    """What a piece of a sentence after the first does not keep."""
    return {} if not at else {"heading": "", "entry": "", "notes": []}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(said: str, unit: Unit, people: People) -> list[str]:
    return [mention.person for mention in people.mentions(said) if mention.person in unit.people]


def _cut(text: str) -> list[str]:
    """The clauses of a sentence that share its subject, the joints left out."""
    forms = verb_forms()
    starts = []
    for joint in _NEXT.finditer(text):
        word = text[joint.end() :].split()[0].lower()
        form = forms.get(word)
        verb = (form is not None and form.form in ("past", "third")) or (
            form is None and word.endswith("ed") and len(word) > 4
        )
        after = text[joint.end() + len(word) :].split()
        if verb and after:
            starts.append((joint.start(), joint.end()))
    parts, place = [], 0
    for start, end in starts:
        if len(text[place:start].split()) >= 3 and len(text[end:].split()) >= 3:
            parts.append(text[place:start].strip())
            place = end
    return [*parts, text[place:].strip()]


def _chinese(unit: Unit) -> list[Unit]:
    pieces = [piece for piece in re.split(r"(?<=[，；])", unit.text) if piece.strip()]
    joined: list[str] = []
    for piece in pieces:
        if joined and len(joined[-1]) < 7:
            joined[-1] += piece
        else:
            joined.append(piece)
    if len(joined) > 1 and len(joined[-1]) < 5:
        last = joined.pop()
        joined[-1] += last
    if len(joined) < 2 or len(unit.text) < 18:
        return [unit]
    return [
        replace(unit, text=ended, said=ended, voiced=ended, **_first_only(at))
        for at, piece in enumerate(joined)
        for ended in [piece.rstrip("，；") + ("" if piece[-1] in "。！？…" else "。")]
    ]
