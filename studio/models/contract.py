"""What a model takes and gives, as `<name>.yaml` beside this file says: sizes, frames, prompt,
defaults, licence, and where each figure comes from.

A contract says what is wrong with a request, and the nearest one that it takes. It loads no model
and looks for none.
"""

from __future__ import annotations

import difflib
import math
from functools import cache
from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from studio.documents import read_document
from studio.errors import StudioError
from studio.schema.base import Model
from studio.schema.film import FrameSize

Task = Literal["text-to-image", "text-to-video", "image-to-video", "video-to-video"]
Part = Literal["sizes", "frames", "prompt", "defaults", "licence", "weights", "memory", "speed"]
Family = Literal["flux", "flux-kontext", "flux2-klein", "cogvideox"]
"""Models that one engine runs through the same steps."""


class Sizes(Model):
    """Pictures that the model makes: `default` alone where there is no `step`; else multiples of
    `step` pixels, from as many pixels as `smallest` has to as many as `largest` has, the shorter
    side `shorter` pixels long where that is given."""

    default: FrameSize
    step: int | None = Field(default=None, ge=2)
    smallest: FrameSize | None = None
    largest: FrameSize | None = None
    shorter: int | None = Field(default=None, ge=64)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.step and not (self.smallest and self.largest):
            raise ValueError("sizes with a step have a smallest and a largest")
        return self

    def takes(self, size: tuple[int, int]) -> bool:
        """Whether the model makes pictures of `size`, width and height in pixels."""
        if not (self.step and self.smallest and self.largest):
            return size == (self.default.width, self.default.height)
        least, most = (edge.width * edge.height for edge in (self.smallest, self.largest))
        return (
            size[0] % self.step == size[1] % self.step == 0
            and least <= size[0] * size[1] <= most
            and self.shorter in (None, min(size))
        )

    def nearest(self, frame: tuple[int, int]) -> tuple[int, int]:
        """The size that is nearest to `frame` in shape: of those that differ in it by less than a
        hundredth, or else differ least, the one nearest to it in area."""
        if not (self.step and self.smallest and self.largest):
            return self.default.width, self.default.height
        wanted = frame[0] / frame[1]
        longest = self.largest.width * self.largest.height // self.step

        def off(size: tuple[int, int]) -> tuple[float, int]:
            shape = abs(math.log(size[0] / size[1] / wanted))
            return max(shape, 0.01), abs(size[0] * size[1] - frame[0] * frame[1])

        sides = range(self.step, longest + 1, self.step)
        if self.shorter:
            pairs = [(side, self.shorter) for side in sides]
            pairs += [(self.shorter, side) for side in sides]
        else:
            heights = ((width, int(width / wanted / self.step) * self.step) for width in sides)
            pairs = [(w, h + more) for w, h in heights for more in (0, self.step)]
        return min(filter(self.takes, pairs), key=off)

    def __str__(self) -> str:
        if not self.step:
            return f"{self.default} only"
        side = f", shorter side {self.shorter}" if self.shorter else ""
        return f"multiples of {self.step}{side}, in area {self.smallest} to {self.largest}"


class Frames(Model):
    """Clips that the model makes: `step` times k plus one frames, `most` at most, at `rate` frames
    a second."""

    default: int = Field(ge=1)
    step: int = Field(ge=1)
    most: int = Field(ge=1)
    rate: int = Field(ge=1)

    @model_validator(mode="after")
    def _by_the_rule(self) -> Self:
        for count in (self.default, self.most):
            if count % self.step != 1 or not self.step < count <= self.most:
                raise ValueError(f"{count} frames break the rule {self.step}k+1, {self.most} most")
        return self

    def __str__(self) -> str:
        if self.most == self.step + 1:
            return f"{self.most} only"
        return f"{self.step}k+1, {self.step + 1} to {self.most}"


class Reader(Model):
    """A text encoder: the folder of its tokenizer in the repository, and the most tokens that it
    reads, marks included."""

    encoder: Literal["t5", "clip", "qwen3"]
    tokenizer: str = Field(pattern=r"^\w+$")
    tokens: int = Field(ge=2)


class Prompt(Reader):
    """What a prompt is read by. `leading`: a second encoder, which sees only the beginning;
    `languages` as codes, empty where any will do."""

    languages: tuple[str, ...]
    leading: Reader | None = None


class Defaults(Model):
    """What the model is run with where nothing else is asked for. `scheduler` is a class of
    diffusers, null for the checkpoint's own; `dynamic_guidance` lets guidance grow from step to
    step (dynamic CFG)."""

    steps: int = Field(ge=1)
    guidance: float = Field(ge=0)
    scheduler: str | None = None
    dynamic_guidance: bool = False
    dtype: Literal["bfloat16", "float16"] = "bfloat16"


class Memory(Model):
    """What the model needs of a card besides its weights, in GB (10**9 bytes), at its default
    size and frames: while it denoises, and while the VAE decodes, whole and in tiles."""

    denoise: float = Field(gt=0)
    decode: float = Field(gt=0)
    decode_tiled: float = Field(gt=0)


class Speed(Model):
    """A published or measured time: `seconds` for one picture or clip of the default size with
    `steps` steps on `card` ("H100"), under the policies named (none: resident, 16 bit)."""

    card: str
    steps: int = Field(ge=1)
    seconds: float = Field(gt=0)
    policies: tuple[str, ...] = ()
    source: str


class Licence(Model):
    """`gated`: the repository opens only to whoever has agreed to its terms on its page."""

    name: str
    commercial: Literal["allowed", "on registration", "not allowed"]
    gated: bool


class Contract(Model):
    """One model. `repository` is its name on Hugging Face, `aliases` others that it is known by;
    `pipelines` names the class of diffusers for each task; `frames` is null for pictures;
    `references` is how many pictures of people or things it reads beside the prompt; `weights`
    gives the GB (10**9 bytes) of each component's weights in 16 bit, by its folder; `sources` says
    where the figures of each part come from."""

    label: Literal["model/1"] = Field(alias="schema")
    name: str
    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    aliases: tuple[str, ...] = ()
    revision: str = "main"
    family: Family
    pipelines: dict[Task, str] = Field(min_length=1)
    references: int = Field(default=0, ge=0)
    sizes: Sizes
    frames: Frames | None
    prompt: Prompt
    defaults: Defaults
    licence: Licence
    weights: dict[str, float]
    memory: Memory
    speed: tuple[Speed, ...] = ()
    sources: dict[Part, str]

    @model_validator(mode="after")
    def _every_figure_has_a_source(self) -> Self:
        figures = [part for part in get_args(Part) if getattr(self, part) is not None]
        if missing := [part for part in figures if not self.sources.get(part, "").strip()]:
            raise ValueError(f"no source is given for {', '.join(missing)}")
        return self

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What the model does."""
        return tuple(self.pipelines)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the model is known by."""
        return (self.name, self.repository, *self.aliases)

    def frames_for(self, count: int) -> int:
        """The count of frames nearest to `count` that the model makes; of two that are equally
        near the longer, which can be trimmed. 1 for pictures."""
        if self.frames is None:
            return 1
        step = self.frames.step
        nearest = (count - 1 + step // 2) // step * step + 1
        return min(max(nearest, step + 1), self.frames.most)

    def size_for(self, frame: tuple[int, int]) -> tuple[int, int]:
        """The size, in pixels, that the model makes for a film whose frame has this width and
        height: the nearest in shape, so that the least is cropped away."""
        return self.sizes.nearest(frame)

    def problems(
        self,
        *,
        task: Task | None = None,
        size: tuple[int, int] | None = None,
        frames: int | None = None,
        tokens: int | None = None,
        language: str | None = None,
    ) -> list[str]:
        """Everything in a request that the model does not take, one sentence each with what it
        takes instead; none where all is well. `size` is width and height in pixels, `tokens` what
        a budget counted, `language` the prompt's (`en`, `pt-BR`)."""
        found = []
        if task is not None and task not in self.tasks:
            found.append(f"{self.name} does {' and '.join(self.tasks)}, not {task}")
        if size is not None and not self.sizes.takes(size):
            found.append(f"{self.name} makes {self.sizes}, not {size[0]}x{size[1]}")
        if frames is not None and frames != self.frames_for(frames):
            found.append(
                f"{self.name} makes {self.frames or 1} frames, not {frames}: "
                f"the nearest count is {self.frames_for(frames)}"
            )
        if tokens is not None and tokens > self.prompt.tokens:
            found.append(
                f"the prompt has {tokens} tokens, {self.name} reads {self.prompt.tokens}: "
                f"{tokens - self.prompt.tokens} too many"
            )
        read = self.prompt.languages
        if language is not None and read and language.split("-")[0] not in read:
            found.append(f"{self.name} reads prompts in {', '.join(read)}, not in {language}")
        return found


@cache
def contracts() -> tuple[Contract, ...]:
    """Every contract, by name. Raises DocumentError where a data file does not read."""
    files = sorted(Path(__file__).parent.glob("*.yaml"))
    return tuple(read_document(file, Contract) for file in files)


def contract(name: str) -> Contract:
    """The contract of a model by its name, its repository or an alias, in capitals or not.
    Raises StudioError where none has that name."""
    known = {spelt.lower(): (spelt, one) for one in contracts() for spelt in one.names}
    if name.lower() in known:
        return known[name.lower()][1]
    close = difflib.get_close_matches(name.lower(), known, 1, 0.6)
    raise StudioError(
        f"no model is known by the name {name}",
        f"did you mean {known[close[0]][0]}?"
        if close
        else f"known: {', '.join(one.name for one in contracts())}; or give a folder, or pull one"
        " from Hugging Face: studio models pull OWNER/NAME",
    )
