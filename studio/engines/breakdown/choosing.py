"""Which sentences become shots: the best of every stretch of the story, its end included."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from studio.engines.breakdown.sentences import speech_seconds
from studio.engines.breakdown.units import Unit
from studio.engines.breakdown.weight import LONGEST


def choose(units: Sequence[Unit], count: int) -> list[Unit]:
    """About `count` units in the story's order, what happens and what is said in proportion.

    A story that talks is a film that talks, but a film first shows: lines are an eighth
    to two fifths of the shots, as long as there is enough to see.
    """
    if count >= len(units):
        return list(units)
    said = [unit for unit in units if unit.aloud]
    told = [unit for unit in units if not unit.aloud]
    lines = round(count * (0.2 + 0.3 * len(said) / len(units)))
    lines = min(len(said), max(lines, count - len(told)))
    picked = [*_best(said, lines), *_best(told, count - lines)]
    return sorted(picked, key=lambda unit: unit.index)


def _best(units: Sequence[Unit], count: int) -> list[Unit]:
    """`count` units: most of them spread over the story, the rest its heaviest peaks."""
    spread = _spread(units, count - count // 6)
    taken = {unit.index for unit in spread}
    rest = sorted(
        (unit for unit in units if unit.index not in taken),
        key=lambda unit: (-unit.weight, unit.index),
    )
    return [*spread, *rest[: max(0, count - len(spread))]]


def _spread(units: Sequence[Unit], count: int) -> list[Unit]:
    """The heaviest unit of each of `count` stretches of equal weight, the end's among them."""
    if count <= 0 or not units:
        return []
    total = sum(unit.weight**1.3 for unit in units)
    stretches: list[list[Unit]] = [[] for _ in range(count)]
    passed = 0.0
    for unit in units:
        stretches[min(count - 1, int(passed / total * count))].append(unit)
        passed += unit.weight**1.3
    stretches[-1] = stretches[-1][-max(3, len(stretches[-1]) // 4) :]
    return [
        max(stretch, key=lambda unit: (unit.weight, -unit.index))
        for stretch in stretches
        if stretch
    ]


def with_answers(units: Sequence[Unit], picked: Sequence[Unit], room: int) -> list[Unit]:
    """The chosen units, and up to `room` questions and answers that chosen lines belong to.

    Never so many that more than half of a film with enough to see is talk.
    """
    chosen = {unit.index for unit in picked}
    lines = [unit for unit in units if unit.spoken]
    pairs = [pair for pair in pairwise(lines) if answers(*pair)]
    room = min(room, len(picked) - 2 * sum(unit.aloud for unit in picked))
    pairs.sort(key=lambda pair: (-max(unit.weight for unit in pair), pair[0].index))
    for pair in pairs:
        both = {unit.index for unit in pair}
        if len(both & chosen) == 1 and room > 0:
            chosen |= both
            room -= 1
    return [units[index] for index in sorted(chosen)]


def answers(question: Unit, answer: Unit) -> bool:
    """Whether two lines are a question and its answer, each short enough to be heard."""
    return (
        question.spoken
        and answer.spoken
        and question.speaker != answer.speaker
        and question.text.rstrip().endswith(("?", "？"))
        and question.scene == answer.scene
        and answer.index - question.index <= 2
        and max(speech_seconds(question.text), speech_seconds(answer.text)) <= LONGEST
    )
