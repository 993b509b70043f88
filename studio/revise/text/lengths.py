"""A shot's length in two parts that add up exactly, and where the second part's clip begins."""

from __future__ import annotations

from fractions import Fraction

from studio.errors import StudioError
from studio.schema.film import Film
from studio.schema.storyboard import Shot
from studio.schema.time import START, Duration, Moment, Unit

_FINEST: dict[Unit, Fraction] = {
    "s": Fraction(1, 1000),
    "frames": Fraction(1),
    "beats": Fraction(1, 2),
    "bars": Fraction(1),
    "marks": Fraction(1),
}
"""What a person writes in each unit; finer parts are written in another unit."""


def parts(film: Film, shot: Shot, at: Moment) -> tuple[Duration, Duration]:
    """The lengths of a shot's two parts, cut at a time that counts from its beginning: in the
    unit of its duration where they are round in it, else in that of `at`.

    Raises StudioError where the time lies outside, or the parts cannot be written exactly.
    """
    whole = shot.duration
    if (whole.unit == "marks") != (at.unit == "marks"):
        raise StudioError(
            f"{shot.id} lasts {whole}: it cannot be split at {at}",
            "name a number of marks" if whole.unit == "marks" else "name a time, such as 1.5s",
        )
    try:
        units = _units(film, whole.unit, at.unit)
        first, all_of_it = at.amount * units[at.unit], whole.amount * units[whole.unit]
    except ValueError as error:
        raise StudioError(f"{shot.id}: {error}", "write the time in seconds or frames") from None
    if not 0 < first < all_of_it:
        raise StudioError(
            f"{shot.id} lasts {whole}: it cannot be split at {at}",
            "name a time after its beginning and before its end",
        )
    for unit, one in units.items():
        found = Duration(first / one, unit), Duration((all_of_it - first) / one, unit)
        if all(_round(part) for part in found):
            return found
    name = "seconds" if whole.unit == "s" else "frames" if whole.unit == "frames" else "beats"
    raise StudioError(
        f"{shot.id} lasts {whole}: what is left of it after {at} cannot be written exactly",
        f"name the time in {name}",
    )


def second_in(film: Film, shot: Shot, at: Moment) -> Moment:
    """Where the clip that a shot shows is when its second part begins, counted from where the
    clip's own shot begins; of a shot that lasts marks, where the first part begins."""
    before = Fraction(0)
    if shot.source:
        before = film.seconds(shot.trim) + film.seconds(shot.source.start)
    if at.unit == "marks":
        return START if not before else Moment(Fraction(film.rate.frame_at(before)), "frames")
    total = before + film.seconds(at) * shot.speed.factor
    for unit, one in _units(film, at.unit, "s").items():
        moment = Moment(total / one, unit)
        if _round(moment):
            return moment
    return Moment(Fraction(film.rate.frame_at(total)), "frames")


def _units(film: Film, *wanted: Unit) -> dict[Unit, Fraction]:
    """The length of one of each unit in seconds, beats beside bars; that of marks, which stand
    alone, is 1. Raises ValueError where the film has no beats."""
    beats: Unit = "beats"
    units = [each for unit in wanted for each in ((unit, beats) if unit == "bars" else (unit,))]
    return {
        unit: Fraction(1) if unit == "marks" else film.seconds(Duration(Fraction(1), unit))
        for unit in units
    }


def _round(duration: Duration) -> bool:
    return duration.amount % _FINEST[duration.unit] == 0
