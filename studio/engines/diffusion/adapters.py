"""LoRAs: looked at before anything large is loaded, then melted into a pipeline's weights.

Melted in, they cost no time while a picture is made, and every policy and booster takes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from studio.engines.diffusion.settings import Lora
from studio.errors import Missing, StudioError

FACTORS = {"lora_A": 1, "lora_B": 0}
"""What of a linear layer's weight each factor of a LoRA fits: its inputs, its outputs."""


def check(loras: Iterable[Lora], folder: Path, pipeline_class: str) -> None:
    """Whether each is a LoRA for the model in `folder`, by its layers and their shapes; the model's
    weights are not loaded. Raises Missing for a file that is not there, StudioError for one that
    does not fit."""
    loras = tuple(loras)
    if not loras:
        return
    import diffusers

    kind = getattr(diffusers, pipeline_class)
    shapes = _shapes(folder, kind)
    for lora in loras:
        _check(lora.file.expanduser(), kind, shapes, folder.name)


def join(pipeline: Any, loras: Iterable[Lora]) -> None:
    """Melt LoRAs that were checked into the pipeline's transformer, each by its weight."""
    for lora in loras:
        pipeline.load_lora_weights(_read(lora.file.expanduser()), adapter_name="lora")
        pipeline.fuse_lora(components=["transformer"], lora_scale=lora.weight)
        pipeline.unload_lora_weights()


def _shapes(folder: Path, kind: Any) -> dict[str, tuple[int, ...]]:
    """The shape of every weight of the folder's transformer, of which none is loaded."""
    import diffusers
    import torch

    name = kind.load_config(folder, local_files_only=True)["transformer"][1]
    transformer = getattr(diffusers, name)
    with torch.device("meta"):
        empty = transformer.from_config(
            transformer.load_config(folder, subfolder="transformer", local_files_only=True)
        )
    return {name: tuple(weight.shape) for name, weight in empty.named_parameters()}


def _check(file: Path, kind: Any, shapes: dict[str, tuple[int, ...]], model: str) -> None:
    try:
        layers = kind.lora_state_dict(_read(file))
    except StudioError:
        raise
    except Exception as error:
        raise StudioError(
            f"{file.name} is no LoRA that can be read: {str(error).splitlines()[0]}",
            "it has to be a LoRA for diffusers, kohya or ComfyUI",
        ) from error
    fitting = 0
    for key, factor in layers.items():
        layer, _, name = key.removeprefix("transformer.").rpartition(".lora_")
        axis = FACTORS.get("lora_" + name.partition(".")[0])
        shape = shapes.get(f"{layer}.weight")
        if axis is None or not key.startswith("transformer."):
            continue
        if shape is None or shape[axis] != factor.shape[1 if axis else 0]:
            raise StudioError(
                f"the LoRA {file.name} is for another model than {model}: it changes {layer}, "
                + ("which the model does not have" if shape is None else "which has another size"),
                "use a LoRA that was trained for this model",
            )
        fitting += 1
    if not fitting:
        raise StudioError(
            f"{file.name} changes nothing of {model}: it is no LoRA, or one for another model",
            "use a LoRA that was trained for this model",
        )


def _read(file: Path) -> dict[str, Any]:
    """The weights in a LoRA's file. Raises Missing where it is not there, StudioError where it is
    not safetensors or damaged."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not file.is_file():
        raise Missing(f"the LoRA {file} is not there", "name it with its whole path")
    try:
        weights: dict[str, Any] = load_file(file)
    except SafetensorError as error:
        raise StudioError(
            f"{file.name} is no safetensors file, or damaged: {error}",
            "pickled weights (.bin, .pt, .ckpt) are not opened: they may hold programs",
        ) from error
    return weights
