"""film.yaml: what film is wanted, and how it is made."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, field_validator, model_validator

from studio.schema.base import Model
from studio.schema.text_value import TextValue
from studio.schema.time import Duration, Moment, Rate

EngineKind = Literal[
    "llm", "writer", "painter", "animator", "interpolator", "upscaler", "voice", "critic"
]


@dataclass(frozen=True)
class FrameSize(TextValue):
    """Width and height in pixels, both even, 64 to 8192: `1280x720`."""

    width: int
    height: int

    json_pattern = r"^\d{2,4}x\d{2,4}$"
    json_examples = ("1280x720", "1920x1080", "720x480")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The size that `text` writes. Raises ValueError."""
        parts = text.strip().lower().replace("×", "x").split("x")
        if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
            raise ValueError(f"{text!r} is no frame size: write width x height, like 1280x720")
        width, height = (int(part) for part in parts)
        if not all(64 <= side <= 8192 and side % 2 == 0 for side in (width, height)):
            raise ValueError(f"{text!r}: width and height are even numbers from 64 to 8192")
        return cls(width, height)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


def _inside(path: str) -> str:
    pure = PurePosixPath(path.replace("\\", "/"))
    if not path.strip() or pure.is_absolute() or ".." in pure.parts or ":" in pure.parts[0]:
        raise ValueError(f"{path!r} leads out of the project: name a file inside its folder")
    return str(pure)


InsidePath = Annotated[str, AfterValidator(_inside)]
"""A path of a file in the project, relative to its folder, with forward slashes."""


class Song(Model):
    """The song that the film is cut to: its file and, where cuts fall on it, its grid: a tempo
    with the time of the first beat, or a file of marks."""

    file: InsidePath
    tempo: float | None = Field(default=None, gt=0, le=1000, description="beats a minute")
    first: Moment | None = Field(default=None, description="time of the first beat")
    beats: int = Field(default=4, ge=1, le=32, description="beats a bar")
    marks: InsidePath | None = Field(
        default=None, description="CSV file with the times that cuts fall on, one a row"
    )

    @field_validator("first")
    @classmethod
    def _first_in_seconds(cls, value: Moment | None) -> Moment | None:
        if value is not None and value.unit not in ("s", "frames"):
            raise ValueError("the time of the first beat is in seconds or frames: write 0.35s")
        return value

    @property
    def beat(self) -> Fraction | None:
        """Length of a beat in seconds, where the tempo is known."""
        return None if self.tempo is None else 60 / Fraction(str(self.tempo))


class EngineChoice(Model):
    """An engine by name, with its settings (checked by the engine itself). `takes`: how many
    takes of each shot a painter or an animator renders, each with another seed."""

    engine: str
    takes: int = Field(default=1, ge=1, le=20, description="of each shot")
    settings: dict[str, JsonValue] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_name_or_mapping(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"engine": value}
        if isinstance(value, dict):
            own = {key: value[key] for key in ("engine", "takes") if key in value}
            rest = {key: item for key, item in value.items() if key not in own}
            if "engine" in value and set(rest) != {"settings"}:
                return {**own, "settings": rest}
        return value


class Engines(Model):
    """Which engine does what. A kind that is null is not used."""

    llm: EngineChoice | None = None
    writer: EngineChoice = EngineChoice(engine="breakdown")
    painter: EngineChoice = EngineChoice(engine="sketch")
    animator: EngineChoice = EngineChoice(engine="pan")
    interpolator: EngineChoice = EngineChoice(engine="flow")
    upscaler: EngineChoice | None = None
    voice: EngineChoice | None = None
    critic: EngineChoice | None = None

    @field_validator("llm", "writer", "interpolator", "upscaler", "voice", "critic")
    @classmethod
    def _one_take(cls, choice: EngineChoice | None) -> EngineChoice | None:
        if choice is not None and choice.takes != 1:
            raise ValueError("takes are for the painter and the animator: others give the same")
        return choice


class Film(Model):
    """The whole of film.yaml."""

    label: Literal["film/1"] = Field(alias="schema")
    title: str = Field(min_length=1, max_length=200)
    length: Duration | None = Field(default=None, description="wanted length of the film")
    song: Song | None = Field(default=None, description="sets the length and the grid of cuts")
    frame: FrameSize = FrameSize(1280, 720)
    rate: Rate = Rate(Fraction(24))
    look: str = Field(
        default="", max_length=2000, description="of every picture; {look} in prompts"
    )
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    use: Literal["private", "commercial"] = "private"
    captions: Literal["soft", "burnt", "none"] = Field(
        default="soft",
        description="soft: a track that players can switch off; burnt: in the picture",
    )
    cards: bool | None = Field(
        default=None, description="title card and end card; by default where there is no song"
    )
    engines: Engines = Engines()

    @field_validator("song", mode="before")
    @classmethod
    def _song_by_file(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value

    @field_validator("length")
    @classmethod
    def _length_in_seconds(cls, value: Duration | None) -> Duration | None:
        if value is not None and value.unit in ("beats", "bars", "marks"):
            raise ValueError("the film's length is in seconds or minutes: write 60s or 2m")
        return value

    @property
    def has_cards(self) -> bool:
        """Whether a title card comes before the shots and an end card after them."""
        return self.song is None if self.cards is None else self.cards

    @property
    def beat(self) -> Fraction | None:
        """Length of a beat of the song in seconds, where there is a song with a tempo."""
        return self.song.beat if self.song else None

    def seconds(self, duration: Duration) -> Fraction:
        """A duration of this film in seconds. Raises ValueError for beats without a tempo."""
        return duration.seconds(self.rate, self.beat, self.song.beats if self.song else 4)
