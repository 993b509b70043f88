"""The graphics cards of this machine, asked of the driver's own tool: nothing is loaded for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

FIELDS = ("index", "uuid", "name", "memory.total", "memory.free", "compute_cap")
"""What is asked of nvidia-smi, in its words; memory comes in MiB."""
PATIENCE = 30
"""Seconds that nvidia-smi may take: a driver that wakes up takes some."""


@dataclass(frozen=True)
class Card:
    """One card: `total` and `free` are bytes of its memory, `capability` is CUDA's compute
    capability (9, 0), `uuid` what CUDA_VISIBLE_DEVICES may name it by, whatever its order."""

    index: int
    name: str
    total: int
    free: int
    capability: tuple[int, int]
    uuid: str = ""


def cards() -> tuple[Card, ...]:
    """The cards that CUDA programs of ours may use, in the order of CUDA_VISIBLE_DEVICES where
    that is set. None where there is no nvidia-smi, where it fails, or where what it says of a card
    does not read; `free` is `total` where it does not say what is free."""
    every = tuple(card for line in _said() if (card := _card(line)) is not None)
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return every if visible is None else _visible(every, visible)


def driver() -> str:
    """The version of NVIDIA's driver; empty where there is none."""
    lines = _asked("driver_version")
    return lines[0].strip() if lines else ""


def _said() -> list[str]:
    return _asked(",".join(FIELDS))


def _asked(query: str) -> list[str]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        return subprocess.run(
            [program, f"--query-gpu={query}", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return []


def _card(line: str) -> Card | None:
    said = [part.strip() for part in line.split(",")]
    if len(said) != len(FIELDS):
        return None
    index, uuid, name, total, free, capability = said
    major, _, minor = capability.partition(".")
    if not all(number.isdecimal() for number in (index, total, major, minor)):
        return None
    left = int(free) if free.isdecimal() else int(total)
    return Card(
        index=int(index),
        name=name,
        total=int(total) * 2**20,
        free=left * 2**20,
        capability=(int(major), int(minor)),
        uuid=uuid,
    )


def _visible(every: tuple[Card, ...], named: str) -> tuple[Card, ...]:
    """The cards that a CUDA_VISIBLE_DEVICES names, as CUDA reads it: by index or by the beginning
    of a uuid, up to the first that is not there."""
    found: list[Card] = []
    for word in filter(None, (part.strip() for part in named.split(","))):
        card = _named(every, word)
        if card is None or card in found:
            break
        found.append(card)
    return tuple(found)


def _named(every: Iterable[Card], word: str) -> Card | None:
    if word.isdecimal():
        return next((card for card in every if card.index == int(word)), None)
    alike = [card for card in every if card.uuid and card.uuid.startswith(word)]
    return alike[0] if len(alike) == 1 else None
