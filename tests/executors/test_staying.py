"""Workers of a model stay open between two runs of its jobs, and end before another model's."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from studio.engines.base import EngineSpec
from studio.events import Event, Note, StepProgress, StepStarted
from studio.executors import Cancel, Done
from studio.executors import local as module
from studio.executors.local import LocalExecutor
from studio.residency.card import Card
from studio.stages.budget import Until
from tests.executors.doubles import Moody
from tests.executors.test_local import job


class OfAModel(Moody):
    """A double that would hold a card."""

    embedded: ClassVar[bool] = False


SPEC = EngineSpec("painter", "moody", f"{__name__}:OfAModel")


def opened_by(executor: LocalExecutor, spec: EngineSpec, *prompts: str) -> set[int]:
    """The processes that did the jobs; the double writes them beside its prompt."""
    pids = set()
    for result in executor.run(spec, map(job, prompts), lambda _: None, Cancel()):
        assert isinstance(result, Done), result
        pids.add(int(result.rendered.files[".png"].read_text().rpartition(" ")[2]))
    return pids


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_next_jobs_of_a_model_find_it_open(tmp_path: Path) -> None:
    executor = LocalExecutor(tmp_path)
    (first,) = opened_by(executor, SPEC, "front", "profile")
    (second,) = opened_by(executor, SPEC, "keyframe")
    assert second == first
    (other,) = opened_by(executor, replace(SPEC, name="other"), "clip")
    assert other != first
    assert not alive(first)
    executor.close()
    assert not alive(other)
    assert opened_by(executor, SPEC, "front") != {first}
    executor.close()


def test_memory_that_does_not_come_back_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GIVING_BACK", 0.1)
    card = Card(0, "a card", 24 * 10**9, 23 * 10**9, (8, 9))
    executor = LocalExecutor(tmp_path, cards=[card])
    opened_by(executor, SPEC, "front")
    executor.cards = [replace(card, free=20 * 10**9)]
    said: list[Event] = []
    executor.close(said.append)
    assert said == [Note("3.0 GB of card 0 did not come back when moody ended", True)]


def test_a_person_who_stops_a_model_stops_it_between_two_steps(tmp_path: Path) -> None:
    executor, cancel, said = LocalExecutor(tmp_path), Cancel(), list[Event]()

    def on_event(event: Event) -> None:
        said.append(event)
        if isinstance(event, StepProgress) and not cancel.is_set():
            cancel.ask()

    results = executor.run(SPEC, [job("endless"), job("never begun")], on_event, cancel)
    assert list(results) == []
    assert sum(isinstance(event, StepStarted) for event in said) == 1
    (pid,) = opened_by(executor, SPEC, "and goes on")
    assert alive(pid)
    executor.close()


def test_a_budget_that_is_used_up_lets_a_model_finish(tmp_path: Path) -> None:
    executor, until = LocalExecutor(tmp_path), Until(Cancel(), 0.0)
    until.moment = float("inf")

    def on_event(event: Event) -> None:
        if isinstance(event, StepStarted):
            until.moment = 0.0

    (result,) = executor.run(SPEC, [job("slow"), job("never begun")], on_event, until)
    assert isinstance(result, Done)
    executor.close()
