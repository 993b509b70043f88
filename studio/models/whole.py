"""Whether a folder holds a whole model in the format of diffusers: every component that its
model_index.json names, with its configuration and all its weights, as safetensors.

Only headers are read, so it takes no time that a person would notice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studio.errors import Missing
from studio.models.headers import Broken, header

INDEX = "model_index.json"
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
"""Weights that run whatever program somebody hid in them when they are loaded."""
LIBRARIES = ("diffusers", "transformers")
"""Where the classes of components come from; any other would be a program of the model's own."""
UNWEIGHTED = ("Tokenizer", "TokenizerFast", "Scheduler", "Processor", "ImageProcessor")
"""How classes end that have no weights."""


def check_whole(folder: Path) -> None:
    """Raise Missing, with the first thing that is amiss, where the model in `folder` is not
    whole."""
    for name, kind in components(folder).items():
        part = folder / name
        if kind.endswith(UNWEIGHTED):
            if not any(part.glob("*.json")):
                raise Missing(f"the model in {folder} is not whole: it lacks {name}")
            continue
        read_json(part / "config.json")
        files = weights_of(part)
        for file in files:
            _check(file, files[file])


def components(folder: Path) -> dict[str, str]:
    """The folders that a model's index names, each with the class of what it holds. Raises Missing
    where there is no index that reads, or where a class is not of the known libraries."""
    if not (folder / INDEX).exists():
        raise Missing(
            f"{folder} holds no model in the format of diffusers: it has no {INDEX}",
            "a model is a folder with model_index.json and a folder for each of its parts",
        )
    named = {
        name: entry
        for name, entry in read_json(folder / INDEX).items()
        if isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], str)
    }
    for name, (library, kind) in named.items():
        if library not in LIBRARIES:
            raise Missing(
                f"the {name} of the model in {folder} is a program of its own ({library}.{kind}),"
                " which is not run",
                "take a repository whose parts are all of diffusers and transformers",
            )
    return {name: kind for name, (_, kind) in named.items()}


def weights_of(part: Path) -> dict[Path, frozenset[str]]:
    """The files with the weights of a component, each with the tensors that an index says are in
    it; none where there is no index. Raises Missing where there are no weights, where the index
    does not read, or where they are pickled."""
    for index in sorted(part.glob("*.safetensors.index.json")):
        placed = read_json(index).get("weight_map")
        if not isinstance(placed, dict) or not placed:
            raise Missing(f"{index} is broken: it names no files")
        return {
            part / file: frozenset(tensor for tensor, where in placed.items() if where == file)
            for file in sorted(set(placed.values()))
        }
    for name in ("diffusion_pytorch_model.safetensors", "model.safetensors"):
        if (part / name).exists() or (part / name).is_symlink():
            return {part / name: frozenset()}
    if pickled := sorted(file for file in part.glob("*") if file.suffix in PICKLES):
        raise Missing(
            f"the weights in {pickled[0]} are pickled, which is not safe to load",
            "take a repository that has them as safetensors",
        )
    raise Missing(f"the model in {part.parent} is not whole: it lacks the weights of {part.name}")


def read_json(file: Path) -> dict[str, Any]:
    """An object from a JSON file of the model. Raises Missing where it does not read."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        lacking = file.relative_to(file.parents[1])
        raise Missing(f"the model in {file.parents[1]} is not whole: it lacks {lacking}") from None
    except ValueError:
        raise Missing(f"{file} is broken: it is not JSON") from None
    if not isinstance(told, dict):
        raise Missing(f"{file} is broken: it holds no object")
    return told


def _check(file: Path, tensors: frozenset[str]) -> None:
    """Raise Missing where a file of weights is not whole, or lacks one of the tensors."""
    if not file.is_file():
        raise Missing(
            f"the model in {file.parents[1]} is not whole: it lacks {file.parent.name}/{file.name}"
        )
    try:
        held = header(file).tensors
    except Broken as error:
        raise Missing(f"{file} {error}") from None
    if lacking := sorted(tensors - held.keys()):
        raise Missing(f"{file} is broken: it lacks {lacking[0]}, which the index says is in it")
