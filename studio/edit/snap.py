"""A fresh storyboard on the song's grid: its cuts moved to the nearest beats, bars or marks.

For storyboards that a writer has just written, never for one that a person has changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from studio.edit.grid import first_beat
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
from studio.schema.time import Duration

_LONG = 2
"""Bars that the shots last on average, from which on they are cut at bars, not at beats."""

_LAST = Fraction(1, 2)
"""Seconds before the end in which a mark counts as the end."""


def snapped(
    film: Film, storyboard: Storyboard, seconds: Fraction, marks: Sequence[Fraction] = ()
) -> Storyboard:
    """The storyboard with every cut on the nearest mark, or else beat or bar, of the song.

    Its shots last `seconds` together, rounded to the beat, or up to the last mark where that
    lies less than half a second before. No shot is shorter than a beat, or than from one
    mark to the next; where there are more shots than beats, half beats serve, and where there
    are more than marks, every mark gets a cut and the other cuts lie between. Durations are
    written in beats, bars and marks, and in seconds where they lead off the grid. Without a
    grid the storyboard is given back as it is.
    """
    shots = [shot for _, shot in storyboard.shots()]
    if not shots or (film.beat is None and not marks):
        return storyboard
    ends = list(accumulate(film.seconds(shot.duration) for shot in shots))
    lengths = _on_marks(film, ends, seconds, marks) if marks else _on_beats(film, ends, seconds)
    after = iter(lengths)
    scenes = []
    for scene in storyboard.scenes:
        changed = [shot.model_copy(update={"duration": next(after)}) for shot in scene.shots]
        scenes.append(scene.model_copy(update={"shots": changed}))
    return storyboard.model_copy(update={"scenes": scenes})


def _on_beats(film: Film, ends: Sequence[Fraction], seconds: Fraction) -> list[Duration]:
    """`ends` are where the shots end, in seconds; places are counted in beats from the first."""
    assert film.beat is not None and film.song is not None  # noqa: PT018, S101 - as asked above
    beat, first, bar = film.beat, first_beat(film), film.song.beats
    last = max(Fraction(1), Fraction(round((seconds - first) / beat)))
    step = Fraction(bar if seconds / len(ends) >= _LONG * bar * beat else 1)
    while True:
        shortest = min(step, Fraction(1))
        begin = -((first / beat - shortest) // step) * step
        count = (last - shortest - begin) // step + 1
        places = [begin + number * step for number in range(max(0, count))]
        if len(places) >= len(ends) - 1:
            break
        step = Fraction(1) if step > 1 else step / 2
    scale = (first + last * beat) / ends[-1]
    wanted = [(end * scale - first) / beat for end in ends[:-1]]
    found = [*(places[place] for place in _nearest(wanted, places)), last]
    lengths = []
    for number, place in enumerate(found):
        if number == 0 and place <= 0:
            lengths.append(Duration(first + place * beat))
            continue
        beats = place - found[number - 1] if number else place
        whole = beats % bar == 0
        lengths.append(Duration(beats / bar, "bars") if whole else Duration(beats, "beats"))
    return lengths


def _on_marks(
    film: Film, ends: Sequence[Fraction], seconds: Fraction, marks: Sequence[Fraction]
) -> list[Duration]:
    half = 1 / (2 * film.rate.fps)
    inside = list(marks[bisect_right(marks, half) : bisect_right(marks, seconds - half)])
    last = seconds
    if inside and inside[-1] > seconds - _LAST:
        last = inside.pop()
    scale = last / ends[-1]
    wanted = [end * scale for end in ends[:-1]]
    if len(inside) >= len(wanted):
        found = [inside[place] for place in _nearest(wanted, inside)]
    else:
        found = _between(wanted, inside, _nearest(inside, wanted), last)
    lengths = []
    for begin, end in zip([Fraction(0), *found], [*found, last], strict=True):
        if end in marks:
            count = bisect_right(marks, end) - bisect_right(marks, begin + half)
            lengths.append(Duration(Fraction(count), "marks"))
        else:
            lengths.append(Duration(end - begin))
    return lengths


def _between(
    wanted: Sequence[Fraction], marks: Sequence[Fraction], chosen: Sequence[int], last: Fraction
) -> list[Fraction]:
    """The cuts, those that are `chosen` on the marks, and the others in proportion between."""
    old = [Fraction(0), *(wanted[number] for number in chosen), last]
    new = [Fraction(0), *marks, last]
    found = []
    for cut in wanted:
        part = max(1, min(bisect_right(old, cut), len(old) - 1))
        share = (cut - old[part - 1]) / (old[part] - old[part - 1])
        found.append(new[part - 1] + share * (new[part] - new[part - 1]))
    return found


def _nearest(wanted: Sequence[Fraction], places: Sequence[Fraction]) -> list[int]:
    """For every time that is wanted, in order, the number of the nearest place that leaves one
    for each of the others. Both increase; there are at least as many places."""
    found: list[int] = []
    for number, time in enumerate(wanted):
        low = found[-1] + 1 if found else 0
        high = len(places) - (len(wanted) - number)
        found.append(min(range(low, high + 1), key=lambda n: abs(places[n] - time)))
    return found
