"""What the sheets are drawn from: the shots of a film with their places in it and their pictures.

Values only. Where the pictures come from, and which take is which, the caller knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.edit.lines import is_wide
from studio.schema.film import Film
from studio.schema.storyboard import Line, Scene, Shot, Storyboard


@dataclass(frozen=True)
class BoardShot:
    """A shot on the sheets.

    start, frames     its place in the film, in frames of the film, cards counted
    pictures          its picture and its further panels (b, c, …); empty where there is none yet
    outdated          the picture is older than what the storyboard says now
    keyframe, clip    the takes that the film uses, such as keyframe_v002; empty for none
    """

    scene: Scene
    shot: Shot
    start: int
    frames: int
    pictures: tuple[Path, ...] = ()
    outdated: bool = False
    keyframe: str = ""
    clip: str = ""


@dataclass(frozen=True)
class Boards:
    """The shots to be shown, in the order of the film, and what film they are of."""

    film: Film
    storyboard: Storyboard
    shots: tuple[BoardShot, ...]

    def name(self, who: str) -> str:
        """Somebody's name; the id where the cast has no sheet for it."""
        person = self.storyboard.cast.get(who)
        return person.name if person else who

    @property
    def names(self) -> dict[str, str]:
        """The names of the cast by id."""
        return {who: person.name for who, person in self.storyboard.cast.items()}

    def seconds(self, frames: int) -> str:
        """A length in frames as seconds, without needless zeros: 2.5."""
        return f"{float(frames / self.film.rate.fps):.2f}".rstrip("0").rstrip(".")

    def spoken(self, line: Line) -> str:
        """What comes before a line: who says it, and how: `MARA (whispering, off): `."""
        how = [line.how or "", {"on": "", "off": "off", "vo": "voice over"}[line.heard]]
        aside = ", ".join(part for part in how if part)
        colon = "：" if is_wide(line.line[0]) else ": "
        return self.name(line.who).upper() + (f" ({aside})" if aside else "") + colon
