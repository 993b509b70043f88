"""Fingerprints: content counts, names and paths do not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studio.engines.requests import AnimateRequest, File
from studio.fingerprint import canonical, differences, fingerprint, seed_of


def request(**changes: object) -> AnimateRequest:
    fields: dict[str, object] = {
        "shot": "sc010_sh010",
        "prompt": "she turns",
        "avoid": "",
        "keyframe": File(Path("a.png"), "aa"),
        "layers": None,
        "movement": "static",
        "size": (64, 64),
        "rate": Fraction(24),
        "frames": 10,
        "seed": 1,
    }
    return AnimateRequest(**(fields | changes))  # type: ignore[arg-type]


def test_paths_and_the_shots_name_do_not_count() -> None:
    same = request(shot="sc020_sh010", keyframe=File(Path("elsewhere/b.png"), "aa"))
    assert fingerprint(request()) == fingerprint(same)


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "she turns."},
        {"keyframe": File(Path("a.png"), "bb")},
        {"layers": File(Path("a.svg"), "cc")},
        {"movement": "dolly in"},
        {"size": (64, 66)},
        {"rate": Fraction(24000, 1001)},
        {"frames": 11},
        {"seed": 2},
    ],
)
def test_everything_else_counts(change: dict[str, object]) -> None:
    assert fingerprint(request()) != fingerprint(request(**change))
    [name] = differences(canonical(request()), canonical(request(**change)))
    assert name in change or name == "keyframe"


def test_values_without_a_canonical_form_are_refused() -> None:
    with pytest.raises(TypeError, match="set has no canonical form"):
        fingerprint({"a": {1, 2}})


def test_a_seed_depends_on_film_shot_and_variation_alone() -> None:
    seeds = {seed_of(f, s, v) for f in (1, 2) for s in ("a", "b") for v in (0, 1)}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert seed_of(7, "sc010_sh010", 0) == 1149123355389427871
