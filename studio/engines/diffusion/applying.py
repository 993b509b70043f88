"""Put a policy and its boosters on a pipeline that has just been loaded.

A pipeline takes this once: for another policy it is loaded anew.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from studio.engines.diffusion.settings import Device
from studio.errors import StudioError
from studio.residency.policy import Booster, Choice

THRESHOLD = 0.05
"""Of the first-block cache: below this relative change of the first block's residual a step reuses
the rest of the step before. The default of diffusers 0.42."""

BLOCKS = ("transformer_blocks", "single_transformer_blocks")
"""Where the transformers of diffusers keep the blocks that repeat."""


def apply(pipeline: Any, choice: Choice, device: Device = "cuda") -> None:
    """Bring `pipeline` into memory as `choice` says. From `tiled` on the VAE decodes in tiles.

    On the CPU every policy but model offload and sequential can be tried. Raises StudioError for
    8-bit arithmetic without compile, which is slower than 16 bit, and lets torch's out of memory
    through.
    """
    boosters = set(choice.boosters)
    if boosters & {"fp8", "int8"} and "compile" not in boosters:
        raise StudioError("fp8 and int8 are slower than 16 bit where nothing is compiled")
    for booster in choice.boosters:
        if booster in ("fp8", "int8"):
            _quantise(pipeline.transformer, booster, device)
    if "first-block cache" in boosters:
        from diffusers import FirstBlockCacheConfig

        pipeline.transformer.enable_cache(FirstBlockCacheConfig(threshold=THRESHOLD))
    if "compile" in boosters:
        _compile(pipeline.transformer)
    if choice.policy not in ("resident", "cpu"):
        pipeline.vae.enable_tiling()
        pipeline.vae.enable_slicing()
    match choice.policy:
        case "resident" | "tiled" | "cpu":
            pipeline.to("cpu" if choice.policy == "cpu" else device)
        case "model offload":
            pipeline.enable_model_cpu_offload(device=device)
        case "sequential":
            pipeline.enable_sequential_cpu_offload(device=device)
        case "group offload":
            _in_groups(pipeline, device)
        case "8-bit":
            import torch

            transformer = pipeline.transformer
            transformer.enable_layerwise_casting(
                storage_dtype=torch.float8_e4m3fn, compute_dtype=transformer.dtype
            )
            pipeline.to(device)


def _in_groups(pipeline: Any, device: Device) -> None:
    """The transformer's layers come to the card one at a time, the next one copied meanwhile; the
    VAE, a fiftieth of the weights, stays there. On an H100 (2026-11-22) layers were quicker than
    whole blocks, and needed less."""
    import torch

    streams = device == "cuda"
    pipeline.transformer.enable_group_offload(
        onload_device=torch.device(device),
        offload_device=torch.device("cpu"),
        offload_type="leaf_level",
        use_stream=streams,
        record_stream=streams,
    )
    pipeline.vae.to(device)


def _quantise(transformer: Any, booster: Booster, device: Device) -> None:
    """Weights and activations of the blocks' linear layers in 8 bits, a scale a row, quantised on
    the card one after another. Modulation stays as it is: it sees one row a step, which int8
    kernels do not take, and it weighs on the whole picture."""
    import torch
    from torchao.quantization import (
        Float8DynamicActivationFloat8WeightConfig,
        Int8DynamicActivationInt8WeightConfig,
        PerRow,
        quantize_,
    )

    # torchao's own settings of the compiler tune every kernel, which took 196 s on an H100
    config = (
        Float8DynamicActivationFloat8WeightConfig(granularity=PerRow(), set_inductor_config=False)
        if booster == "fp8"
        else Int8DynamicActivationInt8WeightConfig(set_inductor_config=False)
    )

    def wanted(module: Any, name: str) -> bool:
        return (
            isinstance(module, torch.nn.Linear)
            and name.startswith(BLOCKS)
            and "norm" not in name
            and module.in_features % 16 == module.out_features % 16 == 0
        )

    quantize_(transformer, config, filter_fn=wanted, device=device)


def _compile(transformer: Any) -> None:
    """Compile each block that repeats, which takes a fraction of compiling the whole."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch's compiler uses torch's own jit
        if getattr(transformer, "_repeated_blocks", None):
            transformer.compile_repeated_blocks()
            return
        for blocks in BLOCKS:
            for block in getattr(transformer, blocks, ()):
                block.compile()


@contextmanager
def one_run(pipeline: Any) -> Iterator[None]:
    """For one picture or clip: a cache between steps begins empty, and offloaded components leave
    the card at the end, however it ends."""
    import torch

    cached = pipeline.transformer.is_cache_enabled
    context = pipeline.transformer.cache_context("run") if cached else nullcontext()
    try:
        with torch.no_grad(), context:
            yield
    finally:
        pipeline.maybe_free_model_hooks()
