"""Ids between others, that nobody ever had."""

from __future__ import annotations

import pytest

from studio.errors import StudioError
from studio.revise.text.ids import ids_in, new_scene_id, new_shot_id


@pytest.mark.parametrize(
    ("before", "after", "used", "expected"),
    [
        (["010"], ["020"], [], "015"),
        (["010"], ["020"], ["015"], "014"),
        (["015"], ["016"], [], "0155"),
        (["0155"], ["016"], [], "0157"),
        (["0155"], ["0156"], [], "01555"),
        ([], ["010"], [], "005"),
        ([], ["001"], [], "0005"),
        ([], [], [], "010"),
        (["010", "020"], [], [], "030"),
        (["020"], [], ["030", "040"], "050"),
        (["999"], [], [], "9995"),
        (["0010"], ["0020"], [], "0015"),
        (["0020"], [], [], "0030"),
        (["030"], ["010"], [], "040"),  # moved: what follows comes before
    ],
)
def test_new_ids(before: list[str], after: list[str], used: list[str], expected: str) -> None:
    name = "sc010_sh{}".format
    ids = [[name(each) for each in some] for some in (before, after, used)]
    taken = {*ids[0], *ids[1], *ids[2]}
    assert new_shot_id("sc010", ids[0], ids[1], taken) == name(expected)


def test_new_ids_of_scenes_and_of_a_renamed_scene() -> None:
    assert new_scene_id(["sc010"], ["sc020"], {"sc015"}) == "sc014"
    assert new_shot_id("sc015", ["sc010_sh010"], ["sc010_sh020"], ()) == "sc010_sh015"


def test_where_no_id_is_free_it_says_so() -> None:
    with pytest.raises(StudioError, match="no id is free between sc010_sh01554 and"):
        new_shot_id("sc010", ["sc010_sh01554"], ["sc010_sh01555"], ())


def test_ids_in_a_text() -> None:
    named = "sc010_sh020_b.png sc030_sh010.png was: sc040 sc1_sh2 sc0100000"
    assert ids_in(named) == {"sc010", "sc010_sh020", "sc030", "sc030_sh010", "sc040"}
