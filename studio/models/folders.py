"""The contract of a model that lies in a folder: what it does, its sizes, frames and tokens as its
own configuration says, everything else as of the known model that is nearest to it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from studio.errors import Missing, StudioError
from studio.models.contract import Contract, Frames, Memory, Sizes, contracts
from studio.models.headers import Broken, header
from studio.models.whole import INDEX, components, read_json, weights_of
from studio.schema.film import FrameSize

SMALL = 0.1
"""A transformer with less than this part of the published weights is another model: what is
published of bounds, memory and speed does not hold of it."""
SMALLEST = FrameSize(64, 64)
UNSAID = {
    "in_channels": 16,
    "out_channels": 16,
    "sample_width": 90,
    "sample_height": 60,
    "sample_frames": 49,
    "max_text_seq_length": 226,
}
"""What diffusers 0.42 takes a CogVideoX to be where its configuration leaves it out."""


def contract_of(folder: Path, name: str) -> Contract:
    """The contract of the model in `folder`, which goes by `name` unless it is that of a known one.
    Raises Missing where the folder holds no model that reads, or one that contradicts itself,
    StudioError where no engine runs it."""
    kinds = components(folder)
    like = _run_alike(folder)
    shape = UNSAID | read_json(folder / "transformer" / "config.json")
    try:
        _must_agree(folder, like[0], shape)
        family = [one for one in like if _alike(one, shape)]
        numbers = {part: _gigabytes(folder / part) for part in kinds}
        named = [one for one in family if name.lower() in map(str.lower, one.names)]
        nearest = (named or sorted(family, key=lambda one: _apart(one, numbers["transformer"])))[0]
        changed: dict[str, Any] = {"name": nearest.name if named else name}
        changed["weights"] = {part: numbers.get(part) or gb for part, gb in nearest.weights.items()}
        if nearest.frames is not None:
            changed |= _clips(nearest, nearest.frames, shape, _pixels(folder))
        published = nearest.weights["transformer"]
        if changed["weights"]["transformer"] < SMALL * published:
            changed |= _small(nearest, **changed)
        changed["sources"] = nearest.sources | {
            part: f"files of the model in {folder}" for part in changed if part in nearest.sources
        }
        return nearest.model_copy(update=changed)
    except (KeyError, IndexError, TypeError, ValueError, ValidationError) as error:
        raise Missing(
            f"the configuration of the model in {folder} is not one that its pipeline writes:"
            f" {' '.join(str(error).split())}",
            f"copy the files of the model to {folder} once more",
        ) from None


def _run_alike(folder: Path) -> list[Contract]:
    """The known models that are run by the pipeline that the one in `folder` names."""
    pipeline = read_json(folder / INDEX).get("_class_name")
    like = [one for one in contracts() if pipeline in one.pipelines.values()]
    if not like:
        known = sorted({kind for one in contracts() for kind in one.pipelines.values()})
        raise StudioError(
            f"{folder} holds a model for diffusers' {pipeline}, which no engine here runs",
            f"see: studio models list; folders may hold models for {', '.join(known)}",
        )
    return like


def _must_agree(folder: Path, like: Contract, shape: dict[str, Any]) -> None:
    """Raise Missing where the pipeline of a CogVideoX reads a picture and its transformer has no
    channels for one, or the other way round."""
    if like.family != "cogvideox":
        return
    animates = "image-to-video" in like.tasks
    if animates != (shape["in_channels"] > shape["out_channels"]):
        said, is_ = ("image-to-video", "text-to-video")[:: 1 if animates else -1]
        raise Missing(
            f"the model in {folder} contradicts itself: {INDEX} says {said}, its transformer of"
            f" {shape['in_channels']} channels does {is_}",
            f"take a repository of a model that does {said}",
        )


def _alike(one: Contract, shape: dict[str, Any]) -> bool:
    """Whether the transformer of a known model has the same inputs as one of this shape: two frames
    a patch make 16k+1 frames, and only a model that takes guidance embeds it."""
    if one.frames is not None:
        return (one.frames.step == 16) == (shape.get("patch_size_t") is not None)
    return one.family != "flux" or (one.defaults.guidance > 0) == bool(shape.get("guidance_embeds"))


def _apart(one: Contract, gigabytes: float | None) -> float:
    """How far a model's transformer is in size from one of so many GB."""
    return abs(math.log(one.weights["transformer"] / gigabytes)) if gigabytes else 0.0


def _gigabytes(part: Path) -> float | None:
    """GB of a component's weights in 16 bit, None where it has none that read."""
    try:
        return sum(header(file).numbers for file in weights_of(part)) * 2 / 10**9 or None
    except (Missing, Broken):
        return None


def _pixels(folder: Path) -> int:
    """Pixels a side that one latent pixel of the model stands for."""
    blocks = read_json(folder / "vae" / "config.json").get(
        "block_out_channels", [128, 256, 256, 512]
    )
    return int(2 ** (len(blocks) - 1))


def _clips(nearest: Contract, frames: Frames, shape: dict[str, Any], pixels: int) -> dict[str, Any]:
    """Sizes, frames and tokens by the configuration of a video model's transformer.

    Learned positions are of one size. Without them the configuration may say the largest positions
    that were prepared (CogVideoX1.5: 2400x2400), which is no size to make clips of.
    """
    size = FrameSize(shape["sample_width"] * pixels, shape["sample_height"] * pixels)
    default = nearest.sizes.default
    prompt = nearest.prompt.model_copy(update={"tokens": shape["max_text_seq_length"]})
    changed: dict[str, Any] = {"prompt": prompt}
    smaller = size.width * size.height < default.width * default.height
    if shape.get("use_learned_positional_embeddings") or smaller:
        changed["sizes"] = nearest.sizes if size == default else Sizes(default=size)
    if (count := shape["sample_frames"]) != frames.default:
        changed["frames"] = Frames(default=count, step=frames.step, most=count, rate=frames.rate)
    return changed


def _small(
    nearest: Contract,
    *,
    sizes: Sizes | None = None,
    frames: Frames | None = None,
    **_: object,
) -> dict[str, Any]:
    """What does not hold of a model that is much smaller than the one that it is like: bounds of
    sizes, speed; memory is scaled by pixels and frames."""
    made, clips = sizes or nearest.sizes, frames or nearest.frames
    if made.step:
        made = made.model_copy(update={"smallest": SMALLEST, "shorter": None})

    def volume(size: FrameSize, of: Frames | None) -> int:
        return size.width * size.height * (of.default if of else 1)

    scale = volume(made.default, clips) / volume(nearest.sizes.default, nearest.frames)
    memory = {part: gb * scale for part, gb in nearest.memory.model_dump().items()}
    return {"sizes": made, "speed": (), "memory": Memory(**memory)}
