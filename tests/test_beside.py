"""A kept language model stays on the card where a render is as quick beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.residency.card import Card
from studio.stages import forecast
from studio.stages.clips import Clips
from studio.stages.forecast import cramped
from studio.stages.production import open_production
from tests.conftest import Gen

GB = 10**9
H100 = Card(0, "NVIDIA H100 80GB HBM3", 85 * GB, 84 * GB, (9, 0))


@pytest.mark.parametrize(
    ("free", "moves"),
    [(84, False), (60, False), (20, True), (2, True)],
    ids=["empty", "room for both", "another policy", "no room at all"],
)
def test_the_language_model_makes_room_only_where_it_has_to(
    gen: Gen, monkeypatch: pytest.MonkeyPatch, free: int, moves: bool
) -> None:
    animator = {"engine": "cogvideox", "quality": "best"}
    production = open_production(gen(film={"engines": {"painter": "null", "animator": animator}}))
    assert production is not None
    monkeypatch.setattr(forecast, "cards", lambda: (replace(H100, free=free * GB),))
    assert cramped(Clips(production)) is moves
