"""The form of the storyboarder's answer: a scene's shots, in a schema of its own for every scene,
which knows only the people, the lines and the number of shots that the scene has.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from agents.asking import Answer, response_format
from studio.schema.storyboard import Angle, At, Facing, Framing, Heard, Movement, Size
from studio.schema.time import TransitionKind

PEOPLE = 4
"""People in a shot, at most."""
QUOTES, CUES = 2, 4
"""Lines that are quoted in a shot, and numbers of a script's lines, at most."""

Words = Annotated[str, Field(max_length=220)]
Frame = Annotated[str, Field(max_length=180)]
Gesture = Annotated[str, Field(max_length=70)]
Note = Annotated[str, Field(max_length=50)]
"""Longer than the words that the page asks for: a grammar ends a text at its limit, in the midst
of a word."""
FORM = 400
"""Characters of a shot's answer beside its texts, its people and its lines."""


class Seen(Answer):
    """Somebody in a shot; `wears` only what differs from the cast sheet."""

    who: str
    at: At
    facing: Facing
    does: Gesture
    wears: Note


class Quote(Answer):
    """A line that is quoted from the story."""

    who: str
    line: Annotated[str, Field(min_length=1, max_length=200)]
    how: Note
    heard: Heard


class Take(Answer):
    """One shot; its `first` and `last` frame in words."""

    action: Annotated[str, Field(min_length=4, max_length=220)]
    people: list[Seen]
    size: Size
    framing: Framing
    angle: Angle
    movement: Movement
    first: Frame
    last: Frame
    seconds: Annotated[int, Field(ge=2, le=8)]
    transition: TransitionKind


class ProseTake(Take):
    """A shot of a scene told in prose."""

    narration: Words
    dialogue: list[Quote]


class ScriptTake(Take):
    """A shot of a screenplay's scene: its lines by their numbers."""

    lines: list[int]


class Board(Answer):
    """A scene's shots. `intent`, how the scene is covered, is thought before they are chosen."""

    intent: Words
    shots: list[ProseTake] | list[ScriptTake]


@cache
def board(people: tuple[str, ...], lines: int | None, least: int, most: int) -> type[Board]:
    """The form of one scene's answer: `least` to `most` shots with `people` (ids) in them, and
    with a script's `lines`, so many; None for prose."""
    who: Any = Literal[people] if people else str
    seen = create_model("Seen", __base__=Seen, who=(who, ...))
    fields: dict[str, Any] = {"people": (_up_to(min(PEOPLE, len(people)), seen), ...)}
    base: type[Take]
    if lines is not None:
        base, number = ScriptTake, Annotated[int, Field(ge=1, le=max(1, lines))]
        fields["lines"] = (_up_to(min(CUES, lines), number), ...)
    else:
        base, quote = ProseTake, create_model("Quote", __base__=Quote, who=(who, ...))
        fields["dialogue"] = (_up_to(QUOTES if people else 0, quote), ...)
    take = create_model(base.__name__, __base__=base, **fields)
    shots = Annotated[list[take], Field(min_length=least, max_length=most)]
    return create_model("Board", __base__=Board, shots=(shots, ...))


def longest(people: int, lines: int | None) -> int:
    """Characters of a shot's answer, at most."""
    form = FORM + 220 + 2 * 180 + min(PEOPLE, people) * (70 + 50 + 100)
    return form if lines is not None else form + 220 + (QUOTES if people else 0) * (200 + 50 + 80)


def form_of(schema: type[Answer]) -> str:
    """The schema as a server reads it."""
    return json.dumps(response_format(schema))


def _up_to(most: int, of: Any) -> Any:
    return Annotated[list[of], Field(max_length=most)]


EXAMPLE_SCHEMAS: tuple[type[Answer], ...] = (
    board(("mara", "finn"), None, 1, 6),
    board(("mara", "finn", "tom", "the_keeper", "ada"), None, 3, 15),
    board((), None, 1, 1),
    board(("mara",), 0, 1, 3),
    board(("mara", "finn"), 12, 2, 9),
    board((), 1, 1, 3),
)
"""A schema of every kind: prose and script, with and without people, of one shot and of many."""
