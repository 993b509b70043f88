"""A language model that does as it is told: what each role asks for, it gives, made of the question
itself. The whole way is tested with it, and with what breaks one answer or another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from langchain_core.messages import BaseMessage

from agents.room import Room
from agents.scripted import Reply, ScriptedChat
from studio.engines.base import Aid, NoSettings, Talk
from studio.engines.breakdown import Breakdown
from studio.engines.requests import Brief
from studio.schema.story import Story
from studio.schema.storyboard import Storyboard
from tests.agents.shots import KEYFRAME, MOTION

PEOPLE = {
    "Mara": "a woman of sixty, long grey braid, weathered tan face, navy oilskin coat",
    "Tom": "a boy of ten, blond hair, freckles, red wool cap, patched brown trousers",
}
PLACES = {
    "Tower": "a round white stone tower with two red bands on black basalt",
    "Harbour": "a stone quay with iron bollards, tarred nets and a green wooden shed",
}
ENGLISH = (
    "{who} lifts the lantern and turns to the door.",
    "{who} kneels down beside the wall and listens.",
    "{who} pulls the rope tight with both hands.",
    "{who} wipes the wet glass with a sleeve.",
    "{who} counts the crates along the wall.",
    "{who} folds the letter and hides it.",
)
CHINESE = (
    "{who}提起灯笼，转身看着门口。",
    "{who}跪在墙边，静静听着雨声。",
    "{who}用双手拉紧了绳子。",
    "{who}用衣袖擦去玻璃上的水。",
    "{who}数着墙边的木箱。",
    "{who}把信折好，藏了起来。",
)


@dataclass
class GoodModel:
    """Knows whom and which places a story may have; those that a part names are in it."""

    people: Mapping[str, str] = field(default_factory=lambda: PEOPLE)
    places: Mapping[str, str] = field(default_factory=lambda: PLACES)
    actions: tuple[str, ...] = ENGLISH
    synopsis: str = "Mara waits for the boat, and it does not come."

    def __call__(self, schema: str, messages: list[BaseMessage]) -> Any:
        """The answer to a question."""
        answers: dict[str, Callable[[str], dict[str, Any]]] = {
            "Cast": self.cast,
            "Scenes": self._scenes,
            "Script": self._script,
            "Logline": self._logline,
            "Pitch": self._pitch,
            "Board": self._board,
            "Prompts": self._prompts,
            "Contradictions": self._contradictions,
        }
        return answers[schema](str(messages[1].content))

    def cast(self, task: str) -> dict[str, Any]:
        """Who and where is new in a part."""
        story, known = marked("story", task), marked("known", task)
        people = [name for name in self.people if name in story and name not in known]
        first = [] if re.search(r"Places:\n- (?!none)", known) else [next(iter(self.places))]
        places = [name for name in self.places if name in story and name not in known]
        return {
            "summary": self.synopsis,
            "people": [{"name": name, "looks": self.people[name]} for name in people],
            "places": [{"name": name, "looks": self.places[name]} for name in places or first],
        }

    def _scenes(self, task: str) -> dict[str, Any]:
        who, where = (dict(sheets) for sheets in _known(marked("known", task)))
        passages = dict(re.findall(r"^\[(\d+)\] (.*)$", marked("story", task), re.MULTILINE))
        numbers = [int(number) for number in passages]
        wanted = min(len(numbers), int(re.findall(r"in (\d+) scenes?, all", task)[0]))
        begins = [numbers[at * len(numbers) // wanted] for at in range(wanted)]
        scenes = []
        for first, after in zip(begins, [*begins[1:], numbers[-1] + 1], strict=True):
            text = " ".join(passages[str(number)] for number in range(first, after))
            at = next((id_ for id_, name in where.items() if name in text), next(iter(where)))
            scenes.append(
                {
                    "begins": first,
                    "side": "EXT",
                    "place": at,
                    "time": "dusk",
                    "weather": "rain",
                    "synopsis": self.synopsis,
                    "beats": [self.synopsis],
                    "people": [id_ for id_, name in who.items() if name in text],
                }
            )
        return {"scenes": scenes}

    def _script(self, task: str) -> dict[str, Any]:
        asked = re.findall(r"^(\w+): ", marked("known", task), re.MULTILINE)
        looks = {"person": self.people["Mara"], "place": self.places["Tower"]}
        return {name: looks.get(name.partition("_")[0], self.synopsis) for name in asked}

    def _logline(self, _task: str) -> dict[str, Any]:
        return {"logline": "A keeper wants her boat, and the sea keeps it."}

    def _pitch(self, task: str) -> dict[str, Any]:
        return self._logline(task) | {"look": "35mm film, muted teal, soft grain"}

    def _board(self, task: str) -> dict[str, Any]:
        scene = marked("scene", task)
        seconds = float(re.findall(r"It lasts ([\d.]+) seconds", task)[0])
        least, most = re.findall(r"Shots: (\d+)(?: to (\d+))?", task)[0]
        shots = max(int(least), min(int(most or least), round(seconds / 4)))
        script = "Its lines have numbers" in task
        lines = [int(number) for number in re.findall(r"^\[(\d+)\] ", scene, re.MULTILINE)]
        people = re.findall(r"^people: (.*)$", scene, re.MULTILINE)[0].split(", ")
        people = [] if people == ["nobody"] else people[:2]
        spoken = {number: at * shots // len(lines) for at, number in enumerate(lines)}
        return {
            "intent": "Those who wait.",
            "shots": [
                self._take(at, shots, seconds, people if at % 2 == 0 else people[:1])
                | (
                    {"lines": [number for number in lines if spoken[number] == at]}
                    if script
                    else {"narration": "", "dialogue": []}
                )
                for at in range(shots)
            ],
        }

    def _take(self, at: int, shots: int, seconds: float, people: list[str]) -> dict[str, Any]:
        wide = at % 2 == 0
        action = self.actions[at % len(self.actions)]
        length = int(seconds * (at + 1) / shots) - int(seconds * at / shots)
        return {
            "action": action.format(who=people[0].capitalize() if people else "The wind"),
            "people": [
                {"who": who, "at": side, "facing": "camera", "does": "stands", "wears": ""}
                for who, side in zip(people, ("left", "right"), strict=False)
            ],
            "size": "LS" if wide else "CU",
            "framing": "two-shot" if len(people) == 2 else "single",
            "angle": "eye",
            "movement": "static" if wide else "dolly in",
            "first": "A hand on the wall",
            "last": "The hand has left the wall",
            "seconds": max(2, min(8, length)),
            "transition": "cut" if at else "dissolve",
        }

    def _prompts(self, task: str) -> dict[str, Any]:
        names = re.findall(r"\{(\w+)\}", re.findall(r"Names for this shot: (.*?);", task)[0])
        words = ("place", "look", "time", "weather")
        people = [f"{{{name}}}" for name in names if name not in words]
        who = " and ".join(people) or "an empty wet floor"
        where = " Behind lie the stones of {place}." if "place" in names else ""
        look = " {look}." if "look" in names else ""
        return {
            "keyframe": f"Shot at eye level: {who}, hands on the wet wall, lips parted."
            f"{where} Soft light falls in from the right.{look}",
            "motion": f"A thin mist drifts slowly past {who}, and drops run down the wall."
            " {movement}. At the end the mist has thinned.",
        }

    def _contradictions(self, _task: str) -> dict[str, Any]:
        return {"contradictions": []}


def but(break_: Callable[[str, str], Any], model: Reply | None = None) -> Reply:
    """The good model, but for what `break_` (name of the schema, task) gives instead of None."""
    good = model or GoodModel()

    def reply(schema: str, messages: list[BaseMessage]) -> Any:
        broken = break_(schema, str(messages[1].content))
        return good(schema, messages) if broken is None else broken

    return reply


def marked(mark: str, text: str) -> str:
    """What stands between `<mark>` and `</mark>`."""
    return text.partition(f"<{mark}>\n")[2].partition(f"\n</{mark}>")[0]


def _known(listed: str) -> Iterator[list[tuple[str, str]]]:
    """The people's, then the places' ids and names."""
    for part in listed.removeprefix("People:").split("Places:"):
        yield re.findall(r"^- (\w+): (.*?)(?:\.|$)", part, re.MULTILINE)


@dataclass
class Wrote:
    """What came of it: the storyboard, what a person was told, and whom was asked."""

    storyboard: Storyboard
    notes: list[str]
    chat: ScriptedChat


def wrote(
    story: Story,
    seconds: float,
    reply: Reply | None = None,
    *,
    context: int = 16384,
    chat: ScriptedChat | None = None,
    report: Callable[[int, int], None] = lambda _done, _total: None,
    **brief: Any,
) -> Wrote:
    """Have the writers' room write, with a model that is always the good one or `reply`."""
    asked, notes = chat or ScriptedChat(reply=reply or GoodModel()), []

    @contextmanager
    def talk() -> Iterator[Talk]:
        yield Talk(asked, context, 4, requests=1)

    aid = Aid(talk, Breakdown(NoSettings()), KEYFRAME, MOTION, report, notes.append)
    wants = Brief(**({"seconds": Fraction(seconds), "look": "35mm film"} | brief))
    return Wrote(Room(NoSettings()).write(story, wants, aid), notes, asked)
