"""One clip of a CogVideoX: the steps in the order in which a picture passes them: schedule,
denoise, decode, check.

The pipeline is one of diffusers' three for CogVideoX, with its weights wherever a policy keeps
them; the texts have been read before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studio.engines.cogvideox.pieces import clip_of, piece_seed
from studio.engines.cogvideox.starts import Start
from studio.engines.diffusion.frames import decoded
from studio.engines.diffusion.measuring import Measured
from studio.ffmpeg import Frame
from studio.models.contract import Contract

if TYPE_CHECKING:
    import torch

Step = Callable[[int], None]
"""Hears how many steps are done; what it raises stops the clip between two steps."""


@dataclass(frozen=True)
class Wanted:
    """One clip of the model's default frames: `texts` are the states of the prompt and, with
    guidance, of what is to be avoided, (1, tokens, width) each; `size` is (width, height)."""

    contract: Contract
    texts: Sequence[torch.Tensor]
    start: Start
    size: tuple[int, int]
    guidance: float
    seed: int

    def after(self, seam: Frame, piece: int) -> Wanted:
        """The piece with this number, which begins at the frame `seam` of the one before."""
        return replace(self, start=Start(image=seam), seed=piece_seed(self.seed, piece))


def steps_run(steps: int, strength: float) -> int:
    """How many of the steps are run from a start that is kept by all but `strength`."""
    return max(1, int(steps * strength))


def clip(
    pipeline: Any,
    wanted: Wanted,
    steps: int,
    step: Step,
    measured: Measured,
    facts: dict[str, Any],
) -> list[Frame]:
    """The clip's frames. What was done beside the usual goes into
    `facts`. Raises BadFrames where the model gives no picture, in its own precision and in a finer
    one, and whatever `step` raises."""
    schedule(pipeline, wanted.contract)
    facts["scheduler"] = type(pipeline.scheduler).__name__
    with measured.phase("denoise"):
        latents = denoise(pipeline, wanted, steps, step)
    with measured.phase("decode"):
        return decode(pipeline, latents, facts)


def schedule(pipeline: Any, contract: Contract) -> None:
    """Gives the pipeline the scheduler that the model is run with, its steps counted from the end
    of the noise (trailing): else the first one starts from noise that it was not trained on."""
    import diffusers

    if name := contract.defaults.scheduler:
        kind = getattr(diffusers, name)
        pipeline.scheduler = kind.from_config(
            pipeline.scheduler.config, timestep_spacing="trailing"
        )


def denoise(pipeline: Any, wanted: Wanted, steps: int, step: Step) -> torch.Tensor:
    """The clip as latents, (1, latent frames, channels, height / 8, width / 8)."""
    import torch

    device, dtype = pipeline._execution_device, pipeline.transformer.dtype
    texts = [text.to(device, dtype) for text in wanted.texts]
    width, height = wanted.size
    frames = clip_of(wanted.contract).default

    def stepped(_: Any, done: int, __: Any, kept: dict[str, Any]) -> dict[str, Any]:
        step(done + 1)
        return kept

    latents: torch.Tensor = pipeline(
        **_begun(wanted.start, frames, steps),
        prompt_embeds=texts[0],
        negative_prompt_embeds=texts[1] if len(texts) > 1 else None,
        width=width,
        height=height,
        num_inference_steps=steps,
        guidance_scale=wanted.guidance,
        use_dynamic_cfg=wanted.contract.defaults.dynamic_guidance,
        generator=torch.Generator("cpu").manual_seed(wanted.seed),
        max_sequence_length=wanted.contract.prompt.tokens,
        callback_on_step_end=stepped,
        output_type="latent",
    ).frames
    # CogVideoX 1.5 works on an even number of latent frames: one more at the front
    kept = (frames - 1) // pipeline.vae_scale_factor_temporal + 1
    return latents[:, -kept:]


def _begun(start: Start, frames: int, steps: int) -> dict[str, Any]:
    """What the clip starts from, in the words of the pipelines."""
    from PIL import Image

    if start.video:
        # half a step more, so that what diffusers rounds down is the number of steps
        strength = min(1.0, (steps_run(steps, start.strength) + 0.5) / steps)
        return {"video": [Image.fromarray(one) for one in start.video], "strength": strength}
    if start.image is not None:
        return {"image": Image.fromarray(start.image), "num_frames": frames}
    return {"num_frames": frames}


def decode(pipeline: Any, latents: torch.Tensor, facts: dict[str, Any]) -> list[Frame]:
    """Latents as frames, checked. Raises BadFrames."""

    def pixels(latents: torch.Tensor) -> torch.Tensor:
        video: torch.Tensor = pipeline.decode_latents(latents)
        # in place: a clip in 32 bit is 0.2 GB, of CogVideoX 1.5 a whole one
        return video.float().div_(2).add_(0.5).clamp_(0, 1)

    video = decoded(pipeline.vae, latents, pixels, facts)[0]
    return list(video.mul_(255).round_().byte().permute(1, 2, 3, 0).cpu().numpy())
