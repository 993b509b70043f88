"""versions/<name>/version.yaml: what a version that was kept by name was made of."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import Field

from studio.schema.base import Model, ShotId
from studio.schema.storyboard import TakeKind
from studio.schema.time import Rate


class ShownTake(Model):
    """A take as a version showed it: its number, the sha256 of its picture or clip, and the
    engine that made it."""

    number: int = Field(ge=1)
    content: str
    engine: str


class VersionShot(Model):
    """A shot's slot in frames of the film, and the takes of its own that it had."""

    start: int = Field(ge=0)
    frames: int = Field(ge=1)
    takes: dict[TakeKind, ShownTake] = Field(default_factory=dict)


class Version(Model):
    """The record of a version; film.yaml and storyboard.yaml lie beside it as they were.

    `at` is ISO 8601, UTC; `frames` the length of the whole film, cards included; `song` the
    sha256 of the song's file, empty without one; `since` the version before, whose
    differences `summary` counts.
    """

    label: Literal["version/1"] = Field(default="version/1", alias="schema")
    name: str
    at: str
    kept: list[Literal["film", "reel"]]
    since: str | None = None
    summary: str
    frames: int = Field(ge=1)
    rate: Rate
    song: str = ""
    shots: dict[ShotId, VersionShot]

    @property
    def seconds(self) -> Fraction:
        """Length of the film, cards included."""
        return self.frames / self.rate.fps
