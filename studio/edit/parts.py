"""What the picture of a film is made of: its segments, how they are drawn, and the captions
that they were planned with. Nothing is encoded here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.edit import captions
from studio.edit.captions import Cue
from studio.edit.cards import Card
from studio.edit.compose import Look
from studio.edit.cut import Timeline
from studio.edit.fonts import face_for
from studio.edit.media import Media
from studio.edit.picture import Cards, Segment
from studio.edit.picture import segments as plan
from studio.edit.segments import key
from studio.ffmpeg import FILM, Encoding
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard


@dataclass(frozen=True)
class Parts:
    """The segments in order, their size, rate and fonts, and all captions."""

    segments: tuple[Segment, ...]
    look: Look
    cues: tuple[Cue, ...]

    def names(self, encoding: Encoding = FILM) -> set[str]:
        """Names of the segments' files."""
        return {f"{key(segment, self.look, encoding)}.mp4" for segment in self.segments}


def parts_of(
    timeline: Timeline,
    media: Mapping[str, Media],
    film: Film,
    storyboard: Storyboard,
    title_lines: Sequence[str],
    end_lines: Sequence[str],
    strip: bool,
) -> Parts:
    """The parts of a film; the arguments are those of `edit.film.assemble`. Raises
    RenderFailed, naming the shot, where there is no media of it, or too little."""
    cues = tuple(captions.cues(timeline, storyboard)) if film.captions != "none" else ()
    cards = Cards(Card(film.title, tuple(title_lines)), Card("", tuple(end_lines)))
    burnt = cues if film.captions == "burnt" else ()
    texts = [film.title, *title_lines, *end_lines] if film.has_cards else []
    texts += [line for cue in burnt for line in cue.lines]
    texts += [item.label for item in media.values()] if strip else []
    book = face_for("\n".join(texts), film.language)
    look = Look((film.frame.width, film.frame.height), film.rate, book)
    return Parts(plan(timeline, media, cards, burnt, strip), look, cues)
