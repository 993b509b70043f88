"""What changed between two states of a film, in words: everything that differs is named, and
named once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.revise.differing.changes import changes
from studio.revise.differing.order import counterparts, moved
from studio.revise.differing.state import Change, Snapshot
from studio.revise.differing.telling import summary, told
from studio.schema.film import Film
from studio.schema.storyboard import Shot, Storyboard, TakeKind
from studio.schema.version import ShownTake
from tests.conftest import FILM, STORYBOARD

Edit = Callable[[Any, Any], object]
"""Alters storyboard.yaml's content and film.yaml's."""


def state(storyboard: Any = STORYBOARD, film: Any = FILM, **known: Any) -> Snapshot:
    return Snapshot(Film.model_validate(film), Storyboard.model_validate(storyboard), **known)


def edited(*edits: Edit) -> Snapshot:
    storyboard, film = copy.deepcopy(STORYBOARD), copy.deepcopy(FILM)
    for edit in edits:
        edit(storyboard, film)
    return state(storyboard, film)


def shot(storyboard: Any, number: int) -> Any:
    return [each for scene in storyboard["scenes"] for each in scene["shots"]][number]


def put(number: int, field: str, value: Any) -> Edit:
    return lambda storyboard, _: shot(storyboard, number).update({field: value})


def numbered(*shots: int) -> Snapshot:
    """One scene with shots of these numbers, in this order."""
    storyboard = copy.deepcopy(STORYBOARD)
    storyboard["scenes"] = [
        {
            "id": "sc010",
            "heading": "X",
            "place": "tower",
            "shots": [{"id": f"sc010_sh{number:03d}", "duration": "2s"} for number in shots],
        }
    ]
    return state(storyboard)


FIRST, SECOND, THIRD = "sc010_sh010", "sc010_sh020", "sc020_sh010"
EDITS: dict[str, tuple[Edit, Change]] = {
    "size": (
        put(0, "size", "CU"),
        Change("shot", FIRST, "changed", "size extreme long shot → close-up"),
    ),
    "angle": (put(0, "angle", "low"), Change("shot", FIRST, "changed", "angle eye → low")),
    "framing": (
        put(0, "framing", "POV"),
        Change("shot", FIRST, "changed", "framing single → POV"),
    ),
    "movement": (
        put(1, "movement", "static"),
        Change("shot", SECOND, "changed", "camera dolly in → static"),
    ),
    "duration": (put(2, "duration", "4s"), Change("shot", THIRD, "retimed", "2.5s → 4s")),
    "into frames": (put(0, "duration", "18f"), Change("shot", FIRST, "retimed", "2s → 1.5s")),
    "action": (
        put(1, "action", "Tom waves."),
        Change("shot", SECOND, "text", "action: “Tom calls to her.” → “Tom waves.”"),
    ),
    "narration": (
        put(0, "narration", ""),
        Change("shot", FIRST, "line", "narration, gone: “On the ninth day she stopped looking.”"),
    ),
    "a line": (
        put(1, "dialogue", [{"who": "tom", "line": "A ship!"}]),
        Change("shot", SECOND, "line", "Tom: “A boat!” → “A ship!”"),
    ),
    "how it is said": (
        put(1, "dialogue", [{"who": "tom", "line": "A boat!", "how": "softly", "heard": "off"}]),
        Change("shot", SECOND, "line", "Tom: “A boat!”, now softly, now off screen"),
    ),
    "who says it": (
        put(1, "dialogue", [{"who": "mara", "line": "A boat!"}]),
        Change("shot", SECOND, "line", "Mara: “A boat!”, not Tom’s"),
    ),
    "a new line": (
        put(2, "dialogue", [{"who": "tom", "line": "Wait!", "how": "panting"}]),
        Change("shot", THIRD, "line", "Tom, new: “Wait!” (panting)"),
    ),
    "transition": (
        put(2, "transition", "cut"),
        Change("shot", THIRD, "changed", "transition dissolve 0.5s → cut"),
    ),
    "cast": (put(1, "cast", ["mara"]), Change("shot", SECOND, "changed", "without Tom")),
    "clothes": (
        put(0, "cast", [{"who": "mara", "wears": "a red shawl"}]),
        Change("shot", FIRST, "changed", "Mara, clothes as in the cast sheet → a red shawl"),
    ),
    "order of the cast": (
        put(1, "cast", ["tom", "mara"]),
        Change("shot", SECOND, "changed", "cast in another order: Tom, Mara"),
    ),
    "prompt": (
        put(1, "keyframe", "{tom}."),
        Change("shot", SECOND, "changed", "picture prompt rewritten"),
    ),
    "own prompt": (
        put(0, "motion", "{mara}."),
        Change("shot", FIRST, "changed", "movement prompt written"),
    ),
    "from": (
        put(2, "from", {"shot": FIRST, "in": "1s"}),
        Change("shot", THIRD, "changed", f"shows {FIRST}’s clip from 1s on"),
    ),
    "trim": (
        put(0, "trim", "0.5s"),
        Change("shot", FIRST, "changed", "its clip begins at 0s → 0.5s"),
    ),
    "speed": (put(0, "speed", "0.5"), Change("shot", FIRST, "changed", "speed 1× → 0.5×")),
    "panels": (
        put(0, "panels", ["1s"]),
        Change("shot", FIRST, "changed", "further panels evenly spread → at 1s"),
    ),
    "fit": (put(0, "fit", "top"), Change("shot", FIRST, "changed", "crop keeps center → top")),
    "avoid": (put(0, "avoid", "birds"), Change("shot", FIRST, "text", "to avoid: “birds” (new)")),
    "notes": (put(0, "notes", "for us"), Change("shot", FIRST, "changed", "notes changed")),
    "circle": (
        put(0, "takes", {"clip": 2}),
        Change("shot", FIRST, "changed", "clip take 2 circled"),
    ),
    "rename": (
        put(2, "id", "sc020_sh020"),
        Change("shot", "sc020_sh020", "added", "added after sc010_sh020, 2.5s: “Tom runs down to"),
    ),
    "removed": (
        lambda s, _: s["scenes"][0]["shots"].pop(0),
        Change("shot", FIRST, "removed", "removed: “Mara stands at the rail.”"),
    ),
    "added": (
        lambda s, _: s["scenes"][1]["shots"].insert(
            0, {"id": "sc020_sh005", "duration": "1s", "action": "Surf."}
        ),
        Change("shot", "sc020_sh005", "added", "added after sc010_sh020, 1s: “Surf.”"),
    ),
    "moved": (
        lambda s, _: s["scenes"][0]["shots"].reverse(),
        Change("shot", SECOND, "moved", f"moved to before {FIRST}"),
    ),
    "into another scene": (
        lambda s, _: s["scenes"][1]["shots"].append(s["scenes"][0]["shots"].pop()),
        Change("shot", SECOND, "moved", f"moved to sc020, after {THIRD}"),
    ),
    "scenes turned": (
        lambda s, _: s["scenes"].reverse(),
        Change("scene", "sc020", "moved", "moved to before sc010"),
    ),
    "heading": (
        lambda s, _: s["scenes"][0].update(heading="EXT. SEA - DAY"),
        Change("scene", "sc010", "changed", "heading EXT. LIGHTHOUSE - DUSK → EXT. SEA - DAY"),
    ),
    "place": (
        lambda s, _: s["scenes"][0].update(place="shore"),
        Change("scene", "sc010", "changed", "place the lighthouse → the shore"),
    ),
    "synopsis": (
        lambda s, _: s["scenes"][0].update(synopsis="A boat comes."),
        Change("scene", "sc010", "text", "synopsis: “A boat comes.” (new)"),
    ),
    "a new scene": (
        lambda s, _: s["scenes"].append({"id": "sc030", "heading": "END", "place": "shore"}),
        Change("scene", "sc030", "added", "added after sc020: END"),
    ),
    "looks": (
        lambda s, _: s["cast"]["tom"].update(looks="a boy of ten, blue cap"),
        Change("cast", "tom", "text", "looks: “a boy of ten, red cap” → “a boy of ten, blue cap”"),
    ),
    "a person": (
        lambda s, _: s["cast"].update(ben={"name": "Ben"}),
        Change("cast", "ben", "added", "added"),
    ),
    "a place": (
        lambda s, _: s["places"]["tower"].update(name="the tower"),
        Change("place", "tower", "changed", "name the lighthouse → the tower"),
    ),
    "title": (
        lambda _, film: film.update(title="Large"),
        Change("film", "", "text", "title: “Small” → “Large”"),
    ),
    "rate": (
        lambda _, film: film.update(rate=24),
        Change("film", "", "changed", "frames a second 12 → 24"),
    ),
    "cards": (
        lambda _, film: film.update(cards=True),
        Change("film", "", "changed", "with title card and end card"),
    ),
    "song": (
        lambda _, film: film.update(song="sound/a.flac"),
        Change("film", "", "changed", "cut to the song sound/a.flac"),
    ),
    "painter": (
        lambda _, film: film["engines"].update(painter="sketch"),
        Change("film", "", "changed", "painter null → sketch"),
    ),
    "settings": (
        lambda _, film: film["engines"].update(painter={"engine": "null", "steps": 4}),
        Change("film", "", "changed", "painter null, steps none → 4"),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_kind_of_edit_is_named_exactly_once(name: str) -> None:
    edit, expected = EDITS[name]
    found = changes(state(), edited(edit))
    mine = [one for one in found if one.words.startswith(expected.words)]
    assert [(one.about, one.id, one.kind) for one in mine] == [
        (expected.about, expected.id, expected.kind)
    ]
    if name not in ("rename", "removed"):  # a removed shot's lines are told with it
        assert len(found) == 1


def test_undoing_an_edit_gives_no_changes() -> None:
    for edit, _ in EDITS.values():
        assert changes(edited(edit), edited(edit)) == []


# edits that touch different things, so that each is told as if it were the only one
APART = ["size", "a line", "transition", "heading", "looks", "a place", "title", "duration", "trim"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(APART), unique=True))
def test_edits_that_do_not_touch_are_told_as_they_are_alone(names: list[str]) -> None:
    found = changes(state(), edited(*(EDITS[name][0] for name in names)))
    assert sorted(map(repr, found)) == sorted(repr(EDITS[name][1]) for name in names)


def longest_rising(numbers: list[int]) -> int:
    best: list[int] = []
    for index, number in enumerate(numbers):
        earlier = [best[n] for n in range(index) if numbers[n] < number]
        best.append(1 + max(earlier, default=0))
    return max(best, default=0)


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(7)))
def test_as_few_shots_as_can_be_have_moved(order: list[int]) -> None:
    gone = moved(order)
    left = [number for position, number in enumerate(order) if position not in gone]
    assert left == sorted(left)
    assert len(gone) == len(order) - longest_rising(order)


@settings(max_examples=60, deadline=None)
@given(st.permutations([10, 20, 30, 40, 50, 60]))
def test_the_words_of_moves_lead_to_the_new_order(order: list[int]) -> None:
    before, after = numbered(10, 20, 30, 40, 50, 60), numbered(*order)
    found = changes(before, after)
    assert {one.kind for one in found} <= {"moved"}
    where = {one.id: one.words.removeprefix("moved to ") for one in found}
    ids = [f"sc010_sh{number:03d}" for number in range(10, 70, 10)]
    stayed = [id_ for id_ in ids if id_ not in where]
    for id_ in [f"sc010_sh{number:03d}" for number in order if f"sc010_sh{number:03d}" in where]:
        target = where[id_].removeprefix("before ")
        stayed.insert(len(stayed) if target == "the end" else stayed.index(target), id_)
    assert stayed == [f"sc010_sh{number:03d}" for number in order]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([10, 20, 30, 40, 50]), unique=True, min_size=1),
    st.lists(st.sampled_from([10, 20, 30, 40, 50]), unique=True, min_size=1),
)
def test_shots_come_and_go(one: list[int], other: list[int]) -> None:
    found = changes(numbered(*one), numbered(*other))
    kinds = {
        kind: {each.id for each in found if each.kind == kind} for kind in ("added", "removed")
    }
    assert kinds["added"] == {f"sc010_sh{number:03d}" for number in set(other) - set(one)}
    assert kinds["removed"] == {f"sc010_sh{number:03d}" for number in set(one) - set(other)}


def test_a_renamed_shot_is_the_same_shot() -> None:
    def rename(storyboard: Any, _: Any) -> None:
        shot(storyboard, 0).update(id="sc010_sh005", was=FIRST, duration="3s")

    found = changes(state(), edited(rename))
    assert found == [
        Change("shot", "sc010_sh005", "renamed", f"called {FIRST} before"),
        Change("shot", "sc010_sh005", "retimed", "2s → 3s"),
    ]
    assert changes(edited(rename), state())[0].words == "called sc010_sh005 before"


def test_an_id_that_was_given_again_is_another_shot() -> None:
    old = [Shot(id=FIRST, duration="1s")]
    new = [Shot(id=FIRST, duration="1s"), Shot(id=SECOND, was=FIRST, duration="1s")]
    assert {now: was.id for now, was in counterparts(old, new).items()} == {SECOND: FIRST}
    assert {now: was.id for now, was in counterparts(new, new).items()} == {
        FIRST: FIRST,
        SECOND: SECOND,
    }


def take(number: int, content: str = "", engine: str = "flux") -> ShownTake:
    return ShownTake(number=number, content=content or f"content {number}", engine=engine)


def test_takes_are_told_by_their_content() -> None:
    def rendered(**takes: ShownTake) -> Snapshot:
        kinds: dict[str, TakeKind] = {"keyframe": "keyframe", "clip": "clip"}
        return state(takes={(FIRST, kinds[kind]): take for kind, take in takes.items()})

    def words(before: Snapshot, after: Snapshot) -> list[str]:
        return [one.words for one in changes(before, after) if one.kind == "rendered"]

    first = rendered(keyframe=take(1), clip=take(1))
    assert words(first, rendered(keyframe=take(3), clip=take(1))) == ["new picture (take 1 → 3)"]
    assert words(first, rendered(keyframe=take(2), clip=take(2))) == [
        "new picture and clip (take 1 → 2)"
    ]
    assert words(first, rendered(keyframe=take(2), clip=take(4))) == [
        "new picture (take 1 → 2); new clip (take 1 → 4)"
    ]
    assert words(first, rendered(keyframe=take(2, "content 1"), clip=take(1))) == []
    drawn = rendered(keyframe=take(2, engine="board"), clip=take(1))
    assert words(first, drawn) == ["own drawing (take 1 → 2)"]
    assert words(drawn, first) == ["earlier picture by flux (take 2 → 1)"]
    assert words(rendered(), first) == ["first picture and first clip (take 1)"]
    circled = copy.deepcopy(STORYBOARD)
    shot(circled, 0)["takes"] = {"clip": 2}
    before = rendered(clip=take(3))
    after = state(circled, takes={(FIRST, "clip"): take(2)})
    assert changes(before, after) == [
        Change("shot", FIRST, "rendered", "earlier clip (take 3 → 2, circled)")
    ]


def test_a_stretch_to_the_next_mark_is_retimed_by_the_song_alone() -> None:
    storyboard = copy.deepcopy(STORYBOARD)
    shot(storyboard, 0)["duration"] = "1 marks"
    before, after = (state(storyboard, frames={FIRST: frames}) for frames in (24, 30))
    assert [one.words for one in changes(before, after)] == ["2s → 2.5s"]
    assert changes(before, state(storyboard, frames={FIRST: 25})) == []


def test_another_recording_of_the_song_is_said() -> None:
    film = FILM | {"song": "sound/a.flac"}
    before, after = state(film=film, song="1"), state(film=film, song="2")
    assert [one.words for one in changes(before, after)] == [
        "the song sound/a.flac is another recording"
    ]


def test_lines_of_one_shot_are_told_apart() -> None:
    def said(*lines: tuple[str, str]) -> Snapshot:
        return edited(put(1, "dialogue", [{"who": who, "line": line} for who, line in lines]))

    before = said(("tom", "One."), ("mara", "Two."), ("tom", "Three."))
    after = said(("mara", "Two."), ("tom", "Drei."), ("mara", "Four."))
    assert [one.words for one in changes(before, after)] == [
        "Tom: “Three.” → “Drei.”",
        "Mara, new: “Four.”",
        "Tom, gone: “One.”",
    ]
    turned = said(("tom", "Three."), ("tom", "One."), ("mara", "Two."))
    assert [one.words for one in changes(before, turned)] == [
        "Tom: “Three.” comes at another place"
    ]


def test_of_long_texts_only_what_differs_is_quoted() -> None:
    long = "Mara stands at the rail of the lighthouse and looks out over the grey sea to the west."
    before = edited(put(0, "action", long))
    after = edited(put(0, "action", long.replace("grey", "black and silent")))
    assert [one.words for one in changes(before, after)] == [
        "action: “… over the grey sea to …” → “… over the black and silent sea to …”"
    ]


def test_it_reads_as_a_director_would_say_it() -> None:
    def edit(storyboard: Any, film: Any) -> None:
        scene = storyboard["scenes"][0]
        scene["shots"].reverse()
        shot(storyboard, 0).update(duration="1s", action="Tom waves.")
        storyboard["scenes"][1]["shots"].append({"id": "sc020_sh020", "duration": "2s"})
        storyboard["cast"]["tom"]["looks"] = "a boy of ten, blue cap"
        film["title"] = "Large"

    after = edited(edit)
    before = state(seconds=Fraction(13, 2))
    after = Snapshot(after.film, after.storyboard, seconds=Fraction(15, 2))
    assert told(before, after) == {
        "The film": ["length 6.5s → 7.5s", "title: “Small” → “Large”"],
        "Cast and places": ["Tom, looks: “a boy of ten, red cap” → “a boy of ten, blue cap”"],
        "Shots": [
            f"{SECOND}: moved to before {FIRST}; 2s → 1s",
            f"{SECOND}, action: “Tom calls to her.” → “Tom waves.”",
            f"sc020_sh020: added after {THIRD}, 2s",
        ],
    }
    assert summary(changes(before, after)) == (
        "1 shot added, 1 moved, 1 retimed, 1 changed, cast or places changed, "
        "settings of the film changed"
    )
    assert summary([]) == "nothing changed"


def test_shots_of_which_the_same_is_said_share_a_line() -> None:
    ids = [10, 20, 30, 40, 50]
    before = numbered(*ids)

    def shown(*changed: int, apart: int = 0) -> Snapshot:
        takes: dict[tuple[str, TakeKind], ShownTake] = {}
        for number in ids:
            now = 0 if number not in changed else 2 if number == apart else 1
            takes[f"sc010_sh{number:03d}", "clip"] = take(now + 1)
        return Snapshot(before.film, before.storyboard, takes=takes)

    none = shown()
    assert told(none, shown(*ids)) == {"Shots": ["all 5 shots: new clip (take 1 → 2)"]}
    assert told(none, shown(10, 20, 30, 50)) == {
        "Shots": ["sc010_sh010 to sc010_sh030, sc010_sh050: new clip (take 1 → 2)"]
    }
    assert told(none, shown(*ids, apart=20)) == {"Shots": ["all 5 shots: new clip"]}
    assert told(none, shown(10, 20, apart=20)) == {
        "Shots": ["sc010_sh010: new clip (take 1 → 2)", "sc010_sh020: new clip (take 1 → 3)"]
    }
