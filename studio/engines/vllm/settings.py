"""What film.yaml may say of the language model, and where a server is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KEY_VARIABLE = "STORYREEL_LLM_KEY"
"""Environment variable with the API key of the server at `base_url`: no project holds a key."""
RECORD = "llm.json"
"""File in a project's `.studio` that says which server is kept."""


class VllmSettings(BaseModel):
    """`engines: {llm: {engine: vllm, …}}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(
        default="Qwen/Qwen3-VL-8B-Instruct",
        min_length=1,
        description="a repository that is in the cache, or a folder",
    )
    base_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="a server that runs already, of any make: http://127.0.0.1:8000/v1",
    )
    python: str | None = Field(
        default=None, description="the interpreter that has vLLM, where it is not this one"
    )
    device: Literal["gpu", "cpu"] = "gpu"
    context: int = Field(
        default=16384, ge=2048, le=1048576, description="tokens that question and answer share"
    )
    kv_cache: int = Field(
        default=4, ge=1, le=512, description="GB of memory for the server's attention cache"
    )
    at_once: int = Field(default=16, ge=1, le=256, description="questions under way together")
    temperature: float = Field(default=0.7, ge=0, le=2)
    timeout: int = Field(default=300, ge=1, le=3600, description="seconds that an answer may take")
    arguments: tuple[str, ...] = Field(
        default=(), description="further arguments of vllm serve, such as --quantization fp8"
    )


@dataclass(frozen=True)
class Address:
    """Where a server answers: `url` ends in /v1; `model` is the name that it serves the model
    under; `ours` where this project started it."""

    url: str
    key: str
    model: str
    ours: bool
