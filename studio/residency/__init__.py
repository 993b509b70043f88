"""Who holds the GPU, and when it is handed over.

A tenant is whatever keeps memory of the card between two stages: a language model's server, a
painter's pipeline. One tenant holds it at a time; before another takes it, the holder gives it
back, and what it says it freed is checked against what the card says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Freed:
    """What a tenant gave back: `bytes_` of the card's memory, None where no card could be asked;
    `how` in words (`asleep`, `stopped`)."""

    how: str
    bytes_: int | None = None


class Tenant(Protocol):
    """Something that keeps memory of the GPU."""

    name: str

    def give_back(self) -> Freed:
        """Let go of the card's memory. Raises StudioError where it does not let go."""
        ...


class Residency:
    """The card's one tenant."""

    def __init__(self) -> None:
        self.holder: Tenant | None = None

    def take(self, tenant: Tenant) -> Freed | None:
        """Hand the card to `tenant`: who held it gives it back first. Says what was freed; None
        where nobody held it. Raises StudioError where it was not given back."""
        freed = None
        if self.holder is not None and self.holder is not tenant:
            freed = self.clear()
        self.holder = tenant
        return freed

    def clear(self) -> Freed | None:
        """Have the holder give the card back."""
        if self.holder is None:
            return None
        freed = self.holder.give_back()
        self.holder = None
        return freed
