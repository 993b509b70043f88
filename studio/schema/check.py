"""What a storyboard has to keep beyond its form: ids that are unique, names that exist."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from studio.schema.film import Film
from studio.schema.storyboard import Shot, Source, Storyboard
from studio.schema.time import Moment

BRACES = re.compile(r"\{([^{}]*)\}")
PROMPT_WORDS = ("cast", "place", "look", "movement", "time", "weather", "action")
"""Names that a prompt may hold in braces beside the ids of the cast."""


@dataclass(frozen=True)
class Problem:
    """Something wrong at `loc` (keys and list positions from the top of the document)."""

    loc: tuple[str | int, ...]
    text: str
    tip: str = ""


def problems(film: Film, storyboard: Storyboard) -> Iterator[Problem]:
    """Everything in a well-formed storyboard that does not hold together."""
    for name in PROMPT_WORDS:
        if name in storyboard.cast:
            yield Problem(
                ("cast", name), f"{name!r} has a meaning of its own in prompts", "choose another id"
            )
    scenes: set[str] = set()
    shots: set[str] = set()
    sources = {shot.id: shot.source for _, shot in storyboard.shots()}
    for s, scene in enumerate(storyboard.scenes):
        where = ("scenes", s)
        if scene.id in scenes:
            yield Problem((*where, "id"), f"{scene.id} is there twice", "ids are unique")
        scenes.add(scene.id)
        if scene.place not in storyboard.places:
            yield Problem(
                (*where, "place"),
                f"there is no place {scene.place!r}",
                _nearest(scene.place, storyboard.places, "places"),
            )
        for n, shot in enumerate(scene.shots):
            spot = (*where, "shots", n)
            if shot.id in shots:
                yield Problem(
                    (*spot, "id"),
                    f"{shot.id} is there twice",
                    "give one of them an id of its own, such as "
                    f"{shot.id[:-1]}{'5' if shot.id[-1] != '5' else '7'}",
                )
            shots.add(shot.id)
            yield from _in_shot(film, storyboard, shot, spot)
            yield from _in_source(sources, shot, (*spot, "from", "shot"))


def _in_source(
    sources: Mapping[str, Source | None], shot: Shot, loc: tuple[str | int, ...]
) -> Iterator[Problem]:
    if shot.source is None:
        return
    wanted = shot.source.shot
    other = sources.get(wanted)
    if wanted not in sources:
        tip = _nearest(wanted, [each for each in sources if each != shot.id], "shots")
        yield Problem(loc, f"{shot.id}: there is no shot {wanted} to show the clip of", tip)
    elif wanted == shot.id:
        yield Problem(loc, f"{shot.id}: from: names the shot itself", "name another, or remove it")
    elif other is not None:
        yield Problem(
            loc,
            f"{shot.id}: {wanted} has no clip of its own, it shows another's",
            f"name that one: {other.shot}",
        )


def _in_shot(
    film: Film, storyboard: Storyboard, shot: Shot, spot: tuple[str | int, ...]
) -> Iterator[Problem]:
    named = [(("cast", n, "who"), who.who) for n, who in enumerate(shot.cast)]
    named += [(("dialogue", n, "who"), line.who) for n, line in enumerate(shot.dialogue)]
    for loc, who in named:
        if who not in storyboard.cast:
            yield Problem(
                (*spot, *loc),
                f"{shot.id}: there is nobody {who!r} in the cast",
                _nearest(who, storyboard.cast, "cast"),
            )
    for field in ("keyframe", "motion"):
        for name in BRACES.findall(getattr(shot, field) or ""):
            known = [*storyboard.cast, *PROMPT_WORDS]
            if name not in known:
                yield Problem(
                    (*spot, field),
                    f"{shot.id}: nothing is called {{{name}}}",
                    _nearest(name, known, "names in braces"),
                )
    yield from _in_time(film, shot, spot)


def _in_time(film: Film, shot: Shot, spot: tuple[str | int, ...]) -> Iterator[Problem]:
    moments: list[tuple[str, Moment]] = [("trim", shot.trim)]
    moments += [("panels", moment) for moment in shot.panels]
    if shot.source is not None:
        moments.append(("from", shot.source.start))
    for field, moment in moments:
        try:
            film.seconds(moment)
        except ValueError as error:
            tip = "write it in seconds or frames"
            yield Problem((*spot, field), f"{shot.id}: {field}: {error}", tip)
    lengths = [("duration", shot.duration)]
    if shot.transition.length is not None:
        lengths.append(("transition", shot.transition.length))
    for field, length in lengths:
        if length.unit == "marks" and field == "duration" and film.song and film.song.marks:
            continue
        try:
            seconds = film.seconds(length)
        except ValueError as error:
            needs = "marks" if length.unit == "marks" else "tempo"
            yield Problem(
                (*spot, field), f"{shot.id}: {error}", f"write it in seconds, or set song: {needs}"
            )
            continue
        if field == "duration" and seconds > 3600:
            yield Problem((*spot, field), f"{shot.id}: {length} is over an hour", "split the shot")
        if film.rate.frame_at(seconds) < 1:
            yield Problem(
                (*spot, field),
                f"{shot.id}: {length} is shorter than one frame",
                f"a frame lasts {float(1 / film.rate.fps):.3f}s",
            )


def _nearest(word: str, known: Iterable[str], what: str) -> str:
    close = difflib.get_close_matches(word, list(known), 1, 0.5)
    if close:
        return f"did you mean {close[0]}?"
    return f"{what}: {', '.join(list(known)[:12]) or 'none yet'}"
