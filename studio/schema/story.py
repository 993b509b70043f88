"""A story as it was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A story's text without a leading title, and the title where it has one."""

    text: str
    title: str = ""
