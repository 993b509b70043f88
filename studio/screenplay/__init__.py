"""Screenplays in: Fountain and Final Draft become a Story, without a language model and without
loss.

Takes a file's text and its name, gives a `Story`; knows no folders. What the page only lays out
(page breaks, fonts, revision marks) and what the writer has taken out (boneyard, omitted scenes)
is left behind; every other word is in the scenes, the title or the credits.
"""

from __future__ import annotations

from studio.errors import DocumentError
from studio.schema.story import Story

SCREENPLAYS = (".fountain", ".fdx")
"""The endings of files that are screenplays."""


def read_screenplay(text: str, name: str) -> Story:
    """The story that a screenplay's text holds; `name` is the file that errors name.

    Raises DocumentError where the file holds no script, or is broken.
    """
    if name.lower().endswith(".fdx"):
        from studio.screenplay.fdx import paragraphs_of
    else:
        from studio.screenplay.fountain import paragraphs_of
    from studio.screenplay.scenes import story_of

    page, paragraphs = paragraphs_of(text, name)
    story = story_of(paragraphs, page)
    if not any(scene.heading or scene.beats for scene in story.scenes):
        raise DocumentError(
            f"{name} holds no script", "write at least one scene into it: a heading and an action"
        )
    return story
