"""Shots of a storyboard's text: only the lines that have to change do, and comments stay with
what they describe."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.documents import dump_document
from studio.errors import DocumentError, StudioError
from studio.revise.text import shots
from studio.revise.text.shots import Spot
from studio.schema.storyboard import Storyboard
from studio.schema.time import Moment
from tests.conftest import STORYBOARD
from tests.revise.texts import TEXT, USED, WIDE, diff, film, order, read, shot_in

# --- add -------------------------------------------------------------------------------


def test_a_new_shot_goes_between_and_nothing_else_changes() -> None:
    text, new = shots.add(TEXT, Spot("after", "sc010_sh010"), {"duration": "3s"}, USED)
    assert new == "sc010_sh015"
    assert diff(TEXT, text) == ["+  - id: sc010_sh015", "+    duration: 3s", "+"]
    assert order(text)[0] == ["sc010_sh010", "sc010_sh015", "sc010_sh020", "sc010_sh030"]


def test_before_the_first_it_goes_above_the_comment() -> None:
    text, new = shots.add(TEXT, Spot("before", "sc010_sh010"), {"duration": "3s"}, USED)
    assert new == "sc010_sh005"
    assert "shots:\n  - id: sc010_sh005\n    duration: 3s\n\n  # above the first\n" in text


def test_a_new_shot_is_indented_as_the_others() -> None:
    text, new = shots.add(WIDE, Spot("after", "sc010_sh010"), {"duration": "3s"}, USED)
    assert diff(WIDE, text) == [f"+            -   id: {new}", "+                duration: 3s"]


@pytest.mark.parametrize("shots_line", ["", "        shots: []   # none yet\n"])
def test_into_a_scene_without_shots(shots_line: str) -> None:
    text, new = shots.add(
        WIDE + shots_line, Spot("at the end of", "sc020"), {"duration": "3s"}, USED
    )
    assert new == "sc020_sh010"
    head = shots_line.replace(" []", "") or "        shots:\n"
    assert text == f"{WIDE}{head}            -   id: {new}\n                duration: 3s\n"


def test_a_copy_has_what_the_other_shows_and_none_of_its_words() -> None:
    board = Storyboard.model_validate(STORYBOARD)
    before = dump_document(board, exclude_defaults=True)
    text, new = shots.add(before, Spot("at the end of", "sc020"), {}, USED, copy="sc010_sh020")
    made, other = shot_in(text, new), shot_in(text, "sc010_sh020")
    for field in ("size", "movement", "duration", "cast", "keyframe", "motion"):
        assert getattr(made, field) == getattr(other, field)
    assert made.dialogue == []
    assert all(line.startswith("+") for line in diff(before, text))


def test_a_copy_of_a_shot_in_braces_reads() -> None:
    text, new = shots.add(
        TEXT, Spot("before", "sc020_sh010"), {"action": "x"}, USED, copy="sc010_sh020"
    )
    made = shot_in(text, new)
    assert (made.duration, made.cast, made.action) == (
        shot_in(TEXT, "sc010_sh020").duration,
        shot_in(TEXT, "sc010_sh020").cast,
        "x",
    )


def test_line_ends_and_a_missing_last_one_are_kept() -> None:
    text = TEXT.replace("\n# the end of the file\n", "").replace("\n", "\r\n")
    new, _ = shots.add(text, Spot("at the end of", "sc020"), {"duration": "3s"}, USED)
    assert new == f"{text}\r\n\r\n  - id: sc020_sh020\r\n    duration: 3s\r\n"


def test_anchors_are_copied_as_what_they_hold() -> None:
    text = TEXT.replace("cast: [mara]", "cast: &her [mara]")
    text = text.replace("    duration: 1.5s\n", "    duration: 1.5s\n    cast: *her\n")
    for copied in ("sc010_sh020", "sc010_sh030"):
        made, new = shots.add(text, Spot("at the end of", "sc020"), {}, USED, copy=copied)
        assert [who.who for who in shot_in(made, new).cast] == ["mara"]
    wide = WIDE.replace(
        "duration: 2s\n                id",
        "cast: &two\n                - mara\n                duration: 2s\n                id",
    )
    wide = wide.replace("places:", "cast: {mara: {name: Mara}}\nplaces:")
    made, new = shots.add(wide, Spot("at the end of", "sc020"), {}, USED, copy="sc010_sh020")
    assert [who.who for who in shot_in(made, new).cast] == ["mara"]


# --- move ------------------------------------------------------------------------------


def test_comments_above_beside_and_inside_move_with_the_shot() -> None:
    text = shots.move(TEXT, "sc010_sh010", Spot("after", "sc020_sh010"))
    assert order(text) == [["sc010_sh020", "sc010_sh030"], ["sc020_sh010", "sc010_sh010"]]
    start, end = TEXT.index("  # above the first"), TEXT.index("\n  # two lines above")
    block = TEXT[start:end]
    assert block.endswith("# that is no comment\n")
    assert f"    duration: 2s\n\n{block}# the end of the file\n" in text
    assert "  shots:\n  # two lines above\n  # the second\n  - {id: sc010_sh020" in text


def test_a_comment_of_nobody_stays() -> None:
    text = shots.move(TEXT, "sc010_sh030", Spot("before", "sc010_sh010"))
    assert order(text)[0] == ["sc010_sh030", "sc010_sh010", "sc010_sh020"]
    assert '    # motion: "left out for now"\n\n  # above the first\n' in text
    assert "# beside the second\n\n  # of nobody\n" in text


def test_the_last_shot_leaves_an_empty_list_and_comes_back() -> None:
    gone = shots.move(TEXT, "sc020_sh010", Spot("before", "sc010_sh020"))
    assert order(gone)[1] == []
    assert "  shots: []\n# the end of the file\n" in gone
    assert shots.move(gone, "sc020_sh010", Spot("at the end of", "sc020")) == TEXT


def test_there_and_back_gives_the_same_text() -> None:
    there = shots.move(TEXT, "sc010_sh010", Spot("after", "sc010_sh020"))
    assert order(there)[0][:2] == ["sc010_sh020", "sc010_sh010"]
    assert shots.move(there, "sc010_sh010", Spot("before", "sc010_sh020")) == TEXT


@pytest.mark.parametrize(
    "spot",
    [
        Spot("after", "sc010_sh010"),
        Spot("before", "sc010_sh030"),
    ],
)
def test_where_it_stands_already_nothing_changes(spot: Spot) -> None:
    assert shots.move(TEXT, "sc010_sh020", spot) == TEXT


def test_a_shot_takes_the_indent_of_where_it_goes() -> None:
    mixed = WIDE.replace("    -   id: sc020", "    - id: sc020").replace(
        "        heading: EXT. LIGHTHOUSE - NIGHT\n        place: tower\n",
        "      heading: NIGHT\n      place: tower\n      shots:\n      - id: sc020_sh010\n"
        "        duration: 1s\n",
    )
    text = shots.move(mixed, "sc010_sh020", Spot("before", "sc020_sh010"))
    assert (
        "      shots:\n      # above\n      -   duration: 2s\n          id: sc010_sh020\n"
        "      - id: sc020_sh010\n" in text
    )
    assert order(text) == [["sc010_sh010"], ["sc010_sh020", "sc020_sh010"]]


# --- rename ----------------------------------------------------------------------------


def test_the_first_id_is_kept_over_several_renames_and_goes_with_the_way_back() -> None:
    once = shots.rename(TEXT, "sc010_sh010", "sc010_sh012", USED)
    assert diff(TEXT, once) == [
        "-  - id: sc010_sh010   # beside the first",
        "+  - id: sc010_sh012   # beside the first",
        "+    was: sc010_sh010",
        "-    from: {shot: sc010_sh010, in: 0.5s}",
        "+    from: {shot: sc010_sh012, in: 0.5s}",
    ]
    twice = shots.rename(once, "sc010_sh012", "sc010_sh013", USED)
    assert shot_in(twice, "sc010_sh013").was == "sc010_sh010"
    assert shots.rename(twice, "sc010_sh013", "sc010_sh010", USED) == TEXT


def test_renaming_in_braces_and_where_id_comes_late() -> None:
    text = shots.rename(TEXT, "sc010_sh020", "sc010_sh022", USED)
    assert "- {id: sc010_sh022, was: sc010_sh020, duration: 4s, cast: [mara]}   # beside" in text
    assert shots.rename(text, "sc010_sh022", "sc010_sh020", USED) == TEXT
    wide = shots.rename(WIDE, "sc010_sh020", "sc010_sh022", USED)
    assert shots.rename(wide, "sc010_sh022", "sc010_sh020", USED) == WIDE
    first = WIDE.replace(
        "-   id: sc010_sh010", "-   was: sc010_sh008\n                id: sc010_sh010"
    )
    assert shots.rename(first, "sc010_sh010", "sc010_sh008", USED) == WIDE.replace(
        "sc010_sh010", "sc010_sh008"
    )


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("sc010_sh020", "belongs to another shot, or did once"),
        ("sc010_sh077", "belongs to another shot, or did once"),
        ("sc010_sh010", "has that id already"),
        ("shot_two", "is no id of a shot"),
    ],
)
def test_an_id_that_is_not_free_is_refused(new: str, says: str) -> None:
    with pytest.raises(StudioError, match=says):
        shots.rename(TEXT, "sc010_sh010", new, {"sc010_sh077"})


def test_the_first_id_of_another_shot_is_not_free() -> None:
    text = shots.rename(TEXT, "sc010_sh010", "sc010_sh012", USED)
    with pytest.raises(StudioError, match="sc010_sh010 belongs to another"):
        shots.rename(text, "sc010_sh020", "sc010_sh010", USED)
    _, new = shots.add(text, Spot("before", "sc010_sh012"), {"duration": "1s"}, USED)
    assert new != "sc010_sh010"


# --- remove ----------------------------------------------------------------------------


def test_a_removed_shot_takes_its_own_comments_with_it() -> None:
    text = shots.remove(TEXT, ["sc010_sh020"])
    assert diff(TEXT, text) == [
        "-  # two lines above",
        "-  # the second",
        "-  - {id: sc010_sh020, duration: 4s, cast: [mara]}   # beside the second",
        "-",
    ]


def test_a_scene_may_lose_all_its_shots_but_not_the_film() -> None:
    text = shots.remove(TEXT, ["sc010_sh020", "sc010_sh030", "sc010_sh010"])
    assert order(text) == [[], ["sc020_sh010"]]
    assert "# of nobody" in text
    with pytest.raises(StudioError, match="no shot would be left"):
        shots.remove(text, ["sc020_sh010"])


def test_a_shot_whose_clip_another_shows_has_to_stay() -> None:
    with pytest.raises(StudioError, match="sc010_sh030 shows the clip of sc010_sh010"):
        shots.remove(TEXT, ["sc010_sh010"])
    assert order(shots.remove(TEXT, ["sc010_sh010", "sc010_sh030"]))[0] == ["sc010_sh020"]


def test_what_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(StudioError, match=r"there is no shot 'sc010_sh02'") as raised:
        shots.remove(TEXT, ["sc010_sh02"])
    assert raised.value.tip == "did you mean sc010_sh020?"


def test_lists_in_brackets_are_refused_with_their_line() -> None:
    text = WIDE + "        shots: [{id: sc020_sh010, duration: 1s}]\n"
    with pytest.raises(DocumentError, match="yaml:16: shots stand in brackets"):
        shots.remove(text, ["sc010_sh010"])


# --- anything at all -------------------------------------------------------------------

Steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "split", "move", "rename", "remove"]),
        st.integers(0, 50),
        st.integers(0, 50),
        st.sampled_from(["after", "before", "at the end of"]),
    ),
    max_size=8,
)


def comments(text: str) -> Counter[str]:
    return Counter(line.partition("#")[2] for line in text.splitlines() if "#" in line)


def lines(text: str) -> Counter[str]:
    """All lines but the keys of lists, which come and go with their first and last shot."""
    found = (line.strip() for line in text.splitlines())
    return Counter(line for line in found if line and not line.startswith("shots:"))


def seconds(text: str) -> Fraction:
    return sum((film().seconds(shot.duration) for _, shot in read(text).shots()), Fraction(0))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([TEXT, WIDE]), Steps)
def test_any_sequence_keeps_ids_comments_and_durations(
    text: str, steps: list[tuple[str, int, int, str]]
) -> None:
    first_ids = {shot.id: shot.id for _, shot in read(text).shots()}
    for what, one, two, where in steps:
        before = text
        board = read(text)
        there = [shot for _, shot in board.shots()]
        shot, other = there[one % len(there)], there[two % len(there)]
        scene = board.scenes[two % len(board.scenes)].id
        spot = Spot(where, scene if where == "at the end of" else other.id)  # type: ignore[arg-type]
        try:
            if what == "add":
                text, new = shots.add(text, spot, {"duration": "1s"}, USED, copy=shot.id)
                first_ids[new] = new
            elif what == "split":
                text, new = shots.split(text, film(), board, shot.id, Moment.parse("0.25s"), USED)
                first_ids[new] = new
            elif what == "move":
                text = shots.move(text, shot.id, spot)
            elif what == "rename":
                new = f"sc777_sh{one:03d}"
                text = shots.rename(text, shot.id, new, USED)
                first_ids[new] = first_ids.pop(shot.id)
            else:
                text = shots.remove(text, [shot.id])
                first_ids.pop(shot.id)
        except StudioError:
            assert text == before
            continue
        after = [each for _, each in read(text).shots()]
        assert {each.id: each.first_id for each in after} == first_ids
        assert len(after) == len(first_ids)
        if what == "remove":
            assert comments(text) <= comments(before)
        else:
            assert comments(text) >= comments(before)
        if what in ("split", "move", "rename"):
            assert seconds(text) == seconds(before)
        if what == "move":
            assert lines(text) == lines(before)
            assert sorted(map(str, after)) == sorted(map(str, there))
