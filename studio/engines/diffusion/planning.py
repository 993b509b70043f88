"""Which choices an engine has on this machine: the planner's, unless a policy is forced; and the
ladder of its pipeline by them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.engines.diffusion.settings import Device, ModelSettings
from studio.models.contract import Contract
from studio.residency.card import Card
from studio.residency.planner import choices
from studio.residency.policy import Choice

if TYPE_CHECKING:
    from studio.engines.diffusion.ladder import Ladder


def ladder_for(
    settings: ModelSettings,
    contract: Contract,
    folder: Path,
    pipeline_class: str,
    device: Device,
    *,
    size: tuple[int, int],
    frames: int | None = None,
) -> Ladder:
    """The ladder of the pipeline in `folder`, in the model's precision (on the CPU in 32 bit), its
    LoRAs melted in; nothing is loaded yet. The rest as for `choices_for`."""
    from studio.engines.diffusion import adapters
    from studio.engines.diffusion.ladder import Ladder
    from studio.engines.diffusion.loading import load

    def opened(_: Choice) -> Any:
        dtype = "float32" if device == "cpu" else contract.defaults.dtype
        pipeline = load(folder, pipeline_class, dtype)
        adapters.join(pipeline, settings.loras)
        return pipeline

    found = choices_for(settings, contract, device, size=size, frames=frames)
    return Ladder(found, opened, device)


def choices_for(
    settings: ModelSettings,
    contract: Contract,
    device: Device,
    *,
    size: tuple[int, int],
    frames: int | None = None,
) -> tuple[Choice, ...]:
    """The ladder for pictures, or clips of `frames`, of `size` (width, height in pixels); one
    choice alone where the settings force a policy, or without a card. Raises Missing where nothing
    fits the card."""
    card = None if device == "cpu" else the_card()
    found = choices(
        contract,
        card,
        settings.quality,
        steps=settings.steps,
        frames=frames,
        size=size,
        policy=settings.policy,
    )
    if card is None and settings.policy is not None:
        return (replace(found[0], policy=settings.policy),)
    return found


def the_card() -> Card:
    """The card that torch works on in this process."""
    import torch

    free, total = torch.cuda.mem_get_info()
    index = torch.cuda.current_device()
    name, capability = torch.cuda.get_device_name(), torch.cuda.get_device_capability()
    return Card(index, name, total, free, capability)
