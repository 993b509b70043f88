"""Gets a model's weights from Hugging Face: the only place that uses the network.

What lies in the cache already is not fetched again, and a download that stopped goes on. Only what
diffusers loads is fetched: configurations, tokenizers and safetensors, nothing pickled.
"""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import Missing, StudioError
from studio.models.local import hub_cache
from studio.models.whole import check_whole

WANTED = [
    "model_index.json",
    *(f"*/*.{kind}" for kind in ("json", "safetensors", "model", "txt", "jinja")),
]
"""Weights that lie beside the folders of the components are the same ones in another format."""
UNWANTED = ["*.fp16.*", "*.bf16.*", "*.non_ema.*"]
"""Further variants of the same weights."""


@dataclass(frozen=True)
class Remote:
    """A file of a repository: its path there, its size in bytes, and whether it is here already."""

    path: str
    size: int
    here: bool


@dataclass(frozen=True)
class Repository:
    """What `pull` would get: the files of a repository's revision that diffusers loads."""

    name: str
    revision: str
    files: tuple[Remote, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)

    @property
    def lacking(self) -> int:
        """Bytes of those that are not here yet."""
        return sum(one.size for one in self.files if not one.here)


def look(name: str, revision: str = "main") -> Repository:
    """What a repository ("owner/name") holds for `pull`. Raises Missing where it cannot be asked:
    no network, no such repository, no leave."""
    with spoken(name):
        from huggingface_hub import snapshot_download

        found = snapshot_download(
            name,
            revision=revision,
            allow_patterns=WANTED,
            ignore_patterns=UNWANTED,
            dry_run=True,
            tqdm_class=_silent(),
        )
        files = [Remote(one.filename, one.file_size or 0, one.is_cached) for one in found]
        return Repository(name, revision, tuple(sorted(files, key=lambda one: one.path)))


def pull(repository: Repository, note: Callable[[str], None]) -> Path:
    """Get what is missing of a repository into the cache, and check all of it: that the model is
    whole, and every file by its checksum. The folder where it lies; `note` hears a line of what
    takes long.

    Raises Missing where the network, the repository's gate or the disk is in the way, or where a
    file came broken: that is removed, so that the next pull gets it once more.
    """
    name = repository.name
    free = shutil.disk_usage(_existing(hub_cache())).free
    if repository.lacking > free:
        raise Missing(
            f"{name} needs {repository.lacking / 1e9:.1f} GB more, and {hub_cache()} has"
            f" {free / 1e9:.1f} GB free",
            "make room, or say where there is some: HF_HOME=FOLDER",
        )
    with spoken(name):
        from huggingface_hub import HfApi, snapshot_download

        folder = Path(
            snapshot_download(
                name,
                revision=repository.revision,
                allow_patterns=WANTED,
                ignore_patterns=UNWANTED,
                tqdm_class=None if sys.stderr.isatty() else _silent(),
            )
        )
        note(f"{name}: comparing what is here with its checksums")
        told = HfApi().verify_repo_checksums(name, revision=folder.name)
    broken = [mismatch["path"] for mismatch in told.mismatches]
    for path in broken:
        _remove(folder / path)
    if broken:
        raise Missing(
            f"{name}: {', '.join(broken)} is not what its checksum says, and was removed",
            "get it once more with the same command",
        )
    check_whole(folder)
    return folder


def _silent() -> Any:
    """A progress bar that shows nothing: for what takes no time, and where nobody watches."""
    bar: Any = importlib.import_module("huggingface_hub.utils").tqdm

    def start(self: Any, *arguments: Any, **settings: Any) -> None:
        bar.__init__(self, *arguments, **settings | {"disable": True})

    return type("Silent", (bar,), {"__init__": start})


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _remove(file: Path) -> None:
    """Remove a file of the cache, and the blob that it points to."""
    for one in (file.resolve(), file):
        with suppress(FileNotFoundError):
            one.unlink()


@contextmanager
def spoken(repository: str) -> Iterator[None]:
    """What goes wrong with the hub, as Missing with what to do next."""
    try:
        yield
    except StudioError:
        raise
    except ImportError as error:
        raise Missing(
            f"getting weights needs the Python package {error.name}",
            "install it: pip install -e '.[gpu]', in the checkout",
        ) from error
    except Exception as error:  # of the network anything may come, from several libraries
        raise _said(error, repository) from error


def _said(error: BaseException, repository: str) -> Missing:
    from huggingface_hub import is_offline_mode
    from huggingface_hub.errors import (
        DryRunError,
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    page = f"{os.environ.get('HF_ENDPOINT') or 'https://huggingface.co'}/{repository}"
    again = "what came is kept: go on with the same command"
    if isinstance(error, DryRunError) and error.__cause__ is not None:
        return _said(error.__cause__, repository)
    if is_offline_mode():
        return Missing(
            f"{repository} is not asked for: this shell says HF_HUB_OFFLINE",
            "unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE, then give the same command",
        )
    status = error.response.status_code if isinstance(error, HfHubHTTPError) else None
    if isinstance(error, GatedRepoError) or status == 403:
        return Missing(
            f"{repository} is gated: it opens to those who agreed to its terms",
            f"agree on {page}, log in here with: hf auth login; then give the same command",
        )
    if isinstance(error, RevisionNotFoundError):
        return Missing(f"{repository} has not the revision that is asked for", f"look at {page}")
    if isinstance(error, RepositoryNotFoundError | HFValidationError) or status == 401:
        return Missing(
            f"there is no {repository} on Hugging Face, or not for this account",
            f"look at {page}; a private one needs: hf auth login",
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Missing(f"the disk of {hub_cache()} is full", f"make room; {again}")
    if status is not None:
        return Missing(f"Hugging Face answers {status} for {repository}", f"try later; {again}")
    why = " ".join(str(error.__cause__ or error).split())[:200]
    return Missing(f"{repository} cannot be downloaded: {why}", f"look at the network; {again}")
