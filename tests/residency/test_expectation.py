"""Expected seconds: as published, as scaled, as measured on this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.models.contract import Speed
from studio.residency.card import Card
from studio.residency.expectation import Measured, Work, expected
from studio.residency.throughput import THROUGHPUTS, known, throughput
from tests.residency.cards import card, clip_model, picture_model

WORK = Work("tiled", (), 50, 49, (720, 480))
H100 = "NVIDIA H100 80GB HBM3"


def test_a_published_figure_is_given_as_it_is() -> None:
    assert expected(clip_model(), card(80), WORK) == (112, "a page on H100")
    quick = replace(WORK, boosters=("compile", "fp8"))
    assert expected(clip_model(), card(80), quick) == (75, "a page on H100")


def test_steps_pixels_and_frames_scale_it() -> None:
    seconds, source = expected(clip_model(), card(80), replace(WORK, steps=25, frames=98))
    assert (seconds, source) == (112, "a page on H100, scaled")
    half = expected(picture_model(), card(80), Work("resident", (), 28, 1, (512, 1024)))
    assert half[0] == pytest.approx(3.3)


def test_another_card_is_reckoned_from_the_one_nearest_to_it() -> None:
    seconds, source = expected(clip_model(), card(24, "NVIDIA GeForce RTX 4090"), WORK)
    assert seconds == pytest.approx(243 * 312 / 165.2)
    assert source == "a page on A100, scaled"


def test_an_unknown_card_is_said_to_be_unknown() -> None:
    strange = Card(0, "NVIDIA GeForce RTX 6090", 10**11, 10**11, (14, 0))
    _, source = expected(clip_model(), strange, WORK)
    assert "RTX 6090 is not known: reckoned as RTX 5070" in source


def test_offloading_costs_the_copies() -> None:
    model = picture_model()
    work = Work("resident", (), 28, 1, (1024, 1024))

    def seconds(policy: str, name: str = H100) -> float:
        return expected(model, card(80, name), replace(work, policy=policy))[0]

    assert seconds("resident") == 6.6
    assert seconds("8-bit") == pytest.approx(6.6 + 28 * 24 * (0.158 - 0.095) / 23.8), "widened"
    assert seconds("model offload") == pytest.approx(6.6 + 24.2 * 11.9 / 11.57)
    assert seconds("group offload") == pytest.approx(28 * 24 / 54.9), "meanwhile it computes"
    assert seconds("sequential") == pytest.approx(68, rel=0.02), "as published, with 23.8 GB"
    # a card of PCIe 4 copies half as quickly
    old = "NVIDIA A100-SXM4-80GB"
    copying = seconds("sequential", old) - seconds("resident", old)
    assert copying == pytest.approx(2 * (seconds("sequential") - 6.6))


def test_a_published_time_of_an_offloading_policy_holds_for_its_card_alone() -> None:
    model = picture_model()
    row = Speed(card="H100", steps=28, seconds=47.7, policies=("group offload",), source="a page")
    model = model.model_copy(update={"speed": (*model.speed, row)})
    work = Work("group offload", (), 28, 1, (1024, 1024))
    assert expected(model, card(80), work) == (47.7, "a page on H100")
    there = expected(model, card(80, "NVIDIA A100-SXM4-80GB"), work)[0]
    assert there == expected(picture_model(), card(80, "NVIDIA A100-SXM4-80GB"), work)[0]
    resident = replace(work, policy="resident")
    assert expected(model, card(80), resident) == (6.6, "a page on H100")


def test_a_model_without_published_times_is_reckoned() -> None:
    model = clip_model().model_copy(update={"speed": ()})
    seconds, source = expected(model, card(80), WORK)
    assert 75 < seconds < 130, "90 s are published, 97 s were measured"
    assert source == "reckoned at 20% of the card's 989.4 TFLOP/s"
    slow, source = expected(model, None, replace(WORK, policy="cpu"))
    assert slow > 1000 * seconds
    assert "processor" in source


def test_takes_of_this_machine_beat_what_is_published() -> None:
    def take(seconds: float, work: Work = WORK, **said: str) -> Measured:
        return Measured(
            **{"model": "CogVideoX-5B-I2V", "card": H100} | said, work=work, seconds=seconds
        )

    own = [take(100), take(140), take(90)]
    assert expected(clip_model(), card(80), WORK, own) == (100, "measured here, 3 takes")
    assert expected(clip_model(), card(80), replace(WORK, steps=25), own)[0] == 50
    others = [take(1, model="CogVideoX-5B"), take(1, card="Tesla T4")]
    assert expected(clip_model(), card(80), WORK, others) == (112, "a page on H100")
    assert expected(clip_model(), card(80), WORK, [*others, *own])[0] == 100


def test_takes_of_another_policy_say_how_quick_the_machine_is() -> None:
    quick = replace(WORK, boosters=("compile", "fp8"))
    own = [Measured("CogVideoX-5B-I2V", H100, WORK, 224)]
    seconds, source = expected(clip_model(), card(80), quick, own)
    assert seconds == pytest.approx(150), "twice what is published, as the other"
    assert source == "measured here, 1 take as tiled, scaled"
    both = [*own, Measured("CogVideoX-5B-I2V", H100, quick, 80)]
    assert expected(clip_model(), card(80), quick, both) == (80, "measured here, 1 take")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("NVIDIA H100 PCIe", "H100 PCIe"),
        ("NVIDIA A100 80GB PCIe", "A100"),
        ("NVIDIA A100-SXM4-40GB", "A100"),
        ("NVIDIA L40S", "L40S"),
        ("NVIDIA L4", "L4"),
        ("NVIDIA RTX A6000", "RTX A6000"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada"),
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("Tesla V100-SXM2-16GB", "V100"),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", None),
        ("NVIDIA GeForce RTX 3090 Ti", "RTX 3090"),
        ("NVIDIA GeForce RTX 4070 SUPER", "RTX 4070"),
        ("NVIDIA GeForce RTX 2060", None),
        ("", None),
    ],
)
def test_cards_are_known_by_the_drivers_name(name: str, kind: str | None) -> None:
    assert known(name) == kind


@pytest.mark.parametrize(
    ("capability", "kind"),
    [((7, 5), "T4"), ((8, 6), "RTX 3060"), ((8, 9), "RTX 3060"), ((6, 1), "RTX 3060")],
)
def test_unknown_cards_are_reckoned_rather_too_slow(capability: tuple[int, int], kind: str) -> None:
    found, name = throughput(Card(0, "a card", 1, 1, capability))
    assert (found, name) == (THROUGHPUTS[kind], kind)
