"""storyboard.yaml: the cast, the places, and the scenes with their shots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from studio.schema.base import Id, Model, SceneId, ShotId
from studio.schema.film import InsidePath
from studio.schema.time import (
    CUT,
    NORMAL_SPEED,
    START,
    Duration,
    Moment,
    Speed,
    Transition,
)

Size = Literal["ECU", "CU", "MCU", "MS", "MLS", "LS", "ELS"]
Framing = Literal["single", "two-shot", "group", "over-the-shoulder", "POV", "insert"]
Angle = Literal["eye", "high", "low", "overhead", "worm's eye", "dutch"]
Movement = Literal[
    "static",
    "pan left",
    "pan right",
    "tilt up",
    "tilt down",
    "dolly in",
    "dolly out",
    "truck left",
    "truck right",
    "pedestal up",
    "pedestal down",
    "zoom in",
    "zoom out",
    "crane up",
    "crane down",
    "handheld",
    "arc left",
    "arc right",
]
At = Literal["left", "center", "right"]
Facing = Literal["left", "right", "camera", "away"]
Heard = Literal["on", "off", "vo"]
TakeKind = Literal["keyframe", "clip", "inbetweens", "voice"]
SheetKind = Literal["front", "profile", "full"]
Fit = Literal["center", "top", "bottom", "left", "right"]

SIZE_NAMES: dict[Size, str] = {
    "ECU": "Extreme close-up",
    "CU": "Close-up",
    "MCU": "Medium close-up",
    "MS": "Medium shot",
    "MLS": "Medium long shot",
    "LS": "Long shot",
    "ELS": "Extreme long shot",
}
"""The sizes in words, as prompts say them."""


class Person(Model):
    """One of the cast: `looks` is repeated in the same words in every prompt."""

    name: str = Field(min_length=1, max_length=100)
    looks: str = Field(default="", max_length=2000)
    voice: str | None = None
    references: list[InsidePath] = Field(
        default_factory=list,
        max_length=3,
        description="own pictures: the face from the front, in profile, the full length",
    )
    takes: dict[SheetKind, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description="circled pictures of the cast sheet"
    )


class Place(Model):
    """A place where scenes happen."""

    name: str = Field(min_length=1, max_length=200)
    looks: str = Field(default="", max_length=2000)


class Presence(Model):
    """Somebody in a shot: who, and where they differ from the cast sheet or need a place."""

    who: Id
    wears: str | None = Field(default=None, description="other clothes than in the cast sheet")
    at: At | None = Field(default=None, description="where in the frame")
    facing: Facing | None = None
    does: str | None = Field(default=None, description="posture or gesture")


class Line(Model):
    """A line of dialogue; `heard` on screen, off screen or as a voice over."""

    who: Id
    line: str = Field(min_length=1, max_length=2000)
    how: str | None = None
    heard: Heard = "on"


class Source(Model):
    """Another shot's clip, shown from a moment on."""

    shot: ShotId
    start: Moment = Field(
        default=START,
        alias="in",
        description="in the clip's own time, from where that shot begins, its trim included",
    )


class Shot(Model):
    """One shot: what it shows, how long, and the prompts that paint and animate it."""

    id: ShotId
    was: ShotId | None = Field(
        default=None, description="its first id, where it was renamed: its seeds come from it"
    )
    size: Size = "MS"
    framing: Framing = "single"
    angle: Angle = "eye"
    movement: Movement = "static"
    duration: Duration
    cast: list[Presence] = Field(default_factory=list)
    action: str = ""
    narration: str = ""
    dialogue: list[Line] = Field(default_factory=list)
    transition: Transition = Field(default=CUT, description="into this shot")
    source: Source | None = Field(
        default=None, alias="from", description="show another shot's clip; nothing is rendered"
    )
    trim: Moment = Field(
        default=START, description="leaves out so much of the clip; on top of from: in"
    )
    speed: Speed = Field(default=NORMAL_SPEED, description="0.5 shows the clip half as fast")
    panels: list[Moment] = Field(
        default_factory=list,
        description="when boards/<shot>_b, _c, … begin; evenly where none is given",
    )
    fit: Fit = Field(
        default="center", description="which part of an own picture is kept where it is cropped"
    )
    keyframe: str | None = Field(
        default=None, description="the painter's prompt; null: composed from the fields"
    )
    motion: str | None = Field(
        default=None, description="the animator's prompt; null: composed from the fields"
    )
    avoid: str = ""
    takes: dict[TakeKind, int] = Field(default_factory=dict, description="circled takes")
    notes: str = ""

    @property
    def first_id(self) -> str:
        """The id that it was made under: where seeds come from, and drafts know it by."""
        return self.was or self.id

    @field_validator("cast", mode="before")
    @classmethod
    def _cast_by_id(cls, value: Any) -> Any:
        if isinstance(value, list):
            return [{"who": item} if isinstance(item, str) else item for item in value]
        return value

    @field_validator("source", mode="before")
    @classmethod
    def _source_by_id(cls, value: Any) -> Any:
        return {"shot": value} if isinstance(value, str) else value

    @field_validator("takes")
    @classmethod
    def _takes_count_from_one(cls, value: dict[TakeKind, int]) -> dict[TakeKind, int]:
        for kind, number in value.items():
            if number < 1:
                raise ValueError(f"takes count from 1, not {number} ({kind})")
        return value


class Scene(Model):
    """A scene: one place and time, and its shots in order."""

    id: SceneId
    was: SceneId | None = Field(default=None, description="its first id, where it was renamed")
    heading: str = Field(min_length=1, max_length=300)
    place: Id
    time: str = ""
    weather: str = ""
    synopsis: str = ""
    by: str = Field(
        default="",
        description="who wrote it, where the film's writer could not: breakdown, by rules",
    )
    told: str = Field(
        default="", description="in drafts: hash of the part of the story that it was made from"
    )
    shots: list[Shot] = Field(default_factory=list)


class Storyboard(Model):
    """The whole of storyboard.yaml."""

    label: Literal["storyboard/1"] = Field(alias="schema")
    cast: dict[Id, Person] = Field(default_factory=dict)
    places: dict[Id, Place] = Field(default_factory=dict)
    scenes: list[Scene] = Field(default_factory=list)

    def shots(self) -> Iterator[tuple[Scene, Shot]]:
        """Every shot with its scene, in the order of the film."""
        for scene in self.scenes:
            for shot in scene.shots:
                yield scene, shot
