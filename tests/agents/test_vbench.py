"""Plots and camera prompts of VBench-2.0 through the prompter, whose answers are faulty in a known
half: every fault is told to the model, and repaired; nothing else is complained of."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from langchain_core.messages import BaseMessage

from agents.asking import Asker
from agents.bible import Bible, Framed, ScenePlan
from agents.continuity import prompted
from agents.scripted import ScriptedChat
from agents.wording.camera import camera_faults
from agents.wording.clauses import sentences
from agents.wording.faults import PHRASE
from agents.wording.slate import Slate, Which
from studio.engines.requests import Brief
from studio.models import Budget
from studio.models.estimate import clip_tokens, t5_tokens
from studio.prompts import MOVES, Prompter
from studio.schema.storyboard import Movement, Person, Place, Scene, Shot, Storyboard

PROMPTS = Path(__file__).parents[1] / "data" / "prompts"
PLOTS = (PROMPTS / "vbench2-complex-plot.txt").read_text(encoding="utf-8").splitlines()
CAMERA = (PROMPTS / "vbench2-camera-motion.txt").read_text(encoding="utf-8").splitlines()
KEYFRAME = Budget("flux", 256, t5_tokens, leading=77, count_leading=clip_tokens)
MOTION = Budget("cogvideox", 226, t5_tokens)
MOVEMENTS: tuple[Movement, ...] = get_args(Movement)

CAST = {
    "ana": Person(name="Ana Reyes", looks="a woman of thirty, black ponytail, green jersey"),
    "ben": Person(name="Ben Okoro", looks="a man of forty, shaved head, white tracksuit"),
    "cleo": Person(name="Cleo Marsh", looks="a girl of nine, red curls, yellow raincoat"),
}
LOOK = "16mm film, warm grain"
DUST = """Dust drifts through the slanting light. Dry leaves roll along the ground. Paper stops
against a low wall. Banners swell and sink on tall poles. A thread of grass bends near
the lens. Warm air trembles above the path. Long shadows crawl to the stone step. A rope
taps softly on its mast. Flies circle over an open crate. One cloud hangs far away. Wet
patches dry on the paving. Chalk lines glow white. A loose shutter swings twice. Small
birds hop between two bottles. Sand runs down from a ledge. Grey smoke leans to the
right. Tall poplars nod behind the fence. A tin cup glints on its hook. Two kites tug at
their lines. Ripples spread in a bucket. Ivy shivers along the bricks."""
GERMAN = "Die Sonne steht tief und der Wind weht langsam durch die Fahnen auf dem Platz."
PLANTS = {
    "too long": ("with its names filled in it comes to", ""),
    "camera": ("camera movement", "The camera then tilts up to the sky."),
    "cut": ("is an edit", "Cut to the gate, where confetti falls on the ground."),
    "absent": ("is not in this shot", "Cleo Marsh waves from the steps."),
    "language": ("it reads as German", GERMAN),
    "foreign": ("it reads as German", GERMAN),
    "missing": ("is in this shot: write", ""),
}


@dataclass
class Case:
    """A shot, what the model answers at first, and whether it mends that when it is told."""

    plan: ScenePlan
    shot: Shot
    clean: dict[Which, str]
    kind: str = ""
    which: Which = "motion"
    stubborn: bool = False
    told: list[str] = field(default_factory=list)

    def first(self) -> dict[Which, str]:
        return self.clean | ({self.which: self._planted()} if self.kind else {})

    def _planted(self) -> str:
        text = self.clean[self.which]
        if self.kind == "missing":
            return text.replace("{ana}", "somebody")
        if self.kind == "foreign":
            return f"{GERMAN} {GERMAN.replace('Sonne', 'Lampe')}"
        if self.kind == "too long":
            most = 900 if self.which == "keyframe" else 700
            for one in sentences(" ".join(DUST.split())):
                text = f"{text} {one}" if len(text) + len(one) < most else text
            return text
        return f"{text} {PLANTS[self.kind][1]}"


def planted(cases: Sequence[Case]) -> list[Case]:
    """Every second case has a fault, of each kind in turn; of these every second stays."""
    for number, case in enumerate(cases[::2]):
        kinds = [kind for kind in PLANTS if kind != "missing" or "ana" in case.clean["motion"]]
        case.kind = kinds[number % len(kinds)]
        case.which = "keyframe" if number % 3 == 2 else "motion"
        if case.kind == "too long" and not long_enough(case):
            case.which = "motion"
        case.stubborn = number // len(kinds) % 2 == 1
    return list(cases)


def long_enough(case: Case) -> bool:
    at = slate(case, case.which)
    return at.budget.over(at.filled(case.first()[case.which])) > 0


def plots() -> list[Case]:
    """Each plot a scene, each of its sentences a shot, with nobody, one or two people."""
    cases = []
    for number, plot in enumerate(PLOTS, 1):
        scene = Scene(
            id=f"sc{number * 10:03d}", heading="EXT. GROUNDS - DAY", place="grounds", time="day"
        )
        plan = ScenePlan(scene, plot, people=("ana", "ben"), seconds=Fraction(30))
        for at, sentence in enumerate(sentences(plot), 1):
            people = [["ana"], ["ana", "ben"], []][at % 3]
            braces = " and ".join(f"{{{who}}}" for who in people)
            shot = Shot.model_validate(
                {
                    "id": f"{scene.id}_sh{at * 10:03d}",
                    "duration": "4s",
                    "cast": people,
                    "movement": MOVEMENTS[len(cases) % len(MOVEMENTS)],
                    "action": sentence,
                }
            )
            there = f"{braces} stand there" if people else "Nobody is near"
            clean: dict[Which, str] = {
                "keyframe": f"Medium shot in {{place}}. {there}. {sentence} {{look}}.",
                "motion": f"{there}. {sentence} {{movement}}.",
            }
            cases.append(Case(plan, shot, clean))
    return planted(cases)


def camera_prompts() -> list[Case]:
    """Each prompt a shot of its place, with the movement that it names or the nearest."""
    cases = []
    for number, line in enumerate(CAMERA, 1):
        place, movement = meant(line)
        scene = Scene(id=f"sc{number * 10:03d}", heading=f"EXT. {place}", place=slug(place))
        shot = Shot.model_validate(
            {
                "id": f"{scene.id}_sh010",
                "duration": "4s",
                "movement": movement,
                "action": f"Light moves over {place}.",
                "framing": "POV" if "First-person" in line else "single",
            }
        )
        clean: dict[Which, str] = {
            "keyframe": "Long shot of {place}, seen from the front in low light. {look}.",
            "motion": f"Light moves slowly over {place} from left to right. {{movement}}.",
        }
        plan = ScenePlan(scene, line, seconds=Fraction(4))
        cases.append(Case(plan, shot, clean))
    return planted(cases)


def meant(line: str) -> tuple[str, Movement]:
    """The place of a camera prompt, and the movement in our words."""
    named = next((one for one in MOVEMENTS if line.endswith(f", {one}.")), None)
    if named:
        return line.removesuffix(f", {named}."), named
    if "static" in line:
        return line.split(". ")[1].split(",")[0], "static"
    if "orbits" in line:
        return line.split(". ")[1].rstrip("."), "arc left"
    assert "airborne dolly" in line
    return line.split(",")[0], "dolly in"


def slug(place: str) -> str:
    return place.lower().replace(" ", "_")


def storyboard(cases: Sequence[Case]) -> Storyboard:
    places = {"grounds": Place(name="the sports ground", looks="a red track round a green lawn")}
    places |= {
        case.plan.scene.place: Place(name=meant(case.plan.text)[0])
        for case in cases
        if case.plan.scene.place != "grounds"
    }
    return Storyboard(schema="storyboard/1", cast=CAST, places=places)


def slate(case: Case, which: Which) -> Slate:
    prompter = Prompter(LOOK, storyboard([case]))
    budget = KEYFRAME if which == "keyframe" else MOTION
    return Slate(case.plan.scene, case.shot, prompter, which, budget)


def scripted(cases: Sequence[Case]) -> ScriptedChat:
    by_id = {case.shot.id: case for case in cases}

    def reply(schema: str, messages: list[BaseMessage]) -> Any:
        if schema == "Contradictions":
            return {"contradictions": []}
        found = re.search(r"motion prompt of shot (\w+)\.", str(messages[1].content))
        assert found
        case = by_id[found[1]]
        if len(messages) == 2:
            return case.first()
        case.told.append(str(messages[-1].content))
        return case.first() if case.stubborn else case.clean

    return ScriptedChat(reply=reply)


def through(cases: Sequence[Case]) -> tuple[dict[str, Shot], list[str]]:
    """The shots with their prompts, and what was noted."""
    board = storyboard(cases)
    bible = Bible(look=LOOK, cast=board.cast, places=board.places)
    scenes: dict[str, tuple[ScenePlan, list[Framed]]] = {}
    for case in cases:
        scenes.setdefault(case.plan.scene.id, (case.plan, []))[1].append(Framed(case.shot))
    notes: list[str] = []
    work = prompted(
        Asker(scripted(cases)),
        bible,
        Brief(seconds=Fraction(60)),
        list(scenes.values()),
        KEYFRAME,
        MOTION,
        context=16384,
        note=notes.append,
    )
    return {shot.id: shot for shots in asyncio.run(work) for shot in shots}, notes


@dataclass(frozen=True)
class Outcome:
    cases: list[Case]
    shots: dict[str, Shot]
    notes: list[str]

    def of(self, case: Case, which: Which) -> str | None:
        written: str | None = getattr(self.shots[case.shot.id], which)
        return written


@pytest.fixture(scope="module", params=["plots", "camera"])
def outcome(request: pytest.FixtureRequest) -> Outcome:
    cases = plots() if request.param == "plots" else camera_prompts()
    shots, notes = through(cases)
    return Outcome(cases, shots, notes)


def test_there_are_as_many_as_there_should_be(outcome: Outcome) -> None:
    scenes = {case.plan.scene.id for case in outcome.cases}
    assert len(scenes) in (60, 108)
    assert set(outcome.shots) == {case.shot.id for case in outcome.cases}
    faulty = Counter(case.kind for case in outcome.cases if case.kind)
    assert sum(faulty.values()) == -(-len(outcome.cases) // 2)
    assert min(faulty.values()) >= 5
    assert {case.which for case in outcome.cases if case.kind} == {"keyframe", "motion"}


def test_every_fault_is_told_and_nothing_else(outcome: Outcome) -> None:
    for case in outcome.cases:
        if not case.kind:
            assert case.told == [], case.shot.id
            continue
        assert len(case.told) == (3 if case.stubborn else 1), case.shot.id
        words = PLANTS[case.kind][0]
        reasons = re.findall(r"^- (.+)$", case.told[0], re.MULTILINE)
        assert any(one.startswith(f"{case.which}: ") and words in one for one in reasons)
        assert all(one.startswith(f"{case.which}: ") or "comes late" in one for one in reasons)


def test_what_was_mended_or_clean_is_used_word_for_word(outcome: Outcome) -> None:
    for case in outcome.cases:
        for which in ("keyframe", "motion"):
            if not case.stubborn or which != case.which:
                assert outcome.of(case, which) == case.clean[which]


def test_what_stays_faulty_is_repaired_by_code(outcome: Outcome) -> None:
    stubborn = [case for case in outcome.cases if case.stubborn]
    composed = []
    for case in stubborn:
        text = outcome.of(case, case.which)
        if text is None:
            composed.append(case)
        elif case.kind == "missing":
            assert "{ana}" in text
        elif case.kind == "too long":
            whole = case.first()[case.which]
            assert all(one in whole for one in sentences(text))
        else:
            assert PLANTS[case.kind][1] not in text
            assert text == case.clean[case.which]
    assert {case.kind for case in composed} == {"foreign"}
    assert len(composed) == sum(case.kind == "foreign" for case in stubborn)
    [note] = outcome.notes
    assert f"{len(composed)} (" in note
    assert "composed from their fields" in note


def test_every_motion_prompt_fits_with_one_movement_and_no_forbidden_phrase(
    outcome: Outcome,
) -> None:
    for case in outcome.cases:
        shot = outcome.shots[case.shot.id]
        at = slate(replace(case, shot=shot), "motion")
        read = at.prompter.motion(case.plan.scene, shot)
        assert t5_tokens(read) <= 226
        assert [move for move in MOVES.values() for _ in re.findall(re.escape(move), read)] == [
            MOVES[shot.movement]
        ]
        assert not PHRASE.search(read)
        written = shot.motion or "{cast}. {action} {movement}."
        assert list(camera_faults(written, at)) == []
        assert t5_tokens(at.prompter.keyframe(case.plan.scene, shot)) <= 256


@pytest.mark.parametrize("line", CAMERA)
def test_a_movement_in_other_words_is_found(line: str) -> None:
    case = camera_prompts()[CAMERA.index(line)]
    found = [fault.kind for fault in camera_faults(line, slate(case, "keyframe"))]
    assert "camera" in found
