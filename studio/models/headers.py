"""What a safetensors file says it holds, from its first bytes, without loading any of it.

The format (github.com/huggingface/safetensors, README): eight bytes with the header's length, the
header in JSON, which gives type, shape and place of every tensor, and then the numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

LONGEST = 100_000_000
"""Bytes of a header that the format's own reader takes."""


class Broken(Exception):
    """The file is no whole safetensors file; the message says what it is, in words that follow
    its name."""


@dataclass(frozen=True)
class Header:
    """The shapes of a file's tensors by their names, and how many numbers they hold together."""

    tensors: Mapping[str, tuple[int, ...]]
    numbers: int


def header(file: Path) -> Header:
    """Read the header of `file`. Raises Broken where the file does not read, is shorter or longer
    than its header says, or is something else."""
    try:
        size = file.stat().st_size
        with file.open("rb") as content:
            first = content.read(8)
            length = int.from_bytes(first, "little")
            if first.startswith(b"version "):
                raise Broken("is a note where git-lfs keeps the weights, not the weights")
            if size < 8 or length > min(LONGEST, size - 8):
                raise Broken("is not whole, or no safetensors file")
            told = json.loads(content.read(length))
        tensors = {name: told[name] for name in told if name != "__metadata__"}
        end = max((tensor["data_offsets"][1] for tensor in tensors.values()), default=0)
        shapes = {name: tuple(tensor["shape"]) for name, tensor in tensors.items()}
        numbers = sum(map(prod, shapes.values()))
    except OSError as error:
        raise Broken(f"does not read: {error.strerror or error}") from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise Broken("is broken, its header does not read") from None
    if size < 8 + length + end:
        raise Broken(f"is not whole, {size:,} of {8 + length + end:,} bytes are here")
    if size > 8 + length + end:
        raise Broken("is broken, it is longer than its header says")
    return Header(shapes, numbers)
