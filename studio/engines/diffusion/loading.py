"""A pipeline of diffusers from a folder: without a network, from safetensors alone, never with code
that a checkpoint brings."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.engines.diffusion.settings import Device
from studio.errors import Missing

TEXT_PARTS = ("text_encoder", "tokenizer", "text_encoder_2", "tokenizer_2")
"""Components that a pipeline does without where its prompts were read before."""


TIP = (
    "its files may be damaged, or of several versions: look with studio models check, or get them"
    " all once more"
)
LONGEST = 200
"""Characters that are shown of what a vendor says."""


def ready() -> None:
    """Load torch, diffusers and transformers, and let them say nothing that no person asked for.
    Raises Missing where one of them is not installed."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for name in ("torchao", "torch.utils._pytree"):  # what torchao says of kernels it has not
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        import diffusers
        import torch  # noqa: F401 - diffusers alone would load without it
        import transformers
    except ImportError as error:
        raise Missing(
            f"a model needs torch, diffusers and transformers: {error}",
            "install them with: pip install -e '.[gpu]', in the checkout",
        ) from error
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    # bars that are not shown take a lock of all processes too, which a worker that is killed leaves
    diffusers.utils.logging.tqdm_lib.tqdm.set_lock(threading.RLock())
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()


def device_of(wanted: Device | None) -> Device:
    """Where to work: the graphics card where nothing is said. Raises Missing where there is no
    card that torch can use."""
    if wanted == "cpu":
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    why = "this torch has no CUDA" if torch.version.cuda is None else "torch finds no card"
    raise Missing(
        f"no graphics card can be used: {why}",
        "look with: studio doctor --gpu; or use the embedded engines sketch and pan; "
        "`device: cpu` works too, and takes hours a picture",
    )


def unloaded(what: str, error: Exception) -> Missing:
    """What is said where files do not load: the first sentence of why."""
    why = " ".join(str(error).split()).partition(". ")[0] or type(error).__name__
    return Missing(f"{what}: {why[:LONGEST]}", TIP)


def _not_in_the_files(part: Any) -> str:
    """The first weight of a component that none of its files held; empty where all were there."""
    return next((name for name, weight in part.named_parameters() if weight.is_meta), "")


def load(folder: Path, pipeline_class: str, dtype: str, without: Sequence[str] = TEXT_PARTS) -> Any:
    """The pipeline in `folder` as that class of diffusers, on the CPU, its weights as `dtype`
    ("bfloat16"), components in `without` left out. Raises Missing where it does not load."""
    import diffusers
    import torch

    kind = getattr(diffusers, pipeline_class)
    try:
        has = kind.load_config(folder, local_files_only=True)
        pipeline = kind.from_pretrained(
            folder,
            dtype=getattr(torch, dtype),
            local_files_only=True,
            use_safetensors=True,
            **{part: None for part in without if part in has},
        )
    except Exception as error:
        raise unloaded(f"{folder.name} does not load as a {pipeline_class}", error) from error
    for name, part in pipeline.components.items():
        if isinstance(part, torch.nn.Module) and (lacking := _not_in_the_files(part)):
            raise Missing(
                f"the weights in {folder}/{name} are not whole: {lacking} is missing", TIP
            )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
