"""What `studio doctor` says of the language model: of a server elsewhere, what it can do; of one
that is started here, whether it is kept, or whatever keeps it from starting.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from studio.engines.vllm import address_of, kept, launch, probe
from studio.engines.vllm.settings import VllmSettings
from studio.errors import StudioError

Looked = tuple[bool, str, str]
"""Whether it is well, what was found, and a tip."""

WITHOUT = {
    "structured output": "answers that are no JSON are asked for again: slower, and some fail",
    "model": "set llm.model in film.yaml to one that it has, and llm.context to what that takes",
}
"""What lacks of a server mean; others mean nothing to the writers' room."""
LEAST = 6144
"""Tokens of context that the writers' room works with at least."""
CARDS = ("nvidia-smi", "rocm-smi", "amd-smi")
"""Programs of which one is there where a GPU is."""


def looked(settings: VllmSettings, folder: Path) -> Iterator[Looked]:
    """Everything about the language model of a project, whose `.studio` is `folder`."""
    if settings.context < LEAST:
        yield False, f"context: {settings.context}", f"the writers' room needs {LEAST} or more"
    try:
        if settings.base_url is not None:
            yield from _elsewhere(settings, settings.base_url)
        elif (standing := kept.standing(folder)) is not None:
            yield True, f"{standing.model}: {standing.state} at {standing.url}", ""
        else:
            launch.command(settings, folder.parent)
            if settings.device == "gpu" and not any(map(shutil.which, CARDS)):
                yield False, "no GPU is seen here", "write device: cpu under llm in film.yaml"
                return
            yield True, f"{settings.model}: started when it is asked something", ""
    except StudioError as error:
        yield False, error.message, error.tip


def _elsewhere(settings: VllmSettings, base_url: str) -> Iterator[Looked]:
    can = probe.abilities(address_of(settings, base_url), settings)
    for ability in (can.model, can.structured, can.vision, can.tokenizer, can.sleep):
        has = {True: "yes", False: "no", None: "unknown"}[ability.has]
        lacks = ability.has is False and ability.name in WITHOUT
        well = not lacks or ability.name != "model"
        yield well, f"{ability.name}: {has}, {ability.line}", WITHOUT[ability.name] if lacks else ""
