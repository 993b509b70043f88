"""Several graphics cards: a worker each, which sees its own card alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from studio.engines.base import EngineSpec
from studio.engines.requests import PaintRequest, Reading, ReadRequest
from studio.events import Event, Listener, Note, StepStarted
from studio.executors import Cancel, Done, Failed, Job
from studio.executors.local import LocalExecutor
from studio.residency.card import Card

ON_A_CARD = EngineSpec("painter", "on a card", "tests.executors.doubles:OnACard")
EMBEDDED = EngineSpec("painter", "moody", "tests.executors.doubles:Moody")


def card(index: int, free: float = 24, uuid: str = "") -> Card:
    return Card(index, f"Card {index}", 24 * 10**9, int(free * 10**9), (8, 9), uuid)


def job(key: int, prompt: str = "", avoid: object = "") -> Job:
    return Job("keyframe", f"shot {key}", key, PaintRequest("", prompt, str(avoid), (8, 8), 0))


def run(
    tmp_path: Path,
    cards: Sequence[Card],
    jobs: Sequence[Job],
    on_event: Listener = lambda _: None,
    spec: EngineSpec = ON_A_CARD,
) -> list[Done | Failed]:
    executor = LocalExecutor(tmp_path / "scratch", cards=cards)
    return list(executor.run(spec, jobs, on_event, Cancel()))


def seen(results: Sequence[Done | Failed]) -> set[str]:
    return {one.rendered.facts["visible"] for one in results if isinstance(one, Done)}


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    """Where jobs wait until two cards work."""
    folder = tmp_path / "meeting"
    folder.mkdir()
    return folder


def test_two_cards_work_at_once_each_seen_by_its_worker_alone(
    tmp_path: Path, meeting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,3")
    cards = [card(2, uuid="GPU-aa"), card(3)]
    results = run(tmp_path, cards, [job(n, "together", meeting) for n in range(4)])
    assert seen(results) == {"GPU-aa", "3"}
    assert len(results) == 4
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "2,3"


def test_jobs_are_begun_in_their_order(tmp_path: Path) -> None:
    started = []

    def on_event(event: Event) -> None:
        if isinstance(event, StepStarted):
            started.append(event.shot)

    run(tmp_path, [card(0), card(1)], [job(n) for n in range(5)], on_event)
    assert started == [f"shot {n}" for n in range(5)]


def test_a_worker_that_crashes_is_replaced_on_its_own_card(tmp_path: Path, meeting: Path) -> None:
    jobs = [
        job(0, "crash once", tmp_path / "crashed"),
        *(job(n, "together", meeting) for n in (1, 2)),
    ]
    results = run(tmp_path, [card(0), card(1)], jobs)
    assert [type(one) for one in results].count(Failed) == 1
    assert seen(results) == {"0", "1"}


@pytest.mark.parametrize("cards", [[], [card(4)]])
def test_without_a_choice_the_one_worker_sees_what_it_saw(
    tmp_path: Path, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "MIG-7")
    results = run(tmp_path, cards, [job(0), job(1)])
    assert seen(results) == {"MIG-7"}
    assert len({one.rendered.facts["opened"] for one in results if isinstance(one, Done)}) == 1


def test_a_small_card_beside_a_large_one_is_left_out_and_said(tmp_path: Path) -> None:
    events: list[Event] = []
    results = run(tmp_path, [card(0, free=4), card(1)], [job(n) for n in range(3)], events.append)
    assert seen(results) == {"1"}
    assert [one.text for one in events if isinstance(one, Note)] == [
        "card 0 (Card 0) is left out: it has 4 of the 24 GB free that another has"
    ]


def test_texts_are_read_by_one_worker(tmp_path: Path) -> None:
    reading = Reading("t5", tmp_path, "text_encoder", "tokenizer", 8, "words")
    jobs = [Job("texts", "", n, ReadRequest("", reading, "hash")) for n in range(3)]
    results = run(tmp_path, [card(0), card(1)], jobs)
    assert len({one.rendered.facts["opened"] for one in results if isinstance(one, Done)}) == 1
    assert len(results) == 3


def test_an_embedded_engine_is_not_kept_to_a_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert len(run(tmp_path, [card(0), card(1)], [job(0, "fine")], spec=EMBEDDED)) == 1
    assert "CUDA_VISIBLE_DEVICES" not in os.environ
