"""What is shown of a shot, as a value. Light to import: a plan names media, and draws none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Media:
    """A clip of `frames` frames, or a still that is held.

    `sha256` is the file's content hash; `label` is what the reel's strip says of it.
    `panels` are further pictures of a still's shot, in order: the frame of the slot from
    which each is shown, its file, and that file's content hash. Before the first of them,
    and in a transition before the slot, the still itself is shown.
    """

    path: Path
    sha256: str
    kind: Literal["clip", "still"]
    frames: int = 0
    label: str = ""
    panels: tuple[tuple[int, Path, str], ...] = ()
