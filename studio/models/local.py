"""Where a model's files lie on this machine: in a folder that somebody names, or in the cache that
Hugging Face's tools share. Nothing is downloaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from studio.models.contract import Contract


def places(contract: Contract, folder: Path | None = None) -> Iterator[Path]:
    """Folders that may hold the model's files, the likeliest first: `folder` alone where it is
    given; else the snapshots in the cache, of each name in turn the wanted one first."""
    if folder is not None:
        yield folder
        return
    for repository in (contract.repository, *contract.aliases):
        yield from snapshots(repository, contract.revision)


def snapshots(repository: str, revision: str = "main") -> Iterator[Path]:
    """What the cache holds of a repository ("owner/name"), the wanted revision first."""
    kept = hub_cache() / f"models--{repository.replace('/', '--')}"
    wanted = (revision, _text(kept / "refs" / revision))
    found = sorted((kept / "snapshots").glob("*"))
    yield from sorted(found, key=lambda snapshot: snapshot.name not in wanted)


def hub_cache() -> Path:
    """The cache's folder, by the variables that Hugging Face's tools read."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if named := os.environ.get(variable):
            return Path(named).expanduser()
    shared = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface"
    return Path(os.environ.get("HF_HOME", shared)).expanduser() / "hub"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
