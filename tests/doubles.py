"""A painter and an animator that draw as the null engines do, and stand in the crew as models on a
GPU would: not embedded, and with contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from studio.engines.base import Part
from studio.engines.null import NullAnimator, NullPainter
from studio.engines.requests import Reading
from studio.models.contract import Contract, contract
from studio.residency.policy import Policy, Quality

CONTRACT: dict[str, Any] = {
    "schema": "model/1",
    "repository": "nobody/double",
    "prompt": {"encoder": "t5", "tokenizer": "tokenizer", "tokens": 226, "languages": []},
    "defaults": {"steps": 4, "guidance": 6},
    "licence": {"name": "Apache-2.0", "commercial": "allowed", "gated": False},
    "weights": {"transformer": 1, "vae": 0.2},
    "memory": {"denoise": 1, "decode": 1, "decode_tiled": 0.5},
    "sources": dict.fromkeys(
        ("sizes", "frames", "prompt", "defaults", "licence", "weights", "memory", "speed"),
        "made up for tests",
    ),
}


class ModelSettings(BaseModel):
    """What settings of every engine with a model hold; `model` names a known one, whose contract
    is the double's own then."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    model: str = ""
    quality: Quality = "standard"
    steps: int | None = None
    policy: Policy | None = None
    device: Literal["cuda", "cpu"] | None = "cpu"


class ModelPainter(NullPainter):
    """The null painter as a model would stand in the crew."""

    embedded: ClassVar[bool] = False
    Settings: ClassVar[type[ModelSettings]] = ModelSettings  # type: ignore[assignment]

    @classmethod
    def contract(cls, settings: ModelSettings) -> Contract:
        own = {
            "name": "Double-Painter",
            "family": "flux",
            "pipelines": {"text-to-image": "FluxPipeline"},
            "sizes": {"default": "192x128"},
            "frames": None,
        }
        return contract(settings.model) if settings.model else Contract(**CONTRACT, **own)

    @classmethod
    def identity(cls, settings: ModelSettings) -> Mapping[str, Any]:
        return {"steps": settings.steps or 4}

    @classmethod
    def reads(cls, *_: object) -> frozenset[Part]:
        return frozenset()

    @classmethod
    def readings(cls, *_: object) -> tuple[Reading, ...]:
        return ()


class ModelAnimator(NullAnimator):
    """The null animator as a model would stand in the crew: 49 frames at 8 a second."""

    embedded: ClassVar[bool] = False
    Settings: ClassVar[type[ModelSettings]] = ModelSettings  # type: ignore[assignment]
    identity = ModelPainter.identity
    reads = ModelPainter.reads
    readings = ModelPainter.readings

    @classmethod
    def contract(cls, settings: ModelSettings) -> Contract:
        own = {
            "name": "Double-Animator",
            "family": "cogvideox",
            "pipelines": {"image-to-video": "CogVideoXImageToVideoPipeline"},
            "sizes": {"default": "192x128"},
            "frames": {"default": 49, "step": 8, "most": 49, "rate": 8},
        }
        return contract(settings.model) if settings.model else Contract(**CONTRACT, **own)

    @classmethod
    def frames(cls, *_: object) -> int:
        return 49
