"""What the planner chooses on cards of 8 to 80 GB, for each quality: policy, boosters, expected
peak and seconds. The bar: no peak is over 90 % of its card, and sequential is never chosen where
model offload fits.

Nothing is measured and no card is asked: cards of each size are planned for as if all their memory
were free, on a machine with a compiler and torchao. The peak that counts is the largest of all
policies of a ladder, not only of the chosen one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from figures import Figure, tell

from studio.errors import Missing
from studio.models.contract import Contract, contract
from studio.residency.card import Card
from studio.residency.planner import SHARE, choices, peak_of
from studio.residency.policy import BOOSTS, Choice, Quality

MODELS = ("CogVideoX-5B-I2V", "FLUX.1-schnell", "FLUX.1-dev", "FLUX.2-klein-4B")
QUALITIES: tuple[Quality, ...] = ("draft", "standard", "best")
CARDS = {
    8: ("NVIDIA GeForce RTX 3070", (8, 6)),
    12: ("NVIDIA GeForce RTX 3060", (8, 6)),
    16: ("NVIDIA GeForce RTX 4080", (8, 9)),
    24: ("NVIDIA GeForce RTX 4090", (8, 9)),
    48: ("NVIDIA L40S", (8, 9)),
    80: ("NVIDIA H100 80GB HBM3", (9, 0)),
}
"""A usual card of each size in GB: its name and capability."""


@dataclass(frozen=True)
class Planned:
    """The ladder of one model on one card; empty where nothing fits, and `why`."""

    contract: Contract
    gb: int
    quality: Quality
    ladder: tuple[Choice, ...]
    why: str = ""

    @property
    def share(self) -> float:
        """The largest peak of the ladder, in percent of the card."""
        return max((choice.peak / self.gb * 100 for choice in self.ladder), default=0.0)

    @property
    def too_slow(self) -> bool:
        """Whether it is sequential where model offload would fit."""
        chosen = self.ladder[0].policy if self.ladder else ""
        fits = peak_of(self.contract, "model offload") <= SHARE * self.gb
        return chosen == "sequential" and fits

    def __str__(self) -> str:
        head = f"{self.contract.name:<18}{self.gb:>4} GB  {self.quality:<9}"
        if not self.ladder:
            return f"{head} {self.why}"
        first = self.ladder[0]
        how = ", ".join((first.policy, *first.boosters))
        return (
            f"{head} {how:<36}{first.steps:>3} steps {first.peak:>5.1f} GB {first.seconds:>7.1f} s"
            f"  {first.source}"
        )


def main() -> int:
    """Plan and tell."""
    table = list(planned())
    if "--json" not in sys.argv[1:]:
        print("\n".join(map(str, table)))
    slow = sum(one.too_slow for one in table)
    none = sum(not one.ladder for one in table)
    largest = max(one.share for one in table)
    return tell(
        [
            Figure("plans where nothing fits", none, f"of {len(table)}"),
            Figure("sequential where model offload fits", slow, f"of {len(table)}", 0),
            Figure("largest peak", largest, "% of its card", SHARE * 100),
        ]
    )


def planned() -> Iterator[Planned]:
    """Every model on every card with every quality."""
    for name in MODELS:
        for gb, (card, capability) in CARDS.items():
            here = Card(0, card, gb * 10**9, gb * 10**9, capability)
            for quality in QUALITIES:
                asked = contract(name)
                try:
                    ladder = choices(asked, here, quality, available=frozenset(BOOSTS))
                except Missing as error:
                    yield Planned(asked, gb, quality, (), error.message)
                else:
                    yield Planned(asked, gb, quality, ladder)


if __name__ == "__main__":
    sys.exit(main())
