"""What a picture or a clip took: seconds by phase, memory, and on what it was made."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from studio.engines.diffusion.settings import Device

PACKAGES = ("torch", "diffusers", "transformers")


class Measured:
    """Seconds by phase from now on, and the most memory of the card."""

    def __init__(self, device: Device) -> None:
        self._cuda = device == "cuda"
        self._phases: dict[str, float] = {}
        if self._cuda:
            import torch

            torch.cuda.reset_peak_memory_stats()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what happens within to `name`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            if self._cuda:
                import torch

                torch.cuda.synchronize()
            taken = time.perf_counter() - began
            self._phases[name] = self._phases.get(name, 0.0) + taken

    def facts(self) -> dict[str, Any]:
        """Seconds by phase; with a card its name and the peak in GB (10**9 bytes); versions."""
        said: dict[str, Any] = {
            "phases": {name: round(taken, 3) for name, taken in self._phases.items()},
            "versions": {package: version(package) for package in PACKAGES},
        }
        if not self._cuda:
            return said | {"card": None}
        import torch

        peak = round(torch.cuda.max_memory_reserved() / 1e9, 2)
        return said | {"card": torch.cuda.get_device_name(), "peak_gb": peak}
