"""A state of a film, and one difference between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from studio.schema.film import Film
from studio.schema.storyboard import Storyboard, TakeKind
from studio.schema.version import ShownTake

About = Literal["film", "cast", "place", "scene", "shot"]
Kind = Literal[
    "added", "removed", "renamed", "moved", "retimed", "changed", "text", "line", "rendered"
]
"""`text` is a quoted text (an action, somebody's looks), `line` what is spoken, `rendered`
another take; `changed` is any other field."""


@dataclass(frozen=True)
class Change:
    """One difference: of what (`id` is empty for the film), and in words that stand behind
    its name."""

    about: About
    id: str
    kind: Kind
    words: str


@dataclass(frozen=True)
class Snapshot:
    """A state of a film.

    `frames` holds the slots' frames by shot, `seconds` is the length of the whole film, `takes`
    what every shot shows by (shot, kind), `song` the sha256 of the song's file; each may be
    left out where it is not known.
    """

    film: Film
    storyboard: Storyboard
    frames: Mapping[str, int] = field(default_factory=dict)
    seconds: Fraction | None = None
    takes: Mapping[tuple[str, TakeKind], ShownTake] = field(default_factory=dict)
    song: str = ""
