"""Models by name or folder, and their weights on this machine: what a model is, where its whole
files lie, and what they hold, by content. Nothing is downloaded and nothing is loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from studio.errors import Missing, StudioError
from studio.models.contract import Contract, Task, contract, contracts
from studio.models.folders import contract_of
from studio.models.local import places, snapshots
from studio.models.whole import check_whole

_REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w.-]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def known(model: str) -> Contract:
    """The contract of a model: by a known one's name, repository or alias; by a folder; or by a
    repository of somebody's own that is in the cache. Raises StudioError where nothing is known of
    it, Missing where it names a folder that is not there or holds no model that reads."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        name = folder.absolute().name
        try:
            return contract_of(folder, name)
        except Missing as error:
            tip = f"copy the files of {name} to {folder} once more"
            raise error if error.tip else Missing(error.message, tip) from None
    try:
        return contract(model)
    except StudioError:
        if _is_path(model):
            raise Missing(
                f"there is no folder {folder}",
                "name a folder that holds model_index.json, or a model: studio models list",
            ) from None
        for snapshot in _own(model):
            return contract_of(snapshot, model)
        raise


def checkpoint(model: str, task: Task) -> Path:
    """The folder with the whole weights of a model, named as for `known`, which does `task`. Raises
    Missing where they are not on this machine, are not whole, are broken or pickled, or are of a
    model that does something else; StudioError where nothing is known of the model."""
    one = known(model)
    _must_do(one, task)
    amiss: Missing | None = None
    for folder in _folders(model, one):
        try:
            check_whole(folder)
            _must_do(contract_of(folder, one.name), task)
        except Missing as error:
            amiss = amiss or _with_command(error, one, folder, model)
        else:
            return folder
    raise amiss or Missing(
        f"the weights of {one.name} are not on this machine", f"get them with: {_pull(one, model)}"
    )


def content_hash(file: Path, memo: Path | None = None) -> str:
    """The sha256 of a file's content, in hexadecimal digits: the name of its blob where the file
    lies in Hugging Face's cache; else computed, and remembered in `memo`, a JSON file, as long as
    path, size and time of the file stay the same. Raises Missing where the file does not read."""
    whole = file.resolve()
    if whole.parent.name == "blobs" and _SHA256.fullmatch(whole.name):
        return whole.name
    try:
        stand = whole.stat()
        seen = f"{stand.st_size} {stand.st_mtime_ns}"
        remembered = _remembered(memo)
        if remembered.get(str(whole), "").startswith(f"{seen} "):
            return remembered[str(whole)].rpartition(" ")[2]
        with whole.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise Missing(f"{file} does not read: {error.strerror or error}") from None
    if memo is not None:
        part = memo.with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):  # what is not remembered is computed again
            memo.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(remembered | {str(whole): f"{seen} {digest}"}, indent=0))
            part.replace(memo)
    return digest


def _remembered(memo: Path | None) -> dict[str, str]:
    """What a memo says; nothing where it is not there or does not read."""
    try:
        told = json.loads(memo.read_text(encoding="utf-8")) if memo else {}
    except (OSError, ValueError):
        return {}
    return {path: seen for path, seen in told.items() if isinstance(seen, str)}


def _is_path(model: str) -> bool:
    return not _REPOSITORY.fullmatch(model) and ("/" in model or "\\" in model or model[:1] in "~.")


def _own(model: str) -> Iterator[Path]:
    """Snapshots of a repository that no contract names."""
    if _REPOSITORY.fullmatch(model):
        yield from snapshots(model)


def _folders(model: str, one: Contract) -> Iterator[Path]:
    """Where the files of a model may lie, the likeliest place first."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        yield folder
    elif one.name == model and "/" in model:
        yield from _own(model)
    else:
        yield from places(one)


def _must_do(one: Contract, task: Task) -> None:
    """Raise Missing where a model does not do the task; says which do."""
    if problems := one.problems(task=task):
        able = [other.name for other in contracts() if task in other.tasks]
        raise Missing(problems[0], f"for {task}: {', '.join(able)}")


def _with_command(error: Missing, one: Contract, folder: Path, model: str) -> Missing:
    """The error with what to do next, where it does not say so itself."""
    if error.tip:
        return error
    if Path(model).expanduser().is_dir():
        return Missing(error.message, f"copy the files of {one.name} to {folder} once more")
    return Missing(error.message, f"get what is missing with: {_pull(one, model)}")


def _pull(one: Contract, model: str) -> str:
    return f"studio models pull {model if '/' in model else one.name}"
