"""The seams: what an engine of each kind takes and gives, and where engines are found.

An engine module is light to import: it loads its vendor (resvg, cv2, torch, …) when
the engine is constructed, never when the module is imported, so that `plan` can read
its `revision` without paying for it. An engine knows no project: it gets one request,
a value, and writes its results into the folder that it is given.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from studio.engines.requests import AnimateRequest, Brief, InterpolateRequest, PaintRequest, Reading
from studio.errors import Missing, StudioError
from studio.models import Budget
from studio.models.contract import Contract
from studio.residency import Tenant
from studio.schema.film import EngineKind
from studio.schema.story import Story
from studio.schema.storyboard import Storyboard

ENTRY_POINT_GROUP = "storyreel.engines"
"""Other packages add engines under this group, as `KIND.NAME = "module:Class"`."""

ENGINES: dict[EngineKind, dict[str, str]] = {
    "llm": {"vllm": "studio.engines.vllm:Vllm"},
    "writer": {
        "breakdown": "studio.engines.breakdown:Breakdown",
        "room": "agents.room:Room",
    },
    "painter": {
        "sketch": "studio.engines.sketch:Sketch",
        "flux": "studio.engines.flux:Flux",
        "null": "studio.engines.null:NullPainter",
    },
    "animator": {
        "pan": "studio.engines.pan:Pan",
        "cogvideox": "studio.engines.cogvideox:CogVideoX",
        "null": "studio.engines.null:NullAnimator",
    },
    "interpolator": {
        "flow": "studio.engines.flow:Flow",
        "blend": "studio.engines.blend:Blend",
        "hold": "studio.engines.hold:Hold",
        "minterpolate": "studio.engines.minterpolate:Minterpolate",
        "rife": "studio.engines.rife:Rife",
    },
}


# --- what engines give -----------------------------------------------------------------

Report = Callable[[int, int], None]
"""Called with (done, total) as a render proceeds; may raise Interrupted to stop it."""


@dataclass(frozen=True)
class Rendered:
    """Files by suffix (`{".png": …, ".svg": …}`), the take's picture or clip first."""

    files: Mapping[str, Path]
    facts: Mapping[str, Any] = field(default_factory=dict)


class NoSettings(BaseModel):
    """The settings of an engine that has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Engine(Protocol):
    """What every engine class says about itself.

    `revision` is raised by hand when the engine's output changes for equal requests;
    `about` is one honest line for `status`, takes and the end title; `embedded` is true
    for engines without a model behind them.
    """

    revision: ClassVar[int]
    about: ClassVar[str]
    embedded: ClassVar[bool]
    Settings: ClassVar[type[BaseModel]]


Part = Literal["panel", "board", "references", "avoid"]
"""Parts of a request that not every engine reads: the shot's fields, a person's own picture of
the shot as a start and not as the keyframe itself, pictures of the cast, what is to be avoided."""


class OfAModel(Engine, Protocol):
    """What an engine class with a model behind it says besides, before anything is loaded. Its
    settings are the class's `Settings`; every method raises StudioError where they name a model
    that is not known. Any engine class may have `ready(settings)` besides, see EngineSpec."""

    @classmethod
    def contract(cls, settings: Any) -> Contract:
        """What the model takes and gives: its sizes, frames, rate, prompts, licence."""
        ...

    @classmethod
    def identity(cls, settings: Any) -> Mapping[str, Any]:
        """What of the settings makes the pictures what they are, for the fingerprint: model and
        revision, quality, steps, adapters by their content; never a path, a card or a policy."""
        ...

    @classmethod
    def reads(cls, settings: Any) -> frozenset[Part]:
        """The parts of a request that it reads."""
        ...

    @classmethod
    def frames(cls, settings: Any, needed: int) -> int:
        """Of an animator: the frames to ask for so that `needed` ones at its own rate are there.
        Raises StudioError where it cannot make as many."""
        ...

    @classmethod
    def readings(cls, settings: Any, request: PaintRequest | AnimateRequest) -> tuple[Reading, ...]:
        """What text encoders have to read for a request, in the order of its `read`. Raises
        Missing where the weights are not on this machine."""
        ...


def unheard(*_: object) -> None:
    """Where nobody listens."""


@dataclass
class Talk:
    """A language model that is ready to be asked.

    `chat` is a LangChain chat model: bind `response_format`, `seed` and `max_tokens` to it. An
    answer that was cut off comes back with `finish_reason` "length" in its `response_metadata`,
    never as an exception; what is wrong with the server is a StudioError. `context` is the tokens
    that question and answer share, `at_once` how many questions may be under way together,
    `requests` how many really went to the server: what the cache knows is not asked.
    """

    chat: Any
    context: int
    at_once: int
    requests: int = 0


class Llm(Engine, Protocol):
    """A language model. What it is asked, and again where an answer does not hold, is the roles'
    matter (`agents/asking.py`)."""

    def talk(self, folder: Path, note: Callable[[str], None]) -> AbstractContextManager[Talk]:
        """Ready to answer, with its logs and its cache of answers in `folder`; on leaving, whatever
        was started for it is stopped. `note` hears one line of what takes long. Raises Missing
        where it is not there, at the latest with the first question."""
        ...

    def looked(self, folder: Path) -> Iterable[tuple[bool, str, str]]:
        """For `doctor`: whether it is well, what was found, and a tip."""
        ...

    def tenant(self, folder: Path) -> Tenant | None:
        """What is kept of it between commands and holds the GPU; None where nothing is."""
        ...


@dataclass(frozen=True)
class Aid:
    """What a writer may use besides story and brief: a language model, the writer by rules for
    what the model does not manage, and how long the prompts of the film's models may be. `report`
    hears how far it is, several times a second while a model is asked, and may raise Interrupted;
    `note` hears one line that a person should know."""

    talk: Callable[[], AbstractContextManager[Talk]] | None = None
    rules: Writer | None = None
    keyframe: Budget | None = None
    motion: Budget | None = None
    report: Report = unheard
    note: Callable[[str], None] = unheard


class Writer(Engine, Protocol):
    """Writes a storyboard of a story. Raises StudioError where the story cannot be read."""

    def write(self, story: Story, brief: Brief, aid: Aid = ...) -> Storyboard:
        """The storyboard, its durations adding up to the brief's seconds."""
        ...


class Painter(Engine, Protocol):
    """Paints a keyframe: gives `.png` of the asked size, and `.svg` where it has layers."""

    composes: ClassVar[bool]

    def paint(self, request: PaintRequest, folder: Path, report: Report) -> Rendered:
        """Paint into `folder`. Raises StudioError where the picture cannot be made."""
        ...


class Animator(Engine, Protocol):
    """Animates a keyframe: gives `.mp4` of exactly the asked size, rate and frames."""

    composes: ClassVar[bool]

    def animate(self, request: AnimateRequest, folder: Path, report: Report) -> Rendered:
        """Animate into `folder`. Raises StudioError where the clip cannot be made."""
        ...


class Interpolator(Engine, Protocol):
    """Gives a clip another rate: `.mp4` of exactly the asked frames and rate."""

    def interpolate(self, request: InterpolateRequest, folder: Path, report: Report) -> Rendered:
        """Interpolate into `folder`. Raises StudioError where the clip cannot be read."""
        ...


# --- finding and opening engines -------------------------------------------------------


@cache
def known_engines(kind: EngineKind) -> dict[str, str]:
    """Every engine of a kind by name, with the `module:Class` behind it."""
    found = dict(ENGINES.get(kind, {}))
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        entry_kind, _, name = entry.name.partition(".")
        if entry_kind == kind and name:
            found.setdefault(name, entry.value)
    return found


@dataclass(frozen=True)
class EngineSpec:
    """An engine that was chosen, as a value that travels to a worker process."""

    kind: EngineKind
    name: str
    target: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def engine_class(self) -> Any:
        """The class behind the name. Raises Missing where it does not import."""
        module, _, attribute = self.target.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise Missing(
                f"the {self.kind} {self.name} does not load: {error}",
                f"install the package that brings {module}, or choose another {self.kind}",
            ) from error

    @cached_property
    def model(self) -> type[OfAModel] | None:
        """The engine's class where there is a model behind it that has a contract."""
        engine_class = self.engine_class()
        return engine_class if hasattr(engine_class, "contract") else None

    def contract(self) -> Contract | None:
        """The contract of the engine's model; None for an engine without one. Raises StudioError
        where its settings name a model that is not known."""
        return self._contract

    def about(self) -> str:
        """The engine in one honest line, its model first."""
        said = str(self.engine_class().about)
        return said if self._contract is None else f"{self._contract.name}, {said}"

    def identity(self) -> Mapping[str, Any]:
        """What of the settings counts in a fingerprint."""
        return self._identity

    def reads(self, part: Part) -> bool:
        """Whether the engine reads this part of a request."""
        return part in self._parts

    def frames(self, needed: int) -> int:
        """The frames to ask an animator for, so that `needed` ones are there."""
        return needed if self.model is None else self.model.frames(self.chosen(), needed)

    def readings(self, request: PaintRequest | AnimateRequest) -> tuple[Reading, ...]:
        """What text encoders have to read for a request; nothing for an engine without a model."""
        return () if self.model is None else self.model.readings(self.chosen(), request)

    # asked for every take of a film, and the same as long as the settings are
    @cached_property
    def _contract(self) -> Contract | None:
        return None if self.model is None else self.model.contract(self.chosen())

    @cached_property
    def _identity(self) -> Mapping[str, Any]:
        engine_class = self.engine_class()
        if hasattr(engine_class, "identity"):
            return dict(engine_class.identity(self.chosen()))
        return dict(self.settings)

    @cached_property
    def _parts(self) -> frozenset[Part]:
        if self.model is None:
            return frozenset({"avoid", "panel"} if self.engine_class().composes else {"avoid"})
        return self.model.reads(self.chosen())

    def chosen(self) -> Any:
        """The settings as the engine's class takes them. Raises StudioError."""
        if wrong := self.wrong_settings():
            raise StudioError(f"engines.{self.kind}: {wrong[1]}", wrong[2])
        return self.engine_class().Settings(**self.settings)

    def wrong_settings(self) -> tuple[str, str, str] | None:
        """The first setting that the engine does not take: its key, why, and what it knows."""
        engine_class = self.engine_class()
        try:
            engine_class.Settings(**self.settings)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            unknown = first["type"] == "extra_forbidden"
            why = f"{self.name} has no setting {key!r}" if unknown else f"{key}: {first['msg']}"
            known = list(engine_class.Settings.model_fields)
            close = difflib.get_close_matches(key, known, 1, 0.6) if unknown else []
            meant = f"did you mean {close[0]}? " if close else ""
            return key, why, f"{meant}settings of {self.name}: {', '.join(known) or 'none'}"
        return None

    def ready(self) -> None:
        """Whether the files that the engine needs are here and whole, without loading them. Raises
        StudioError where its settings or an adapter are amiss, Missing where files are."""
        chosen = self.chosen()
        if hasattr(self.engine_class(), "ready"):
            self.engine_class().ready(chosen)

    def open(self) -> Any:
        """A working engine. Raises StudioError where its settings are amiss, Missing where what it
        needs is not on this machine."""
        chosen = self.chosen()
        try:
            return self.engine_class()(chosen)
        except ImportError as error:
            raise Missing(
                f"the {self.kind} {self.name} needs a package that is not here: {error}",
                "look what is with: studio doctor",
            ) from error
