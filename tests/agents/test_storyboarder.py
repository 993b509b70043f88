"""The storyboarder: what it asks, what it refuses, what it mends, and when it gives up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage

from agents.asking import Asker, Unanswered
from agents.bible import Bible, Framed, ScenePlan
from agents.covering import coverage
from agents.covering.decoupage import Decoupage
from agents.covering.timing import untimely
from agents.scripted import ScriptedChat
from agents.storyboarder import boarded
from studio.edit.cut import lay_out
from studio.engines.requests import Brief
from studio.schema.film import Film
from studio.schema.story import Beat
from studio.schema.storyboard import (
    Angle,
    At,
    Facing,
    Framing,
    Heard,
    Movement,
    Person,
    Place,
    Scene,
    Shot,
    Size,
    Storyboard,
)
from studio.schema.time import TransitionKind
from tests.conftest import FILM

BIBLE = Bible(
    "A keeper saves a boat.",
    "35mm film",
    {"mara": Person(name="Mara", looks="sixty"), "finn": Person(name="Finn", looks="twelve")},
    {"shore": Place(name="the shore", looks="black rocks")},
)
TEXT = "Mara ran down to the shore.\n\n“Give me your hand!” shouted Mara. The boat broke."
SCRIPT = (
    Beat("action", "Waves break on the rocks."),
    Beat("dialogue", "Give me your hand!", "MARA", how="shouting"),
    Beat("dialogue", "Hooray!", "CROWD"),
    Beat("dialogue", "My father is still out there.", "FINN"),
)


def plan(number: int = 1, seconds: float = 8, **fields: Any) -> ScenePlan:
    facts = {"heading": f"EXT. SHORE {number} - NIGHT", "place": "shore", "synopsis": "A boat."}
    scene = Scene.model_validate({"id": f"sc{number * 10:03d}"} | facts)
    given: dict[str, Any] = {"text": TEXT, "people": ("mara", "finn"), "seconds": Fraction(seconds)}
    return ScenePlan(scene, **given | fields)


def seen(who: str, **fields: Any) -> dict[str, Any]:
    return {"who": who, "at": "left", "facing": "right", "does": "", "wears": ""} | fields


def take(people: Sequence[str] = ("mara",), **fields: Any) -> dict[str, Any]:
    """A prose shot as it is answered."""
    return {
        "action": f"Mara runs down the path, step {fields.get('size', 'MS')}.",
        "people": [seen(who) for who in people],
        "size": "MS",
        "framing": "single",
        "angle": "eye",
        "movement": "static",
        "first": "Mara at the top of the path",
        "last": "Mara at its foot",
        "seconds": 4,
        "transition": "cut",
        "narration": "",
        "dialogue": [],
    } | fields


def script_take(people: Sequence[str] = ("mara",), **fields: Any) -> dict[str, Any]:
    shot = take(people, **{"lines": []} | fields)
    return {key: value for key, value in shot.items() if key not in ("narration", "dialogue")}


def quote(line: str, who: str = "mara", heard: str = "on") -> dict[str, Any]:
    return {"who": who, "line": line, "how": "", "heard": heard}


GOOD = [
    take(size="LS", transition="dissolve"),
    take(size="MCU", dialogue=[quote("Give me your hand!")]),
]


class Room:
    """Scenes asked of a model that gives `answers` in turn, the last for ever."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.chat = ScriptedChat(reply=self._reply)
        self.asker = Asker(self.chat)

    def _reply(self, schema: str, messages: list[BaseMessage]) -> Any:
        assert schema == "Board"
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return {"intent": "Mara's scene", "shots": answer} if isinstance(answer, list) else answer

    def boards(
        self, *plans: ScenePlan, language: str = "en", context: int = 16384, bible: Bible = BIBLE
    ) -> list[list[Framed] | Unanswered]:
        brief = Brief(Fraction(30), language)
        return asyncio.run(boarded(self.asker, bible, brief, plans, context=context))

    def shots(self, *plans: ScenePlan, **how: Any) -> list[Shot]:
        (board,) = self.boards(*(plans or (plan(),)), **how)
        assert not isinstance(board, Unanswered), board.reasons
        return [framed.shot for framed in board]

    @property
    def reasons(self) -> str:
        """What the model was told when it was asked again for the first time."""
        return str(self.chat.seen[1][1][-1].content)


def test_a_scene_becomes_shots() -> None:
    room = Room(GOOD)
    (board,) = room.boards(plan())
    assert room.asker.tally.again == 0
    assert not isinstance(board, Unanswered)
    assert [framed.shot.id for framed in board] == ["sc010_sh010", "sc010_sh020"]
    first, second = (framed.shot for framed in board)
    assert (first.size, str(first.duration)) == ("LS", "4s")
    assert str(first.transition) == "fade from black 1s"
    assert second.dialogue[0].line == "Give me your hand!"
    assert second.cast[0].does is None
    assert (board[0].first, board[0].last) == ("Mara at the top of the path", "Mara at its foot")


def test_all_scenes_are_asked_together_after_one_shared_beginning() -> None:
    room = Room(GOOD)
    plans = [plan(number) for number in (1, 2, 3)]
    boards = room.boards(*plans)
    systems = {str(messages[0].content) for _, messages in room.chat.seen}
    tasks = [str(messages[1].content) for _, messages in room.chat.seen]
    assert len(systems) == 1
    assert "Mara. sixty" in systems.pop()
    assert [f"SHORE {number}" in task for number, task in enumerate(tasks, 1)] == [True] * 3
    openings = [str(board[0].shot.transition) for board in boards if isinstance(board, list)]
    assert openings == ["fade from black 1s", "dissolve 0.5s", "dissolve 0.5s"]


def test_every_fault_is_told_at_once_and_the_mended_answer_taken() -> None:
    bad = [
        take(("finn",), action="...............", dialogue=[quote("I never said that.")]),
        take(("finn",), narration="Sie lief zum Ufer."),
        take(("finn",), size="MCU", seconds=8, narration="波浪拍打着黑色的岩石。"),
    ]
    room = Room(bad, GOOD)
    assert [shot.size for shot in room.shots()] == ["LS", "MCU"]
    for part in (
        "shot 1: the action says nothing",
        "does not have the line “I never said that.”",
        "shot 1: mara speaks on screen and is not in the shot",
        "shot 1: the scene does not show its place",
        "shot 2 jumps",
        "shot 3: narration: write it in 'en'",
        "the shots last 16 s together, but the scene lasts 8 s",
    ):
        assert part in room.reasons
    assert (room.asker.tally.again, room.asker.tally.failed) == (1, 0)


def test_shots_that_only_cut_badly_are_asked_for_again_once_and_mended() -> None:
    bad = [
        take(size="MS", movement="pan left", seconds=2),
        take(size="MS", movement="pan left", dialogue=[quote("Nobody wrote this.")], seconds=2),
        take(
            ("finn",), action="The boat breaks.", dialogue=[quote("Give me your hand")], seconds=8
        ),
    ]
    room = Room(bad)
    shots = room.shots(plan(seconds=9))
    assert (room.asker.tally.again, room.asker.tally.failed) == (1, 0)
    assert coverage.faults(shots) == []
    assert sum(shot.duration.amount for shot in shots) == 9
    assert [shot.size for shot in shots] == ["LS", "MS", "MS"]
    assert [len(shot.dialogue) for shot in shots] == [0, 0, 1]
    assert shots[2].dialogue[0].heard == "off"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([take(action="None."), *GOOD[1:]], "the action says nothing"),
        ([take(action="a boat a boat a boat a boat a a a a a")] * 2, "the action says nothing"),
        ([take(), take(size="ECU", action=take()["action"])], "all shots have one action"),
        ([], "shots: List should have at least 2 items"),
        ([take()] * 500, "shots: List should have at most 4 items"),
        ([take(("the_butler",))], "Input should be 'mara' or 'finn'"),
        ("no storyboard today", "not JSON"),
        ("", "empty"),
        (AIMessage("{", response_metadata={"finish_reason": "length"}), "too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_stays_unanswered(answer: Any, said: str) -> None:
    room = Room(answer)
    boards = room.boards(plan())
    assert isinstance(boards[0], Unanswered)
    assert any(said in reason for reason in boards[0].reasons)
    assert room.asker.tally.by_role == {"storyboarder": 1}


def test_one_scene_that_fails_leaves_the_others() -> None:
    def reply(_: str, messages: list[BaseMessage]) -> Any:
        bad = "SHORE 2" in str(messages[1].content)
        return "?" if bad else {"intent": "", "shots": GOOD}

    asker = Asker(ScriptedChat(reply=reply))
    plans = [plan(number) for number in (1, 2, 3)]
    boards = asyncio.run(boarded(asker, BIBLE, Brief(Fraction(24)), plans, context=16384))
    assert [isinstance(board, Unanswered) for board in boards] == [False, True, False]


def test_a_film_in_chinese_is_written_in_chinese() -> None:
    shots = [take(action="马拉沿着小路跑向海边。", narration="波浪拍打着岩石。", size="LS")]
    assert Room(shots).shots(plan(seconds=4), language="zh")[0].narration == "波浪拍打着岩石。"


def test_an_action_in_english_stands_and_such_narration_is_left_out() -> None:
    shots = [
        take(size="LS", narration="Waves break on the rocks."),
        take(size="CU", action="马拉在海边停下脚步。"),
    ]
    room = Room(shots)
    first, second = room.shots(plan(), language="zh")
    assert "shot 1: action: write it in 'zh'" in room.reasons
    assert first.action.startswith("Mara runs")
    assert (first.narration, first.notes) == ("", "not in 'zh': Waves break on the rocks.")
    assert second.action == "马拉在海边停下脚步。"


def test_a_scene_of_nobody_is_offered_those_whom_its_text_names() -> None:
    room = Room([take((), size="LS", action="Waves break."), take(size="CU")])
    room.shots(plan(people=()))
    assert "people: mara\n" in str(room.chat.seen[0][1][1].content)


@pytest.mark.parametrize(("seconds", "fewest"), [(4, 1), (5, 1), (5.5, 2), (14, 3), (60, 12)])
def test_there_are_shots_enough_for_five_seconds_each(seconds: float, fewest: int) -> None:
    scene = Decoupage(plan(seconds=seconds), BIBLE, Brief(Fraction(60)), scripted=False)
    assert scene.fewest() == fewest


def test_long_lines_of_a_script_need_fewer_and_longer_shots() -> None:
    long = Beat("dialogue", "My father is still out there in the storm, " * 2, "FINN")
    scene = Decoupage(plan(seconds=7, beats=(long,)), BIBLE, Brief(Fraction(7)), scripted=True)
    assert scene.fewest() == 1


def test_only_the_films_first_shot_comes_out_of_black() -> None:
    ruled = plan(1).scene.model_copy(update={"by": "breakdown"})
    room = Room(GOOD)
    brief = Brief(Fraction(30))
    (board,) = asyncio.run(boarded(room.asker, BIBLE, brief, [ruled, plan(2)], context=16384))
    assert not isinstance(board, Unanswered)
    assert str(board[0].shot.transition) == "dissolve 0.5s"


def test_without_a_cast_nobody_is_in_the_shots() -> None:
    nobody = [take((), action="Waves break over the black rocks."), take((), size="ELS")]
    bible = Bible(places=BIBLE.places)
    shots = Room(nobody).shots(plan(people=()), bible=bible)
    assert [shot.cast for shot in shots] == [[], []]
    refused = Room([take(("mara",))]).boards(plan(people=()), bible=bible)
    assert isinstance(refused[0], Unanswered)


# --- a screenplay ----------------------------------------------------------------------


def test_a_script_is_spoken_as_it_stands() -> None:
    room = Room([script_take(size="LS", lines=[1]), script_take(("mara",), size="CU", lines=[2])])
    shots = room.shots(plan(beats=SCRIPT))
    assert room.asker.tally.again == 0
    task = str(room.chat.seen[0][1][1].content)
    assert "[1] MARA (shouting): Give me your hand!" in task
    assert "[2] FINN: My father is still out there." in task
    lines = [(line.who, line.line, line.how, line.heard) for s in shots for line in s.dialogue]
    assert lines == [
        ("mara", "Give me your hand!", "shouting", "on"),
        ("finn", "My father is still out there.", None, "off"),
    ]
    assert shots[0].notes == "nobody in the cast speaks: CROWD: Hooray!"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (([2], [1]), "the script's order, yours are [2, 1]"),
        (([1], [1, 2]), "the script's order, yours are [1, 1, 2]"),
        (([1], []), "these are missing: 2"),
        (([], []), "these are missing: 1, 2"),
    ],
)
def test_lines_that_are_astray_are_told_and_put_right(
    lines: tuple[list[int], list[int]], said: str
) -> None:
    room = Room([script_take(size="LS", lines=lines[0]), script_take(size="CU", lines=lines[1])])
    shots = room.shots(plan(beats=SCRIPT))
    assert said in room.reasons
    assert [line.who for shot in shots for line in shot.dialogue] == ["mara", "finn"]


def test_lines_that_a_scene_has_no_time_for_are_noted() -> None:
    room = Room([script_take(size="LS", lines=[2])])
    (shot,) = room.shots(plan(beats=SCRIPT, seconds=3))
    assert room.asker.tally.again == 0
    assert [line.line for line in shot.dialogue] == ["My father is still out there."]
    assert "left out for time: mara: Give me your hand!" in shot.notes


def test_a_scripts_silent_scene_has_no_narration() -> None:
    silent = plan(2, beats=(Beat("action", "Waves."),))
    room = Room([script_take(size="LS"), script_take(size="CU")])
    boards = room.boards(plan(beats=SCRIPT), silent)
    assert not isinstance(boards[1], Unanswered)
    assert all(not framed.shot.narration for framed in boards[1])


# --- what fits the model's context -----------------------------------------------------


def test_a_scene_too_long_for_the_context_is_told_by_its_beats_then_its_synopsis() -> None:
    def told(text: str, beats: str) -> str:
        room = Room(GOOD)
        room.boards(plan(text=text, beats=(Beat("action", beats),)), context=8192)
        return str(room.chat.seen[0][1][1].content)

    story = "Mara ran to the shore and back. " * 400
    assert story[:100] in told(story[:300], "Mara runs.")
    assert "\n\nMara runs.\n" in told(story, "Mara runs.")
    assert "…" in told(story, "Mara runs all day, " * 40)


def test_a_film_of_many_scenes_is_told_by_its_headings() -> None:
    room = Room(GOOD)
    plans = [plan(number) for number in range(1, 91)]
    room.boards(*plans, context=8192)
    system = str(room.chat.seen[0][1][0].content)
    assert "SHORE 90" in system or "too many to list" in system
    assert "A boat." not in system


def test_a_context_that_holds_no_scene_is_not_asked() -> None:
    room = Room(GOOD)
    boards = room.boards(plan(), context=2048)
    assert isinstance(boards[0], Unanswered)
    assert "a context of 2048 tokens is too small" in boards[0].reasons[0]
    assert room.chat.seen == []


# --- whatever a model answers ----------------------------------------------------------


WORDS = st.sampled_from(("", "Rain.", "On the ninth day she stopped looking for the boat.", "hand"))
PEOPLE = st.lists(
    st.builds(
        seen,
        st.sampled_from(("mara", "finn")),
        at=st.sampled_from(get_args(At)),
        facing=st.sampled_from(get_args(Facing)),
    ),
    max_size=2,
)
TAKE: dict[str, st.SearchStrategy[Any]] = {
    "action": st.sampled_from(("Mara runs down to the sea.", "The boat breaks in two.")),
    "people": PEOPLE,
    "size": st.sampled_from(get_args(Size)),
    "framing": st.sampled_from(get_args(Framing)),
    "angle": st.sampled_from(get_args(Angle)[:2]),
    "movement": st.sampled_from(get_args(Movement)[:3]),
    "first": WORDS,
    "last": WORDS,
    "seconds": st.integers(2, 8),
    "transition": st.sampled_from(get_args(TransitionKind)),
}
QUOTES = st.builds(
    quote,
    st.sampled_from(("Give me your hand!", "Invented.", "The boat broke")),
    st.sampled_from(("mara", "finn")),
    st.sampled_from(get_args(Heard)),
)
PROSE_TAKE = {"narration": WORDS, "dialogue": st.lists(QUOTES, max_size=2)}
SCRIPT_TAKE = {"lines": st.lists(st.integers(1, 2), max_size=2)}


@st.composite
def film(draw: st.DrawFn) -> tuple[list[ScenePlan], list[Any]]:
    """A film of up to four scenes, and an answer of the right form to each."""
    beats = draw(st.sampled_from(((), SCRIPT)))
    own = SCRIPT_TAKE if beats else PROSE_TAKE
    plans, answers = [], []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        halves = draw(st.integers(1, 40))
        fewest = Decoupage(
            plan(number, halves / 2, beats=beats), BIBLE, Brief(Fraction(30)), scripted=bool(beats)
        ).fewest()
        count = draw(st.integers(fewest, max(fewest, halves // 4)))
        answer = draw(st.lists(st.fixed_dictionaries(TAKE | own), min_size=count, max_size=count))
        if count > 1:
            answer[0]["action"] = "Waves break over the rocks."
            answer[1]["action"] = "The lamp burns in the tower."
        plans.append(plan(number, halves / 2, beats=beats))
        answers.append(answer)
    return plans, answers


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(film())
def test_whatever_is_answered_the_board_holds(given: tuple[list[ScenePlan], list[Any]]) -> None:
    plans, answers = given

    def reply(_: str, messages: list[BaseMessage]) -> Any:
        task = str(messages[1].content)
        at = next(n for n, one in enumerate(plans) if one.scene.heading in task)
        return {"intent": "", "shots": answers[at]}

    asker = Asker(ScriptedChat(reply=reply))
    boards = asyncio.run(boarded(asker, BIBLE, Brief(Fraction(30)), plans, context=65536))
    scenes = []
    for one, board in zip(plans, boards, strict=True):
        assert not isinstance(board, Unanswered), board.reasons
        shots = [framed.shot for framed in board]
        assert coverage.faults(shots) == []
        assert not [fault for fault in untimely(shots, one.seconds) if "said" in fault]
        assert sum(shot.duration.amount for shot in shots) == one.seconds
        least = min(Fraction(2), one.seconds)
        assert all(least <= shot.duration.amount <= 8 for shot in shots)
        told = " ".join(line.line for shot in shots for line in shot.dialogue)
        assert "Invented" not in told
        if one.beats:
            notes = " ".join(shot.notes for shot in shots)
            for line in ("Give me your hand!", "My father is still out there."):
                assert (told.count(line), notes.count(line)) in ((1, 0), (0, 1))
        scenes.append(one.scene.model_copy(update={"shots": shots}))
    storyboard = Storyboard(
        schema="storyboard/1", cast=dict(BIBLE.cast), places=dict(BIBLE.places), scenes=scenes
    )
    for rate in ("24", "24000/1001"):
        lay_out(Film.model_validate(FILM | {"rate": rate}), storyboard)
