"""A painter that reads pictures of people, without the model that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from studio.engines.base import NoSettings, Part, Rendered, Report
from studio.engines.null import NullPainter
from studio.engines.requests import PaintRequest, Reading
from studio.models.contract import Contract, contract


class OnTheProcessor(NoSettings):
    """What settings of an engine with a model say in any case."""

    device: Literal["cpu"] = "cpu"
    quality: Literal["standard"] = "standard"
    steps: None = None
    policy: None = None


class Faces(NullPainter):
    """The null painter with the contract of FLUX.2 klein; it paints nobody called Nobody."""

    Settings: ClassVar[type[NoSettings]] = OnTheProcessor
    model: ClassVar[str] = "flux.2-klein-4b"

    @classmethod
    def contract(cls, _: Any) -> Contract:
        return contract(cls.model)

    @classmethod
    def identity(cls, _: Any) -> Mapping[str, Any]:
        return {}

    @classmethod
    def reads(cls, _: Any) -> frozenset[Part]:
        return frozenset({"references"})

    @classmethod
    def readings(cls, *_: Any) -> tuple[Reading, ...]:
        return ()

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        if "Nobody" in request.prompt:
            raise ValueError("nobody is there")
        rendered = super().paint(request, folder, report)
        return Rendered(rendered.files, {"references": len(request.references)})


class OneFace(Faces):
    """The same with the contract of FLUX.1 Kontext, which reads one picture."""

    model: ClassVar[str] = "flux.1-kontext-dev"
