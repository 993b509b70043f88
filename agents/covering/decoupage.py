"""The découpage of one scene: what the storyboarder is told of it, every reason why an answer does
not hold, and the answer's shots, mended where it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from agents.bible import Bible, Framed, ScenePlan
from agents.covering import coverage
from agents.covering.board import Board, ProseTake, Quote, ScriptTake, Seen, Take
from agents.covering.lines import Cue, cues, is_quoted, kept, placed, spoken_seconds, spread
from agents.covering.sense import senseless
from agents.covering.timing import (
    LEFT_OUT,
    LONGEST,
    SHORTEST,
    TRANSITIONS,
    USUAL,
    hold,
    noted,
    timed,
    untimely,
)
from agents.pages import filled, quoted
from agents.reading.letters import in_other_letters
from agents.reading.sheets import is_named, one_line
from studio.engines.requests import Brief
from studio.schema.storyboard import Heard, Line, Presence, Shot
from studio.schema.time import Duration


class Decoupage:
    """One scene: how it is told, what is wrong with an answer, and the answer's shots.

    `scripted`: the film is a screenplay, whose lines are given; else lines are quoted from prose,
    and there may be narration. `people` are the ids that may be seen: whom the plan has, else whom
    the scene's text names. `lines` is how many lines the script has, None for prose.
    """

    def __init__(self, plan: ScenePlan, bible: Bible, brief: Brief, *, scripted: bool) -> None:
        self.plan = plan
        self.language = brief.language
        self.place = bible.places.get(plan.scene.place)
        self.script = cues(plan.beats, bible.cast)
        people = dict.fromkeys([*plan.people, *(cue.who for cue in self.script)])
        known = [who for who in people if who in bible.cast]
        named = [who for who, one in bible.cast.items() if is_named(one.name, plan.text)]
        self.people = tuple(known or named)
        self.lines = len(self.script) if scripted else None

    def task(self, told: str, fewest: int, most: int) -> str:
        """What is asked, with the scene told as it is."""
        scene = self.plan.scene
        place = f"{scene.place} ({self.place.name})" if self.place else scene.place
        facts = [
            f"{scene.id} {scene.heading}",
            f"place: {place}; time: {scene.time or '-'}; weather: {scene.weather or '-'}",
            f"people: {', '.join(self.people) or 'nobody'}",
            f"synopsis: {scene.synopsis}",
            *([f"\n{told}"] if told else []),
        ]
        return filled(
            "storyboarder",
            "prose" if self.lines is None else "script",
            scene=quoted("scene", "\n".join(facts)),
            seconds=f"{float(self.plan.seconds):g}",
            shots=str(fewest) if fewest == most else f"{fewest} to {most}",
        )

    def fewest(self) -> int:
        """The shots that the scene has at least: none has to be longer than usual, and all lines
        of a script find room."""
        seconds = self.plan.seconds
        whole = sum((spoken_seconds(cue.text) for cue in self.script), Fraction(0))
        silent = max(0, int((seconds - whole) / SHORTEST))
        return max(ceil(seconds / LONGEST), min(ceil(seconds / USUAL), len(self.script) + silent))

    def tellings(self) -> list[str]:
        """The scene as a whole, and ever shorter: its beats, then nothing but its synopsis."""
        beats = [self._beat(at) for at in range(len(self.plan.beats))]
        short = "\n".join(beat if len(beat) < 80 else f"{beat[:80]} …" for beat in beats)
        prose = self.lines is None or not beats
        return [self.plan.text if prose else "\n".join(beats), short, ""]

    def _beat(self, at: int) -> str:
        """A beat, a line with its number."""
        beat = self.plan.beats[at]
        numbered = [
            f"[{number}] {beat.who}{f' ({beat.how})' if beat.how else ''}: {cue.text}"
            for number, cue in enumerate(self.script, 1)
            if cue.beat == at
        ]
        return "\n".join(numbered) or (f"{beat.who}: {beat.text}" if beat.who else beat.text)

    def mendable(self, answer: Board) -> list[str]:
        """The reasons that `framed` mends, though the model might do it better."""
        shots = self._drafted(answer)
        return [
            *self._in_other_letters(shots),
            *self._misspoken(answer),
            *coverage.faults(shots),
            *untimely(shots, self.plan.seconds),
        ]

    def unusable(self, answer: Board) -> list[str]:
        """The reasons that nothing mends."""
        reasons = [
            f"shot {number}: the action says nothing: what is seen?"
            for number, take in enumerate(answer.shots, 1)
            if senseless(take.action)
        ]
        if len(answer.shots) > 1 and len({one_line(take.action) for take in answer.shots}) == 1:
            reasons.append("all shots have one action: every shot shows something else")
        return reasons

    def _in_other_letters(self, shots: Sequence[Shot]) -> list[str]:
        """What is not in the film's language. An action may stand so, prompts are English anyway;
        narration would be heard, and is left out."""
        return [
            f"shot {number}: {name}: write it in {self.language!r}"
            for number, shot in enumerate(shots, 1)
            for name, text in (("action", shot.action), ("narration", shot.narration))
            if in_other_letters(text, self.language)
        ]

    def _misspoken(self, answer: Board) -> list[str]:
        """What is spoken and is not the story's, or not in its order, or missing."""
        if self.lines is None:
            return [
                f"shot {number}: the story does not have the line “{quote.line}”: quote it, or"
                " leave it out"
                for number, take in enumerate(answer.shots, 1)
                for quote in _quotes(take)
                if not is_quoted(quote.line, self.plan.text)
            ]
        numbers = [number for take in answer.shots for number in _numbers(take)]
        if numbers != sorted(set(numbers)):
            return [f"the lines come once each and in the script's order, yours are {numbers}"]
        whole = sum(spoken_seconds(cue.text) for cue in self.script)
        missing = [number for number in range(1, len(self.script) + 1) if number not in numbers]
        if missing and whole <= self.plan.seconds:
            listed = ", ".join(map(str, missing))
            return [f"the scene has time for all of its lines, and these are missing: {listed}"]
        return []

    def framed(self, answer: Board) -> list[Framed]:
        """The shots of an answer, mended where they do not hold, as long as the scene."""
        if self.lines is None:
            shots = [self._told(shot) for shot in self._drafted(answer)]
        else:
            shots = self._spoken(answer)
        shots = timed(coverage.mended(shots), self.plan.seconds)
        if unspoken := self._unspoken():
            shots[0] = noted(shots[0], "nobody in the cast speaks", unspoken)
        return [
            Framed(shot, one_line(take.first), one_line(take.last))
            for shot, take in zip(shots, answer.shots, strict=True)
        ]

    def _drafted(self, answer: Board) -> list[Shot]:
        """The shots as they were answered."""
        shots = []
        for number, take in enumerate(answer.shots, 1):
            shot = _shot(take, f"{self.plan.scene.id}_sh{number * 10:03d}")
            for each in _numbers(take):
                shot = _with_cue(shot, self.script[each - 1])
            lines = [_line(quote) for quote in _quotes(take) if one_line(quote.line)]
            shots.append(shot.model_copy(update={"dialogue": [*shot.dialogue, *lines]}))
        return shots

    def _told(self, shot: Shot) -> Shot:
        """A shot of prose with nothing to be heard but the story's own lines, and narration in the
        film's language; what is left out stands in the notes."""
        lines = []
        for line in shot.dialogue:
            if is_quoted(line.line, self.plan.text):
                lines.append(line)
            else:
                shot = noted(shot, "not in the story", f"{line.who}: {line.line}")
        shot = shot.model_copy(update={"dialogue": lines})
        if in_other_letters(shot.narration, self.language):
            shot = noted(shot, f"not in {self.language!r}", shot.narration)
            shot = shot.model_copy(update={"narration": ""})
        return shot

    def _spoken(self, answer: Board) -> list[Shot]:
        """The shots with the script's lines: where the answer has them if time allows it there,
        else spread evenly; a line that the scene has no time for stands in the notes."""
        wanted = [_numbers(take) for take in answer.shots]
        numbers = kept(self.script, [one for shot in wanted for one in shot], self.plan.seconds)
        bare = [take.model_copy(update={"lines": []}) for take in answer.shots]
        silent = self._drafted(answer.model_copy(update={"shots": bare}))
        shots = silent
        for at in (placed(numbers, wanted), spread(self.script, numbers, len(silent))):
            shots, now = list(silent), 0
            for number, cue in enumerate(self.script, 1):
                now = at.get(number, now)
                if number in at:
                    shots[now] = _with_cue(shots[now], cue)
                else:
                    shots[now] = noted(shots[now], LEFT_OUT, f"{cue.who}: {cue.text}")
            if hold(shots, self.plan.seconds):
                break
        return shots

    def _unspoken(self) -> str:
        spoken = {cue.beat for cue in self.script}
        return "; ".join(
            f"{beat.who}: {beat.text}"
            for at, beat in enumerate(self.plan.beats)
            if beat.kind == "dialogue" and beat.text.strip() and at not in spoken
        )


def _shot(take: Take, id_: str) -> Shot:
    return Shot(
        id=id_,
        size=take.size,
        framing=take.framing,
        angle=take.angle,
        movement=take.movement,
        duration=Duration(Fraction(take.seconds)),
        cast=[_present(seen) for seen in take.people],
        action=one_line(take.action),
        narration=one_line(take.narration) if isinstance(take, ProseTake) else "",
        transition=TRANSITIONS[take.transition],
    )


def _present(seen: Seen) -> Presence:
    return Presence(
        who=seen.who,
        at=seen.at,
        facing=seen.facing,
        does=one_line(seen.does) or None,
        wears=one_line(seen.wears) or None,
    )


def _line(quote: Quote) -> Line:
    how = one_line(quote.how) or None
    return Line(who=quote.who, line=one_line(quote.line), how=how, heard=quote.heard)


def _with_cue(shot: Shot, cue: Cue) -> Shot:
    """A shot in which a line of the script is spoken: by whom it shows, else off screen."""
    if not cue.who:
        return shot.model_copy(update={"narration": f"{shot.narration} {cue.text}".strip()})
    heard: Heard = "on" if cue.who in coverage.people(shot) else "off"
    line = Line(
        who=cue.who,
        line=cue.text,
        how=cue.how or None,
        heard="vo" if cue.heard == "vo" else heard,
    )
    return shot.model_copy(update={"dialogue": [*shot.dialogue, line]})


def _quotes(take: Take) -> list[Quote]:
    return take.dialogue if isinstance(take, ProseTake) else []


def _numbers(take: Take) -> list[int]:
    return take.lines if isinstance(take, ScriptTake) else []
