"""What the model did not manage: written by rules, and fitted into what is known."""

from __future__ import annotations

from fractions import Fraction

import pytest

from agents.bible import Bible, ScenePlan, Untold
from agents.by_rules import BY, part_by_rules, shots_by_rules
from studio.engines.base import NoSettings
from studio.engines.breakdown import Breakdown
from studio.engines.requests import Brief
from studio.errors import DocumentError
from studio.schema.story import Beat
from studio.schema.storyboard import Person, Place, Scene

RULES = Breakdown(NoSettings())
BRIEF = Brief(seconds=Fraction(60))
BIBLE = Bible(
    cast={"old_keeper": Person(name="Mara", looks="a woman of sixty, grey braid")},
    places={"tower": Place(name="the lighthouse", looks="white stone")},
)
TEXT = "Mara climbs the stairs of the lighthouse. Tom calls up to Mara from the door. Mara laughs."


def plan(text: str = TEXT, beats: tuple[Beat, ...] = ()) -> ScenePlan:
    scene = Scene(id="sc020", heading="INT. LIGHTHOUSE - DAY", place="tower", told="abc")
    return ScenePlan(scene, text, beats, ("old_keeper",), Fraction(19, 2))


def test_a_scene_keeps_its_head_and_its_length_and_says_that_it_is_by_rules() -> None:
    ruled = shots_by_rules(RULES, plan(), BIBLE, BRIEF)
    [scene] = ruled.scenes
    assert (scene.id, scene.heading, scene.told, scene.by) == (
        "sc020",
        "INT. LIGHTHOUSE - DAY",
        "abc",
        BY,
    )
    assert sum(shot.duration.amount for shot in scene.shots) == Fraction(19, 2)
    assert ruled.bible.places == BIBLE.places


def test_known_people_keep_their_ids_and_new_ones_join_the_cast() -> None:
    ruled = shots_by_rules(RULES, plan(), BIBLE, BRIEF)
    shots = ruled.scenes[0].shots
    seen = {who.who for shot in shots for who in shot.cast}
    assert "old_keeper" in seen
    assert "mara" not in ruled.bible.cast
    assert ruled.bible.cast["old_keeper"].looks == "a woman of sixty, grey braid"
    assert seen <= set(ruled.bible.cast)
    assert any("{old_keeper}" in (shot.keyframe or "") for shot in shots)
    assert not any("{mara}" in (shot.keyframe or "") for shot in shots)


def test_a_part_becomes_scenes_of_its_own_told_from_that_part() -> None:
    ruled = part_by_rules(RULES, Untold(TEXT, "f00", Fraction(12)), BIBLE, BRIEF)
    assert all(scene.by == BY for scene in ruled.scenes)
    assert all(scene.told.startswith("f00") for scene in ruled.scenes)
    shots = [shot for scene in ruled.scenes for shot in scene.shots]
    assert sum(shot.duration.amount for shot in shots) == 12
    assert {scene.place for scene in ruled.scenes} <= set(ruled.bible.places)


def test_the_lines_of_a_screenplay_stay_as_they_are() -> None:
    beats = (
        Beat("action", "Mara opens the door."),
        Beat("dialogue", "You came back after all.", who="MARA"),
    )
    ruled = shots_by_rules(RULES, plan(beats=beats), BIBLE, BRIEF)
    lines = [line.line for shot in ruled.scenes[0].shots for line in shot.dialogue]
    assert lines == ["You came back after all."]


def test_a_part_without_words_is_refused() -> None:
    with pytest.raises(DocumentError, match="no words"):
        part_by_rules(RULES, Untold("…", "f00", Fraction(4)), BIBLE, BRIEF)
