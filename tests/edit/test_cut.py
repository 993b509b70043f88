"""The cut's arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from studio.edit.cut import Slot, Timeline, lay_out
from studio.errors import DocumentError
from studio.schema.storyboard import Storyboard
from tests.edit.sample import a_film, a_storyboard


def times(storyboard: Storyboard, count: int) -> Storyboard:
    """The storyboard's only scene, its shots repeated."""
    scene = storyboard.scenes[0]
    longer = scene.model_copy(update={"shots": scene.shots * count})
    return storyboard.model_copy(update={"scenes": [longer]})


def cut_of(*shots: dict[str, Any], **film: Any) -> Timeline:
    return lay_out(a_film(**film), a_storyboard(shots))


def test_no_drift_over_a_thousand_shots() -> None:
    film = a_film(rate="24000/1001", cards=False)
    timeline = lay_out(film, times(a_storyboard([{"duration": "3.7s"}]), 1000))
    fps = Fraction(24000, 1001)
    for number, slot in enumerate(timeline.slots):
        assert abs(slot.start - number * Fraction("3.7") * fps) <= Fraction(1, 2)
        assert slot.frames in (88, 89)
    assert timeline.frames == round(3700 * fps)


def test_slots_follow_each_other_with_cards_around() -> None:
    timeline = cut_of({"duration": "2s"}, {"duration": "1s"})
    kinds = [(slot.kind, slot.start, slot.frames) for slot in timeline.slots]
    assert kinds == [("title", 0, 60), ("shot", 60, 48), ("shot", 108, 24), ("end", 132, 72)]
    assert (timeline.frames, timeline.seconds) == (204, Fraction(17, 2))
    assert [slot.fade_in for slot in timeline.slots] == [12, 0, 0, 12]
    assert [slot.fade_out for slot in timeline.slots] == [12, 0, 12, 12]


def test_without_cards_the_film_is_its_shots() -> None:
    timeline = cut_of({"duration": "2s"}, {"duration": "1s"}, cards=False)
    assert [slot.kind for slot in timeline.slots] == ["shot", "shot"]
    assert timeline.slots[-1].fade_out == 0


def test_what_a_clip_has_to_give_does_not_depend_on_its_place() -> None:
    film = a_film(rate="30000/1001")
    timeline = lay_out(film, times(a_storyboard([{"duration": "1.23s"}]), 400))
    shots = [slot for slot in timeline.slots if slot.kind == "shot"]
    assert {slot.frames for slot in shots} == {36, 37}
    assert {(slot.source_in, slot.clip_frames) for slot in shots} == {(15, 15 + 37 + 15)}


@pytest.mark.parametrize(
    "transition", ["cut", "dissolve 1s", "dip to white 1s", "fade from black 1s"]
)
def test_transitions_up_to_a_second_ask_for_the_same_frames(transition: str) -> None:
    timeline = cut_of({"duration": "3s"}, {"duration": "3s", "transition": transition})
    assert [timeline.slots[n].clip_frames for n in (1, 2)] == [96, 96]
    assert [timeline.slots[n].source_in for n in (1, 2)] == [12, 12]


def test_a_longer_dissolve_asks_for_longer_handles() -> None:
    timeline = cut_of({"duration": "3s"}, {"duration": "3s", "transition": "dissolve 2s"})
    out, into = timeline.slots[1], timeline.slots[2]
    assert (out.source_in, out.clip_frames) == (12, 12 + 72 + 24)
    assert (into.source_in, into.clip_frames) == (24, 24 + 72 + 12)
    assert (into.join, into.before_cut, into.after_cut) == ("dissolve", 24, 24)


def slots_of(transition: str, **film: Any) -> tuple[Slot, ...]:
    return cut_of({"duration": "1s"}, {"duration": "1s", "transition": transition}, **film).slots


def test_an_odd_dissolve_is_centred_on_the_cut() -> None:
    into = slots_of("dissolve 7f")[2]
    assert (into.before_cut, into.after_cut) == (3, 4)


def test_fades_lie_inside_one_shot() -> None:
    assert [slot.fade_out for slot in slots_of("fade to black 0.5s")] == [12, 12, 12, 12]
    assert [slot.fade_in for slot in slots_of("fade from black 1s", cards=False)] == [0, 24]


def test_the_first_shot_joins_the_title_card() -> None:
    film = a_storyboard([{"duration": "2s", "transition": "dissolve 0.5s"}])
    title, shot, _ = lay_out(a_film(), film).slots
    assert (title.fade_out, shot.join, shot.join_frames) == (0, "dissolve", 12)


@pytest.mark.parametrize("transition", ["dissolve 0.5s", "fade to black 0.5s", "dip to white 4f"])
def test_the_first_shot_without_a_card_has_nothing_before_it(transition: str) -> None:
    with pytest.raises(
        DocumentError, match=r"^sc0010_sh0010: transition: .* no shot before"
    ) as why:
        cut_of({"duration": "2s", "transition": transition}, cards=False)
    assert "fade from black" in why.value.tip


@pytest.mark.parametrize(
    ("shots", "message"),
    [
        ([("2s", "cut"), ("1s", "dissolve 3s")], "sc0010_sh0020: transition: dissolve 3s"),
        (
            [("1s", "cut"), ("5s", "dissolve 3s")],
            "sc0010_sh0020: .* fit sc0010_sh0010, which .* 1s",
        ),
        ([("1s", "cut"), ("1s", "fade to black 2s")], "sc0010_sh0020: .* fit sc0010_sh0010"),
        ([("1s", "fade from black 25f")], "sc0010_sh0010: .* fit the shot, which lasts 1s"),
        (
            [("2s", "cut"), ("1s", "dissolve 1.2s"), ("2s", "fade to black 0.5s")],
            "sc0010_sh0030: .* overlaps the transition into sc0010_sh0020",
        ),
    ],
)
def test_a_transition_longer_than_its_shots_is_refused(
    shots: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(DocumentError, match=message) as refused:
        cut_of(*({"duration": length, "transition": kind} for length, kind in shots))
    assert "shorten" in refused.value.tip


def test_transitions_may_use_a_shot_up() -> None:
    slots = cut_of(
        {"duration": "1s"},
        {"duration": "1s", "transition": "dissolve 1s"},
        {"duration": "1s", "transition": "dissolve 1s"},
        cards=False,
    ).slots
    assert [slot.after_cut for slot in slots] == [0, 12, 12]


def test_what_cannot_be_laid_out() -> None:
    with pytest.raises(DocumentError, match="no shots"):
        lay_out(a_film(), a_storyboard([]))
    with pytest.raises(DocumentError, match="shorter than a frame"):
        cut_of({"duration": "1ms"}, cards=False)
    with pytest.raises(DocumentError, match=r"sc0010_sh0010: duration: .*tempo"):
        cut_of({"duration": "2 bars"})


def test_bars_follow_the_song() -> None:
    song = {"file": "sound/song.wav", "tempo": 100}
    assert cut_of({"duration": "2 bars"}, song=song, cards=False).frames == round(8 * 0.6 * 24)
