"""The settings of the painter flux."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from studio.engines.diffusion.settings import ModelSettings
from studio.errors import StudioError
from studio.models.contract import Contract, Family

FAMILIES: tuple[Family, ...] = ("flux", "flux-kontext", "flux2-klein")


class FluxSettings(ModelSettings):
    """`from` says what a picture begins with: the panel of the embedded painter (`sketch`), which
    gives it the reel's composition, a person's own drawing (`board`), or nothing. `strength` is
    how far it may go from there: 0 is not at all, 1 forgets it."""

    model: str = "FLUX.2-klein-4B"
    start: Literal["none", "sketch", "board"] = Field(default="none", alias="from")
    strength: float = Field(default=0.7, ge=0.05, le=1)

    def contract(self) -> Contract:
        """The contract of the model. Raises StudioError for a model that is no Flux, and for one
        that does not begin from a picture."""
        contract = super().contract()
        if contract.family not in FAMILIES:
            raise StudioError(
                f"{contract.name} does not paint pictures",
                "painters are FLUX.2-klein-4B, FLUX.1-schnell, FLUX.1-dev and FLUX.1-Kontext-dev",
            )
        if self.start != "none" and contract.family != "flux":
            raise StudioError(
                f"{contract.name} begins from no picture, so from: {self.start} is not for it",
                "FLUX.1-dev and FLUX.1-schnell do",
            )
        return contract

    def identity(self) -> dict[str, Any]:
        """What of these settings makes a picture what it is, for the fingerprint."""
        begins = {"from": self.start, "strength": self.strength}
        return super().identity() | (begins if self.start != "none" else {})
