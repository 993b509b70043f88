"""The song's grid, the beats and marks that cuts fall on: reading it, and what lies off it.

Times of the grid count from the beginning of the song; a cut lies on it where no other
frame of the film is nearer to the beat or mark.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

from studio.edit.cut import Timeline, song_start
from studio.edit.marks import read_marks
from studio.edit.song import song_seconds
from studio.errors import DocumentError
from studio.project import Project
from studio.schema.film import Film


def first_beat(film: Film) -> Fraction:
    """The time of the song's first beat in seconds."""
    first = film.song.first if film.song else None
    return film.seconds(first) if first else Fraction(0)


def song_marks(project: Project, film: Film) -> tuple[Fraction, ...]:
    """The marks of the film's song in seconds; none where it has none. Raises DocumentError
    where the song or its marks do not read, or the song is shorter than they need."""
    if film.song is None:
        return ()
    song = film.song
    marks = read_marks(project.inside(song.marks), film.rate) if song.marks else ()
    check_song(film, marks, song_seconds(project.inside(song.file)))
    return marks


def off_grid(timeline: Timeline, film: Film, marks: Sequence[Fraction] = ()) -> list[str]:
    """The shots whose cut, where they begin, lies more than half a frame from every beat and
    mark. The first shot has no cut; a song without tempo and marks has no grid."""
    if film.beat is None and not marks:
        return []
    fps, begin = timeline.rate.fps, song_start(film)
    off = []
    for shot, slot in list(timeline.shots.items())[1:]:
        cut = slot.start / fps - begin
        near: list[Fraction] = []
        if film.beat is not None:
            near.append(first_beat(film) + round((cut - first_beat(film)) / film.beat) * film.beat)
        place = bisect_left(marks, cut)
        near += marks[max(0, place - 1) : place + 1]
        if all(abs(cut - time) * fps > Fraction(1, 2) for time in near):
            off.append(shot)
    return off


def check_song(film: Film, marks: Sequence[Fraction], song_seconds: Fraction) -> None:
    """Raises DocumentError where the song is shorter than its grid needs: it ends before its
    first beat, or before some of its marks (by more than half a frame)."""
    if film.song is None:
        return
    end, lasts = song_seconds + 1 / (2 * film.rate.fps), f"{float(song_seconds):.2f}s"
    if film.beat is not None and first_beat(film) >= song_seconds:
        raise DocumentError(
            f"film.yaml: song: first: {film.song.first} lies after the end of {film.song.file},"
            f" which lasts {lasts}",
            "first is the time of the song's first beat",
        )
    late = [mark for mark in marks if mark > end]
    if late:
        what = f"{len(late)} marks lie" if len(late) > 1 else "a mark lies"
        raise DocumentError(
            f"{film.song.marks}: {what} after the end of {film.song.file}, which lasts {lasts};"
            f" the first of them at {float(late[0]):.2f}s",
            "remove them, or name the whole song in film.yaml",
        )
