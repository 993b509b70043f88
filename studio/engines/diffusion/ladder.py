"""The ladder: what is tried after a card ran out of memory.

The pipeline is opened with the first choice when it is first needed, and stays open. Where work
runs out of memory everything is freed, and the same work is done again with the next choice, which
is kept for all work after it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from studio.engines.diffusion.applying import apply, one_run
from studio.engines.diffusion.settings import Device
from studio.errors import RenderFailed
from studio.residency.policy import Choice

T = TypeVar("T")


class Ladder:
    """The choices, the best first, and the pipeline that is open by one of them.

    `open_` gives a pipeline that is loaded, on the CPU, for a choice. `tried` are the choices that
    ran out of memory.
    """

    def __init__(
        self, choices: Sequence[Choice], open_: Callable[[Choice], Any], device: Device = "cuda"
    ) -> None:
        self._left = list(choices)
        self._open = open_
        self._device = device
        self._pipeline: Any = None
        self._loading: float | None = None
        self._told = 0
        self.tried: list[Choice] = []

    @property
    def choice(self) -> Choice:
        """The choice that is worked with."""
        return self._left[0]

    def run(self, work: Callable[[Any, Choice], T]) -> tuple[T, Choice]:
        """What `work` gives of the pipeline and the choice that was left, and that choice.

        Raises RenderFailed where memory runs out with the last choice too, and whatever opening
        or `work` raise.
        """
        while True:
            choice = self.choice
            try:
                return self._worked(work, choice), choice
            except Exception as error:
                if not out_of_memory(error):
                    raise
            self.close()  # after the handler: what the error held is free
            if len(self._left) == 1:
                names = ", ".join(one.policy for one in (*self.tried, choice))
                raise RenderFailed(
                    f"out of memory, with every policy that was tried: {names}",
                    "close what else uses the card (nvidia-smi shows it), or take a smaller model",
                )
            self.tried.append(self._left.pop(0))

    def _worked(self, work: Callable[[Any, Choice], T], choice: Choice) -> T:
        if self._pipeline is None:
            began = time.perf_counter()
            pipeline = self._open(choice)
            apply(pipeline, choice, self._device)
            self._pipeline = pipeline
            self._loading = time.perf_counter() - began
        with one_run(self._pipeline):
            return work(self._pipeline, choice)

    def close(self) -> None:
        """Give back all memory that the pipeline holds."""
        self._pipeline = None
        free(compiled="compile" in self.choice.boosters)

    def facts(self) -> dict[str, Any]:
        """For a take, of all that was run since facts were asked for last: policy and boosters,
        what ran out of memory, and the seconds of loading, where it was loaded meanwhile."""
        said: dict[str, Any] = {"policy": self.choice.policy, "steps": self.choice.steps}
        if self.choice.boosters:
            said["boosters"] = list(self.choice.boosters)
        if self._loading is not None:
            said["load_seconds"] = round(self._loading, 3)
        if tried := self.tried[self._told :]:
            said["tried"] = [{"policy": one.policy, "why": "out of memory"} for one in tried]
        self._loading, self._told = None, len(self.tried)
        return said


def out_of_memory(error: BaseException) -> bool:
    """Whether a card's memory did not suffice; libraries below torch say it in words alone."""
    import torch

    if isinstance(error, torch.OutOfMemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and (
        "CUDA error: out of memory" in text or "ALLOC_FAILED" in text
    )


def free(compiled: bool = False) -> None:
    """Collect what nobody holds any more, and give the card's memory back to the driver."""
    import torch

    if compiled:
        torch.compiler.reset()
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
