"""The small motion of things that live or glimmer: people, water, lamps.

Each function takes a cel and gives its motion. Sizes follow the frame's height, so that
a small frame shows the same movement as a large one; the same person moves in the same
way in every shot with the same seed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence

import numpy as np

from studio.engines.pan.cel import Cel, Drift, Motion, Rows


def figure(cel: Cel, frame_height: int, seed: int, speaks: bool) -> Motion:
    """Somebody who stands there: breath, weight that shifts, a head that is never quite still.

    The feet stay where they are. Somebody who speaks nods with the words.
    """
    rows, up = _rows_from_below(cel)
    tall = rows / cel.density
    pixel = frame_height / 720 * cel.density
    reach = min(2.2, max(0.7, 0.005 * tall * 720 / frame_height)) * pixel
    body, chest, head = up**1.5, _step(up / 0.8), _step((up - 0.7) / 0.2)
    weight = _wave(cel, seed, "weight", (0.11, 0.19, 0.31))
    breath = _wave(cel, seed, "breath", (0.27,))
    turn = _wave(cel, seed, "turn", (0.23, 0.43, 0.71))
    nod = _wave(cel, seed, "nod", (0.9, 1.6, 2.3) if speaks else (0.17, 0.37))
    nodding = 1.1 if speaks else 0.4

    def at(time: float) -> Drift:
        right = reach * (weight(time) * body + 0.5 * turn(time) * head)
        down = reach * (0.45 * breath(time) * chest + nodding * nod(time) * head)
        return Drift(rows=(right.astype(np.float32), down.astype(np.float32)))

    return at


def water(cel: Cel, frame_height: int, seed: int) -> Motion:
    """Rows that slide past each other, more towards the viewer."""
    rows, up = _rows_from_below(cel)
    pixel = frame_height / 720 * cel.density
    lines = np.arange(rows) / pixel
    near = (0.35 + 1.5 * (1 - up)) * pixel
    roll = _wave(cel, seed, "roll", (0.13, 0.29))

    def at(time: float) -> Drift:
        ripple = np.sin(lines / 3.5 - 2.1 * time) + 0.8 * np.sin(lines / 9 + 1.3 * time)
        right = near * (ripple + 1.2 * roll(time))
        down = 0.5 * near * np.sin(lines / 14 - 1.1 * time) * _step((1 - up) / 0.1)
        return Drift(rows=(right.astype(np.float32), down.astype(np.float32)))

    return at


def glow(cel: Cel, seed: int) -> Motion:
    """Light that breathes, as of a flame or an old lamp."""
    flicker = _wave(cel, seed, "flicker", (0.41, 0.97, 2.3, 3.7))
    return lambda time: Drift(light=0.88 + 0.12 * flicker(time))


def _rows_from_below(cel: Cel) -> tuple[int, Rows]:
    """How many rows a cel has, and for each how high it is, from 0 below to 1 above."""
    rows = cel.pixels.shape[0]
    return rows, 1 - (np.arange(rows, dtype=np.float32) + 0.5) / rows


def _step(part: Rows) -> Rows:
    """Rises smoothly from 0 to 1."""
    held = np.clip(part, 0, 1)
    return held * held * (3 - 2 * held)


def _wave(cel: Cel, seed: int, what: str, hertz: Sequence[float]) -> Callable[[float], float]:
    """A smooth, seeded movement between -1 and 1, slow waves the strongest."""
    digest = hashlib.sha256(f"{seed} {cel.name} {what}".encode()).digest()
    phases = np.random.default_rng(list(digest[:8])).uniform(0, 2 * math.pi, len(hertz))
    parts = [
        (1 / (1 + each), 2 * math.pi * each, phase)
        for each, phase in zip(hertz, phases, strict=True)
    ]
    whole = sum(share for share, _, _ in parts)

    def at(time: float) -> float:
        return sum(share * math.sin(speed * time + phase) for share, speed, phase in parts) / whole

    return at
