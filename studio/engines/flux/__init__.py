"""The painter flux: keyframes by FLUX.1 dev, schnell and Kontext, and by FLUX.2 klein.

`Flux` takes a `PaintRequest` and writes `keyframe.png`, of exactly the asked size. Its prompt has
been read before, or is read here; dev and schnell may begin from a picture, Kontext and klein read
pictures of the people. Flux has no negative prompt: `avoid` is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from studio.engines.base import Part, Rendered, Report
from studio.engines.flux.settings import FluxSettings
from studio.engines.requests import AnimateRequest, PaintRequest, Reading
from studio.errors import RenderFailed
from studio.models.contract import Contract, Reader
from studio.models.weights import checkpoint

if TYPE_CHECKING:
    from PIL.Image import Image

    from studio.engines.diffusion.ladder import Ladder
    from studio.residency.policy import Choice

FROM_A_PICTURE = "FluxImg2ImgPipeline"
"""The class of diffusers that begins from a picture."""


class Flux:
    """Paints keyframes. The pipeline is opened with the first one and stays open."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "keyframes painted by a Flux model"
    embedded: ClassVar[bool] = False
    composes: ClassVar[bool] = False
    Settings: ClassVar[type[FluxSettings]] = FluxSettings

    @classmethod
    def contract(cls, settings: FluxSettings) -> Contract:
        """The model's contract. Raises StudioError where the model is not known or paints not."""
        return settings.contract()

    @classmethod
    def identity(cls, settings: FluxSettings) -> Mapping[str, Any]:
        """Model, quality, steps, guidance, LoRAs by content, what a picture begins with."""
        return settings.identity()

    @classmethod
    def reads(cls, settings: FluxSettings) -> frozenset[Part]:
        """The panel or a person's picture where it begins from one, and references where the model
        takes them."""
        parts: set[Part] = set()
        if settings.start == "sketch":
            parts.add("panel")
        if settings.start == "board":
            parts.add("board")
        if settings.contract().references:
            parts.add("references")
        return frozenset(parts)

    @classmethod
    def readings(
        cls, settings: FluxSettings, request: PaintRequest | AnimateRequest
    ) -> tuple[Reading, ...]:
        """The prompt: of FLUX.1 by CLIP and then by T5, of klein by Qwen3."""
        folder = checkpoint(settings.model, "text-to-image")
        prompt = settings.contract().prompt
        readers: list[Reader] = [*([prompt.leading] if prompt.leading else []), prompt]
        return tuple(
            Reading(
                kind=reader.encoder,
                folder=folder,
                encoder=reader.tokenizer.replace("tokenizer", "text_encoder"),
                tokenizer=reader.tokenizer,
                tokens=reader.tokens,
                text=request.prompt,
            )
            for reader in readers
        )

    @classmethod
    def ready(cls, settings: FluxSettings) -> None:
        """Raises Missing where its weights or a LoRA are not here, StudioError for a LoRA that does
        not fit."""
        from studio.engines.diffusion import adapters

        adapters.look(settings.loras, checkpoint(settings.model, "text-to-image"))

    def __init__(self, settings: FluxSettings) -> None:
        """Raises Missing where weights, a card or torch are, StudioError for a LoRA that does not
        fit. Nothing large is loaded yet."""
        from studio.engines.diffusion import adapters
        from studio.engines.diffusion.loading import device_of, ready

        self._settings = settings
        self._contract = settings.contract()
        self._folder = checkpoint(settings.model, "text-to-image")
        ready()
        self._device = device_of(settings.device)
        self._class = (
            self._contract.pipelines["text-to-image"]
            if settings.start == "none"
            else FROM_A_PICTURE
        )
        adapters.check(settings.loras, self._folder, self._class)
        self._ladder: Ladder | None = None

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        """Writes `keyframe.png` into `folder`: sRGB, 8 bit.

        Raises RenderFailed where a picture that it is painted from does not open, the model gave
        NaN or black, or memory ran out with every policy. What `report` raises stops it between
        two steps, and the engine goes on with the next request.
        """
        from studio.engines.diffusion.measuring import Measured
        from studio.engines.diffusion.texts import states
        from studio.engines.flux.painting import Given, as_picture, on_grid, painted

        settings, contract = self._settings, self._contract
        size = on_grid(request.size)
        measured = Measured(self._device)
        start = self._start(request, size, folder)
        references = self._references(request)
        with measured.phase("texts"):
            read = states(request.read, lambda: self.readings(settings, request), self._device)
        guidance = contract.defaults.guidance if settings.guidance is None else settings.guidance
        strength = settings.strength if self._begins(request) else 1.0
        said: dict[str, Any] = {"guidance": guidance}
        if self._begins(request):
            said |= {"from": settings.start, "strength": strength}

        def work(pipeline: Any, choice: Choice) -> Any:
            said["scheduler"] = type(pipeline.scheduler).__name__
            given = Given(
                size, read, request.seed, choice.steps, guidance, start, strength, references
            )
            return painted(pipeline, contract, given, report, measured, said)

        pixels, _ = self._ladder_for(size).run(work)
        file = folder / "keyframe.png"
        as_picture(pixels, request.size).save(file)
        said |= self._ladder_for(size).facts() | measured.facts()
        said |= {"model": contract.name, "revision": self._folder.name}
        said["reader"] = "read before" if request.read else "read here"
        return Rendered({".png": file}, said)

    def _begins(self, request: PaintRequest) -> bool:
        """Whether this picture begins from another one: a shot that nobody drew does not."""
        begins = self._settings.start
        return begins == "sketch" or (begins == "board" and bool(request.pictures))

    def _start(self, request: PaintRequest, size: tuple[int, int], folder: Path) -> Image | None:
        """What the picture begins with; a grey one, which strength 1 forgets, where there is none
        but the pipeline asks for one."""
        from PIL import Image

        from studio.engines.flux.pictures import drawn, sketched

        if self._settings.start == "none":
            return None
        if not self._begins(request):
            return Image.new("RGB", size, "grey")
        if self._settings.start == "sketch":
            return sketched(request, size, folder / "sketch")
        return drawn(request, size)

    def _references(self, request: PaintRequest) -> list[Image]:
        from studio.engines.flux.pictures import each, side_by_side

        if not request.references or not self._contract.references:
            return []
        if self._contract.family == "flux-kontext":
            return [side_by_side(request.references)]
        if len(request.references) > self._contract.references:
            raise RenderFailed(
                f"{len(request.references)} reference pictures, and {self._contract.name} "
                f"takes {self._contract.references}"
            )
        return each(request.references)

    def _ladder_for(self, size: tuple[int, int]) -> Ladder:
        """The one ladder of this engine, planned for the first picture's size."""
        from studio.engines.diffusion.planning import ladder_for

        if self._ladder is None:
            of_model = (self._settings, self._contract, self._folder, self._class, self._device)
            self._ladder = ladder_for(*of_model, size=size)
        return self._ladder
