"""Takes that say how long a model takes on this machine, and takes that do not."""

from __future__ import annotations

from typing import Any

import pytest

from studio.residency.expectation import Measured, Work
from studio.residency.experience import experience
from studio.schema.take import MadeBy, Take

SAID = {
    "model": "CogVideoX-5B-I2V",
    "card": "NVIDIA H100 80GB HBM3",
    "policy": "tiled",
    "boosters": ["compile", "fp8"],
    "steps": 50,
    "seconds": 70.5,
}


def take(said: dict[str, Any], **more: Any) -> Take:
    return Take(
        shot="sc010_sh010",
        kind="clip",
        number=1,
        fingerprint="f",
        frames=49,
        made_by=MadeBy(engine="cogvideox", revision=1, about="", embedded=False),
        request=more.pop("request", {"request": {"size": [720, 480]}}),
        recorded=said,
        **more,
    )


def test_a_take_says_what_it_was_made_with() -> None:
    work = Work("tiled", ("compile", "fp8"), 50, 49, (720, 480))
    assert experience([take(SAID)]) == (
        Measured("CogVideoX-5B-I2V", "NVIDIA H100 80GB HBM3", work, 70.5),
    )
    (plain,) = experience([take({**SAID, "boosters": [], "card": None, "policy": "cpu"})])
    assert (plain.card, plain.work.policy, plain.work.boosters) == ("", "cpu", ())


@pytest.mark.parametrize(
    "changed",
    [
        {"policy": "by magic"},
        {"boosters": ["prayer"]},
        {"steps": None},
        {"seconds": 0},
        {"seconds": {"denoise": 60}},
        {"model": None},
        {"tried": [{"policy": "resident", "why": "out of memory"}]},
    ],
)
def test_a_take_that_does_not_say_counts_for_nothing(changed: dict[str, Any]) -> None:
    assert experience([take(SAID | changed)]) == ()


def test_takes_of_other_engines_and_failed_ones_count_for_nothing() -> None:
    others = [take({"seconds": 1.0}), take(SAID, status="failed"), take(SAID, request={})]
    assert experience(others) == ()
