"""Three ways into one: whoever changed something is right, and a person where both did."""

from __future__ import annotations

from hypothesis import given, settings

from studio.revise.merging.align import aligned
from studio.revise.merging.merge import Clash, merge, writers_fields
from studio.revise.merging.spare import spared
from studio.schema.storyboard import Shot, Storyboard
from tests.revise.boards import PERSON, WRITER, Step, after, bases, board, changed, ids, steps, the

A, B, C, D = (
    {"action": "Mara lights the lamp in the tower.", "cast": ["mara"]},
    {"action": "Finn rows against the tide alone.", "cast": ["finn"]},
    {"action": "The letter burns on a plate."},
    {"action": "Rain hammers the kitchen window shut."},
)
BASE = board(("aaa", [A, B]), ("bbb", [C, D]))


def align(base: Storyboard, new: Storyboard, *used: str) -> Storyboard:
    return aligned(base, new, set(used), {})


def merged(mine: Storyboard, theirs: Storyboard, *owned: str) -> tuple[Storyboard, list[Clash]]:
    result = merge(BASE, mine, theirs, owned)
    return result.storyboard, result.clashes


# --- which shot is which ---------------------------------------------------------------


def test_a_new_draft_gets_the_ids_of_what_is_the_same() -> None:
    new = board(
        ("aaa2", [D | {"duration": "4s"}, A, B | {"action": "Finn rows against the tide."}])
    )
    found = align(BASE, new, "sc010_sh015")
    assert ids(found) == ["sc020_sh020", "sc010_sh010", "sc010_sh020"]
    assert str(the(found, "sc020_sh020").duration) == "4s"


def test_new_shots_and_scenes_get_ids_that_nobody_had() -> None:
    dialogue = [{"who": "finn", "line": "Who is there?"}]
    wave = {"action": "Somebody waves from the pier."}
    asked = {"action": "Finn speaks.", "dialogue": dialogue}
    new = board(("a2", [A, wave, B]), ("new", [asked]), ("b2", [C, D]))
    found = align(BASE, new, "sc010_sh015", "sc015")
    assert [scene.id for scene in found.scenes] == ["sc010", found.scenes[1].id, "sc020"]
    assert found.scenes[1].id not in ("sc015", "sc010", "sc020")
    assert ids(found)[1] not in ("sc010_sh010", "sc010_sh015", "sc010_sh020")
    assert "sc010" < found.scenes[1].id < "sc020"
    assert "sc010_sh010" < ids(found)[1] < "sc010_sh020"


def test_a_shot_that_only_shares_a_few_words_is_another_one() -> None:
    new = board(("a2", [A, {"action": "Finn sleeps in the tower."}]))
    assert ids(align(BASE, new))[0] == "sc010_sh010"
    assert "sc010_sh020" not in ids(align(BASE, new))


def test_talk_is_known_by_its_words_not_by_who_speaks_to_whom() -> None:
    said = [
        {"action": "Finn speaks.", "dialogue": [{"who": "finn", "line": line}]}
        for line in ("The boat has lost her anchor.", "My father is out there.")
    ]
    base = board(("", said))
    assert ids(align(base, board(("", said[1:])))) == ["sc010_sh020"]


def test_scenes_whose_source_did_not_change_are_taken_over() -> None:
    new = board(("aaa", [A | {"duration": "9s"}]), ("xxx", [C, D | {"duration": "5s"}]))
    found = align(BASE, new)
    assert found.scenes[0] == BASE.scenes[0]
    assert str(the(found, "sc020_sh020").duration) == "5s"


def test_a_scene_that_the_writer_has_no_time_for_now_stays() -> None:
    base = board(("aaa -zzz", [A]), ("bbb", [B]), ("ccc", [C]))
    new = board(("aaa -bbb", [A]), ("zzz", [D]), ("ccc2", [C]))
    found = align(base, new)
    assert ids(found) == ["sc010_sh010", "sc020_sh010", "sc030_sh010"]
    assert found.scenes[0].told == "aaa -zzz"
    # behind the scene that it followed, though that one changed
    later = align(board(("aaa", [A]), ("bbb", [B])), board(("aaa2 -bbb", [A | {"size": "CU"}])))
    assert ids(later) == ["sc010_sh010", "sc020_sh010"]
    # nor is a scene taken over that shares a part with one that changed
    split = align(
        board(("aaa bbb", [A, B])), board(("aaa ccc", [A]), ("bbb", [B | {"size": "CU"}]))
    )
    assert the(split, "sc010_sh020").size == "CU"


# --- fields ----------------------------------------------------------------------------


def test_who_changed_a_field_is_right_and_a_person_where_both_did() -> None:
    mine = changed(BASE, "sc010_sh010", action="Mara waits.", size="CU")
    theirs = changed(BASE, "sc010_sh010", action="Mara sleeps.", duration="5s", size="CU")
    board_, clashes = merged(mine, theirs)
    shot = the(board_, "sc010_sh010")
    assert (shot.action, str(shot.duration), shot.size) == ("Mara waits.", "5s", "CU")
    said = 'action: the writer now has "Mara sleeps."'
    assert clashes == [Clash("shots", "sc010_sh010", "action", said)]


def test_what_is_only_ever_a_persons_stays() -> None:
    mine = changed(BASE, "sc010_sh010", takes={"keyframe": 2}, notes="ask", speed="0.5", fit="top")
    shot = the(merged(mine, changed(BASE, "sc010_sh010", duration="5s"))[0], "sc010_sh010")
    assert (shot.takes, shot.notes, str(shot.speed), shot.fit) == (
        {"keyframe": 2},
        "ask",
        "0.5",
        "top",
    )
    assert {"takes", "notes", "was", "source", "panels"}.isdisjoint(writers_fields(Shot))


def test_a_renamed_shot_is_known_by_its_first_id() -> None:
    mine = changed(BASE, "sc010_sh010", id="sc010_sh005", was="sc010_sh010")
    board_, _ = merged(mine, changed(BASE, "sc010_sh010", duration="5s"))
    assert ids(board_) == ["sc010_sh005", *ids(BASE)[1:]]
    assert str(the(board_, "sc010_sh005").duration) == "5s"


# --- shots that come and go ------------------------------------------------------------


def without(storyboard: Storyboard, *gone: str) -> Storyboard:
    scenes = [
        scene.model_copy(update={"shots": [shot for shot in scene.shots if shot.id not in gone]})
        for scene in storyboard.scenes
    ]
    return storyboard.model_copy(update={"scenes": scenes})


def test_the_writer_removes_what_nobody_touched() -> None:
    theirs = without(BASE, "sc010_sh010", "sc020_sh010")
    mine = changed(BASE, "sc020_sh010", notes="the best one")
    board_, clashes = merged(mine, theirs)
    assert ids(board_) == ["sc010_sh020", "sc020_sh010", "sc020_sh020"]
    assert [clash.id for clash in clashes] == ["sc020_sh010"]
    assert ids(merged(BASE, theirs, "sc010_sh010")[0]) == [
        "sc010_sh010",
        "sc010_sh020",
        "sc020_sh020",
    ]


def test_a_shot_whose_clip_another_shows_stays() -> None:
    mine = changed(BASE, "sc020_sh020", **{"from": {"shot": "sc010_sh010"}})
    board_, clashes = merged(mine, without(BASE, "sc010_sh010"))
    assert "sc010_sh010" in ids(board_)
    assert [clash.id for clash in clashes] == ["sc010_sh010"]


def test_what_a_person_removed_stays_removed() -> None:
    mine = without(BASE, "sc010_sh010")
    assert ids(merged(mine, changed(BASE, "sc010_sh010", duration="9s"))[0]) == ids(mine)


def test_a_person_keeps_their_order() -> None:
    first, second = BASE.scenes
    mine = BASE.model_copy(
        update={
            "scenes": [
                second,
                first.model_copy(update={"shots": first.shots[::-1]}),
            ]
        }
    )
    more = board(("", [A, {"action": "A gull."}, B]), ("", [C, D])).model_copy(
        update={"cast": BASE.cast}
    )
    theirs = align(BASE, more)
    fresh = ids(theirs)[1]
    assert ids(merged(mine, theirs)[0])[:2] == ["sc020_sh010", "sc020_sh020"]
    order = ids(merged(mine, theirs)[0])[2:]
    assert order.index("sc010_sh020") < order.index("sc010_sh010")
    assert fresh in order


def test_new_shots_of_a_scene_that_a_person_dissolved_follow_their_neighbours() -> None:
    first, second = BASE.scenes
    mine = BASE.model_copy(
        update={"scenes": [first.model_copy(update={"shots": [*first.shots, *second.shots]})]}
    )
    theirs = align(BASE, board(("", [A, B]), ("", [C, {"action": "A gull."}, D])))
    found = ids(merged(mine, theirs)[0])
    assert found == [*ids(BASE)[:3], ids(theirs)[3], "sc020_sh020"]
    # and where no neighbour is left, they are not wanted
    alone = BASE.model_copy(update={"scenes": [first]})
    assert ids(merged(alone, theirs)[0]) == ids(BASE)[:2]


# --- cast and places -------------------------------------------------------------------


def test_cast_is_merged_by_field() -> None:
    mine = BASE.model_copy(
        update={
            "cast": {
                **BASE.cast,
                "mara": BASE.cast["mara"].model_copy(update={"looks": "white braid"}),
            }
        }
    )
    theirs = BASE.model_copy(
        update={
            "cast": {
                "mara": BASE.cast["mara"].model_copy(
                    update={"looks": "black braid", "voice": "heart"}
                ),
                "finn": BASE.cast["finn"].model_copy(update={"looks": "black curls"}),
            }
        }
    )
    board_, clashes = merged(mine, theirs)
    assert board_.cast["mara"].looks == "white braid"
    assert board_.cast["mara"].voice == "heart"
    assert board_.cast["finn"].looks == "black curls"
    said = 'looks: the writer now has "black braid"'
    assert clashes == [Clash("cast", "mara", "looks", said)]


def recast() -> Storyboard:
    text = BASE.model_dump_json(by_alias=True).replace('"mara"', '"marta"')
    return Storyboard.model_validate_json(text)


def test_who_was_recast_is_recast_in_new_shots_too() -> None:
    new = {
        "action": "Mara opens the door.",
        "cast": ["mara", "finn"],
        "keyframe": "{mara} at the door of {place}.",
        "dialogue": [{"who": "mara", "line": "Come in."}],
    }
    theirs = align(BASE, board(("", [A | {"duration": "4s"}, B, new]), ("", [C, D])))
    board_, clashes = merged(recast(), theirs)
    shot = board_.scenes[0].shots[2]
    assert [who.who for who in shot.cast] == ["marta", "finn"]
    assert (shot.dialogue[0].who, shot.keyframe) == ("marta", "{marta} at the door of {place}.")
    assert str(the(board_, "sc010_sh010").duration) == "4s"
    assert set(board_.cast) == {"marta", "finn"}
    assert clashes == []


def test_who_was_removed_comes_back_only_where_new_shots_need_them() -> None:
    mine = changed(BASE, "sc010_sh010", cast=[])
    mine = mine.model_copy(update={"cast": {"finn": BASE.cast["finn"]}})
    assert set(merged(mine, changed(BASE, "sc010_sh010", duration="4s"))[0].cast) == {"finn"}
    new = {"action": "A hand on the rail.", "motion": "{mara} lets go."}
    theirs = align(BASE, board(("", [A, B]), ("", [C, D, new])))
    board_, clashes = merged(mine, theirs)
    assert set(board_.cast) == {"finn", "mara"}
    assert clashes == [
        Clash("cast", "mara", "", "you removed mara, and shots of the writer name it")
    ]


def test_dropping_one_of_two_is_no_recasting() -> None:
    base = board(("", [A | {"cast": ["mara", "finn"]}, B]))
    mine = changed(base, "sc010_sh010", cast=["finn"])
    mine = mine.model_copy(update={"cast": {"finn": base.cast["finn"]}})
    new = {"action": "Mara opens the door.", "cast": ["mara"]}
    theirs = align(base, board(("", [A | {"cast": ["mara", "finn"]}, B, new])))
    assert merge(base, mine, theirs).storyboard.scenes[0].shots[2].cast[0].who == "mara"


# --- shots that are left alone ---------------------------------------------------------


def test_spared_shots_stay_and_the_change_is_offered_again() -> None:
    new = board(("aaa2", [A | {"duration": "5s"}, B | {"duration": "5s"}]))
    theirs = align(BASE, new)
    board_, withheld = spared(BASE, theirs, ["sc010_sh010", "sc020_sh020"])
    assert withheld == ["sc010_sh010", "sc020_sh020"]
    assert the(board_, "sc010_sh010") == the(BASE, "sc010_sh010")
    assert str(the(board_, "sc010_sh020").duration) == "5s"
    assert ids(board_) == ["sc010_sh010", "sc010_sh020", "sc020_sh020"]
    assert [scene.told for scene in board_.scenes] == ["aaa", "bbb"]
    again = align(board_, new)
    assert str(the(again, "sc010_sh010").duration) == "5s"


# --- at random -------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(bases(), steps(PERSON), steps(WRITER))
def test_nothing_that_a_person_did_is_lost(
    base: Storyboard, person: list[Step], writer: list[Step]
) -> None:
    mine = after(base, person, "person")
    theirs = aligned(base, after(base, writer, "writer"), set(ids(mine)), {})
    assert len(ids(theirs)) == len(set(ids(theirs)))
    assert not set(ids(theirs)) - set(ids(base)) & set(ids(mine))
    assert merge(base, mine, base).storyboard == mine
    assert merge(base, mine, base).clashes == []
    assert merge(base, base, theirs).storyboard.scenes == theirs.scenes

    result = merge(base, mine, theirs)
    found = result.storyboard
    assert len(ids(found)) == len(set(ids(found)))
    before = {shot.id: shot for _, shot in base.shots()}
    for _, shot in mine.shots():
        old = before.get(shot.id)
        edited = [
            name
            for name in Shot.model_fields
            if old is None or getattr(old, name) != getattr(shot, name)
        ]
        if edited:
            now = the(found, shot.id)
            assert all(getattr(now, name) == getattr(shot, name) for name in edited)
    removed = set(before) - set(ids(mine))
    assert not removed & set(ids(found))
    for _, shot in found.shots():
        if shot.id in before and shot.id in ids(theirs):
            words = set(before[shot.id].action.split()) & set(the(theirs, shot.id).action.split())
            assert len(words) >= 3, "an id passed to another shot"
    assert merge(theirs, found, theirs).storyboard == found
