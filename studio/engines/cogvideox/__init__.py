"""CogVideoX animates a keyframe, on one GPU, through diffusers.

    texts ─> clip ─> frames ─> encoder        a longer clip: its last good frame ─> clip ─> …

The prompt is read before the model is opened; one load of it serves all clips that the engine is
asked for. A clip is made whole and goes straight to the encoder. Equal requests give equal frames
on equal machines, in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from studio.engines.base import Part, Rendered, Report
from studio.engines.cogvideox.clip import Wanted, clip, steps_run
from studio.engines.cogvideox.pieces import clip_frames, clip_of, joined, pieces_of
from studio.engines.cogvideox.settings import STRENGTH, CogVideoXSettings
from studio.engines.cogvideox.starts import Start, keyframe, moved
from studio.engines.requests import AnimateRequest, PaintRequest, Reading
from studio.errors import RenderFailed, StudioError
from studio.ffmpeg import TAKE, Frame, FrameWriter
from studio.models.contract import Contract, contracts
from studio.models.weights import checkpoint

if TYPE_CHECKING:
    from studio.engines.diffusion.ladder import Ladder
    from studio.residency.policy import Choice


class CogVideoX:
    """Animator with a model: image, text or video to video."""

    revision: ClassVar[int] = 1
    about: ClassVar[str] = "a diffusion model that animates a picture"
    embedded: ClassVar[bool] = False
    composes: ClassVar[bool] = False
    Settings: ClassVar[type[CogVideoXSettings]] = CogVideoXSettings

    # --- before anything is loaded -----------------------------------------------------

    @classmethod
    def contract(cls, settings: CogVideoXSettings) -> Contract:
        """What the model takes and gives. Raises StudioError where it is not known, makes pictures,
        or does another task than is asked."""
        contract = settings.contract()
        if problems := contract.problems(task=settings.task):
            able = [one.name for one in contracts() if settings.task in one.tasks]
            other = f"; or say `task: {contract.tasks[0]}`" if contract.frames else ""
            raise StudioError(problems[0], f"for {settings.task}: {', '.join(able)}{other}")
        clip_of(contract)
        return contract

    @classmethod
    def identity(cls, settings: CogVideoXSettings) -> Mapping[str, Any]:
        """What of the settings makes the clips what they are."""
        return settings.identity()

    @classmethod
    def reads(cls, settings: CogVideoXSettings) -> frozenset[Part]:
        """What to avoid, where there is guidance; video-to-video starts from what `pan` makes of
        the shot's fields."""
        parts: set[Part] = {"panel"} if settings.task == "video-to-video" else set()
        return frozenset(parts | {"avoid"} if settings.guided() > 1 else parts)

    @classmethod
    def frames(cls, settings: CogVideoXSettings, needed: int) -> int:
        """The frames to ask for, so that `needed` ones are there. Raises StudioError where the
        pieces that are allowed do not give as many."""
        return clip_frames(cls.contract(settings), needed, settings.pieces)

    @classmethod
    def readings(
        cls, settings: CogVideoXSettings, request: PaintRequest | AnimateRequest
    ) -> tuple[Reading, ...]:
        """The prompt, and with guidance what is to be avoided, as T5 reads them. Raises Missing
        where the weights are not on this machine."""
        folder, prompt = checkpoint(settings.model, settings.task), cls.contract(settings).prompt
        texts = (request.prompt, request.avoid)[: 2 if "avoid" in cls.reads(settings) else 1]
        return tuple(
            Reading("t5", folder, "text_encoder", prompt.tokenizer, prompt.tokens, text)
            for text in texts
        )

    @classmethod
    def ready(cls, settings: CogVideoXSettings) -> None:
        """Raises Missing where its weights or a LoRA are not here, StudioError for a LoRA that does
        not fit."""
        from studio.engines.diffusion import adapters

        adapters.look(settings.loras, checkpoint(settings.model, settings.task))

    # --- at work -----------------------------------------------------------------------

    def __init__(self, settings: CogVideoXSettings) -> None:
        """Raises Missing where torch, a card or the weights are not there, StudioError where a
        LoRA does not fit the model. Nothing large is loaded yet."""
        from studio.engines.diffusion import adapters
        from studio.engines.diffusion.loading import device_of, ready

        self._settings = settings
        self._contract = self.contract(settings)
        self._rule = clip_of(self._contract)
        self._folder = checkpoint(settings.model, settings.task)
        self._class = self._contract.pipelines[settings.task]
        ready()
        self._device = device_of(settings.device)
        adapters.check(settings.loras, self._folder, self._class)
        self._ladder: Ladder | None = None

    def animate(self, request: AnimateRequest, folder: Path, report: Report) -> Rendered:
        """Writes clip.mp4 into `folder`: the asked frames, size and rate. The facts say how.

        Raises RenderFailed where the request is not one that the model takes, the keyframe does
        not open, memory runs out with every policy, or the model gives NaN or black. What `report`
        raises stops it between two steps, and the engine goes on with the next request.
        """
        from studio.engines.diffusion.measuring import Measured
        from studio.engines.diffusion.texts import states

        settings = self._settings
        self._refuse(request)
        measured = Measured(self._device)
        start = self._start(request, folder)
        with measured.phase("texts"):
            texts = states(request.read, lambda: self.readings(settings, request), self._device)
        wanted = Wanted(self._contract, texts, start, request.size, settings.guided(), request.seed)
        said: dict[str, Any] = {"task": settings.task, "guidance": wanted.guidance}
        ladder = self._ladder_for(request.size)

        def make(piece: int, seam: Frame | None) -> Sequence[Frame]:
            asked = wanted if seam is None else wanted.after(seam, piece)

            def work(pipeline: Any, choice: Choice) -> Sequence[Frame]:
                each = steps_run(choice.steps, start.strength)
                whole = each * max(pieces_of(self._rule, request.frames), piece + 1)
                report(each * piece, whole)
                return clip(
                    pipeline,
                    asked,
                    choice.steps,
                    lambda done: report(each * piece + done, whole),
                    measured,
                    said,
                )

            said["pieces"] = piece + 1
            return ladder.run(work)[0]

        path = folder / "clip.mp4"
        with FrameWriter(path, request.size, request.rate, TAKE) as writer:
            for frame in joined(make, request.frames, settings.pieces):
                writer.write(frame)
        said |= ladder.facts() | measured.facts()
        said |= {"model": self._contract.name, "revision": self._folder.name}
        said["reader"] = "read before" if request.read else "read here"
        return Rendered({".mp4": path}, said)

    def _refuse(self, request: AnimateRequest) -> None:
        """Raise RenderFailed for what the model does not make."""
        problems = self._contract.problems(size=request.size)
        if request.rate != self._rule.rate:
            name, rate = self._contract.name, self._rule.rate
            problems.append(f"{name} makes {rate} frames a second, not {request.rate}")
        if problems:
            raise RenderFailed("; ".join(problems))
        clip_frames(self._contract, request.frames, self._settings.pieces)

    def _start(self, request: AnimateRequest, folder: Path) -> Start:
        """What the clip starts from."""
        match self._settings.task:
            case "image-to-video":
                return Start(image=keyframe(request))
            case "video-to-video":
                return Start(
                    video=moved(request, self._rule.default, folder / "start"),
                    strength=self._settings.strength or STRENGTH,
                )
            case "text-to-video":
                return Start()

    def _ladder_for(self, size: tuple[int, int]) -> Ladder:
        """The one ladder of this engine, planned for the first clip's size."""
        from studio.engines.diffusion.planning import ladder_for

        if self._ladder is None:
            of_model = (self._settings, self._contract, self._folder, self._class, self._device)
            self._ladder = ladder_for(*of_model, size=size, frames=self._rule.default)
        return self._ladder
