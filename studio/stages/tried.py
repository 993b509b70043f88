"""What is said where models ran out of the card's memory: a line for each way of running them that
was too much, and not one a shot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studio.events import Note


class Tried:
    """Of one run of a stage: which policies were said to be too much for the card."""

    def __init__(self) -> None:
        self._said: set[tuple[str, str]] = set()

    def notes(self, engine: str, facts: Mapping[str, Any]) -> Iterator[Note]:
        """A line for each policy in a take's facts (`tried`, each with its `policy` and `why`; and
        `policy`, which worked) that nothing was said of yet."""
        for one in facts.get("tried", ()):
            if (engine, one["policy"]) not in self._said:
                self._said.add((engine, one["policy"]))
                yield Note(
                    f"{engine}: `{one['policy']}` was tried ({one['why']}); went on with"
                    f" `{facts['policy']}`"
                )
