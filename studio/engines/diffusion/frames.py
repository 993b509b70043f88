"""Pictures as a model left them: NaN and black ones are found, and decoded once more in 32 bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from studio.errors import RenderFailed

DARKEST = 4 / 255
"""A picture without a single value above this is black: no night is as dark."""


ANOTHER_SEED = "try another seed: studio retake"


class BadFrames(RenderFailed):
    """The model gave NaN, or nothing but black."""


def check(pixels: Any) -> None:
    """Look at pixels, a tensor of any shape with values 0 to 1. Raises BadFrames."""
    import torch

    if not bool(torch.isfinite(pixels).all()):
        raise BadFrames("the model gave values that are no numbers (NaN)", ANOTHER_SEED)
    if float(pixels.max()) <= DARKEST:
        raise BadFrames("the model gave a black picture", ANOTHER_SEED)


def decoded(
    vae: Any, latents: Any, decode: Callable[[Any], Any], report: dict[str, Any] | None = None
) -> Any:
    """`decode(latents)`, pixels 0 to 1, checked; where they are bad, once more with the VAE in
    32 bit, which is then noted in `report` as `decoded_in`.

    Raises BadFrames where the latents are no numbers already, or nothing helped.
    """
    import torch

    if not bool(torch.isfinite(latents).all()):
        raise BadFrames(
            "the model gave values that are no numbers (NaN) before they were decoded",
            f"{ANOTHER_SEED}; a LoRA that is too strong does this too",
        )
    pixels = decode(latents)
    try:
        check(pixels)
    except BadFrames:
        if vae.dtype == torch.float32 or any(one.is_meta for one in vae.parameters()):
            raise
    else:
        return pixels
    before = vae.dtype
    vae.to(torch.float32)
    try:
        pixels = decode(latents.to(torch.float32))
    finally:
        vae.to(before)
    check(pixels)
    if report is not None:
        report["decoded_in"] = "float32"
    return pixels
