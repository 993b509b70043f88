"""The sidecar of a take: what made it, written once and never changed; and its review, what
was said of it afterwards."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from studio.schema.base import Model, ShotId
from studio.schema.storyboard import TakeKind


class MadeBy(Model):
    """The engine behind a take, as it described itself then."""

    engine: str
    revision: int
    about: str
    embedded: bool
    settings: dict[str, Any] = Field(default_factory=dict)


class Take(Model):
    """takes/<shot>/<kind>_v<number>.json.

    `request` is what was fingerprinted, in canonical form; `files` maps each suffix
    (".png", ".svg", ".mp4") to the sha256 of its content. `recorded` holds what is
    only recorded and never compared: seconds, peak memory, versions, date.
    A take with status "failed" has no files and an `error`.
    """

    label: Literal["take/1"] = Field(default="take/1", alias="schema")
    shot: ShotId
    kind: TakeKind
    number: int = Field(ge=1)
    status: Literal["good", "failed"] = "good"
    error: str = ""
    fingerprint: str
    variation: int = Field(default=0, ge=0)
    frames: int = Field(default=1, ge=1)
    made_by: MadeBy
    request: dict[str, Any]
    parents: dict[str, str] = Field(default_factory=dict)
    files: dict[str, str] = Field(default_factory=dict)
    recorded: dict[str, Any] = Field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The name that all files of the take share, such as clip_v002."""
        return f"{self.kind}_v{self.number:03d}"


class Verdict(Model):
    """What somebody said of a take: `accepted` declares it good for the request that has this
    fingerprint, though it was made for another."""

    verdict: Literal["accepted"] = "accepted"
    fingerprint: str
    reason: str = ""
    at: str = ""


class Review(Model):
    """takes/<shot>/<kind>_v<number>.review.json: the verdicts on a take, in order of time."""

    label: Literal["review/1"] = Field(default="review/1", alias="schema")
    verdicts: list[Verdict] = Field(default_factory=list)
