"""Which sentences become shots: the best of every stretch of the story, its end included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from studio.engines.breakdown.sentences import speech_seconds
from studio.engines.breakdown.units import Unit
from studio.engines.breakdown.weight import LONGEST


def choose(units: Sequence[Unit], count: int) -> list[Unit]:
    """About `count` units in the story's order, what happens and what is said in proportion.

    A story that talks is a film that talks, but a film first shows: lines are a quarter
    to a half of the shots, as long as there is enough to see, and a line gives way to
    something seen that weighs nearly three times as much.
    """
    if count >= len(units):
        return list(units)
    said = [unit for unit in units if unit.aloud]
    told = [unit for unit in units if not unit.aloud]
    lines = round(count * (0.25 + 0.3 * len(said) / len(units)))
    lines = min(len(said), max(lines, count - len(told)))
    spoken, seen = _best(said, lines), _best(told, count - lines)
    shown = {unit.index for unit in seen}
    left = sorted(
        (unit for unit in told if unit.index not in shown),
        key=lambda unit: (-unit.weight, unit.index),
    )
    for line, deed in zip(sorted(spoken, key=lambda unit: unit.weight), left, strict=False):
        if deed.weight > 2.8 * line.weight:
            spoken.remove(line)
            seen.append(deed)
    return sorted([*spoken, *seen], key=lambda unit: unit.index)


def _best(units: Sequence[Unit], count: int) -> list[Unit]:
    """`count` units: most of them spread over the story, the rest its heaviest peaks."""
    spread = _spread(units, count - count // 4)
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
    total = sum(unit.weight for unit in units)
    stretches: list[list[Unit]] = [[] for _ in range(count)]
    passed = 0.0
    for unit in units:
        stretches[min(count - 1, int(passed / total * count))].append(unit)
        passed += unit.weight
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


def with_causes(units: Sequence[Unit], picked: Sequence[Unit]) -> list[Unit]:
    """The chosen units, and what a question that opens a scene asks about.

    `What does it say?` is understood where the letter was seen before: of the three
    sentences before such a question, the heaviest that can be seen.
    """
    chosen = {unit.index for unit in picked}
    opened: set[int] = set()
    for unit in picked:
        leans = unit.aloud and unit.text.endswith(("?", "？")) and _LEANS.search(unit.text)
        if unit.scene not in opened and leans:
            before = [
                other
                for other in units[max(0, unit.index - 3) : unit.index]
                if other.scene == unit.scene and not other.aloud and other.people
            ]
            chosen |= {max(before, key=lambda other: other.weight).index} if before else set()
        opened.add(unit.scene)
    return [units[index] for index in sorted(chosen)]


def with_whole(units: Sequence[Unit], picked: Sequence[Unit]) -> list[Unit]:
    """The chosen units, of a sentence that takes several shots all of them or none."""
    groups: dict[int, list[int]] = {}
    for unit in units:
        if unit.fragment:
            groups.setdefault(id(unit.turn), []).append(unit.index)
    chosen = {unit.index for unit in picked}
    for indexes in groups.values():
        if 2 * len(chosen.intersection(indexes)) >= len(indexes) or chosen <= set(indexes):
            chosen.update(indexes)
        else:
            chosen.difference_update(indexes)
    return [units[index] for index in sorted(chosen)]


_LEANS = re.compile(r"\b(?:it|that|this)\b|[它这那]")


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
