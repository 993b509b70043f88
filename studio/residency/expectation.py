"""How long one picture or clip will take: as published, scaled to the card; better, as this
machine's own takes took. Says in words which of them an expectation comes from.

Published times are those of the model's contract. From one card to another they go by the cards'
throughput, from one policy to another by `policy.py`'s tables, from one size to another by pixels
and frames, which is right to within a factor of two. So a take of this machine counts more than
anything published: what is published then only says how another policy, size or step count
compares with that take's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from studio.models.contract import Contract, Speed
from studio.residency.card import Card
from studio.residency.policy import BOOSTS, RESIDENCES, Booster, Policy
from studio.residency.throughput import CPU, THROUGHPUTS, Throughput, known, throughput

SHARE = 0.20
"""Of a card's throughput that a model reaches, attention left out as `_operations` does: 19.5 PFLOP
of CogVideoX-5B-I2V in 97 s on an H100."""
PATCH = 16
"""Pixels of a picture's side that are one token, and four frames one latent frame: Flux and
CogVideoX alike."""


@dataclass(frozen=True)
class Work:
    """One picture or clip: how it is run, its `steps`, `frames` (1 for a picture) and its size in
    pixels."""

    policy: Policy
    boosters: tuple[Booster, ...]
    steps: int
    frames: int
    size: tuple[int, int]


@dataclass(frozen=True)
class Measured:
    """A take of this machine: the model's name in its contract, the card's as the driver says it
    (empty without a card), what was run, and the seconds that it took."""

    model: str
    card: str
    work: Work
    seconds: float


def expected(
    contract: Contract, card: Card | None, work: Work, measured: Sequence[Measured] = ()
) -> tuple[float, str]:
    """Seconds, and what they are known from."""
    published, source = _published(contract, card, work)
    own = [
        take
        for take in measured
        if take.model == contract.name and take.card == ("" if card is None else card.name)
    ]
    alike = [
        take
        for take in own
        if (take.work.policy, take.work.boosters) == (work.policy, work.boosters)
    ]
    if not own:
        return published, source
    seconds = median(
        take.seconds * published / _published(contract, card, take.work)[0] for take in alike or own
    )
    takes = f"measured here, {len(alike or own)} take{'s' if len(alike or own) > 1 else ''}"
    return seconds, takes if alike else f"{takes} as {own[0].work.policy}, scaled"


def _published(contract: Contract, card: Card | None, work: Work) -> tuple[float, str]:
    if card is None:
        seconds = _operations(contract, work) / (CPU * 1e12)
        return seconds, f"reckoned for a processor of {CPU:g} TFLOP/s"
    here, kind = throughput(card)
    row = _nearest(contract, work, kind)
    guessed = "" if known(card.name) else f" ({card.name} is not known: reckoned as {kind})"
    if row is None:
        computing = _operations(contract, work) / (SHARE * here.tflops * 1e12)
        computing *= _boost(work.boosters, card.capability)
        return (
            _with_copies(contract, work, here, computing),
            f"reckoned at {SHARE:.0%} of the card's {here.tflops:g} TFLOP/s{guessed}",
        )
    there = THROUGHPUTS[known(row.card) or kind]
    like_published = work.policy in row.policies
    computing = row.seconds * _size(contract, work) * work.steps / row.steps
    computing *= there.tflops / here.tflops
    computing *= _boost(work.boosters, card.capability)
    computing /= _boost(_boosters(row), there.capability)
    seconds = computing if like_published else _with_copies(contract, work, here, computing)
    exact = (
        known(row.card) == known(card.name)
        and set(_boosters(row)) == set(work.boosters)
        and (like_published or RESIDENCES[work.policy].copied == "never")
        and work.steps == row.steps
        and _size(contract, work) == 1
    )
    source = row.source if row.card in row.source else f"{row.source} on {row.card}"
    return seconds, f"{source}{'' if exact else ', scaled'}{guessed}"


def _nearest(contract: Contract, work: Work, kind: str) -> Speed | None:
    """The published row of the card that is nearest in throughput; of several the one that was run
    most as this work is. What another policy took to copy says nothing about this one, nor what
    another card's machine took, nor a picture of another size."""

    def speaks(row: Speed) -> bool:
        offloading = [
            policy
            for policy, residence in RESIDENCES.items()
            if policy in row.policies and residence.copied != "never"
        ]
        like_this = offloading == [work.policy] and known(row.card) == kind
        return not offloading or (like_this and _size(contract, work) == 1)

    def distance(row: Speed) -> tuple[float, int, bool]:
        there = THROUGHPUTS[known(row.card) or ""]
        return (
            abs(math.log(there.tflops / THROUGHPUTS[kind].tflops)),
            len(set(_boosters(row)) ^ set(work.boosters)),
            work.policy not in row.policies,
        )

    return min(
        (row for row in contract.speed if known(row.card) and speaks(row)),
        key=distance,
        default=None,
    )


def _boosters(row: Speed) -> tuple[Booster, ...]:
    return tuple(booster for booster in BOOSTS if booster in row.policies)


def _boost(boosters: tuple[Booster, ...], capability: tuple[int, int]) -> float:
    return math.prod(BOOSTS[booster].on(capability) for booster in boosters)


def _with_copies(contract: Contract, work: Work, here: Throughput, computing: float) -> float:
    """The seconds of computing with those of copying weights to the card. What is copied once a
    picture goes as quickly as the machine's memory does, whatever the card's PCIe."""
    residence = RESIDENCES[work.policy]
    if residence.copied == "never":
        return computing
    if residence.copied == "once a picture":
        return computing + residence.seconds_per_gb * rendering_weights(contract)
    copying = work.steps * residence.seconds_per_gb * denoiser_weights(contract)
    if residence.copied == "on the card":
        return computing + copying
    copying *= 2.0 ** (5 - here.pcie)
    return max(computing, copying) if residence.copied == "meanwhile" else computing + copying


def _size(contract: Contract, work: Work) -> float:
    """Pixels and frames of the work over those of the model's default."""
    default = contract.sizes.default
    frames = contract.frames.default if contract.frames else 1
    pixels = work.size[0] * work.size[1] / (default.width * default.height)
    return pixels * work.frames / frames


def _operations(contract: Contract, work: Work) -> float:
    """Floating point operations, attention aside: two a weight and token, twice with guidance."""
    tokens = work.size[0] * work.size[1] / PATCH**2 * (1 + (work.frames - 1) / 4)
    passes = 2 if contract.frames is not None and contract.defaults.guidance > 1 else 1
    weights = denoiser_weights(contract) * 1e9 / 2
    return 2 * weights * tokens * passes * work.steps


def rendering_weights(contract: Contract) -> float:
    """GB of everything that renders: all components but the text encoders, which read before."""
    return sum(gb for part, gb in contract.weights.items() if not part.startswith("text_encoder"))


def denoiser_weights(contract: Contract) -> float:
    """GB of the largest component that renders."""
    return max(
        (gb for part, gb in contract.weights.items() if not part.startswith("text_encoder")),
        default=0.0,
    )
