"""What film.yaml may say of the animator `cogvideox`."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationInfo, field_validator

from studio.engines.diffusion.settings import ModelSettings

ClipTask = Literal["image-to-video", "text-to-video", "video-to-video"]

STRENGTH = 0.8
"""The part of the steps that video-to-video runs: the default of diffusers 0.42."""

T = TypeVar("T")


class CogVideoXSettings(ModelSettings):
    """`task`: image-to-video begins at the keyframe, text-to-video reads the prompt alone,
    video-to-video paints over what the animator `pan` makes of the keyframe. `pieces` is how many
    clips one shot may be put together of; `strength` how far video-to-video goes from its start."""

    model: str = "CogVideoX-5B-I2V"
    task: ClipTask = "image-to-video"
    pieces: int = Field(default=1, ge=1, le=20)
    strength: float | None = Field(default=None, gt=0, le=1)

    @field_validator("pieces")
    @classmethod
    def _goes_on_from_a_picture(cls, pieces: int, info: ValidationInfo) -> int:
        return _only_for("image-to-video", pieces, pieces == 1, info)

    @field_validator("strength")
    @classmethod
    def _has_a_start(cls, strength: float | None, info: ValidationInfo) -> float | None:
        return _only_for("video-to-video", strength, strength is None, info)

    def guided(self) -> float:
        """The guidance that clips are made with; above 1 the model reads what to avoid, too."""
        return self.contract().defaults.guidance if self.guidance is None else self.guidance

    def identity(self) -> dict[str, Any]:
        """What of these settings makes a clip what it is, for the fingerprint: how many pieces it
        may have follows from its frames."""
        said = super().identity() | {"task": self.task}
        return said | ({"strength": self.strength or STRENGTH} if "video-to" in self.task else {})


def _only_for(task: ClipTask, value: T, unset: bool, info: ValidationInfo) -> T:
    """The value, where it is unset or the settings are for `task`."""
    if not unset and info.data.get("task") != task:
        raise ValueError(f"only with `task: {task}`")
    return value
