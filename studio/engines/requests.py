"""What engines are asked for, as values: a request is complete, names its files with their
content's hash, and pickles. Nothing here knows an engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from studio.schema.storyboard import Angle, At, Facing, Fit, Framing, Movement, Size


@dataclass(frozen=True)
class File:
    """A file that a request depends on: its content is hashed, its path is not."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Figure:
    """Somebody in the picture, with the cast sheet's words and what the shot adds."""

    id: str
    name: str
    looks: str
    wears: str | None = None
    at: At | None = None
    facing: Facing | None = None
    does: str | None = None
    speaks: bool = False


@dataclass(frozen=True)
class Panel:
    """A shot's fields, for painters that compose from them and not from the prompt alone."""

    size: Size
    framing: Framing
    angle: Angle
    heading: str
    place_id: str
    place: str
    time: str
    weather: str
    action: str
    look: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class PaintRequest:
    """One keyframe: `size` in pixels (width, height); `prompt` filled in; `panel` only
    for painters that compose; `pictures` a person's own ones, cropped so that `fit` is kept;
    `references` pictures of the people in it, in the order of the shot's cast, two at most;
    `read` the prompt's `Reading`s as their encoders gave them, where that was done before."""

    shot: str
    prompt: str
    avoid: str
    size: tuple[int, int]
    seed: int
    panel: Panel | None = None
    pictures: tuple[File, ...] = ()
    fit: Fit = "center"
    references: tuple[File, ...] = ()
    read: tuple[Path, ...] = ()


@dataclass(frozen=True)
class PanelAt:
    """A further picture of a shot, shown from frame `first` of the clip on."""

    picture: File
    first: int


@dataclass(frozen=True)
class AnimateRequest:
    """One clip: exactly `frames` frames at `rate` a second that begin at the keyframe.

    `layers` is the keyframe's SVG with the groups back, middle and front, where its
    painter left one; `panel` only for animators that read the shot's fields, and with it
    the further `panels`, in order, that a person drew of the shot. With a model, size, rate and
    frames are what its contract makes; more frames than one clip holds are made in pieces.
    `read` as in a PaintRequest.
    """

    shot: str
    prompt: str
    avoid: str
    keyframe: File
    layers: File | None
    movement: Movement
    size: tuple[int, int]
    rate: Fraction
    frames: int
    seed: int
    panel: Panel | None = None
    panels: tuple[PanelAt, ...] = ()
    read: tuple[Path, ...] = ()


@dataclass(frozen=True)
class InterpolateRequest:
    """A clip of `clip_frames` frames at `clip_rate`, brought to `rate`: exactly `frames` frames,
    of which number n shows the moment n / rate; the first is the clip's own first. Pictures have
    the clip's own size."""

    shot: str
    clip: File
    clip_rate: Fraction
    clip_frames: int
    rate: Fraction
    frames: int


@dataclass(frozen=True)
class Reading:
    """A text as one text encoder of a model reads it: the encoder in `folder`/`encoder`, its
    tokenizer in `folder`/`tokenizer`, padded to `tokens`. Of T5 every token's state is wanted, of
    CLIP the pooled one, of Qwen3 the states of the layers that its model reads."""

    kind: Literal["t5", "clip", "qwen3"]
    folder: Path
    encoder: str
    tokenizer: str
    tokens: int
    text: str


@dataclass(frozen=True)
class ReadRequest:
    """A text to be read by its encoder; gives `.safetensors` with one tensor, `states`: of T5 and
    Qwen3 (1, tokens, width), of CLIP (1, width), in the encoder's own precision. `encoder` is the
    content hash of the encoder's weights: one that is loaded already serves every folder with
    equal ones."""

    shot: str
    reading: Reading
    encoder: str


Request = PaintRequest | AnimateRequest | InterpolateRequest | ReadRequest
"""What engines do for a shot."""


@dataclass(frozen=True)
class Brief:
    """What the film wants of a writer: `seconds` of picture (without cards), language, look."""

    seconds: Fraction
    language: str = "en"
    look: str = ""
    seed: int = 1
