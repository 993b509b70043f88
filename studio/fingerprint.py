"""The canonical form and hash of everything that a render depends on.

A request is a tree of dataclasses, tuples, numbers and text. A `File` in it counts by
its content hash, never by its path; a shot's id names the request and is not part of
what is hashed, nor is a prompt as encoders read it, which follows from the prompt; nor
is a field that stands at its default, so that a field which a later version adds makes
no take stale. Software versions, cards and paths never enter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from studio.schema.text_value import TextValue

NAMES_ONLY = frozenset({"shot", "read"})


def canonical(value: Any) -> Any:
    """JSON-able form of a request: equal requests give equal forms.

    Raises TypeError for a value without a canonical form (a path, a set, an object).
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if isinstance(value, (dict, Mapping)):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (Fraction, TextValue)):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        if hasattr(value, "sha256"):
            return f"sha256:{value.sha256}"
        named = ((name, getattr(value, name), usual) for name, usual in _hashed_fields(type(value)))
        return {
            name: canonical(item)
            for name, item, usual in named
            if usual is MISSING or item != usual
        }
    raise TypeError(f"{type(value).__name__} has no canonical form")


@cache
def _hashed_fields(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass that count, with their defaults (MISSING: none)."""
    return tuple((item.name, item.default) for item in fields(kind) if item.name not in NAMES_ONLY)


def fingerprint(value: Any) -> str:
    """sha256 of the canonical form, in hexadecimal."""
    return digest(canonical(value))


def digest(form: Any) -> str:
    """The fingerprint of what is in canonical form already."""
    text = json.dumps(form, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """sha256 of a file's content, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seed_of(film_seed: int, shot: str, variation: int) -> int:
    """The seed of one shot's variation, 0 to 2**63-1: of nothing else, so order and other
    shots never matter. `shot` is the shot's first id, so that a renamed one keeps its seeds."""
    digest = hashlib.sha256(f"{film_seed}/{shot}/{variation}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def differences(old: Any, new: Any, prefix: str = "") -> list[str]:
    """Names of what differs between two canonical forms, such as `panel.look`."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for key in [*new, *(key for key in old if key not in new)]:
            name = f"{prefix}.{key}" if prefix else key
            found += differences(old.get(key), new.get(key), name)
        return found
    return [] if old == new else [prefix]
