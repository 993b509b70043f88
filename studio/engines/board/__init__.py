"""A person's own pictures, taken over as a shot's keyframe and its further panels.

Nothing is painted: each picture is cropped to the frame's shape and brought to its size.
It reads the pictures of the request and knows no project.
"""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase
from typing import ClassVar

from studio.engines.base import NoSettings, Rendered, Report
from studio.engines.requests import PaintRequest


class Board:
    """Painter that takes over what a person drew or photographed."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "a person's own picture"
    embedded: ClassVar[bool] = True
    composes: ClassVar[bool] = False
    Settings: ClassVar[type[NoSettings]] = NoSettings

    def __init__(self, settings: NoSettings) -> None:
        self.settings = settings

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        """Writes keyframe.png into `folder`, and keyframe_b.png, _c … for further pictures.

        The facts say of each what it was: file, format, size in pixels, whether it was
        enlarged. Raises RenderFailed where one of them does not open.
        """
        from studio.engines.board.picture import fitted

        files, facts = {}, []
        for number, picture in enumerate(request.pictures):
            image, said = fitted(picture, request.size, request.fit)
            suffix = f"_{ascii_lowercase[number]}.png" if number else ".png"
            files[suffix] = folder / f"keyframe{suffix}"
            image.save(files[suffix])
            facts.append(said)
            report(number + 1, len(request.pictures))
        return Rendered(files, {"pictures": facts})
