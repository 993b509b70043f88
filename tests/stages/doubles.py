"""A painter that says it holds a GPU, and leaves a mark wherever it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from studio.engines.null import NullPainter


class Settings(BaseModel):
    """Where to leave the mark."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    mark: str


class GpuPainter(NullPainter):
    """The null painter as a model on a GPU would stand in the crew."""

    embedded: ClassVar[bool] = False
    Settings: ClassVar[type[Settings]] = Settings  # type: ignore[assignment]

    def __init__(self, settings: Settings) -> None:  # type: ignore[override]
        Path(settings.mark).touch()
