"""Which choices an engine has on this machine: the planner's, unless a policy is forced."""

from __future__ import annotations

from dataclasses import replace

from studio.engines.diffusion.settings import Device, ModelSettings
from studio.models.contract import Contract
from studio.residency.card import Card
from studio.residency.planner import choices
from studio.residency.policy import Choice


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
