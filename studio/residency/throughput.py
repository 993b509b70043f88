"""What cards can do at most: bf16 multiplications with float32 sums, dense, in TFLOP/s, and the
generation of PCIe that they are plugged into. Cards are found by the name that the driver says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.residency.card import Card


@dataclass(frozen=True)
class Throughput:
    """A kind of card: `tflops` a second, dense; `pcie` its generation, each twice as quick as the
    one before; its capability."""

    tflops: float
    pcie: int
    capability: tuple[int, int]


THROUGHPUTS = {
    # data sheets; the V100 and the T4 know no bf16: their fp16
    "V100": Throughput(125, 3, (7, 0)),
    "T4": Throughput(65, 3, (7, 5)),
    "A10": Throughput(125, 4, (8, 6)),
    "A30": Throughput(165, 4, (8, 0)),
    "A40": Throughput(149.7, 4, (8, 6)),
    "A100": Throughput(312, 4, (8, 0)),
    "RTX A6000": Throughput(154.8, 4, (8, 6)),
    "L4": Throughput(121, 4, (8, 9)),
    "L40": Throughput(181, 4, (8, 9)),
    "L40S": Throughput(362, 4, (8, 9)),
    "RTX 6000 Ada": Throughput(364.2, 4, (8, 9)),
    "H100": Throughput(989.4, 5, (9, 0)),
    "H100 PCIe": Throughput(756, 5, (9, 0)),
    "H100 NVL": Throughput(835.5, 5, (9, 0)),
    "H200": Throughput(989.4, 5, (9, 0)),
    "GH200": Throughput(989.4, 5, (9, 0)),
    # architecture papers of GA102, Ada and RTX Blackwell, where it is twice the fp32 of the shaders
    "RTX 3060": Throughput(25.5, 4, (8, 6)),
    "RTX 3070": Throughput(40.6, 4, (8, 6)),
    "RTX 3080": Throughput(59.5, 4, (8, 6)),
    "RTX 3090": Throughput(71, 4, (8, 6)),
    "RTX 4060": Throughput(30.2, 4, (8, 9)),
    "RTX 4070": Throughput(58.3, 4, (8, 9)),
    "RTX 4080": Throughput(97.5, 4, (8, 9)),
    "RTX 4090": Throughput(165.2, 4, (8, 9)),
    "RTX 5070": Throughput(61.7, 5, (12, 0)),
    "RTX 5080": Throughput(112.6, 5, (12, 0)),
    "RTX 5090": Throughput(209.5, 5, (12, 0)),
}
"""NVIDIA's data sheets and architecture papers; where a sheet counts with sparsity, half of it."""

CPU = 0.1
"""TFLOP/s of a processor, where nothing was measured: the order of magnitude of a few cores."""


def known(name: str) -> str | None:
    """The kind of card that a driver's or a contract's name means (`NVIDIA H100 80GB HBM3` is an
    H100); None where it is not in the table. A Ti or SUPER counts as its namesake, which is slower;
    a laptop's card does not, which would be quicker."""
    words = _words(name)
    if words & {"laptop", "mobile", "q"}:
        return None
    fitting = [kind for kind in THROUGHPUTS if _words(kind) <= words]
    return max(fitting, key=lambda kind: len(_words(kind)), default=None)


def throughput(card: Card) -> tuple[Throughput, str]:
    """What a card can do, and as what kind of card it was reckoned: of one that is not in the table
    as the slowest that is no newer and of the newest make among those."""
    kind = known(card.name)
    if kind is None:
        older = [one for one in THROUGHPUTS.items() if one[1].capability <= card.capability]
        newest = max((one.capability[0] for _, one in older), default=0)
        slow = [one for one in older if one[1].capability[0] == newest] or THROUGHPUTS.items()
        kind = min(slow, key=lambda one: one[1].tflops)[0]
    return THROUGHPUTS[kind], kind


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", name.lower()))
