"""A film.yaml's text, changed so that it reads as another film: only what differs is touched."""

from __future__ import annotations

from pathlib import Path

from studio.documents import parse_document
from studio.errors import DocumentError, StudioError
from studio.revise.text.pen import Holder, Pen
from studio.schema.film import Film


def filmed(text: str, film: Film, wanted: Film) -> str:
    """The text of `film`, changed so that it reads as `wanted`; everything else stays byte for
    byte. Raises StudioError where it cannot be changed in place."""
    if film == wanted:
        return text
    pen = Pen(text)
    whole = (0, len(pen.text))
    pen.fields(Holder(pen.top, False, 0, 0, 0, whole), film, wanted, ())
    changed = pen.slice(*whole)
    if not _reads_as(changed, wanted):
        raise StudioError(
            "film.yaml cannot be changed in place",
            f"write it into it yourself: look: {wanted.look}",
        )
    return changed


def _reads_as(text: str, wanted: Film) -> bool:
    try:
        return parse_document(text, Path("film.yaml"), Film) == wanted
    except DocumentError:
        return False
