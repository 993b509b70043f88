"""Documents that were read before: what a long YAML file holds, kept as JSON beside the project.

YAML of 1,000 shots takes a third of a second to read, the same content as JSON a hundredth.
A reading is kept under the hash of the document's whole text: a changed document is always
read anew, and neither sizes nor time stamps are asked. What is kept is believed only where its
form and checksum are right, and goes through the model like what was just parsed; a document
that does not hold is never kept. So the folder may be deleted, damaged or closed to writing at
any time: nothing but time is lost.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from studio.documents import content_of, parse_document, read_text

FORM = "reading/1"
"""Raised by hand when the same YAML text comes to mean something else, or is kept otherwise."""

WORTH = 50_000
"""Characters from which on a document's reading is worth keeping: some 50 shots."""

M = TypeVar("M", bound=BaseModel)


def read_kept(path: Path, model: type[M], folder: Path) -> M:
    """The model that the YAML file `path` holds, as `documents.read_document` gives it; long
    ones are kept in `folder`. Raises DocumentError with file, line and key.

    `folder` keeps one reading a file name, the last.
    """
    text = read_text(path)
    if len(text) < WORTH:
        return parse_document(text, path, model)
    kept = folder / f"{path.parent.name}-{path.name}.json"
    mark = f"{FORM} {_hash(text)}"
    content = _recalled(kept, mark)
    with _no_collecting():
        fresh = content is None
        if fresh:
            content = content_of(text, path)
        try:
            found = model.model_validate(content)
        except ValidationError:
            return parse_document(text, path, model)  # which says what is wrong, and where
    if fresh:
        _keep(kept, mark, content)
    return found


def _recalled(kept: Path, mark: str) -> Any:
    """The content that was kept under the mark; None where there is none to be believed."""
    try:
        head, _, body = kept.read_text(encoding="ascii").partition("\n")
        return json.loads(body) if head == f"{mark} {_hash(body)}" else None
    except (OSError, ValueError, RecursionError):
        return None


def _keep(kept: Path, mark: str, content: Any) -> None:
    """Keep the content where the disk allows it, and where JSON holds exactly what YAML did."""
    part = kept.with_name(f".{kept.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError, TypeError, ValueError):
        body = json.dumps(content)
        if json.loads(body) != content:  # such as keys that are numbers
            return
        kept.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(f"{mark} {_hash(body)}\n{body}", encoding="ascii")
        part.replace(kept)
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextlib.contextmanager
def _no_collecting() -> Iterator[None]:
    """No search for garbage meanwhile: a document's parts are many, none of them is garbage
    yet, and looking at them again and again doubles the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
