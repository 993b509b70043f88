"""LoRAs: looked at before anything large is loaded, then melted into a pipeline's weights.

Melted in, they cost no time while a picture is made, and every policy and booster takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from studio.engines.diffusion.settings import Lora
from studio.errors import Missing, StudioError
from studio.models.headers import Broken, header
from studio.models.whole import weights_of

FACTORS = {"lora_A": 1, "lora_B": 0}
"""What of a linear layer's weight each factor of a LoRA fits: its inputs, its outputs."""

NO_PICKLES = (
    "a LoRA is a .safetensors file; pickled ones (.bin, .pt, .ckpt) are not opened: they may hold"
    " programs"
)


Shapes = Mapping[str, tuple[int, ...]]


def look(loras: Iterable[Lora], folder: Path) -> None:
    """Whether each is a LoRA for the model in `folder`, as far as its header says: one whose layers
    are not named as diffusers names them is left to `check`. Loads no vendor. Raises as `check`."""
    for lora in loras:
        file = lora.file.expanduser()
        _must_be_there(file)
        try:
            layers = header(file).tensors
        except Broken as error:
            raise StudioError(f"the LoRA {file.name} {error}", NO_PICKLES) from None
        named = all(key.startswith("transformer.") for key in layers)
        if named or not any("lora" in key for key in layers):
            _must_fit(file.name, layers, _shapes(folder), folder.name)


def check(loras: Iterable[Lora], folder: Path, pipeline_class: str) -> None:
    """Whether each is a LoRA for the model in `folder`, by its layers and their shapes; the model's
    weights are not loaded. Raises Missing for a file that is not there, StudioError for one that
    does not fit."""
    loras = tuple(loras)
    if not loras:
        return
    import diffusers

    kind = getattr(diffusers, pipeline_class)
    shapes = _shapes(folder)
    for lora in loras:
        _check(lora.file.expanduser(), kind, shapes, folder.name)


def join(pipeline: Any, loras: Iterable[Lora]) -> None:
    """Melt LoRAs that were checked into the pipeline's transformer, each by its weight."""
    for lora in loras:
        pipeline.load_lora_weights(_read(lora.file.expanduser()), adapter_name="lora")
        pipeline.fuse_lora(components=["transformer"], lora_scale=lora.weight)
        pipeline.unload_lora_weights()


def _shapes(folder: Path) -> Shapes:
    """The shape of every weight of the folder's transformer, of which none is loaded."""
    files = weights_of(folder / "transformer")
    return {name: shape for file in files for name, shape in header(file).tensors.items()}


def _check(file: Path, kind: Any, shapes: Shapes, model: str) -> None:
    try:
        layers = kind.lora_state_dict(_read(file))
    except StudioError:
        raise
    except Exception as error:
        raise StudioError(
            f"{file.name} is no LoRA that can be read: {str(error).splitlines()[0]}",
            "it has to be a LoRA for diffusers, kohya or ComfyUI",
        ) from error
    _must_fit(file.name, {key: tuple(one.shape) for key, one in layers.items()}, shapes, model)


def _must_fit(name: str, layers: Shapes, shapes: Shapes, model: str) -> None:
    """Raise StudioError where a LoRA's layers are not layers of the model."""
    fitting = 0
    for key, factor in layers.items():
        layer, _, which = key.removeprefix("transformer.").rpartition(".lora_")
        axis = FACTORS.get("lora_" + which.partition(".")[0])
        shape = shapes.get(f"{layer}.weight")
        if axis is None or not key.startswith("transformer."):
            continue
        if shape is None or shape[axis] != factor[1 if axis else 0]:
            raise StudioError(
                f"the LoRA {name} is for another model than {model}: it changes {layer}, "
                + ("which the model does not have" if shape is None else "which has another size"),
                "use a LoRA that was trained for this model",
            )
        fitting += 1
    if not fitting:
        raise StudioError(
            f"{name} changes nothing of {model}: it is no LoRA, or one for another model",
            "use a LoRA that was trained for this model",
        )


def _read(file: Path) -> dict[str, Any]:
    """The weights in a LoRA's file. Raises Missing where it is not there, StudioError where it is
    not safetensors or damaged."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    _must_be_there(file)
    try:
        weights: dict[str, Any] = load_file(file)
    except SafetensorError as error:
        raise StudioError(
            f"{file.name} is no safetensors file, or damaged: {error}", NO_PICKLES
        ) from error
    return weights


def _must_be_there(file: Path) -> None:
    if not file.is_file():
        raise Missing(f"the LoRA {file} is not there", "name it with its whole path")
