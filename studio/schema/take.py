"""The sidecar of a take: what made it, written once and never changed; and its review, what
was said of it afterwards.

A take is of a shot (`sc010_sh020`), or of somebody's cast sheet (`cast_mara`).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints

from studio.schema.base import Model, ShotId
from studio.schema.storyboard import SheetKind, TakeKind

Kind = TakeKind | SheetKind

SHEET_PATTERN = r"^cast_[a-z][a-z0-9_]{0,39}$"
SheetId = Annotated[str, StringConstraints(pattern=SHEET_PATTERN)]


def sheet_of(who: str) -> str:
    """What somebody's cast sheet goes by, as a shot does by its id: cast_mara."""
    return f"cast_{who}"


def is_sheet(name: str) -> bool:
    """Whether this is what a cast sheet goes by."""
    return re.fullmatch(SHEET_PATTERN, name) is not None


class MadeBy(Model):
    """The engine behind a take, as it described itself then."""

    engine: str
    revision: int
    about: str
    embedded: bool
    settings: dict[str, Any] = Field(default_factory=dict)


class Take(Model):
    """takes/<shot>/<kind>_v<number>.json; of a cast sheet takes/cast_<who>/front_v001.json.

    `request` is what was fingerprinted, in canonical form; `files` maps each suffix
    (".png", ".svg", ".mp4") to the sha256 of its content. `recorded` holds what is
    only recorded and never compared: seconds, peak memory, versions, date.
    A take with status "failed" has no files and an `error`.
    """

    label: Literal["take/1"] = Field(default="take/1", alias="schema")
    shot: ShotId | SheetId
    kind: Kind
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
    fingerprint, though it was made for another; `approved` lets a clip be rendered from a
    keyframe that has this fingerprint itself."""

    verdict: Literal["accepted", "approved"] = "accepted"
    fingerprint: str
    reason: str = ""
    at: str = ""


class Review(Model):
    """takes/<shot>/<kind>_v<number>.review.json: the verdicts on a take, in order of time."""

    label: Literal["review/1"] = Field(default="review/1", alias="schema")
    verdicts: list[Verdict] = Field(default_factory=list)

    def of(self, verdict: Literal["accepted", "approved"]) -> list[Verdict]:
        """The verdicts of one sort."""
        return [said for said in self.verdicts if said.verdict == verdict]

    def approves(self, take: Take) -> bool:
        """Whether a clip may be rendered from this keyframe, whose review it is."""
        return any(said.fingerprint == take.fingerprint for said in self.of("approved"))

    def adding(self, said: Verdict) -> Review:
        """The review with one more verdict."""
        return self.model_copy(update={"verdicts": [*self.verdicts, said]})

    def without(self, verdict: Literal["accepted", "approved"]) -> Review:
        """The review without the verdicts of one sort."""
        kept = [said for said in self.verdicts if said.verdict != verdict]
        return self.model_copy(update={"verdicts": kept})


def counted(count: int, kind: str) -> str:
    """So many takes of a kind, in words: `1 clip`, `4 inbetweens`, `2 profile pictures`."""
    noun = f"{kind} picture" if kind in get_args(SheetKind) else kind.removesuffix("s")
    return f"{count} {kind if kind.endswith('s') else noun + ('' if count == 1 else 's')}"
