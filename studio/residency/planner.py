"""Plans what runs how on a card: of each model the ladder of policies.

A peak is what a policy keeps of the weights on the card, what the model needs besides while it
denoises or decodes (scaled by pixels and frames), and RESERVE. It never passes SHARE of the memory
that is free. Text encoders are not counted: prompts are read before, their states lie on disk, and
no encoder is on the card when a model renders.

Knows contracts and cards, and loads nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from importlib.util import find_spec

from studio.errors import Missing
from studio.models.contract import Contract, contracts
from studio.residency.card import Card
from studio.residency.expectation import (
    Measured,
    Work,
    denoiser_weights,
    expected,
    rendering_weights,
)
from studio.residency.policy import (
    BOOSTS,
    LADDER,
    LOSSLESS,
    MANY,
    QUANTISED,
    RESIDENCES,
    Booster,
    Choice,
    Policy,
    Quality,
    booster_sets,
    steps_of,
)

SHARE = 0.9
"""Of the free memory that is planned with."""
SMALLER = 0.9
"""Of what a choice needs, what the next one on the ladder may: one that frees less would run out of
memory again."""
RESERVE = 1.0
"""GB for CUDA itself: its context, the libraries' kernels and workspaces."""
USUAL = (4, 6, 8, 10, 11, 12, 16, 20, 24, 32, 40, 48, 80, 96, 141, 192)
"""GB of memory that cards are sold with."""


def choices(
    contract: Contract,
    card: Card | None,
    quality: Quality,
    *,
    steps: int | None = None,
    frames: int | None = None,
    size: tuple[int, int] | None = None,
    policy: Policy | None = None,
    measured: Sequence[Measured] = (),
    available: frozenset[Booster] | None = None,
) -> tuple[Choice, ...]:
    """How to run a model on a card: first what is chosen, the quickest that fits, then what is
    tried after out of memory, each further one slower and smaller. Without a card it is `cpu`.

    `steps`, `frames` and `size` (pixels) where they are not the quality's and the contract's own;
    `policy` is the only one then, whether or not it is expected to fit; `available` the boosters
    that this machine has, found out where None. Raises Missing where nothing fits.
    """
    steps = steps or steps_of(quality, contract.defaults.steps)
    frames = frames or (contract.frames.default if contract.frames else 1)
    size = size or (contract.sizes.default.width, contract.sizes.default.height)
    available = boosters_here() if available is None else available
    if card is None:
        seconds, source = expected(contract, None, Work("cpu", (), steps, frames, size), measured)
        return (Choice("cpu", (), steps, 0.0, seconds, source),)
    found = []
    for one in LADDER if policy is None else (policy,):
        ways = [
            Choice(one, quick, steps, peak, *expected(contract, card, work, measured))
            for quick in booster_sets(one, quality, card.capability, steps, available)
            for work in (Work(one, quick, steps, frames, size),)
            for peak in (peak_of(contract, one, quick, frames=frames, size=size),)
            if policy is not None or holds(card, peak)
        ]
        if ways:
            found.append(min(ways, key=_of_a_film))
    if not found:
        raise _too_small(contract, card, peak_of(contract, LADDER[-1], frames=frames, size=size))
    found.sort(key=lambda choice: _of_a_film(choice) * _dear(choice, quality))
    ladder = found[:1]
    for choice in found[1:]:
        if choice.peak < SMALLER * ladder[-1].peak:
            ladder.append(choice)
    return tuple(ladder)


def _dear(choice: Choice, quality: Quality) -> float:
    return LOSSLESS[quality] if choice.policy == "8-bit" else 1.0


def _of_a_film(choice: Choice) -> float:
    """Seconds of a film's pictures or clips, and of what the boosters take to start."""
    return choice.seconds * MANY + sum(BOOSTS[booster].starts for booster in choice.boosters)


def peak_of(
    contract: Contract,
    policy: Policy,
    quick: tuple[Booster, ...] = (),
    *,
    frames: int | None = None,
    size: tuple[int, int] | None = None,
) -> float:
    """GB (10**9 bytes) of a card's memory that a model is expected to need at most, under a policy
    of a card (not `cpu`) and with its boosters."""
    residence = RESIDENCES[policy]
    default, needs = contract.sizes.default, contract.memory
    width, height = size or (default.width, default.height)
    larger = width * height / (default.width * default.height)
    if contract.frames and frames:
        larger *= frames / contract.frames.default
    denoise = needs.denoise * larger
    decode = (needs.decode_tiled if residence.tiles else needs.decode) * larger
    largest = denoiser_weights(contract)
    others = (rendering_weights(contract) - largest) * residence.others
    largest *= residence.largest * (QUANTISED if {"fp8", "int8"} & set(quick) else 1)
    decoding = others + decode + (0 if residence.leaves else largest)
    return max(largest + others + denoise, decoding) + RESERVE


def holds(card: Card, gb: float) -> bool:
    """Whether a card has room for so many GB (10**9 bytes)."""
    return gb <= SHARE * card.free / 1e9


def boosters_here() -> frozenset[Booster]:
    """Boosters that this machine has what is needed for: torch compiles for a card with triton,
    which takes a C compiler; fp8 and int8 come from torchao."""
    found: set[Booster] = {"first-block cache"}
    if find_spec("triton") and any(map(shutil.which, ("cc", "gcc", "clang"))):
        found.add("compile")
    if find_spec("torchao"):
        found |= {"fp8", "int8"}
    return frozenset(found)


def _too_small(contract: Contract, card: Card, least: float) -> Missing:
    """What is said where no policy fits."""
    free, total = card.free / 1e9, card.total / 1e9
    tips = []
    if holds(_emptied(card), least):
        tips.append(f"other programs hold {total - free:.1f} GB of it: end them")
    if large := next((gb for gb in USUAL if gb * SHARE >= least), None):
        tips.append(f"a card of {large} GB would do")
    if other := _that_fits(contract, card):
        tips.append(f"{other.name} would fit")
    tips.append("or choose an engine without a model")
    return Missing(
        f"{card.name} is too small for {contract.name}: it needs {least:.1f} GB at least, "
        f"and of the {free:.1f} GB that are free {SHARE:.0%} can be used",
        "; ".join(tips),
    )


def _emptied(card: Card) -> Card:
    return Card(card.index, card.name, card.total, card.total, card.capability, card.uuid)


def _that_fits(contract: Contract, card: Card) -> Contract | None:
    """The largest model for one of the same tasks that the card takes."""
    others = [
        one
        for one in contracts()
        if set(one.tasks) & set(contract.tasks) and holds(card, peak_of(one, LADDER[-1]))
    ]
    return max(others, key=rendering_weights, default=None)
