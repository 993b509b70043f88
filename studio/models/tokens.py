"""Budgets of prompts: counted by the model's own tokenizer where its files are on this machine,
else by an estimate that rather counts too many (`estimate.py`). Nothing is downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from studio.errors import Missing, StudioError
from studio.models import Budget
from studio.models.contract import Contract, Reader, contract
from studio.models.estimate import QWEN3_MARKS, clip_tokens, qwen3_tokens, t5_tokens
from studio.models.local import places
from studio.models.weights import known

Count = Callable[[str], int]

PAINTER = "FLUX.1-schnell"
"""Whose budget holds where film.yaml names no painter's model: what fits it, fits FLUX.1-dev."""
ANIMATOR = "CogVideoX-5B-I2V"
"""Whose budget holds where film.yaml names no animator's model."""

ESTIMATES: dict[str, Count] = {"t5": t5_tokens, "clip": clip_tokens, "qwen3": qwen3_tokens}
TOKENIZERS = {"t5": "T5Tokenizer", "clip": "CLIPTokenizer", "qwen3": "Qwen2Tokenizer"}
"""Their classes in transformers."""
UNCOUNTED = {"qwen3": QWEN3_MARKS}
"""Tokens that the pipeline puts around a prompt, besides those that the tokenizer does."""
VOCABULARIES = {
    "t5": (("tokenizer.json",), ("spiece.model",)),
    "clip": (("tokenizer.json",), ("vocab.json", "merges.txt")),
    "qwen3": (("tokenizer.json",), ("vocab.json", "merges.txt")),
}
"""Files that a tokenizer is read from; one group is enough."""
PACKAGES = {
    "tokenizer.json": ("transformers",),
    "vocab.json": ("transformers",),
    "spiece.model": ("transformers", "sentencepiece", "google.protobuf"),
}
"""What reads them."""


def budgets(
    painter_model: str | None, animator_model: str | None
) -> tuple[Budget, Budget, list[str]]:
    """The budgets of the keyframes' and of the motions' prompts, and what a person should know of
    them. A model is named as in a contract, or is a folder that ends in such a name; None stands
    for PAINTER and ANIMATOR, and so does a model that no contract knows."""
    keyframe = _budget_of(painter_model, PAINTER)
    motion = _budget_of(animator_model, ANIMATOR)
    return keyframe, motion, [one.note for one in (keyframe, motion) if one.note]


def budget(contract: Contract, folder: Path | None = None) -> Budget:
    """How long the model's prompts may be. Its tokenizer is looked for in `folder`, the model's
    own, or where that is None in the cache; one that is there and does not read is said in the
    budget's `note`, and the prompts are estimated."""
    prompt, leading = contract.prompt, contract.prompt.leading
    count, exact, note = _counter(contract, prompt, folder)
    made = Budget(contract.name, prompt.tokens, count, exact, languages=prompt.languages, note=note)
    if leading is None:
        return made
    count_leading, _, note = _counter(contract, leading, folder)
    return replace(
        made, leading=leading.tokens, count_leading=count_leading, note=made.note or note
    )


def _budget_of(model: str | None, fallback: str) -> Budget:
    if model is None:
        return budget(contract(fallback))
    folder = Path(model).expanduser()
    try:
        return budget(known(model), folder if folder.is_dir() else None)
    except StudioError as error:
        made = budget(contract(fallback))
        keep = f"its prompts keep to {made.tokens} tokens, as {fallback}'s do"
        return replace(made, note=f"{error} ({error.tip}); {keep}")


def _counter(contract: Contract, reader: Reader, folder: Path | None) -> tuple[Count, bool, str]:
    """What counts, whether exactly, and a note."""
    note = ""
    for place in places(contract, folder):
        files = place / reader.tokenizer
        if folder is None and not files.is_dir():
            continue
        try:
            return _exact(files, reader), True, ""
        except Missing as error:
            note = note or f"{error}: prompts of {contract.name} are counted by estimate"
    return ESTIMATES[reader.encoder], False, note


def _exact(files: Path, reader: Reader) -> Count:
    """The tokenizer's own count, marks included. Raises Missing where it does not read."""
    groups = VOCABULARIES[reader.encoder]
    whole = next((group for group in groups if all(_holds(files / name) for name in group)), None)
    if whole is None:
        wanted = " or ".join(" and ".join(group) for group in groups)
        raise Missing(f"{files} is not whole, it lacks {wanted}")
    if lacking := [package for package in PACKAGES[whole[0]] if not _installed(package)]:
        raise Missing(f"{files} needs the Python package {' and '.join(lacking)}")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # else it says that torch is missing
    try:
        import transformers

        kind = getattr(transformers, TOKENIZERS[reader.encoder])
        tokenizer = kind.from_pretrained(files, local_files_only=True)
    except Exception as error:  # a broken file raises whatever its reader meets
        raise Missing(f"the tokenizer in {files} does not read, its files are broken") from error

    def count(text: str) -> int:
        readable = text.encode("utf-8", "replace").decode("utf-8")
        marks = UNCOUNTED.get(reader.encoder, 0)
        return marks + len(tokenizer(readable, verbose=False).input_ids)

    return count


def _holds(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False
