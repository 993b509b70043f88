"""Model contracts: what a model takes and gives, one data file a model, each figure with
its source (`contract.py`); and how long the prompts of a model may be (`tokens.py`).

What is asked of a model is checked against its contract before anything is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """How long a filled-in prompt of one model may be.

    `tokens` is the most that the model reads, the end mark included; `count` gives the tokens of a
    text, exactly where the model's own tokenizer is on this machine (`exact`), else more than it
    would count. `leading`: so many tokens, counted by `count_leading`, carry the picture (CLIP in
    Flux); 0 where there is no such reader. `languages` holds language codes; empty: any. `note`
    says why a tokenizer that is on this machine was not used; empty where nothing is amiss.
    """

    model: str
    tokens: int
    count: Callable[[str], int]
    exact: bool = False
    leading: int = 0
    count_leading: Callable[[str], int] | None = None
    languages: tuple[str, ...] = ("en",)
    note: str = ""

    def over(self, text: str) -> int:
        """Tokens that a filled-in prompt has too many; 0 where it fits."""
        return max(0, self.count(text) - self.tokens)
