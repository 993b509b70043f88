"""The ladder of policies on cards of all sizes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from studio.errors import Missing
from studio.models.contract import Contract, Speed, contract, contracts
from studio.residency import planner
from studio.residency.planner import boosters_here, choices, peak_of
from studio.residency.policy import BOOSTS, LADDER, Booster, Policy, Quality
from tests.residency.cards import ALL, CAPABILITIES, card, clip_model, picture_model

SIZES = (4, 6, 8, 12, 16, 24, 48, 80)
A100 = "NVIDIA A100-SXM4-80GB"
QUALITIES: tuple[Quality, ...] = ("draft", "standard", "best")


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("name", CAPABILITIES)
@pytest.mark.parametrize("gb", SIZES)
def test_every_ladder_keeps_to_the_card(gb: float, name: str, quality: Quality) -> None:
    for model in contracts():
        try:
            ladder = choices(model, card(gb, name), quality, available=ALL)
        except Missing:
            leanest = min(peak_of(model, policy) for policy in LADDER)
            assert leanest > 0.9 * gb
            continue
        assert len({choice.policy for choice in ladder}) == len(ladder)
        for before, after in pairwise(ladder):
            assert after.peak < before.peak, "what is as large runs out of memory again"
        films = [
            20 * choice.seconds + sum(BOOSTS[each].starts for each in choice.boosters)
            for choice in ladder
            if choice.policy != "8-bit"
        ]
        assert films == sorted(films), "quicker policies come first"
        for choice in ladder:
            assert choice.peak <= 0.9 * gb
            assert choice.seconds > 0
            assert choice.steps >= 1
            if {"fp8", "int8"} & set(choice.boosters):
                assert "compile" in choice.boosters
            if quality == "best":
                assert set(choice.boosters) <= {"compile"}
            if choice.policy not in ("resident", "tiled"):
                assert choice.boosters == ()
        if ladder[0].policy == "sequential":
            assert peak_of(model, "model offload") > 0.9 * gb


@pytest.mark.parametrize(
    ("gb", "policy", "peak"),
    [
        (80, "resident", 24.5),  # 11 + 0.5 weights, 12 while it decodes, 1 for CUDA
        (24, "tiled", 16.5),  # 4 while it denoises
        (8, "group offload", 6.38),  # two of the transformer's blocks
    ],
)
def test_the_quickest_policy_that_fits_is_chosen(gb: float, policy: Policy, peak: float) -> None:
    first = choices(clip_model(), card(gb), "standard", available=frozenset())[0]
    assert (first.policy, first.peak) == (policy, pytest.approx(peak))


def of_a_second() -> Contract:
    """The model of pictures, six times as quick."""
    row = Speed(card="H100", steps=28, seconds=1, source="a page")
    return picture_model().model_copy(update={"speed": (row,)})


def test_the_denoiser_leaves_where_decoding_is_too_large_and_copies_are_slow() -> None:
    model = of_a_second()
    model = model.model_copy(
        update={"memory": model.memory.model_copy(update={"decode": 9.0, "decode_tiled": 9.0})}
    )
    first = choices(model, card(32, A100), "best", steps=50, available=frozenset())[0]
    assert first.policy == "model offload"
    # a quicker card: copies are all that takes time, more than four times as long as 8 bits
    first = choices(model, card(32), "best", steps=50, available=frozenset())[0]
    assert first.policy == "8-bit"


@pytest.mark.parametrize(
    ("model", "gb", "quality", "policies"),
    [
        # 28 steps of copying 24 GB double the seconds of a picture: 8 bits are worth it
        (picture_model(), 24, "draft", ["8-bit", "group offload", "sequential"]),
        (picture_model(), 24, "standard", ["8-bit", "group offload", "sequential"]),
        (picture_model(), 24, "best", ["group offload", "sequential"]),
        # copies are a twelfth of a clip's seconds: it keeps its 16 bits
        (clip_model(), 16, "draft", ["group offload", "sequential"]),
        (clip_model(), 16, "standard", ["group offload", "sequential"]),
        # a picture of a second: copying takes more than four times as long as 8 bits
        (of_a_second(), 24, "best", ["8-bit", "group offload", "sequential"]),
    ],
)
def test_8_bits_come_before_what_is_much_slower(
    model: Contract, gb: float, quality: Quality, policies: list[Policy]
) -> None:
    ladder = choices(model, card(gb), quality, available=frozenset())
    assert [choice.policy for choice in ladder] == policies


def test_weights_of_8_bits_stay_on_the_card() -> None:
    assert peak_of(picture_model(), "8-bit") == pytest.approx(0.64 * 24 + 0.2 + 3 + 1)
    assert peak_of(clip_model(), "8-bit") == pytest.approx(0.64 * 11 + 0.5 + 4 + 1)


def test_free_memory_counts_not_the_cards_own() -> None:
    ladder = choices(clip_model(), card(80, free=24), "standard", available=frozenset())
    assert [choice.policy for choice in ladder] == ["tiled", "group offload", "sequential"]
    assert ladder == choices(clip_model(), card(24), "standard", available=frozenset())


def test_larger_pictures_and_longer_clips_need_more() -> None:
    model = picture_model()
    large = peak_of(model, "group offload", size=(2048, 1024))
    assert large == pytest.approx(0.08 * 24 + 0.2 + 2 * 3 + 1)
    clip = clip_model()
    assert peak_of(clip, "tiled", frames=98) == pytest.approx(11.5 + 2 * 4 + 1)
    assert choices(model, card(24), "best", size=(512, 512), available=frozenset())[0].peak < large


def test_fp8_brings_flux_onto_a_card_of_24_gb() -> None:
    here = card(24, "NVIDIA GeForce RTX 4090")
    first = choices(picture_model(), here, "standard", available=ALL)[0]
    assert (first.policy, first.boosters) == ("resident", ("compile", "fp8"))
    best = choices(picture_model(), here, "best", available=ALL)[0]
    assert best.policy == "group offload"


@pytest.mark.parametrize(
    ("name", "booster"),
    [
        ("NVIDIA H100 80GB HBM3", "fp8"),
        ("NVIDIA GeForce RTX 4090", "fp8"),
        ("NVIDIA A100-SXM4-80GB", "int8"),
        ("NVIDIA GeForce RTX 3090", "int8"),
        ("Tesla T4", None),
    ],
)
def test_each_card_gets_the_8_bits_that_it_runs(name: str, booster: str | None) -> None:
    first = choices(clip_model(), card(80, name), "standard", available=ALL)[0]
    assert first.boosters == (("compile", booster) if booster else ("compile",))


def test_without_a_compiler_nothing_is_quantised() -> None:
    uncompiled = ALL - {"compile"}
    for name in CAPABILITIES:
        first = choices(clip_model(), card(80, name), "standard", available=uncompiled)[0]
        assert first.boosters == ()
        draft = choices(clip_model(), card(80, name), "draft", available=uncompiled)[0]
        assert draft.boosters == ("first-block cache",)


def test_compiling_has_to_pay() -> None:
    quick = picture_model()
    four = choices(quick, card(80), "standard", steps=4, available=ALL)[0]
    assert four.boosters == (), "20 pictures of a second do not win back 15"
    assert "compile" in choices(clip_model(), card(80), "standard", available=ALL)[0].boosters


@pytest.mark.parametrize(
    ("default", "draft", "best"), [(50, 25, 50), (28, 14, 50), (4, 4, 4), (8, 8, 8), (10, 8, 50)]
)
def test_steps_go_with_the_quality(default: int, draft: int, best: int) -> None:
    model = clip_model()
    model = model.model_copy(
        update={"defaults": model.defaults.model_copy(update={"steps": default})}
    )
    steps = {
        quality: choices(model, card(80), quality, available=ALL)[0].steps for quality in QUALITIES
    }
    assert steps == {"draft": draft, "standard": default, "best": best}
    assert choices(model, card(80), "draft", steps=33)[0].steps == 33


def test_a_forced_policy_is_the_only_one_fitting_or_not() -> None:
    forced = choices(clip_model(), card(8), "standard", policy="resident", available=frozenset())
    assert [choice.policy for choice in forced] == ["resident"]
    assert forced[0].peak == pytest.approx(24.5)


def test_without_a_card_the_processor_does_it() -> None:
    (only,) = choices(clip_model(), None, "standard")
    assert (only.policy, only.boosters, only.peak) == ("cpu", (), 0.0)
    assert "processor" in only.source


def test_too_small_a_card_is_told_what_would_do() -> None:
    with pytest.raises(Missing, match="too small for CogVideoX-5B-I2V") as caught:
        choices(clip_model(), card(4), "standard")
    assert caught.value.exit_code == 4
    assert "a card of 6 GB would do" in caught.value.tip
    assert "would fit" not in caught.value.tip


def test_a_smaller_model_is_named_where_one_fits() -> None:
    large = next(one for one in contracts() if one.name == "CogVideoX1.5-5B-I2V")
    with pytest.raises(Missing) as caught:
        choices(large, card(8), "standard")
    assert "CogVideoX-5B-I2V would fit" in caught.value.tip


def test_a_card_that_others_hold_is_told_so() -> None:
    with pytest.raises(Missing) as caught:
        choices(clip_model(), card(24, free=3), "standard")
    assert caught.value.tip.startswith("other programs hold 21.0 GB of it")


def test_the_last_policy_is_the_leanest() -> None:
    for model in contracts():
        assert peak_of(model, LADDER[-1]) == min(peak_of(model, one) for one in LADDER)


def test_what_boosters_need_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packages: set[str] = set()
    monkeypatch.setattr(planner, "find_spec", lambda name: name if name in packages else None)
    compiler = tmp_path / "cc"
    compiler.write_text("#!/bin/sh\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert boosters_here() == {"first-block cache"}
    packages |= {"triton", "torchao"}
    assert boosters_here() == {"first-block cache", "compile", "fp8", "int8"}
    compiler.unlink()
    assert "compile" not in boosters_here()


@pytest.mark.parametrize(
    ("policy", "boosters", "allocated"),
    [
        ("resident", (), 27.6),
        ("resident", ("compile", "fp8"), 22.8),
        ("tiled", (), 15.8),
        ("8-bit", (), 11.0),
        ("model offload", (), 14.6),
        ("group offload", (), 4.5),
    ],
)
def test_peaks_are_no_less_than_was_measured(
    policy: Policy, boosters: tuple[Booster, ...], allocated: float
) -> None:
    """On an H100, 2026-11-22, as docs/gpu.md has it; the rest is CUDA's own and caution."""
    expected = peak_of(contract("CogVideoX-5B-I2V"), policy, boosters)
    assert allocated <= expected <= allocated + 2.2


@pytest.mark.parametrize("name", ["NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 3090"])
def test_flux_dev_on_24_gb(name: str) -> None:
    model = contract("FLUX.1-dev")
    first, second, *_ = choices(model, card(24, name), "standard", available=ALL)
    assert (first.policy, first.boosters[0]) == ("resident", "compile")
    assert second.policy == "group offload"
    assert choices(model, card(24, name), "best", available=ALL)[0].policy == "group offload"
