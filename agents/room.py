"""The writer `room`: the roles of a language model, one after another, write the storyboard.

    story ── screenwriter ── storyboarder ── prompter ── continuity ── storyboard

What the model does not manage, the writer by rules does, and says so; what is wrong with the server
ends the writing, and its finished answers are kept. Light to import: the roles load when it writes.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from studio.engines.base import Aid, NoSettings
from studio.engines.requests import Brief
from studio.errors import Missing
from studio.schema.story import Story
from studio.schema.storyboard import Storyboard

ALONE = Aid()


class Room:
    """Writes a storyboard with the language model that film.yaml names."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "a storyboard by the roles of a language model"
    embedded: ClassVar[bool] = False
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def write(self, story: Story, brief: Brief, aid: Aid = ALONE) -> Storyboard:
        """A storyboard of `brief.seconds`. Raises Missing where the model or its server is not
        there, Interrupted where `aid.report` was told to stop."""
        try:
            from agents.writing import written
        except ModuleNotFoundError as error:
            raise Missing(
                f"{error.name} is not installed, which the writers' room works with",
                'install it with: pip install "storyreel[llm]"; or set engines: writer: breakdown',
            ) from error
        return asyncio.run(written(story, brief, aid))
