"""Conflicts of a merge, as comments in the person's own file: how they are worded and found.

A conflict is one comment line directly above the field, the shot, the scene, or the person or
place that it is about:

    # conflict: action: the writer now has "Mara lights the lamp."

The value behind it is written as YAML, on one line and whole, so that it can be put in the
field's place. A person resolves a conflict by deleting its comment.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from studio.schema.base import Model
from studio.schema.text_value import TextValue

MARK = "# conflict: "

GONE = "the writer no longer has it, and you changed it"

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _.;()/'’-]*[A-Za-z0-9.)]|[A-Za-z]|\d+(\.\d+)?[a-z]+")
_WORDS = frozenset(["null", "true", "false"])
_COMMENT = re.compile(rf"\s*{MARK}(?P<text>.*?)\s*")
_ITEM = re.compile(r"\s*(?:-\s+)?(?:\{.*?\b)?id:\s*[\"']?(?P<id>sc\w+)")
_ENTRY = re.compile(r"(?P<indent>\s+)[\"']?(?P<id>[a-z][a-z0-9_]*)[\"']?:")
_TOP = re.compile(r"(?P<key>\w+):")


@dataclass(frozen=True)
class Conflict:
    """One conflict comment: its line in the file, from 1; what it is about (the id of a shot, a
    scene, a person or a place); and what it says."""

    line: int
    shot: str
    text: str


def spelled(value: Any, *, bare: bool = False) -> str:
    """A value of a storyboard as YAML on one line: `4s`, `"She waits."`, `[{who: mara}]`. `bare`:
    a text that needs no quotes has none, as inside lists."""
    match value:
        case None:
            return "null"
        case Model():
            return spelled(value.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        case dict():
            inside = (f"{key}: {spelled(item, bare=True)}" for key, item in value.items())
            return f"{{{', '.join(inside)}}}"
        case list() | tuple():
            return f"[{', '.join(spelled(item, bare=True) for item in value)}]"
        case bool() | int() | float():
            return json.dumps(value)
        case TextValue():
            return str(value)
    if bare and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def other_value(field: str, value: Any) -> str:
    """What a conflict says where both changed a field, and the person's value stands."""
    return f"{field}: the writer now has {'none' if value in (None, '', []) else spelled(value)}"


def read(text: str) -> list[Conflict]:
    """The conflicts that the text of a storyboard.yaml lists, from top to bottom."""
    found: list[Conflict] = []
    waiting: list[tuple[int, str]] = []
    about, top, depth = "", "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if comment := _COMMENT.fullmatch(line):
            waiting.append((number, comment["text"]))
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if key := _TOP.match(line):
            about, top, depth = "", key["key"], 0
        elif item := _ITEM.match(line):
            about = item["id"]
        elif top in ("cast", "places") and (entry := _ENTRY.match(line)):
            depth = depth or len(entry["indent"])
            if len(entry["indent"]) == depth:
                about = entry["id"]
        found += [Conflict(at, about, said) for at, said in waiting]
        waiting = []
    return found + [Conflict(at, about, said) for at, said in waiting]
