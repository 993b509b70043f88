"""The writer `breakdown`: a storyboard by rules, without a language model.

`write` reads a story (`reading`, `quotes`, `units`), finds its people and who is meant
(`names`, `people`, `references`), its scenes (`places`, `scenes`) and what matters
(`weight`, `choosing`), covers that with shots (`coverage`, `voice`), gives them lengths
(`timing`) and prompts (`prompts`), and builds the cast and places that the shots use
(`looks`). A screenplay says much of that itself: its units, cast and scenes are taken as they
are written (`script`, `cues`, `script_scenes`). The same story and brief always give the same
storyboard.
"""

from __future__ import annotations

from typing import ClassVar

from studio.engines.base import Aid, NoSettings
from studio.engines.requests import Brief
from studio.schema.story import Story
from studio.schema.storyboard import Storyboard

ALONE = Aid()


class Breakdown:
    """Writes a storyboard by rules; English and Chinese fully, other languages plainly."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "a storyboard by rules, no language model"
    embedded: ClassVar[bool] = True
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def write(self, story: Story, brief: Brief, aid: Aid = ALONE) -> Storyboard:
        """A storyboard of `brief.seconds`. Raises DocumentError where the story has no words."""
        from studio.engines.breakdown.storyboard import board

        written = board(story, brief)
        if unsaid := _unsaid(story, written):
            aid.note(
                f"left out for time: {len(unsaid)} lines of the screenplay, the first of them"
                f" “{unsaid[0][:60]}”; a longer length holds more"
            )
        return written


def _unsaid(story: Story, written: Storyboard) -> list[str]:
    """The lines of a screenplay of which nothing is spoken in the film."""
    spoken = [line.line for _, shot in written.shots() for line in shot.dialogue]
    whole = "\n".join(spoken)
    lines = [beat.text for scene in story.scenes for beat in scene.beats if beat.kind == "dialogue"]
    return [text for text in lines if text not in whole and not any(s in text for s in spoken)]
