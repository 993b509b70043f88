"""The whole way from a story to its storyboard: with answers that hold, and broken in every way."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from langchain_core.outputs import ChatResult

from agents.by_rules import BY
from agents.scripted import ScriptedChat
from studio.edit.cut import lay_out
from studio.engines.base import Aid, NoSettings
from studio.engines.requests import Brief
from studio.errors import Interrupted, Missing, StudioError
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.story import Beat, ScriptScene, Story
from studio.schema.storyboard import Scene, Storyboard
from tests.agents.good_model import CHINESE, GoodModel, Wrote, but, marked, wrote
from tests.conftest import FILM

PASSAGES = [
    "Mara lit the lamp of the Tower at dusk.",
    "Nobody came for nine days, and Mara wrote a letter.",
    "Tom rowed into the Harbour through the storm.",
    "“Give me your hand!” Mara shouted, and she pulled Tom onto the quay of the Harbour.",
    "They went up to the Tower and burned the letter. Captain Roth knocked at the door.",
    "The beam leapt out over the sea, and Tom laughed.",
]
STORY = Story("\n\n".join(PASSAGES), "Gull Rock")
LONG = Story(
    "\n\n".join(f"{one} It was the watch of hour {n}." for n in range(30) for one in PASSAGES)
)
SCRIPT = Story(
    "",
    "Gull Rock",
    (
        ScriptScene(
            "EXT. TOWER - DUSK",
            beats=(
                Beat("action", "Mara lights the lamp. Tom watches."),
                Beat("dialogue", "Is he still out there?", "TOM"),
                Beat("dialogue", "He will come back before the oil is gone.", "MARA"),
            ),
        ),
        ScriptScene(
            "EXT. HARBOUR - NIGHT",
            beats=(
                Beat("action", "A boat strikes the quay."),
                Beat("dialogue", "Give me your hand, boy!", "MARA", how="shouting"),
                Beat("dialogue", "I cannot hold the rope any longer.", "TOM"),
            ),
        ),
    ),
)
CAST = {"mara": "Mara", "tom": "Tom"}
NO = "I would rather not."
Break = Callable[[str, str], Any]


def holds(result: Wrote, seconds: float | Fraction) -> Storyboard:
    """The storyboard, which can be filmed as it stands, and lasts as long as was asked for."""
    board, film = result.storyboard, Film.model_validate(FILM)
    assert list(problems(film, board)) == []
    lay_out(film, board)
    assert sum(shot.duration.amount for _, shot in board.shots()) == seconds
    assert [scene.id for scene in board.scenes] == [
        f"sc{number * 10:03d}" for number in range(1, len(board.scenes) + 1)
    ]
    for scene in board.scenes:
        assert [shot.id for shot in scene.shots] == [
            f"{scene.id}_sh{number * 10:03d}" for number in range(1, len(scene.shots) + 1)
        ]
    seen = [who.who for _, shot in board.shots() for who in shot.cast]
    heard = [line.who for _, shot in board.shots() for line in shot.dialogue]
    assert set(board.cast) == {*seen, *heard}
    assert set(board.places) == {scene.place for scene in board.scenes}
    assert not any(scene.told == "" for scene in board.scenes)
    return board


def by_rules(board: Storyboard) -> list[str]:
    assert {scene.by for scene in board.scenes} <= {"", BY}
    return [scene.id for scene in board.scenes if scene.by]


def said(asked: int, again: int, failed: int, ruled: str) -> str:
    return (
        f"questions: {asked}, asked again: {again}, answers mended or given up: {failed};"
        f" scenes by rules: {ruled}"
    )


# --- answers that hold -----------------------------------------------------------------


def test_a_story_becomes_a_storyboard() -> None:
    result = wrote(STORY, 30)
    board = holds(result, 30)
    assert by_rules(board) == []
    assert [scene.place for scene in board.scenes] == ["tower", "harbour", "tower", "tower"]
    assert {who: person.name for who, person in board.cast.items()} == CAST
    assert all(shot.keyframe and shot.motion for _, shot in board.shots())
    assert str(board.scenes[0].shots[0].transition) == "fade from black 1s"


def test_the_closing_note_counts_what_was_asked() -> None:
    result = wrote(STORY, 30)
    asked = Counter(schema for schema, _ in result.chat.seen)
    shots = len(list(result.storyboard.shots()))
    assert asked == {
        "Cast": 1,
        "Scenes": 1,
        "Logline": 1,
        "Board": 4,
        "Prompts": shots,
        "Contradictions": 4,
    }
    assert result.notes == [said(asked.total(), 0, 0, "0 of 4")]


def test_two_runs_are_equal() -> None:
    first, second = wrote(LONG, 90), wrote(LONG, 90)
    assert first.storyboard == second.storyboard
    assert first.notes == second.notes


def test_many_scenes_stand_in_the_order_of_the_story() -> None:
    result = wrote(LONG, 200)
    board = holds(result, 200)
    assert len(board.scenes) > 12
    assert by_rules(board) == []
    covered = [
        marked("scene", str(asked[1].content)) for one, asked in result.chat.seen if one == "Board"
    ]
    hours = [int(one.partition("of hour ")[2].partition(".")[0]) for one in covered]
    assert hours == sorted(hours)
    assert [one[:5] for one in covered] == [scene.id for scene in board.scenes]


@pytest.mark.parametrize("broken", [None, "Board", "Scenes"])
def test_who_and_what_no_shot_shows_is_left_out(broken: str | None) -> None:
    aunt = {"name": "Ida", "looks": "a tall thin lady, white curls, a green velvet dress"}
    attic = {"name": "Attic", "looks": "a low room under black beams with one round window"}

    def more(schema: str, task: str) -> Any:
        if schema != "Cast":
            return NO if schema == broken else None
        cast = GoodModel().cast(task)
        return cast | {"people": [*cast["people"], aunt], "places": [*cast["places"], attic]}

    board = holds(wrote(STORY, 30, but(more)), 30)
    assert {"mara", "tom"} <= set(board.cast)
    assert "ida" not in board.cast
    assert "attic" not in board.places


@pytest.mark.parametrize("seconds", [2, 7, Fraction(71, 7)])
def test_the_length_is_kept_to_the_frame(seconds: float | Fraction) -> None:
    holds(wrote(STORY, seconds), seconds)
    holds(wrote(STORY, seconds, but(lambda schema, _: NO if schema == "Board" else None)), seconds)


def test_a_chinese_story_stays_chinese_and_its_prompts_are_english() -> None:
    model = GoodModel(
        people={"小兰": "a girl of twelve, two black plaits, a green padded jacket"},
        places={"茶馆": "a wooden tea house with a grey tiled roof and red lanterns"},
        actions=CHINESE,
        synopsis="小兰在茶馆里等母亲回来。",
    )
    story = Story(
        "傍晚，小兰走进茶馆。\n\n她等了很久，没有人来。\n\n最后母亲推开茶馆的门，小兰笑了。"
    )
    board = holds(wrote(story, 16, model, language="zh"), 16)
    assert by_rules(board) == []
    assert [person.name for person in board.cast.values()] == ["小兰"]
    assert all(scene.synopsis == "小兰在茶馆里等母亲回来。" for scene in board.scenes)
    for _, shot in board.shots():
        assert not shot.action.isascii()
        assert f"{shot.keyframe}{shot.motion}".isascii()


@pytest.mark.parametrize("broken", [None, "Board", "Script", "Prompts"])
def test_a_screenplay_keeps_every_line_word_for_word(broken: str | None) -> None:
    result = wrote(SCRIPT, 40, but(lambda schema, _: NO if schema == broken else None))
    board = holds(result, 40)
    lines = [line for _, shot in board.shots() for line in shot.dialogue]
    written = [beat for scene in SCRIPT.scenes for beat in scene.beats if beat.kind == "dialogue"]
    assert [(line.line, board.cast[line.who].name.upper()) for line in lines] == [
        (beat.text, beat.who) for beat in written
    ]
    assert [scene.heading for scene in board.scenes] == [scene.heading for scene in SCRIPT.scenes]
    assert by_rules(board) == (["sc010", "sc020"] if broken == "Board" else [])


# --- answers that do not ---------------------------------------------------------------


@pytest.mark.parametrize("scene", ["sc010", "sc020", "sc040"])
@pytest.mark.parametrize("answer", [NO, {"intent": "", "shots": []}, {}, [], ""])
def test_a_scene_whose_shots_never_hold_is_by_rules_and_no_other(scene: str, answer: Any) -> None:
    def broken(schema: str, task: str) -> Any:
        return answer if schema == "Board" and scene in marked("scene", task) else None

    good, result = wrote(STORY, 30).storyboard, wrote(STORY, 30, but(broken))
    board = holds(result, 30)
    assert by_rules(board) == [scene]
    for one, other in zip(board.scenes, good.scenes, strict=True):
        assert length(one) == length(other)
        assert (one.heading, one.told) == (other.heading, other.told)
        assert one.by or one == other
    why, closing = result.notes
    assert why.startswith(f"{scene}: by rules, as the model gave no shots that can be used (")
    assert closing == said(
        len({str(asked[1].content) for _, asked in result.chat.seen}), 3, 1, f"1 of 4 ({scene})"
    )


def length(scene: Scene) -> Fraction:
    return sum((shot.duration.amount for shot in scene.shots), Fraction(0))


def test_a_scene_by_rules_in_the_middle_does_not_open_as_a_film_does() -> None:
    board = wrote(STORY, 30, but(lambda schema, _: NO if schema == "Board" else None)).storyboard
    entries = [str(scene.shots[0].transition) for scene in board.scenes]
    assert entries == ["fade from black 1s", *["dissolve 0.5s"] * 3]


def test_a_screenplay_by_rules_opens_with_nothing_that_needs_a_shot_before() -> None:
    first = ScriptScene(
        "INT. TOWER - DAY",
        beats=(
            Beat("transition", "DISSOLVE TO:"),
            Beat("action", "Mara waits."),
            Beat("dialogue", "Hello.", "MARA"),
        ),
    )
    result = wrote(
        Story("", scenes=(first,)), 8, but(lambda schema, _: NO if schema == "Board" else None)
    )
    board = holds(result, 8)
    assert board.scenes[0].shots[0].transition.kind == "fade from black"


@pytest.mark.parametrize("part", [1, 2])
def test_a_part_that_the_model_gives_no_scenes_of_is_told_by_rules(part: int) -> None:
    def broken(schema: str, task: str) -> Any:
        return NO if schema == "Scenes" and f"This is part {part} of " in task else None

    result = wrote(LONG, 100, but(broken), context=8192)
    board = holds(result, 100)
    ruled = by_rules(board)
    assert 0 < len(ruled) < len(board.scenes)
    assert (board.scenes[0].id in ruled) == (part == 1)
    assert result.notes[0].startswith("by rules, as the model gave no scenes of it: “")
    assert f"scenes by rules: {len(ruled)} of {len(board.scenes)} (" in result.notes[-1]
    assert list(board.cast)[:2] == ["mara", "tom"], "who is known keeps the id"
    entries = [scene.shots[0].transition.kind for scene in board.scenes]
    assert entries[0] == "fade from black"
    assert set(entries[1:]) <= {"cut", "dissolve", "fade to black"}


@pytest.mark.parametrize(
    "schemas", [("Cast",), ("Scenes",), ("Cast", "Scenes", "Board", "Prompts")]
)
def test_a_story_that_the_model_does_not_tell_is_by_rules(schemas: tuple[str, ...]) -> None:
    result = wrote(STORY, 30, but(lambda schema, _: NO if schema in schemas else None))
    board = holds(result, 30)
    assert by_rules(board) == [scene.id for scene in board.scenes]
    assert "by rules: 3 of 3 (sc010, sc020, sc030)" in result.notes[-1]


def test_a_scene_that_is_but_a_heading_can_be_told_by_rules() -> None:
    story = Story("# One\n\n# Two\n\nTom rowed into the Harbour.\n\n# Three")
    result = wrote(story, 24, but(lambda schema, _: NO if schema == "Board" else None))
    assert len(by_rules(holds(result, 24))) == 3


def test_prompts_that_never_hold_are_left_to_be_composed() -> None:
    result = wrote(STORY, 30, but(lambda schema, _: NO if schema == "Prompts" else None))
    board = holds(result, 30)
    assert by_rules(board) == []
    assert not any(shot.keyframe or shot.motion for _, shot in board.shots())
    shots = len(list(board.shots()))
    assert result.notes[0].startswith(f"prompts of {shots} shots: {shots} (")
    assert result.notes[-1].startswith(f"questions: {7 + shots + 4}, asked again: {3 * shots},")


@pytest.mark.parametrize("schema", ["Logline", "Contradictions"])
def test_the_film_does_without_a_logline_and_without_continuity(schema: str) -> None:
    result = wrote(STORY, 30, but(lambda one, _: NO if one == schema else None))
    good = wrote(STORY, 30).storyboard
    assert by_rules(holds(result, 30)) == []
    assert [scene.heading for scene in result.storyboard.scenes] == [
        scene.heading for scene in good.scenes
    ]


@pytest.mark.parametrize("context", [5632, 6144])
def test_in_a_small_context_every_scene_is_still_covered(context: int) -> None:
    result = wrote(LONG, 160, context=context)
    assert by_rules(holds(result, 160)) == []


# --- what ends it ----------------------------------------------------------------------


@pytest.mark.parametrize("at", ["Cast", "Scenes", "Board", "Prompts", "Contradictions"])
def test_a_server_that_goes_away_ends_the_writing(at: str) -> None:
    def gone(schema: str, _task: str) -> Any:
        if schema == at:
            raise Missing("the language model does not answer", "start it")
        return None

    with pytest.raises(Missing, match="does not answer"):
        wrote(STORY, 30, but(gone))


class Hanging(ScriptedChat):
    """Never answers, and says when it was asked and when it was given up."""

    async def _agenerate(self, *_: Any, **__: Any) -> ChatResult:
        self.seen.append(("hanging", []))
        try:
            await asyncio.sleep(3600)
        finally:
            self.seen.append(("given up", []))
        raise AssertionError("an hour has passed")


def test_a_person_who_stops_is_heeded_while_a_question_hangs() -> None:
    chat, looks = Hanging(reply=GoodModel()), 0

    def report(_done: int, _total: int) -> None:
        nonlocal looks
        looks += 1
        if chat.seen:
            raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        wrote(STORY, 30, chat=chat, report=report)
    assert [name for name, _ in chat.seen] == ["hanging", "given up"]
    assert looks == 2


def test_a_person_who_stops_at_once_has_nothing_asked() -> None:
    chat = ScriptedChat(reply=GoodModel())

    def report(_done: int, _total: int) -> None:
        raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        wrote(STORY, 30, chat=chat, report=report)
    assert chat.seen == []


def test_a_report_never_says_that_more_was_answered_than_asked() -> None:
    heard: list[tuple[int, int]] = []
    wrote(STORY, 30, report=lambda done, total: heard.append((done, total)))
    assert heard
    assert all(0 <= done <= total for done, total in heard)


def test_without_a_language_model_there_is_no_room() -> None:
    from agents.room import Room

    with pytest.raises(StudioError, match="no language model"):
        Room(NoSettings()).write(STORY, Brief(Fraction(30)), Aid())
