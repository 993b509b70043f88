"""The script doctor's tools: what may be done to a film, as typed values.

A call says what is to be done and to what; `changes.py` says what comes of it. No tool reads a file
or the network. Every text has a bound, and what a terminal or a file could take for more than text
is left out of it.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from studio.schema.storyboard import Angle, At, Facing, Framing, Heard, Movement, Size


def plain(text: str) -> str:
    """A text on one line, without control characters."""
    kept = (" " if _is_control(mark) else mark for mark in text)
    return " ".join("".join(kept).split())


def _is_control(mark: str) -> bool:
    kind = unicodedata.category(mark)
    return kind[0] == "C" and kind != "Cf"  # Cf joins letters in some scripts


Name = Annotated[str, Field(max_length=40), AfterValidator(plain)]
"""An id, or how somebody or something is called."""
Time = Annotated[str, Field(max_length=30), AfterValidator(plain)]
Words = Annotated[str, Field(max_length=160), AfterValidator(plain)]
Text = Annotated[str, Field(max_length=1200), AfterValidator(plain)]


def _any_of(schema: dict[str, Any]) -> None:
    """A union as grammar compilers know it."""
    schema.pop("discriminator")
    schema["anyOf"] = schema.pop("oneOf")


class Part(BaseModel):
    """A part of a call, closed to fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Present(Part):
    """Somebody in a shot. Null is as in the cast sheet, or free."""

    who: Name
    wears: Words | None = None
    at: At | None = None
    facing: Facing | None = None
    does: Words | None = None


class Spoken(Part):
    """A line of dialogue."""

    who: Name
    line: Text
    how: Words | None = None
    heard: Heard = "on"


class NewSize(Part):
    """Another size."""

    field: Literal["size"]
    to: Size


class NewFraming(Part):
    """Another framing."""

    field: Literal["framing"]
    to: Framing


class NewAngle(Part):
    """Another angle."""

    field: Literal["angle"]
    to: Angle


class NewMovement(Part):
    """Another movement of the camera."""

    field: Literal["movement"]
    to: Movement


class NewTime(Part):
    """Another duration (`3.5s`), or transition into the shot (`dissolve 0.5s`)."""

    field: Literal["duration", "transition"]
    to: Time


class NewText(Part):
    """Other words; without any, a prompt is composed from the shot's fields."""

    field: Literal["action", "narration", "keyframe", "motion", "avoid"]
    to: Text


class NewCast(Part):
    """Everybody who is in the shot."""

    field: Literal["cast"]
    to: list[Present] = Field(max_length=8)


class NewDialogue(Part):
    """All lines of the shot."""

    field: Literal["dialogue"]
    to: list[Spoken] = Field(max_length=8)


ShotChange = Annotated[
    NewSize | NewFraming | NewAngle | NewMovement | NewTime | NewText | NewCast | NewDialogue,
    Field(discriminator="field", json_schema_extra=_any_of),
]


class SceneChange(Part):
    """Another value of a scene's field; a place by its id."""

    field: Literal["heading", "place", "time", "weather", "synopsis"]
    to: Text


_TARGET = ("shot", "scene", "who", "place", "where", "beside")
"""Fields that say what a call is done to."""


class Tool(Part):
    """What is to be done. In words: the tool, and what it is done to."""

    tool: str

    def __str__(self) -> str:
        named = ("tool", *_TARGET)
        return " ".join(str(value) for name in named if (value := getattr(self, name, "")))

    @property
    def wants(self) -> dict[str, Any]:
        """What is to be done, whatever it is done to."""
        return self.model_dump(exclude={"tool", *_TARGET})


class EditShot(Tool):
    """Change fields of a shot."""

    tool: Literal["edit_shot"]
    shot: Name
    changes: list[ShotChange] = Field(min_length=1, max_length=12)


class AddShot(Tool):
    """Put a new shot before or after another, or at the end of a scene."""

    tool: Literal["add_shot"]
    where: Literal["before", "after", "at the end of"]
    beside: Name
    size: Size
    framing: Framing = "single"
    angle: Angle = "eye"
    movement: Movement = "static"
    duration: Time
    cast: list[Present] = Field(default=[], max_length=8)
    action: Text
    narration: Text = ""
    dialogue: list[Spoken] = Field(default=[], max_length=8)


class RemoveShot(Tool):
    """Take a shot out."""

    tool: Literal["remove_shot"]
    shot: Name


class MoveShot(Tool):
    """Put a shot elsewhere, also into another scene."""

    tool: Literal["move_shot"]
    shot: Name
    where: Literal["before", "after", "at the end of"]
    beside: Name


class EditScene(Tool):
    """Change fields of a scene."""

    tool: Literal["edit_scene"]
    scene: Name
    changes: list[SceneChange] = Field(min_length=1, max_length=5)


class AddScene(Tool):
    """Put a new scene, without shots yet, before or after another."""

    tool: Literal["add_scene"]
    where: Literal["before", "after"]
    beside: Name
    heading: Words
    place: Name
    time: Words
    synopsis: Text


class RemoveScene(Tool):
    """Take a scene out, with its shots."""

    tool: Literal["remove_scene"]
    scene: Name


class MoveScene(Tool):
    """Put a scene elsewhere, with its shots."""

    tool: Literal["move_scene"]
    scene: Name
    where: Literal["before", "after"]
    beside: Name


class SetLook(Tool):
    """Change the look of the whole film."""

    tool: Literal["set_look"]
    look: Text


class SetCast(Tool):
    """Change how somebody looks and is called, in the whole film."""

    tool: Literal["set_cast"]
    who: Name
    name: Name
    looks: Text


class AddPerson(Tool):
    """Add somebody to the cast, under a new id."""

    tool: Literal["add_person"]
    who: Name
    name: Name
    looks: Text


class SetPlace(Tool):
    """Change how a place looks and is called, in the whole film."""

    tool: Literal["set_place"]
    place: Name
    name: Words
    looks: Text


class AddPlace(Tool):
    """Add a place, under a new id."""

    tool: Literal["add_place"]
    place: Name
    name: Words
    looks: Text


Call = (
    EditShot
    | AddShot
    | RemoveShot
    | MoveShot
    | EditScene
    | AddScene
    | RemoveScene
    | MoveScene
    | SetLook
    | SetCast
    | AddPerson
    | SetPlace
    | AddPlace
)
AnyCall = Annotated[Call, Field(discriminator="tool", json_schema_extra=_any_of)]
