"""What a benchmark found: figures with their bars, said as lines, or as JSON for RESULTS.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One figure. `bar` is the most that it may be (or the least, with `at_least`); without one
    it is only told. `note` says what else was seen, such as the time by the clock."""

    what: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the bar is kept."""
        if self.bar is None:
            return True
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def __str__(self) -> str:
        bar = (
            "" if self.bar is None else f" (at {'least' if self.at_least else 'most'} {self.bar:g})"
        )
        missed = "" if self.holds else " MISSED"
        return f"{self.what}: {self.shown} {self.unit}{bar}{missed}" + (
            f"; {self.note}" if self.note else ""
        )

    @property
    def shown(self) -> str:
        """The value with as many digits as it is worth."""
        return f"{self.value:.0f}" if self.value >= 100 else f"{self.value:.3g}"


def tell(figures: Sequence[Figure]) -> int:
    """Print the figures, as JSON where `--json` was asked for; gives the exit code, 1 where a
    bar is missed."""
    if "--json" in sys.argv[1:]:
        print(json.dumps([asdict(figure) for figure in figures]))
    else:
        for figure in figures:
            print(figure)
    return 0 if all(figure.holds for figure in figures) else 1
