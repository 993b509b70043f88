"""A merge in the person's own file: only what changed is touched, byte for byte."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from studio.documents import dump_document, parse_document
from studio.errors import StudioError
from studio.revise.merging.align import aligned
from studio.revise.merging.apply import applied, commented
from studio.revise.merging.conflicts import Conflict, read, spelled
from studio.revise.merging.merge import Clash, merge
from studio.schema.storyboard import Scene, Storyboard
from studio.schema.time import Duration
from tests.revise.boards import PERSON, WRITER, Step, after, bases, changed, ids, steps

TEXT = """\
# my film
schema: storyboard/1
cast:
  mara: {name: Mara, looks: "grey braid"}   # the lead
  finn:
    name: 'Finn'
    # as the client asked
    looks: red curls
places: {shore: {name: the shore}}
scenes:
    # --- act one ---
  - id: sc010   # opening
    heading: "EXT. SHORE - DAY"
    place: shore

    shots:
      - id: sc010_sh010
        duration: 2s
        cast: [mara, {who: finn, at: left}]   # both
        action: >
          Mara looks out
          over the sea.

      # the turn
      - id: sc010_sh020
        duration: 4.0s  # longer?
        narration: |
          # not a comment
          On the ninth day.
        # keep this line

      - {id: sc010_sh030, duration: 3s, action: 'Finn waves.'}
  # --- act two ---
  - id: sc020
    heading: EXT. SHORE - NIGHT
    place: shore
    shots:
      - action: Night.
        id: sc020_sh010
        duration: 2s
        motion:
# the end
"""
PATH = Path("storyboard.yaml")
MINE = parse_document(TEXT, PATH, Storyboard)


def diff(new: str, old: str = TEXT) -> list[str]:
    """The lines that went and came."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:2] not in ("--", "++", "@@")]


def write(wanted: Storyboard, *clashes: Clash, text: str = TEXT) -> str:
    return applied(text, parse_document(text, PATH, Storyboard), wanted, clashes)


def arranged(*scenes: tuple[str, list[str]]) -> Storyboard:
    """MINE with other shots in its scenes."""
    shots = {shot.id: shot for _, shot in MINE.shots()}
    by_id = {scene.id: scene for scene in MINE.scenes}
    return MINE.model_copy(
        update={
            "scenes": [
                by_id[id_].model_copy(update={"shots": [shots[each] for each in held]})
                for id_, held in scenes
            ]
        }
    )


def test_nothing_changed_is_nothing_touched() -> None:
    assert write(MINE) == TEXT
    crlf = TEXT.replace("\n", "\r\n")
    assert write(parse_document(crlf, PATH, Storyboard), text=crlf) == crlf


def test_a_field_changes_in_its_place_and_keeps_what_is_said_beside_it() -> None:
    wanted = changed(MINE, "sc010_sh020", duration="6s")
    assert diff(write(wanted)) == [
        "-        duration: 4.0s  # longer?",
        "+        duration: 6s  # longer?",
    ]
    cast = changed(MINE, "sc010_sh010", cast=["finn"], action="A gull.")
    assert diff(write(cast)) == [
        "-        cast: [mara, {who: finn, at: left}]   # both",
        "-        action: >",
        "-          Mara looks out",
        "-          over the sea.",
        "+        cast: [{who: finn}]   # both",
        "+        action: A gull.",
    ]


def test_fields_are_added_in_order_and_left_out() -> None:
    wanted = changed(
        MINE, "sc010_sh020", narration="", size="CU", dialogue=[{"who": "finn", "line": "A: b"}]
    )
    assert diff(write(wanted)) == [
        "+        size: CU",
        "-        narration: |",
        "-          # not a comment",
        "-          On the ninth day.",
        "+        dialogue:",
        "+        - who: finn",
        "+          line: 'A: b'",
    ]
    flow = changed(MINE, "sc010_sh030", action="", size="LS", avoid="rain, [snow]")
    assert diff(write(flow))[1] == (
        '+      - {id: sc010_sh030, size: LS, duration: 3s, avoid: "rain, [snow]"}'
    )
    first = changed(MINE, "sc020_sh010", action="", motion="slowly")
    assert diff(write(first)) == [
        "-      - action: Night.",
        "-        id: sc020_sh010",
        "+      - id: sc020_sh010",
        "-        motion:",
        "+        motion: slowly",
    ]


def test_shots_move_with_what_belongs_to_them() -> None:
    wanted = arranged(
        ("sc010", ["sc010_sh020", "sc010_sh030", "sc010_sh010"]), ("sc020", ["sc020_sh010"])
    )
    text = write(wanted)
    assert sorted(text.splitlines()) == sorted(TEXT.splitlines())
    assert text.index("# the turn") < text.index("- id: sc010_sh020") < text.index("# keep this")
    away = write(
        arranged(
            ("sc010", ["sc010_sh010"]), ("sc020", ["sc010_sh020", "sc020_sh010", "sc010_sh030"])
        )
    )
    assert "# act" not in away
    assert away.count("# the turn") == away.count("# keep this line") == 1
    assert [
        line for line in TEXT.splitlines() if "#" in line and line not in away.splitlines()
    ] == []


def test_what_is_said_above_a_removed_shot_stays_and_conflicts_go() -> None:
    text = TEXT.replace("      # the turn\n", "      # the turn\n      # conflict: notes: old\n")
    gone = write(
        arranged(("sc010", ["sc010_sh010", "sc010_sh030"]), ("sc020", ["sc020_sh010"])), text=text
    )
    assert "# the turn" in gone
    assert "# conflict" not in gone
    empty = write(arranged(("sc010", []), ("sc020", ["sc020_sh010"])))
    assert "    shots: []\n" in empty
    assert write(MINE, text=empty).count("- id: sc010_sh010") == 1
    assert "# --- act one ---" in write(arranged(("sc020", ["sc020_sh010"])))


def test_new_shots_scenes_and_people_are_written_out() -> None:
    data = MINE.model_dump(mode="json", by_alias=True)
    shot = {"id": "sc010_sh015", "duration": "2.5s", "cast": [{"who": "old", "at": "left"}]}
    data["scenes"][0]["shots"].insert(1, shot)
    scene = {"id": "sc030", "heading": "INT. SHED - DAY", "place": "shed"}
    scene["shots"] = [{"id": "sc030_sh010", "duration": "2s", "action": "Dust."}]
    data["scenes"].append(scene)
    data["cast"]["old"] = {"name": "Old man", "looks": "x: y"}
    data["places"]["shed"] = {"name": "the shed"}
    text = write(Storyboard.model_validate(data))
    assert not [line for line in diff(text) if line.startswith("-") and "places" not in line]
    assert (
        "      - id: sc010_sh015\n        duration: 2.5s\n        cast:\n        - who: old\n"
        in text
    )
    assert "  - id: sc030\n    heading: INT. SHED - DAY\n" in text
    assert "  old:\n    name: Old man\n    looks: 'x: y'\n" in text
    assert text.endswith("# the end\n")


def test_conflicts_stand_above_what_they_are_about_once() -> None:
    clashes = [
        Clash("shots", "sc010_sh010", "action", 'action: the writer now has "Night."'),
        Clash("shots", "sc010_sh010", "avoid", 'avoid: the writer now has "rain"'),
        Clash("shots", "sc010_sh030", "action", 'action: the writer now has "Day."'),
        Clash("shots", "sc010_sh020", "", "gone"),
        Clash("scenes", "sc020", "heading", 'heading: the writer now has "X"'),
        Clash("cast", "finn", "looks", 'looks: the writer now has "bald"'),
        Clash("cast", "mara", "looks", 'looks: the writer now has "bald"'),
    ]
    text = write(MINE, *clashes)
    assert parse_document(text, PATH, Storyboard) == MINE
    lines = text.splitlines()
    found = read(text)
    assert {(each.shot, each.text) for each in found} == {(each.id, each.text) for each in clashes}
    assert all(lines[each.line - 1].strip() == f"# conflict: {each.text}" for each in found)
    action = next(
        each for each in found if each.text.startswith("action") and each.shot == "sc010_sh010"
    )
    assert lines[action.line] == "        action: >"
    assert write(MINE, *clashes, text=text) == text
    newer = Clash("shots", "sc010_sh010", "action", 'action: the writer now has "Dawn."')
    again = read(write(MINE, newer, text=text))
    texts = {each.text for each in again if each.shot == "sc010_sh010"}
    assert texts == {newer.text, 'avoid: the writer now has "rain"'}
    assert len(again) == len(clashes)


def test_conflicts_are_read_where_a_person_moved_them() -> None:
    text = "cast:\n  # conflict: a\n  mara:\n    # conflict: b\n    name: M\nscenes:\n- id: sc010\n"
    text += "  shots:\n  # conflict: c\n  - {size: CU, id: sc010_sh010}\n  # conflict: d\n"
    assert read(text) == [
        Conflict(2, "mara", "a"),
        Conflict(4, "mara", "b"),
        Conflict(9, "sc010_sh010", "c"),
        Conflict(11, "sc010_sh010", "d"),
    ]


@pytest.mark.parametrize(
    "value",
    ['She said: "no"\n# x', None, ["a", "null", "1"], {"who": "mara", "at": "left, of"}, True],
)
def test_values_are_spelled_as_yaml_on_one_line(value: object) -> None:
    text = spelled(value)
    assert "\n" not in text
    assert yaml.safe_load(text) == value


def test_a_duration_is_spelled_as_people_write_it() -> None:
    assert spelled(Duration.parse("2 bars")) == "2 bars"


def test_shots_with_a_persons_comments_are_known() -> None:
    assert commented(TEXT) == {"sc010_sh010", "sc010_sh020"}
    plain = "\n".join(
        line for line in TEXT.splitlines() if "keep this" not in line and "turn" not in line
    )
    assert commented(plain.replace("  # longer?", "").replace("   # both", "")) == set()


def test_a_shot_may_change_and_go_to_a_later_scene_at_once() -> None:
    mine = parse_document(TEXT, PATH, Storyboard)
    one, two = mine.scenes[:2]
    gone = one.shots[0].model_copy(update={"size": "CU"})
    scenes = [
        one.model_copy(update={"shots": one.shots[1:]}),
        two.model_copy(update={"shots": [*two.shots, gone]}),
        *mine.scenes[2:],
    ]
    assert "size: CU" in write(mine.model_copy(update={"scenes": scenes}))


def test_a_new_scene_may_have_no_shots() -> None:
    mine = parse_document(TEXT, PATH, Storyboard)
    empty = Scene(id="sc015", heading="INT. TOWER - DAY", place="shore")
    scenes = [mine.scenes[0], empty, *mine.scenes[1:]]
    assert "- id: sc015\n" in write(mine.model_copy(update={"scenes": scenes}))


def test_what_cannot_be_changed_in_place_is_refused() -> None:
    text = TEXT.replace("duration: 2s\n        cast", "duration: &two 2s\n        cast")
    text = text.replace("duration: 3s", "duration: *two")
    mine = parse_document(text, PATH, Storyboard)
    assert "duration: 9s," in write(changed(mine, "sc010_sh030", duration="9s"), text=text)
    with pytest.raises(StudioError, match="cannot be changed in place"):
        write(changed(mine, "sc010_sh010", duration="9s"), text=text)


def remarked(storyboard: Storyboard, lengths: int) -> str:
    """The text of a storyboard with comments above and beside its shots."""
    text = dump_document(storyboard, "# head", exclude_defaults=True)
    lines = []
    for number, line in enumerate(text.splitlines()):
        if number % (lengths + 2) == 0 and "- id: sc" in line:
            lines.append(f"{line[: line.index('-')]}# remark {number}")
        lines.append(
            f"{line}  # beside {number}" if number % 7 == lengths and "action" in line else line
        )
    return "\n".join([*lines, "# tail", ""])


@settings(max_examples=60, deadline=None)
@given(bases(), steps(PERSON), steps(WRITER))
def test_any_merge_can_be_written_and_loses_no_comment(
    base: Storyboard, person: list[Step], writer: list[Step]
) -> None:
    mine = after(base, person, "person")
    text = remarked(mine, len(person))
    theirs = aligned(base, after(base, writer, "writer"), set(ids(mine)), {})
    same = merge(base, mine, base, commented(text))
    assert applied(text, mine, same.storyboard, same.clashes) == text

    result = merge(base, mine, theirs, commented(text))
    new = applied(text, mine, result.storyboard, result.clashes)
    for line in text.splitlines():
        if "#" in line:
            assert line[line.index("#") :] in new
    untouched = {shot.id for _, shot in result.storyboard.shots()} & set(ids(mine))
    assert all(new.count(f"- id: {id_}\n") <= 1 for id_ in untouched)
    assert {(each.id, each.text) for each in result.clashes} <= {
        (c.shot, c.text) for c in read(new)
    }
    again = merge(base, result.storyboard, theirs, commented(new))
    assert applied(new, result.storyboard, again.storyboard, again.clashes) == new
