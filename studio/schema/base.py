"""What all models of a project's files have in common."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Model(BaseModel):
    """A value read from a file: frozen, and closed to keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ID_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
SCENE_PATTERN = r"^sc\d{3,5}$"
SHOT_PATTERN = r"^sc\d{3,5}_sh\d{3,5}$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
SceneId = Annotated[str, StringConstraints(pattern=SCENE_PATTERN)]
ShotId = Annotated[str, StringConstraints(pattern=SHOT_PATTERN)]


def is_shot_id(text: str) -> bool:
    """Whether `text` is the id of a shot, such as sc010_sh020."""
    return re.fullmatch(SHOT_PATTERN, text) is not None
