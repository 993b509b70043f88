"""One picture, in the order in which data passes: what the pipeline is given, denoised, decoded,
cropped. Every family of Flux goes this way; where they differ is said here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from studio.engines.diffusion.frames import decoded
from studio.engines.diffusion.measuring import Measured
from studio.models.contract import Contract

if TYPE_CHECKING:
    from PIL.Image import Image

Size = tuple[int, int]

GRID = 16
"""Width and height are multiples of it: the VAE makes one of eight pixels, and the transformer
takes two by two of those."""


@dataclass(frozen=True)
class Given:
    """What one picture is painted from. `size` is on the grid; `states` are the prompt's readings
    in the order of `Flux.readings`; `start` with its strength, or `references`, where there are
    any."""

    size: Size
    states: Sequence[Any]
    seed: int
    steps: int
    guidance: float
    start: Image | None = None
    strength: float = 1.0
    references: Sequence[Image] = ()


def on_grid(size: Size) -> Size:
    """The smallest size on the grid that holds `size`."""
    return ceil(size[0] / GRID) * GRID, ceil(size[1] / GRID) * GRID


def painted(
    pipeline: Any,
    contract: Contract,
    given: Given,
    step: Callable[[int, int], None],
    measured: Measured,
    said: dict[str, Any],
) -> Any:
    """The picture's pixels: height x width x 3, values 0 to 1, 32 bit, on the CPU. `step` is called
    after each step with (done, all). Raises BadFrames for NaN and black."""
    with measured.phase("denoise"):
        decodable = latents(pipeline, contract, given, step)
    with measured.phase("decode"):
        return decoded(pipeline.vae, decodable, lambda one: _pixels(pipeline, one), said)


def as_picture(pixels: Any, size: Size) -> Image:
    """Pixels as an 8-bit picture, what is beyond `size` cropped evenly."""
    from PIL import Image

    height, width = pixels.shape[:2]
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    kept = pixels[top : top + size[1], left : left + size[0]]
    return Image.fromarray((kept * 255).round().clamp(0, 255).byte().numpy())


def latents(
    pipeline: Any, contract: Contract, given: Given, step: Callable[[int, int], None]
) -> Any:
    """What the VAE decodes, 1 x channels x height x width."""
    import torch

    def after(pipe: Any, index: int, _: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        step(index + 1, pipe.num_timesteps)
        return tensors

    width, height = given.size
    device, dtype = pipeline._execution_device, pipeline.vae.dtype
    states = [one.to(device, dtype) for one in given.states]
    asked: dict[str, Any] = {
        "width": width,
        "height": height,
        "num_inference_steps": given.steps,
        "guidance_scale": given.guidance,
        "generator": torch.Generator("cpu").manual_seed(given.seed),
        "prompt_embeds": states[-1],
        "max_sequence_length": contract.prompt.tokens,
        "callback_on_step_end": after,
        "output_type": "latent",
        "return_dict": False,
    }
    match contract.family:
        case "flux2-klein":
            asked["image"] = list(given.references) or None
            return pipeline(**asked)[0]  # unpacked and scaled back already
        case "flux-kontext":
            asked["image"] = given.references[0] if given.references else None
            asked["max_area"] = width * height  # else every picture is scaled to a megapixel
        case _ if given.start is not None:
            asked |= {"image": given.start, "strength": given.strength}
    packed = pipeline(pooled_prompt_embeds=states[0], **asked)[0]
    unpacked = pipeline._unpack_latents(packed, height, width, pipeline.vae_scale_factor)
    config = pipeline.vae.config
    return unpacked / config.scaling_factor + config.shift_factor


def _pixels(pipeline: Any, decodable: Any) -> Any:
    """Latents decoded: height x width x 3, values 0 to 1, 32 bit, on the CPU."""
    raw = pipeline.vae.decode(decodable, return_dict=False)[0]
    pixels = pipeline.image_processor.postprocess(raw, output_type="pt")
    return pixels[0].permute(1, 2, 0).float().cpu()
