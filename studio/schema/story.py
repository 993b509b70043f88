"""A story as it was read: prose, or a screenplay with its scenes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BeatKind = Literal[
    "action", "dialogue", "transition", "note", "centered", "lyrics", "section", "synopsis"
]


@dataclass(frozen=True)
class Beat:
    """One element of a screenplay's scene, in its order.

    `who` is the cue's name as written, without its extension; `how` the parentheticals, `heard`
    what (V.O.) and (O.S.) say; `dual` marks the second of two that speak at once. A dialogue
    whose cue is interrupted by parentheticals is several beats of one person; an action with
    `who` is a parenthetical that no line follows. Lyrics have `who` where a cue sings them.
    """

    kind: BeatKind
    text: str
    who: str = ""
    how: str = ""
    heard: Literal["on", "off", "vo"] = "on"
    dual: bool = False


@dataclass(frozen=True)
class ScriptScene:
    """A scene of a screenplay: its heading as written, its number (`12A`) where it has one."""

    heading: str
    number: str = ""
    beats: tuple[Beat, ...] = ()


@dataclass(frozen=True)
class Story:
    """A story's text without a leading title, and the title where it has one.

    Of a screenplay `scenes` holds every scene, the first without a heading where the script begins
    before one; `text` is then the same as prose, scene by scene, for those who read prose, and
    `credits` the title page's other lines, as (key, text).
    """

    text: str
    title: str = ""
    scenes: tuple[ScriptScene, ...] = ()
    credits: tuple[tuple[str, str], ...] = field(default=())
