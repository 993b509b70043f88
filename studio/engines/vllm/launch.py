"""What is started: the interpreter, the arguments and the environment of a vLLM server; and all
that is refused before.

film.yaml may come from somebody else. It says which model answers, never which program runs: no
interpreter out of the project, and only such arguments as set memory, speed and precision.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.engines.vllm.loopback import HOST
from studio.engines.vllm.settings import KEY_VARIABLE, VllmSettings
from studio.errors import Missing, StudioError

MODULE = "vllm.entrypoints.openai.api_server"
"""Started as a module: the command `vllm` does not know its own version in the CPU distribution."""
OLDEST = (0, 17)
"""Earlier ones do not give memory back when they sleep."""
GIB = 2**30

SWITCHES = {
    "async-scheduling",
    "disable-custom-all-reduce",
    "enable-chunked-prefill",
    "enable-expert-parallel",
    "enable-prefix-caching",
    "enforce-eager",
    "language-model-only",
    "no-async-scheduling",
    "no-enable-chunked-prefill",
    "no-enable-prefix-caching",
    "skip-mm-profiling",
}
VALUES = {
    "attention-backend",
    "block-size",
    "cpu-offload-gb",
    "dtype",
    "gpu-memory-utilization",
    "kv-cache-dtype",
    "limit-mm-per-prompt",
    "max-num-batched-tokens",
    "max-num-seqs",
    "mm-processor-cache-gb",
    "mm-processor-kwargs",
    "moe-backend",
    "pipeline-parallel-size",
    "quantization",
    "reasoning-parser",
    "revision",
    "seed",
    "tensor-parallel-size",
}
_LOOK_FOR_VLLM = """
from importlib import metadata, util
names = metadata.packages_distributions().get("vllm", []) if util.find_spec("vllm") else []
print(*[metadata.version(name) for name in names][:1])
"""
_ENVIRONMENT_TIP = (
    "give vLLM an environment of its own (python3 -m venv ~/vllm && ~/vllm/bin/pip install vllm)"
    " and name it in film.yaml: llm: {engine: vllm, python: ~/vllm/bin/python}; or set base_url"
    " to a server that runs"
)


def command(settings: VllmSettings, project: Path) -> list[str]:
    """The command line of the server, still without its port. Raises StudioError for what is
    refused, Missing where interpreter, vLLM or weights are not there."""
    more = further(settings.arguments)
    model = weights(settings.model, project)
    python = interpreter(settings.python, project)
    guidance = {
        "backend": "guidance",
        "disable_any_whitespace": True,
        "disable_additional_properties": True,
    }
    return [
        python,
        "-m",
        MODULE,
        f"--model={model}",
        f"--served-model-name={served_name(settings.model)}",
        f"--host={HOST}",
        f"--max-model-len={settings.context}",
        f"--structured-outputs-config={json.dumps(guidance)}",
        "--disable-uvicorn-access-log",
        *_device_arguments(settings),
        *more,
    ]


def environment(settings: VllmSettings, key: str) -> dict[str, str]:
    """The server's environment: its key, no network, and the endpoints that let it sleep, which
    only a server of ours on the loopback address has."""
    ours = {
        "VLLM_API_KEY": key,
        "VLLM_SERVER_DEV_MODE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if settings.device == "cpu":
        ours["VLLM_CPU_KVCACHE_SPACE"] = str(settings.kv_cache)
        # left to itself every server takes the same cores, however busy they are
        ours["VLLM_CPU_OMP_THREADS_BIND"] = "nobind"
    return {k: v for k, v in os.environ.items() if k != KEY_VARIABLE} | ours


def served_name(model: str) -> str:
    """The name that a model is asked for by: of a folder its last part, else the repository."""
    return Path(model).name if _is_path(model) else model


def _device_arguments(settings: VllmSettings) -> list[str]:
    if settings.device == "cpu":
        # vLLM 0.32 on a CPU dies of a question with a seed whose prompt is read in pieces
        return ["--dtype=bfloat16", "--enforce-eager", "--no-enable-chunked-prefill"]
    return [
        "--enable-sleep-mode",
        f"--kv-cache-memory-bytes={settings.kv_cache * GIB}",
        # with a cache of that size it only says how much of the card must be free at the start
        "--gpu-memory-utilization=0.3",
    ]


# --- what is refused -------------------------------------------------------------------


def further(arguments: Sequence[str]) -> list[str]:
    """Arguments of film.yaml as `--name=value`. Raises StudioError for any that could change what
    runs or who may ask it."""
    try:
        words = [
            word for one in arguments for word in (shlex.split(one) if one[:2] == "--" else [one])
        ]
    except ValueError as error:
        raise StudioError(f"film.yaml: llm.arguments: {error}", "look at its quotes") from error
    taken = []
    rest = iter(words)
    for word in rest:
        name, has_value, value = word.partition("=")
        plain = name[2:].partition(".")[0].replace("_", "-") if name.startswith("--") else ""
        if plain in SWITCHES and not has_value:
            taken.append(name)
        elif plain in VALUES and (value := value if has_value else next(rest, "")):
            taken.append(f"{name}={value}")
        elif plain in VALUES:
            raise StudioError(f"film.yaml: llm.arguments: {name} needs a value")
        else:
            raise StudioError(
                f"film.yaml: llm.arguments: {word} is not handed on to the server",
                f"handed on are --{', --'.join(sorted(SWITCHES | VALUES))}; for others start a"
                " server yourself and name it in base_url",
            )
    return taken


def weights(model: str, project: Path) -> str:
    """The folder of a model (relative ones begin at the project), or a repository whose files are
    in the cache. Raises Missing where neither is there."""
    folder = (project / Path(model).expanduser()).resolve()
    if folder.is_dir():
        return str(folder)
    if _is_path(model):
        raise Missing(
            f"the model's folder {folder} is not there",
            "name the folder that holds its config.json, in film.yaml: llm.model",
        )
    if not any((_hub() / f"models--{model.replace('/', '--')}").glob("snapshots/*/config.json")):
        raise Missing(
            f"the language model {model} is not on this machine",
            f"fetch it once (hf download {model}), name a model's folder in film.yaml: llm.model,"
            " or set base_url to a server that runs",
        )
    return model


def interpreter(python: str | None, project: Path) -> str:
    """The interpreter that has vLLM; None means this one. Raises Missing where it is not there or
    has none, StudioError where it lies in the project."""
    if python is None:
        path = Path(sys.executable)
    else:
        path = Path(python).expanduser()
        if not path.is_absolute():
            raise StudioError(
                f"film.yaml: llm.python: {python} is not a whole path",
                "write it out from the root, or from your home: ~/vllm/bin/python",
            )
        named = path.parent.resolve() / path.name
        if any(each.is_relative_to(project.resolve()) for each in (named, path.resolve())):
            raise StudioError(
                f"film.yaml: llm.python: {python} lies in the project's folder",
                "a project brings no programs: put the environment elsewhere and name it there",
            )
    if not path.is_file():
        raise Missing(f"there is no Python at {path}", _ENVIRONMENT_TIP)
    version = _vllm_version(path)
    if version is None:
        raise Missing(f"{path} has no vLLM", _ENVIRONMENT_TIP)
    if version < OLDEST:
        raise Missing(
            f"the vLLM of {path} is {version[0]}.{version[1]}, too old",
            f"{OLDEST[0]}.{OLDEST[1]} or later is needed: {path} -m pip install --upgrade vllm",
        )
    return str(path)


def _vllm_version(python: Path) -> tuple[int, int] | None:
    """The version of vLLM that an interpreter has, without loading it; None where there is none."""
    try:
        ran = subprocess.run(
            [str(python), "-c", _LOOK_FOR_VLLM],
            cwd=python.anchor,  # Python finds modules in the folder it is started in
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"^(\d+)\.(\d+)", ran.stdout, re.MULTILINE)
    return (int(found[1]), int(found[2])) if found and ran.returncode == 0 else None


def _is_path(model: str) -> bool:
    """Whether a model is named by its folder: a repository is `name` or `owner/name`."""
    return re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)?", model) is None


def _hub() -> Path:
    """Where models that were fetched once are kept."""
    given = os.environ
    cache = Path(given.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    home = Path(given.get("HF_HOME") or cache)
    hub = given.get("HF_HUB_CACHE") or given.get("HUGGINGFACE_HUB_CACHE") or home / "hub"
    return Path(hub).expanduser()
