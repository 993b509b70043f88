"""The settings that engines with a diffusion model have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from studio.errors import Missing
from studio.models.contract import Contract
from studio.models.weights import content_hash, known
from studio.residency.policy import Policy, Quality, steps_of

Device = Literal["cuda", "cpu"]


class Lora(BaseModel):
    """An adapter in a file, and how much of it: 1 is as much as it was trained for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path
    weight: float = 1.0

    def identity(self) -> dict[str, Any]:
        """Its content and weight. Raises Missing where the file is not there."""
        file = self.file.expanduser()
        if not file.is_file():
            raise Missing(f"the LoRA {file} is not there", "name it with its whole path")
        return {"sha256": content_hash(file), "weight": self.weight}


class ModelSettings(BaseModel):
    """`model` by name, repository or folder; `steps` and `guidance` where not those of the model
    and the quality; `policy` forces how it lies in memory; `device` is cuda where not given, and
    cpu is for tests: minutes become days."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    model: str
    quality: Quality = "standard"
    steps: int | None = Field(default=None, ge=1, le=200)
    guidance: float | None = Field(default=None, ge=0, le=30)
    loras: tuple[Lora, ...] = ()
    policy: Policy | None = None
    device: Device | None = None

    def contract(self) -> Contract:
        """The contract of the model. Raises StudioError where it is not known."""
        return known(self.model)

    def identity(self) -> dict[str, Any]:
        """What of these settings makes a picture what it is, for the fingerprint."""
        contract = self.contract()
        guidance = contract.defaults.guidance if self.guidance is None else self.guidance
        said: dict[str, Any] = {
            "model": contract.name,
            "revision": contract.revision,
            "quality": self.quality,
            "steps": self.steps or steps_of(self.quality, contract.defaults.steps),
            "guidance": guidance,
        }
        return said | ({"loras": [lora.identity() for lora in self.loras]} if self.loras else {})
