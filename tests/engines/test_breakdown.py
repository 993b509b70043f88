"""The writer breakdown: storyboards of many kinds of story keep the rules of the trade."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from studio.engines.base import EngineSpec, NoSettings, known_engines
from studio.engines.breakdown import Breakdown
from studio.engines.breakdown.tense import present
from studio.engines.requests import Brief
from studio.errors import DocumentError
from studio.schema.base import ID_PATTERN
from studio.schema.story import Story
from studio.schema.storyboard import Shot, Storyboard

LEAGUE = Path(__file__).parents[1] / "data" / "stories" / "the-red-headed-league.md"

FABLE = """清晨，森林里静悄悄的。一只乌鸦站在大树的树枝上，嘴里叼着一块肉。

这时，一只狐狸从树下走过。他抬头看见了乌鸦嘴里的肉。

“乌鸦太太，您好！”狐狸笑着说。

乌鸦看了看狐狸，没有回答。

狐狸想了想，又说：“您的嗓子真好，谁都爱听您唱歌。您唱几句吧！”

乌鸦听了狐狸的话，得意极了，就唱了起来。肉掉了下来。狐狸叼起肉，钻进了森林。

傍晚，乌鸦回到河边。老猫头鹰问：“你怎么了？”

“我再也不听好话了。”乌鸦低着头说。
"""

LAMP = """Old Tam kept the lighthouse for thirty years. Every evening he lit the lamp.

One stormy night a girl knocked at the door. Her red scarf was torn.

"My father is out there," she said. "Why is the lamp dark?"

"The oil has run out," Tam whispered.

The girl seized his hand. "I am Isla. Come on!"

They ran down to the shore. Tam struck a match, and the fire roared over the waves.

At dawn a small boat reached the harbour. Isla ran into the water, laughing.

"Thank you," said Isla.

Tam gave her the brass key, and they watched the sun rise over the quiet sea.
"""

STORIES = {
    "lamp": LAMP,
    "fable": FABLE,
    "word": "Rain",
    "sentence": "The old keeper lit the lamp.",
    "chinese sentence": "月亮升起来了。",
    "nobody": "The tide went out. Wind combed the grass on the dunes. A bottle lay on the sand. "
    "At night the sea came back and took it.",
    "talk": '"Are you there?"\n\n"Yes."\n\n"Can you see the light?"\n\n"No."\n\n"Then wait."',
    "poem": "The woods are white with snow,\nThe little horse walks slow,\n"
    "The wind has much to know,\nAnd I have far to go.",
    "list": "- buy bread\n- feed the cat\n- find the key\n- open the red door",
    "french": "Un soir, Marie entra dans la maison.\n\n— Il fait froid, dit Jean.\n\n— Entrez, "
    "dit Marie.\n\nLe lendemain, Marie partit vers la mer.",
    "german": "Am Abend ging Hans in den Wald. „Wo bist du?“, rief Hans. »Hier«, sagte Grete. "
    "Hans lief zum Haus.",
    "left open": "“Come here, said Tom. The door was open.\n\n“I will not, said Ann. She ran away.",
    "script": "INT. KITCHEN - NIGHT\n\nAnna stirs a pot.\n\nBEN\n(quietly)\nIt came today.\n\n"
    "EXT. HARBOUR - DAWN\n\nAnna stands on the quay.",
    "markdown": "## Chapter 1: The forest\n\nA **brave** girl walked into the [forest](http://x.y)."
    "\n\n***\n\n## The river at night\n\nThe girl swam across the _river_.",
    "braces": "A {look} and a {place} met at the {door}. {Anna} said nothing.",
    "clutter": "!!! ??? ... 12:30 — «» “” () [] #hash @you $5 100% a.b.c\n\n\n\nx\n\n***\n\n---",
}


def write(text: str, seconds: float | str | Fraction = 30, title: str = "") -> Storyboard:
    return Breakdown(NoSettings()).write(Story(text, title), Brief(Fraction(str(seconds))))


def shots_of(board: Storyboard) -> list[Shot]:
    return [shot for _, shot in board.shots()]


def lines_of(board: Storyboard) -> list[tuple[str, str]]:
    return [(line.who, line.line) for shot in shots_of(board) for line in shot.dialogue]


def words_of(board: Storyboard) -> str:
    spoken = [line for _, line in lines_of(board)]
    return " ".join([*(f"{shot.action} {shot.narration}" for shot in shots_of(board)), *spoken])


@pytest.fixture(scope="module")
def league() -> Storyboard:
    text = LEAGUE.read_text(encoding="utf-8").split("\n", 1)[1]
    return write(text, 90, "The Redheaded League")


@pytest.fixture(scope="module")
def league_scenes(league: Storyboard) -> str:
    return " | ".join(scene.heading for scene in league.scenes)


# --- rules that hold for every story


@pytest.mark.parametrize("seconds", ["2", "4", "7", "13", "30", "61.5"])
@pytest.mark.parametrize("name", STORIES)
def test_lengths_add_up_and_every_shot_is_two_to_six_seconds(name: str, seconds: str) -> None:
    lengths = [shot.duration.amount for shot in shots_of(write(STORIES[name], seconds))]
    assert sum(lengths) == Fraction(seconds)
    assert all(2 <= length <= 6 and (2 * length).denominator == 1 for length in lengths)


def test_an_hour_of_one_sentence_is_covered_not_repeated() -> None:
    board = write(STORIES["sentence"], 3600)
    shots = shots_of(board)
    assert sum(shot.duration.amount for shot in shots) == 3600
    assert len({(shot.size, shot.framing, shot.angle, shot.movement) for shot in shots}) >= 5
    assert sum(1 for shot in shots if shot.narration) == 1


def test_length_that_is_no_half_second_is_met_within_one() -> None:
    total = sum(shot.duration.amount for shot in shots_of(write(LAMP, "29.7")))
    assert 0 <= Fraction("29.7") - total < Fraction(1, 2)


def test_film_shorter_than_a_shot_is_one_shot() -> None:
    assert [str(shot.duration) for shot in shots_of(write(LAMP, 1))] == ["1s"]


@pytest.mark.parametrize("name", STORIES)
def test_ids_are_in_order_and_every_name_in_braces_is_known(name: str) -> None:
    board = write(STORIES[name], 40)
    assert [scene.id for scene in board.scenes] == [
        f"sc{10 * number:03d}" for number in range(1, len(board.scenes) + 1)
    ]
    assert all(re.fullmatch(ID_PATTERN, key) for key in [*board.cast, *board.places])
    assert not {"look", "place", "movement", "time", "weather", "action", "cast"} & set(board.cast)
    for scene in board.scenes:
        assert scene.place in board.places
        for number, shot in enumerate(scene.shots, 1):
            assert shot.id == f"{scene.id}_sh{10 * number:03d}"
            assert shot.action
            who = {person.who for person in shot.cast}
            assert who <= set(board.cast)
            assert {line.who for line in shot.dialogue} <= set(board.cast)
            for prompt in (shot.keyframe or "", shot.motion or ""):
                names = set(re.findall(r"\{(.*?)\}", prompt))
                assert prompt.strip()
                assert names <= who | {"place", "look", "movement", "time", "weather", "action"}


@pytest.mark.parametrize("name", STORIES)
def test_no_two_neighbours_are_the_same_view(name: str) -> None:
    views = [
        (shot.size, shot.angle, {person.who for person in shot.cast})
        for shot in shots_of(write(STORIES[name], 60))
    ]
    assert all(one != two for one, two in pairwise(views))


@pytest.mark.parametrize("name", STORIES)
def test_everybody_keeps_to_one_side_of_the_line(name: str) -> None:
    for scene in write(STORIES[name], 60).scenes:
        sides: dict[str, set[str]] = {}
        for shot in scene.shots:
            spots = [person.at for person in shot.cast]
            assert len(spots) == len(set(spots))
            for person in shot.cast:
                sides.setdefault(person.who, set()).update(
                    {f"at {person.at}", f"to {person.facing}"}
                )
        for person in sides.values():
            assert not {"at left", "at right"} <= person
            assert not {"to left", "to right"} <= person


@pytest.mark.parametrize("name", STORIES)
def test_words_can_be_spoken_in_their_shot(name: str) -> None:
    for shot in shots_of(write(STORIES[name], 60)):
        assert not (shot.narration and shot.dialogue)
        said = shot.narration or " ".join(line.line for line in shot.dialogue)
        chinese = len(re.findall(r"[一-鿿]", said))
        words = len(re.findall(r"[A-Za-zÀ-ÿ'’-]+", said))
        assert chinese / 4.5 + words / 2.5 <= shot.duration.amount + Fraction(1, 2)


def test_same_story_same_storyboard(league: Storyboard) -> None:
    text = LEAGUE.read_text(encoding="utf-8").split("\n", 1)[1]
    again = write(text, 90, "The Redheaded League")
    assert again.model_dump_json(by_alias=True) == league.model_dump_json(by_alias=True)


@pytest.mark.parametrize("text", ["", " \n\t\n", "***\n\n---", "﻿"])
def test_story_without_a_word_is_refused_with_a_tip(text: str) -> None:
    with pytest.raises(DocumentError) as refused:
        write(text)
    assert refused.value.tip


def test_chosen_by_name_from_the_table_of_engines() -> None:
    spec = EngineSpec("writer", "breakdown", known_engines("writer")["breakdown"])
    assert spec.open().write(Story("A fox ran."), Brief(Fraction(4))).cast.keys() == {"fox"}


# --- talk


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Wait here," said Anna. Ben nodded. "I will," he said.', ["anna", "ben"]),
        ("“Wait!” cried Anna. Ben stopped. “Why?” asked Ben.", ["anna", "ben"]),
        ("‘Wait here,’ said Anna. ‘It isn’t far.’ Ben laughed.", ["anna", "anna"]),
        ("« Attends, dit Anna. Regarde ! » Paul regarda la mer.", ["anna", "anna"]),
        ("Anna partit.\n\n— Attends ! dit Paul.\n\n— Non, répondit Anna.", ["paul", "anna"]),
        ("„Warte hier“, sagte Anna. »Nein«, rief Otto. Anna lief.", ["anna", "otto"]),
        ("狐狸说：“你好！”乌鸦问：「你是谁？」", ["fox", "crow"]),
        ("“你好！”狐狸笑着说。\n\n“走开！”乌鸦叫道。", ["fox", "crow"]),
        ("ANNA\nWait here.\n\nBEN\nI will wait.", ["anna", "ben"]),
        ("Anna: Where is it?\nBen: It is gone.", ["anna", "ben"]),
    ],
)
def test_quotes_of_each_language_have_their_speaker(text: str, expected: list[str]) -> None:
    assert [who for who, _ in lines_of(write(text, 40))] == expected


def test_turns_alternate_where_nobody_is_named() -> None:
    text = (
        "Anna met Ben on the bridge.\n\n“Is it true?” asked Anna.\n\n“It is.”\n\n"
        "“All of it?”\n\n“Every word, Anna.”"
    )
    assert [who for who, _ in lines_of(write(text, 40))] == ["anna", "ben", "anna", "ben"]


def test_narrator_is_whom_the_others_call_by_name() -> None:
    text = (
        "I found Clara in the kitchen. I closed the door behind me.\n\n“You are late, Martin,” "
        "said Clara.\n\n“I ran all the way,” I said.\n\nClara gave me the letter. I read it."
    )
    board = write(text, 40)
    assert set(board.cast) == {"clara", "martin"}
    assert ("martin", "I ran all the way.") in lines_of(board)
    assert "Martin reads it." in [shot.action for shot in shots_of(board)]
    assert "I closed the door behind me." in [shot.narration for shot in shots_of(board)]


def test_talk_is_shot_reverse_shot() -> None:
    shots = [shot for shot in shots_of(write(STORIES["talk"], 20)) if shot.dialogue]
    assert shots[0].framing == "two-shot"
    assert shots[1].framing == "over-the-shoulder"
    assert [person.facing for person in shots[1].cast][1] == "away"
    assert {shots[0].cast[0].at, shots[1].cast[0].at} == {"left", "right"}


# --- people, places, time


def test_pronouns_and_roles_are_the_people_they_mean() -> None:
    board = write(LAMP, 60)
    assert set(board.cast) <= {"tam", "isla", "father"}
    actions = [shot.action for shot in shots_of(board)]
    assert "Every evening Old Tam lights the lamp." in actions
    assert any(action.startswith("Isla") for action in actions)
    assert "girl" in board.cast["isla"].looks


def test_looks_are_the_storys_own_words() -> None:
    text = (
        "Mara, a woman of sixty with a grey braid, stood at the rail. She wore a navy oilskin "
        "coat. Finn, a boy of twelve with red curls, sat in the boat."
    )
    cast = write(text, 20).cast
    for words in ("woman of sixty", "grey braid", "navy oilskin coat"):
        assert words in cast["mara"].looks
    for words in ("boy of twelve", "red curls"):
        assert words in cast["finn"].looks


def test_one_person_has_one_id_whatever_they_are_called() -> None:
    text = (
        "Mr. Edward Carter opened the shop. A clockmaker named Daniel came in. Carter smiled. "
        "“Good day, Mr. Carter,” said the clockmaker. Edward bowed."
    )
    assert set(write(text, 30).cast) == {"carter", "daniel"}


@pytest.mark.parametrize(
    ("text", "heading", "weather"),
    [
        ("At dusk the rain fell on the harbour. A boat waited.", "EXT. HARBOUR - DUSK", "rain"),
        ("At midnight Anna sat in the kitchen. She wept.", "INT. KITCHEN - NIGHT", ""),
        ("INT. CELLAR - NIGHT\n\nAnna lights a match.", "INT. CELLAR - NIGHT", ""),
        ("清晨，狐狸走进森林。森林里飘着浓雾。", "EXT. 森林 - DAWN", "fog"),
        ("中午，烈日照着沙漠。一只狐狸在沙漠里走。", "EXT. 沙漠 - DAY", "clear"),
    ],
)
def test_place_time_and_weather(text: str, heading: str, weather: str) -> None:
    scene = write(text, 8).scenes[0]
    assert (scene.heading, scene.weather) == (heading, weather)


def test_scenes_begin_where_the_story_goes_elsewhere() -> None:
    text = (
        "Nora lived in a small village. She walked into the forest. A wolf stood before her. "
        "Nora climbed the mountain. The next morning she entered the old temple. A bell rang."
    )
    board = write(text, 60)
    kinds = [board.places[scene.place].name for scene in board.scenes]
    assert kinds == ["Village", "Forest", "Mountain", "Old temple"]
    assert str(board.scenes[0].shots[0].transition) == "fade from black 1s"
    assert all(str(scene.shots[0].transition) != "cut" for scene in board.scenes)
    assert all(str(shot.transition) == "cut" for scene in board.scenes for shot in scene.shots[1:])
    assert all(scene.shots[0].size in ("LS", "ELS") for scene in board.scenes)


def test_markdown_marks_are_not_read_aloud() -> None:
    board = write(STORIES["markdown"], 24)
    assert not set("*_[]#") & set(words_of(board))
    assert [scene.heading for scene in board.scenes] == ["EXT. FOREST - DAY", "EXT. RIVER - NIGHT"]


def test_chinese_fable_has_its_people_places_and_lines() -> None:
    board = write(FABLE, 45)
    assert {key: person.name for key, person in board.cast.items()} == {
        "crow": "乌鸦",
        "fox": "狐狸",
        "owl": "猫头鹰",
    }
    assert all(person.looks.isascii() for person in board.cast.values())
    assert [scene.time for scene in board.scenes] == ["dawn", "dusk"]
    assert ("fox", "乌鸦太太，您好！") in lines_of(board)
    assert ("crow", "我再也不听好话了。") in lines_of(board)
    assert any(person.does == "holds the meat" for s in shots_of(board) for person in s.cast)
    assert all((shot.keyframe or "").isascii() for shot in shots_of(board))


# --- what a director would not let pass


@pytest.mark.parametrize(
    ("text", "who", "told", "never"),
    [
        ("Emma, a girl of ten with two long plaits, ran home.", "emma", "plaits", "hair"),
        ("Jack, a red-haired sailor, sang.", "jack", "red hair", "black|dark|chestnut"),
        ("Bram came in. Bram was bald. Bram sat down.", "bram", "bald", "hair"),
        ("Agnes came in. Her hair was silver.", "agnes", "silver hair", "chestnut|dark|black"),
        ("Finn, a boy of twelve with red curls, sat.", "finn", "red curls", "dark hair|beard"),
    ],
)
def test_hair_that_the_story_gives_is_not_invented(
    text: str, who: str, told: str, never: str
) -> None:
    looks = write(text, 12).cast[who].looks
    assert told in looks
    assert not re.search(never, looks.replace("red hair", "").replace("silver hair", ""))


def test_nobody_young_is_given_a_beard_or_grey_hair() -> None:
    names = ("Tom", "Ben", "Peter", "Daniel", "Henry", "James", "Robert", "George")
    for name in names:
        looks = write(f"{name}, a boy of nine, laughed.", 4).cast[name.lower()].looks
        assert not re.search("beard|whiskers|grey hair|thinning", looks)


NIGHT = """By night the storm had come. Ada ran down to the shore with a rope.

In the kitchen that night Ada lit the stove. Ben slept.

The next morning Ada walked into the garden. A thrush sang.
"""


def test_weather_lasts_until_a_new_day() -> None:
    found = [(scene.time, scene.weather) for scene in write(NIGHT, 60).scenes]
    assert found[:2] == [("night", "storm"), ("night", "storm")]
    assert found[-1] == ("morning", "")


DEEDS = """Ada and Ben sat in the kitchen. "Is it late?" asked Ada. "It is," said Ben.

"Are you cold?" asked Ada. "I am," said Ben. "Shall we eat?" asked Ada. "Soon," said Ben.

"What is that noise?" asked Ada. The window shattered. A wolf leapt through it.

"What now?" asked Ada. Ben seized the axe and struck the wolf. The lamp fell and broke.

"Are you hurt?" asked Ada. "No," said Ben. The fire burned low, and they sat down.
"""


def test_deeds_weigh_more_than_questions() -> None:
    shots = shots_of(write(DEEDS, 24))
    seen = " ".join(shot.action for shot in shots)
    assert "seizes the axe" in seen
    assert "falls and breaks" in seen
    assert sum(1 for shot in shots if shot.dialogue) * 2 <= len(shots)


def test_question_comes_with_what_it_asks_about() -> None:
    text = (
        "Ada and Ben walked to the shore. Ada laughed. Ben ran along the beach. A gull cried.\n\n"
        "***\n\nIn the kitchen Ben slept. Ada read the letter. “What does it say?” asked Ben. "
        "“That he is coming home,” said Ada.\n\n***\n\nAt dawn a ship came to the harbour. "
        "Ada seized the rope and leapt aboard. Ben fell and laughed. The anchor sank."
    )
    for seconds in (16, 20, 24, 30):
        shots = shots_of(write(text, seconds))
        lines = [line.line for shot in shots for line in shot.dialogue]
        if "What does it say?" in lines:
            assert any("reads the letter" in shot.action for shot in shots)
    assert "What does it say?" in [line for _, line in lines_of(write(text, 30))]


def test_first_view_of_a_place_tells_of_the_place_only() -> None:
    text = (
        "In the cellar rain dripped on the barrels. Ada and Ben came down. "
        "Ada broke the seal and read the letter. “It is his hand,” said Ada. "
        "“Are you sure?” asked Ben. “Quite sure,” said Ada."
    )
    shots = shots_of(write(text, 20))
    assert shots[0].action == "In the cellar rain drips on the barrels."
    assert shots[0].narration in ("", "In the cellar rain dripped on the barrels.")
    letter = [shot for shot in shots if "seal" in shot.narration]
    assert [shot.action for shot in letter] == ["Ada breaks the seal and reads the letter."]


def test_boat_is_shown_on_the_water_not_in_the_room() -> None:
    text = (
        "At night Ada sat in the kitchen. Ada looked at the letter. "
        "On the dark water, a ship turned towards the harbour. Ada lit the lamp. "
        "The key lay beside it."
    )
    board = write(text, 30)
    at_sea = [scene for scene in board.scenes if "sea" in board.places[scene.place].name]
    assert [shot.size for scene in at_sea for shot in scene.shots][:1] in (["ELS"], ["LS"])
    assert at_sea[0].shots[0].framing != "insert"
    assert str(at_sea[0].shots[0].transition) == "cut"
    assert board.scenes[-1].place == board.scenes[0].place


@pytest.mark.parametrize("word", ["A ship", "The horse", "A train", "The old house"])
def test_large_things_are_never_inserts(word: str) -> None:
    text = f"Ada stood in the field. {word} came by in the rain. Ada waved."
    inserts = [shot for shot in shots_of(write(text, 40)) if shot.framing == "insert"]
    assert not inserts


@pytest.mark.parametrize("name", STORIES)
def test_who_listens_looks_at_the_speaker(name: str) -> None:
    does = [person.does for shot in shots_of(write(STORIES[name], 60)) for person in shot.cast]
    assert "listens" not in does


def test_tower_of_a_lighthouse_is_the_lighthouse() -> None:
    text = (
        "At dusk Ada stood at the lighthouse. The next morning Ben sat in the kitchen. "
        "That night Ada walked to the lighthouse. High in the tower, the lamp burned."
    )
    assert "Tower" not in {place.name for place in write(text, 40).places.values()}


def test_small_boat_is_a_place_on_the_sea() -> None:
    text = "At night Ada ran home. In the boat sat Ben, pulling at his only oar. Ben wept."
    board = write(text, 20)
    looks = [place.looks for place in board.places.values() if "boat" in place.looks]
    assert looks
    assert "sea" in looks[0]
    assert "deck" not in looks[0]


def test_who_boards_a_boat_at_the_shore_is_still_there() -> None:
    text = (
        "The boat waited at the shore. Ben climbed into the boat and took the oars. "
        "“Farewell,” said Ada. Ben waved."
    )
    assert [scene.heading.split(" - ")[0] for scene in write(text, 20).scenes] == ["EXT. SHORE"]


def test_talks_are_not_all_covered_alike() -> None:
    talk = "“Is it here?” asked Ada. “It is not,” said Ben. “Then where is it?” asked Ada. "
    places = ("kitchen", "garden", "forest", "library")
    text = "\n\n***\n\n".join(f"Ada and Ben sat in the {place}. {talk}" for place in places)
    ways = {
        tuple((shot.framing, shot.size) for shot in scene.shots if shot.dialogue)
        for scene in write(text, 70).scenes
    }
    assert len(ways) >= 3
    assert {framing for way in ways for framing, _ in way} >= {
        "two-shot",
        "over-the-shoulder",
        "single",
    }


@pytest.mark.parametrize(
    ("past", "now"),
    [
        (
            "The boat waited at the shore, and gulls circled over its mast.",
            "The boat waits at the shore, and gulls circle over its mast.",
        ),
        (
            "The wind rose while the old dog barked at the door.",
            "The wind rises while the old dog barks at the door.",
        ),
        ("The sky was clear and the sea lay still.", "The sky is clear and the sea lies still."),
        ("Sherlock had sprung out and seized him.", "Sherlock has sprung out and seized him."),
    ],
)
def test_all_verbs_of_a_sentence_are_in_one_tense(past: str, now: str) -> None:
    assert present(past) == now


# --- a whole story


def test_league_people_and_places_are_there(league: Storyboard, league_scenes: str) -> None:
    names = {person.name for person in league.cast.values()}
    assert names >= {"Sherlock Holmes", "Dr. Watson", "Jabez Wilson", "Vincent Spaulding"}
    assert names >= {"John Clay", "Peter Jones", "Mr. Merryweather", "Duncan Ross"}
    for place in ("BAKER STREET ROOM", "OFFICE (FLASHBACK)", "SAXE-COBURG SQUARE", "VAULT - NIGHT"):
        assert place in league_scenes
    assert "fiery red hair" in league.cast["wilson"].looks
    assert "boyish face" in league.cast["john_clay"].looks


@pytest.mark.parametrize(
    "turn",
    [
        "League of the Redheaded Men",
        "Encyclopedia",
        "The Redheaded League is dissolved",
        "glint of a light",
        "a hand appeared",
        "seized the intruder",
        "knees",
    ],
)
def test_league_turns_are_there(league: Storyboard, turn: str) -> None:
    assert turn in words_of(league)


def test_league_begins_and_ends_where_the_story_does(league: Storyboard) -> None:
    assert league.scenes[0].place == league.scenes[-1].place
    assert [scene.time for scene in (league.scenes[0], league.scenes[-1])] == ["day", "dawn"]


def test_every_quarter_of_a_long_story_is_in_the_film(league: Storyboard) -> None:
    text = re.sub(r"\W+", " ", LEAGUE.read_text(encoding="utf-8"))
    found = []
    for shot in shots_of(league):
        words = shot.narration or " ".join(line.line for line in shot.dialogue)
        long = len(words.split()) > 5
        place = text.find(re.sub(r"\W+", " ", words).strip()[:40]) if long else -1
        if place >= 0:
            found.append(place / len(text))
    assert {int(place * 4) for place in found} == {0, 1, 2, 3}
    assert found == sorted(found)


def test_longer_film_of_the_same_story_shows_more_of_it(league: Storyboard) -> None:
    text = LEAGUE.read_text(encoding="utf-8").split("\n", 1)[1]
    board = write(text, 240, "The Redheaded League")
    assert len(shots_of(board)) > 2 * len(shots_of(league))
    assert sum(shot.duration.amount for shot in shots_of(board)) == 240
