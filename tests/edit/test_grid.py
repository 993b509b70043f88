"""Cuts on the song's grid: durations in beats, bars and marks, and what lies off it."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import ffmpeg
from studio.documents import dump_document
from studio.edit.cut import Timeline, lay_out
from studio.edit.grid import check_song, off_grid, song_marks
from studio.edit.snap import snapped
from studio.errors import DocumentError
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
from tests.conftest import Gen
from tests.edit.sample import a_film, a_storyboard

SONG = {"file": "sound/song.flac"}
MARKS = tuple(Fraction(text) for text in ("0", "1.5", "3.02", "3.9", "7"))


def shots(*durations: str) -> Storyboard:
    return a_storyboard([{"duration": duration} for duration in durations])


def starts(timeline: Timeline) -> list[int]:
    return [slot.start for slot in timeline.slots]


def sung(**song: Any) -> Film:
    return a_film(song=SONG | song)


# --- where cuts fall -------------------------------------------------------------------


@pytest.mark.parametrize("rate", ["24", "24000/1001", "25"])
def test_four_hundred_beats_do_not_drift(rate: str) -> None:
    film = a_film(song=SONG | {"tempo": 128, "first": "0.35s"}, rate=rate)
    timeline = lay_out(film, shots(*["1 beat"] * 400))
    for number, slot in enumerate(timeline.slots, start=1):
        beat = (Fraction("0.35") + Fraction(60 * number, 128)) * film.rate.fps
        assert abs(slot.end - beat) <= Fraction(1, 2)
    assert off_grid(timeline, film) == []


def test_the_first_shot_holds_the_lead_in_where_it_counts_in_beats() -> None:
    film = sung(tempo=120, first="0.25s")
    assert starts(lay_out(film, shots("1 bar", "2 beats", "1 bar"))) == [0, 54, 78]
    assert starts(lay_out(film, shots("2s", "2 beats", "1 bar"))) == [0, 48, 72]


def test_marks_end_shots_whatever_stands_before() -> None:
    film = sung(marks="sound/marks.csv")
    timeline = lay_out(film, shots("1 mark", "1s", "2 marks", "1 mark"), MARKS)
    assert starts(timeline) == [0, 36, 60, 94]
    assert timeline.frames == 7 * 24
    assert off_grid(timeline, film, MARKS) == ["sc0010_sh0030"]


@pytest.mark.parametrize("begins", ["1.49s", "1.5s", "1.52s"])
def test_a_shot_that_begins_on_a_mark_ends_on_the_next(begins: str) -> None:
    """Within half a frame (0.0208 s), the mark is where it begins."""
    timeline = lay_out(sung(marks="m.csv"), shots(begins, "1 mark"), MARKS)
    assert timeline.frames == round(Fraction("3.02") * 24)


def test_a_song_counts_from_after_the_title_card() -> None:
    film = a_film(song=SONG | {"tempo": 120, "marks": "m.csv"}, cards=True, rate="24000/1001")
    timeline = lay_out(film, shots("1 mark", "3 beats", "1 mark"), MARKS)
    assert [slot.kind for slot in timeline.slots] == ["title", "shot", "shot", "shot", "end"]
    title = timeline.slots[0].frames
    cuts = [slot.start - title for slot in timeline.slots[1:]]
    assert cuts == [0, 36, 72, 94]
    assert off_grid(timeline, film, MARKS) == []


def test_more_marks_than_the_song_has() -> None:
    with pytest.raises(
        DocumentError,
        match=r"^sc0010_sh0020: duration: 4 marks: the song has no more \(5 .*, the last at 7s\)",
    ) as refused:
        lay_out(sung(marks="m.csv"), shots("1 mark", "4 marks"), MARKS)
    assert "seconds" in refused.value.tip


def test_marks_without_a_file_of_marks() -> None:
    with pytest.raises(DocumentError, match=r"^sc0010_sh0010: duration: 1 mark needs a song with"):
        lay_out(sung(), shots("1 mark"))


# --- what does not lie on it -----------------------------------------------------------


def test_shots_off_the_grid() -> None:
    film = sung(tempo=120, first="0.25s")
    timeline = lay_out(film, shots("2.25s", "1 beat", "0.45s", "0.05s", "1s"))
    assert off_grid(timeline, film) == ["sc0010_sh0040"]
    assert off_grid(timeline, sung()) == []
    assert off_grid(timeline, a_film()) == []
    marks = (Fraction("2.25"), Fraction("3.2"))
    assert off_grid(timeline, sung(marks="m.csv"), marks) == ["sc0010_sh0030", "sc0010_sh0050"]
    assert off_grid(timeline, film, marks) == []


def test_a_song_that_is_shorter_than_its_marks() -> None:
    film = sung(marks="sound/marks.csv")
    check_song(film, MARKS, Fraction("6.99"))
    with pytest.raises(
        DocumentError,
        match=r"^sound/marks\.csv: 2 marks lie after the end of sound/song\.flac, which lasts"
        r" 3\.50s; the first of them at 3\.90s$",
    ):
        check_song(film, MARKS, Fraction("3.5"))
    with pytest.raises(DocumentError, match=r"a mark lies after .* at 7\.00s$"):
        check_song(film, MARKS, Fraction("6.9"))


def test_a_song_that_ends_before_its_first_beat() -> None:
    with pytest.raises(DocumentError, match=r"^film\.yaml: song: first: 40s lies after the end"):
        check_song(sung(tempo=120, first="40s"), (), Fraction(32))
    check_song(sung(tempo=120, first="0.3s"), (), Fraction(32))
    check_song(a_film(), (), Fraction(0))


def test_the_marks_of_a_project_are_read_and_checked(gen: Gen) -> None:
    song = {"file": "sound/song.wav", "marks": "sound/marks.csv"}
    project = gen(film={"song": song}, files={"sound/marks.csv": "0.5\n1.5\n"})
    path = project.root / "sound" / "song.wav"
    ffmpeg.run(["-f", "lavfi", "-i", "anullsrc=r=8000:d=2", path], "song")
    assert song_marks(project, project.read_film()) == (Fraction(1, 2), Fraction(3, 2))
    (project.root / "sound" / "marks.csv").write_text("0.5\n2.5\n")
    with pytest.raises(DocumentError, match=r"a mark lies after the end of sound/song\.wav"):
        song_marks(project, project.read_film())
    path.unlink()
    with pytest.raises(DocumentError, match=r"song\.wav is not there"):
        song_marks(project, project.read_film())
    assert song_marks(project, a_film()) == ()


# --- a fresh storyboard on the grid ----------------------------------------------------


def durations(storyboard: Storyboard) -> list[str]:
    return [str(shot.duration) for _, shot in storyboard.shots()]


def test_cuts_move_to_the_nearest_beat() -> None:
    film = sung(tempo=120)
    made = snapped(film, shots("1.4s", "2.3s", "0.1s", "4.2s"), Fraction(8))
    assert durations(made) == ["3 beats", "1 bar", "1 beat", "2 bars"]


def test_long_shots_are_cut_at_bars() -> None:
    film = sung(tempo=120, first="0.3s")
    made = snapped(film, shots("4.9s", "3.2s", "4.2s"), Fraction("12.7"))
    assert durations(made) == ["2 bars", "2 bars", "9 beats"]
    assert lay_out(film, made).frames == round(Fraction("12.8") * 24)


def test_shots_in_a_long_lead_in_end_on_the_beats_before_it() -> None:
    film = sung(tempo=120, first="4.2s")
    made = snapped(film, shots("1.5s", "1.5s", "1.5s", "1.5s"), Fraction("6.2"))
    assert durations(made) == ["1.7s", "3 beats", "3 beats", "3 beats"]
    assert off_grid(lay_out(film, made), film) == []


def test_more_shots_than_beats_fall_on_half_beats() -> None:
    made = snapped(sung(tempo=60), shots(*["0.7s"] * 6), Fraction(4))
    assert durations(made) == 2 * ["0.5 beats", "1 beat", "0.5 beats"]


def test_cuts_move_to_the_nearest_mark() -> None:
    film = sung(marks="m.csv")
    made = snapped(film, shots("2s", "1.5s", "3.6s"), Fraction("7.1"), MARKS)
    assert durations(made) == ["1 mark", "1 mark", "2 marks"]
    longer = snapped(film, shots("2s", "1.5s", "5.5s"), Fraction(9), MARKS)
    assert durations(longer) == ["1 mark", "2 marks", "5.1s"]


def test_where_there_are_more_shots_than_marks_every_mark_gets_a_cut() -> None:
    film = sung(marks="m.csv")
    made = snapped(film, shots(*["1s"] * 9), Fraction(9), MARKS[:3])
    assert durations(made)[:3] == ["1 mark", "0.76s", "1 mark"]
    timeline = lay_out(film, made, MARKS[:3])
    assert {36, 72} <= set(starts(timeline))
    assert timeline.frames == 9 * 24


def test_without_a_grid_nothing_moves() -> None:
    board = shots("1.4s", "2.3s")
    assert snapped(sung(), board, Fraction(4)) is board


@st.composite
def songs(draw: st.DrawFn) -> tuple[Film, tuple[Fraction, ...], list[str], Fraction]:
    tempo = draw(st.integers(60, 200))
    first = draw(st.integers(0, 3000))
    lengths = draw(st.lists(st.integers(100, 9000), min_size=1, max_size=30))
    seconds = Fraction(sum(lengths) + draw(st.integers(0, 2000)), 1000) + Fraction(first, 1000) + 1
    gaps = draw(st.one_of(st.just([]), st.lists(st.integers(200, 4000), min_size=1, max_size=30)))
    marks = tuple(Fraction(sum(gaps[: n + 1]), 1000) for n in range(len(gaps)))
    marks = tuple(mark for mark in marks if mark <= seconds)
    song = SONG | {"tempo": tempo, "first": f"{first}ms"} | ({"marks": "m.csv"} if marks else {})
    return a_film(song=song), marks, [f"{length}ms" for length in lengths], seconds


@settings(deadline=None, max_examples=150)
@given(songs())
def test_a_snapped_storyboard_lies_on_its_grid(
    drawn: tuple[Film, tuple[Fraction, ...], list[str], Fraction],
) -> None:
    film, marks, lengths, seconds = drawn
    made = snapped(film, shots(*lengths), seconds, marks)
    text = dump_document(made, "", exclude_defaults=True)
    timeline = lay_out(film, Storyboard.model_validate(read(text)), marks)
    beat = film.beat or Fraction(1)
    cuts = [slot.end / film.rate.fps for slot in timeline.slots]
    assert abs(cuts[-1] - seconds) <= max(beat / 2, Fraction(1, 2)) + Fraction(1, 24)
    if not marks:
        assert all(half_beats(film, slot.end) for slot in timeline.slots)
    elif len(marks) >= len(lengths):
        on = {film.rate.frame_at(mark) for mark in marks}
        assert all(slot.end in on for slot in timeline.slots[:-1])
    else:
        inside = {film.rate.frame_at(mark) for mark in marks if 1 <= mark * 24 < cuts[-1] * 24}
        assert inside <= {slot.end for slot in timeline.slots} | {0}
    assert all(one.end == two.start for one, two in pairwise(timeline.slots))


def read(text: str) -> Any:
    import yaml

    return yaml.safe_load(text)


def half_beats(film: Film, frame: int) -> bool:
    """Whether a frame is the nearest to a beat, or to a quarter of one."""
    assert film.beat is not None
    assert film.song is not None
    first = film.seconds(film.song.first) if film.song.first else Fraction(0)
    quarter = film.beat / 8
    place = (frame / film.rate.fps - first) / quarter
    return abs(place - round(place)) * quarter * film.rate.fps <= Fraction(501, 1000)
