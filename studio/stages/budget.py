"""A run that has only so much time: whole scenes first, and no clip begun when the time is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from studio.executors import Cancel
from studio.stages.gate import counted, lasting, named

T = TypeVar("T")


def within(budget: float, scenes: Mapping[str, Sequence[tuple[str, float]]]) -> list[str]:
    """The shots to render in `budget` seconds, of `scenes` in the film's order with their shots
    and each shot's expected seconds.

    Scenes are taken whole; one that does not fit any more is left out whole, and later ones that
    fit are taken. Where not one scene fits, as many shots of the first as fit, in order.
    """
    todo = [shots for shots in scenes.values() if shots]
    whole = _fitting(budget, ((shots, sum(seconds for _, seconds in shots)) for shots in todo))
    if todo and not whole:
        return _fitting(budget, todo[0])
    return [shot for shots in whole for shot, _ in shots]


def _fitting(budget: float, things: Iterable[tuple[T, float]]) -> list[T]:
    taken = []
    for thing, seconds in things:
        if seconds <= budget:
            taken.append(thing)
            budget -= seconds
    return taken


class Until(Cancel):
    """A person's cancel that also ends a run at a moment of `time.monotonic`: what runs then is
    finished, and nothing else is begun."""

    def __init__(self, cancel: Cancel, moment: float) -> None:
        super().__init__()
        self.cancel = cancel
        self.moment = moment

    def ask(self) -> int:
        """Ask to stop, as a person does; gives how often it was asked."""
        return self.cancel.ask()

    def is_set(self) -> bool:
        """Whether no further step should start."""
        return self.cancel.is_set() or time.monotonic() >= self.moment

    @property
    def by_a_person(self) -> bool:
        """Whether a person asked: a budget that is used up lets what runs be finished."""
        return self.cancel.by_a_person

    @property
    def at_once(self) -> bool:
        """Whether running steps should be ended too: only where a person asks for it."""
        return self.cancel.at_once


def left(shots: Sequence[str], seconds_of: Callable[[str], float]) -> str:
    """What is said of clips that a budget leaves for the next run; at least one."""
    return (
        f"the budget leaves {counted(len(shots))} for the next run,"
        f" {lasting(sum(map(seconds_of, shots)))}: {named(shots)}"
    )
