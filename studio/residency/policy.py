"""How a model may lie in a card's memory, what makes it quicker, and which of that a quality asks
for: the words, and what each of them costs and needs, with the source of every figure.

It knows no model and no machine: `planner.py` chooses with these tables, the engines carry out what
was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Policy = Literal[
    "resident", "tiled", "model offload", "group offload", "8-bit", "sequential", "cpu"
]
"""resident: weights on the card, the VAE decodes whole. tiled: the VAE decodes in tiles. 8-bit:
the denoiser's weights are kept in 8 bits (float8), and widened where they are used. model offload:
one component on the card at a time. group offload: one layer at a time, the next one copied
meanwhile. sequential: one layer at a time. cpu: no card at all, for tests."""

Booster = Literal["compile", "fp8", "int8", "first-block cache"]
"""What makes a step quicker: fp8 and int8 (of weights and activations) only with compile."""

Quality = Literal["draft", "standard", "best"]


@dataclass(frozen=True)
class Choice:
    """How one model is run on one card: `peak` GB (10**9 bytes) expected of it, `seconds` expected
    for one picture or clip with `steps` steps, `source` of that expectation in words."""

    policy: Policy
    boosters: tuple[Booster, ...]
    steps: int
    peak: float
    seconds: float
    source: str


@dataclass(frozen=True)
class Residence:
    """Where a policy keeps the denoiser (the `largest` component) and the other components.

    `largest` and `others` are the shares of their weights, in 16 bit, that lie on the card at
    once; `leaves`: the denoiser leaves it before the VAE decodes. `tiles`: the VAE decodes in
    tiles. `copied` is when weights are copied to the card, for which it waits
    `seconds_per_gb` of the weights in 16 bit on an H100's machine with PCIe 5: `meanwhile` it
    computes, and waits for the rest alone; `on the card` they are widened in every step.
    """

    largest: float
    others: float
    leaves: bool
    tiles: bool
    copied: Literal["never", "once a picture", "every step", "meanwhile", "on the card"]
    seconds_per_gb: float
    source: str


MEASURED = "CogVideoX-5B-I2V, random weights, on an H100 80GB HBM3, 2026-11-22"

RESIDENCES: dict[Policy, Residence] = {
    "resident": Residence(1, 1, False, False, "never", 0, "nothing is copied"),
    "tiled": Residence(1, 1, False, True, "never", 0, "nothing is copied"),
    "8-bit": Residence(
        largest=0.64,
        others=1,
        leaves=False,
        tiles=True,
        copied="on the card",
        seconds_per_gb=(0.158 - 0.095) / 23.8,
        source=f"{MEASURED}: 1.864 s a step, 1.867 s in 16 bit, 6.5 of 11.14 GB; FLUX.1-dev:"
        " 0.158 s a step, 0.095 s in 16 bit, 15.1 of 23.8 GB; it is widening that takes the time",
    ),
    "model offload": Residence(
        largest=1,
        others=1,
        leaves=True,
        tiles=True,
        copied="once a picture",
        seconds_per_gb=(109.4 - 97.5) / 11.57,
        source=f"{MEASURED}: 109.4 s for 50 steps, 97.5 s tiled; 11.57 GB, mostly on the way back",
    ),
    "group offload": Residence(
        largest=0.08,
        others=1,
        leaves=False,
        tiles=True,
        copied="meanwhile",
        seconds_per_gb=1 / 54.9,
        source=f"{MEASURED}: 1.91 s a step, 1.88 s tiled; 54.9 GB/s from pinned memory; block"
        " by block 0.8 of 11.14 GB lay on the card, which layers do not pass",
    ),
    "sequential": Residence(
        largest=0.02,
        others=0.1,
        leaves=False,
        tiles=True,
        copied="every step",
        seconds_per_gb=(68 - 6.6) / (28 * 23.8),
        source="reported for FLUX.1-dev on an H100: 68 s for 28 steps of 23.8 GB, 6.6 s resident",
    ),
}
"""The policies of a card; in this order where their times are expected to be equal."""

LADDER: tuple[Policy, ...] = tuple(RESIDENCES)

LOSSLESS: dict[Quality, float] = {"draft": 1.0, "standard": 1.25, "best": 4.0}
"""So many times slower may a policy be that keeps the weights in 16 bit, before they are kept in 8
bits."""


@dataclass(frozen=True)
class Boost:
    """What a booster is worth: `time` is the seconds with it over the seconds without (for int8
    and fp8: over those with compile alone), by the major number of the card's capability, 0 for
    any other; the first picture or clip takes `starts` seconds more; `cards` are the capabilities
    that it runs on, empty for any."""

    time: dict[int, float]
    starts: float
    cards: tuple[tuple[int, int], ...]
    source: str

    def on(self, capability: tuple[int, int]) -> float:
        """The factor on a card."""
        return self.time.get(capability[0], self.time[0])


BOOSTS: dict[Booster, Boost] = {
    "compile": Boost(
        {9: 87 / 112, 0: 212 / 243},
        15,
        (),
        "diffusers-torchao, CogVideoX-5B: H100 112 s to 87 s, A100 243 s to 212 s; "
        f"{MEASURED}: 1.877 s a step to 1.431 s, and 15 s to compile",
    ),
    "fp8": Boost(
        {0: 75 / 87},
        5,
        ((8, 9), (9, 0)),
        "diffusers-torchao, CogVideoX-5B on an H100: compiled 87 s, with fp8 75 s; "
        f"{MEASURED}: 1.431 s a step to 1.29 s, and 20 s to compile both; with inductor's search "
        "for tilings, which the engines leave out, 1.244 s and 196 s",
    ),
    "int8": Boost(
        {0: 177 / 212},
        15,
        ((8, 0), (8, 6)),
        "diffusers-torchao, CogVideoX-5B on an A100: compiled 212 s, with int8 177 s; "
        "uncompiled 550 s against 243 s",
    ),
    "first-block cache": Boost(
        {0: 0.85},
        0,
        (),
        "ParaAttention, FLUX.1-dev on an L20: 26.36 s, 21.83 s at a threshold of 0.06; the engines "
        "take diffusers' default of 0.05, and how many steps it spares depends on the picture",
    ),
}

BOOSTED: frozenset[Policy] = frozenset({"resident", "tiled"})
"""Policies that boosters go with: those that keep all weights on the card."""

SETS: dict[Quality, tuple[tuple[Booster, ...], ...]] = {
    "draft": (("first-block cache",), ("compile", "fp8"), ("compile", "int8"), ()),
    "standard": (("compile", "fp8"), ("compile", "int8"), ("compile",), ()),
    "best": (("compile",), ()),
}
"""Boosters that a quality may be run with, together. fp8 and int8 never come without compile: alone
they make a step slower. The cache comes in drafts alone, since it leaves out what changes little
from step to step, and never with compile: which blocks run would be compiled anew. Best keeps the
model's own precision."""

MANY = 20
"""Pictures or clips that win back what a booster takes to start: what a short film has of them."""
QUANTISED = 0.65
"""Of the denoiser's weights, what lies on the card with fp8 or int8: modulation and norms stay in
16 bit. Flux has a quarter of its weights there (0.64), CogVideoX a seventh (0.58 measured)."""

DISTILLED = 8
"""A model that is run with so few steps or fewer was distilled to them: a draft keeps them all."""
MOST = 50
"""Steps of the best quality: what the model cards of FLUX.1-dev and CogVideoX use."""


def booster_sets(
    policy: Policy, quality: Quality, card: tuple[int, int], steps: int, here: frozenset[Booster]
) -> tuple[tuple[Booster, ...], ...]:
    """What a model may be quickened with under a policy: sets of the quality whose boosters are
    all `here` on the machine and run on a `card` of that capability; the last one is empty. A
    distilled model's few steps are all needed, so it goes without the cache."""
    if policy not in BOOSTED:
        return ((),)

    def runs(booster: Booster) -> bool:
        if booster == "first-block cache" and steps <= DISTILLED:
            return False
        return booster in here and card in (BOOSTS[booster].cards or (card,))

    return tuple(one for one in SETS[quality] if all(map(runs, one)))


def steps_of(quality: Quality, default: int) -> int:
    """Steps of a quality for a model whose contract says `default`."""
    if quality == "standard" or default <= DISTILLED:
        return default
    return max(DISTILLED, (default + 1) // 2) if quality == "draft" else max(default, MOST)
