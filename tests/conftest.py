"""What all tests share: project folders written from a dict, the command line, and a real server
with a tiny language model."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from studio.engines.vllm.settings import Address, VllmSettings
from studio.project import Project

FILM = {
    "schema": "film/1",
    "title": "Small",
    "frame": "192x108",
    "rate": 12,
    "look": "pencil",
    "seed": 7,
    "cards": False,
    "engines": {"painter": "null", "animator": "null"},
}

STORYBOARD = {
    "schema": "storyboard/1",
    "cast": {
        "mara": {"name": "Mara", "looks": "a woman of sixty, grey braid"},
        "tom": {"name": "Tom", "looks": "a boy of ten, red cap"},
    },
    "places": {
        "tower": {"name": "the lighthouse", "looks": "white stone"},
        "shore": {"name": "the shore", "looks": "black basalt"},
    },
    "scenes": [
        {
            "id": "sc010",
            "heading": "EXT. LIGHTHOUSE - DUSK",
            "place": "tower",
            "time": "dusk",
            "shots": [
                {
                    "id": "sc010_sh010",
                    "size": "ELS",
                    "duration": "2s",
                    "cast": ["mara"],
                    "action": "Mara stands at the rail.",
                    "narration": "On the ninth day she stopped looking.",
                    "transition": "fade from black 0.5s",
                },
                {
                    "id": "sc010_sh020",
                    "size": "MS",
                    "duration": "2s",
                    "movement": "dolly in",
                    "cast": ["mara", "tom"],
                    "action": "Tom calls to her.",
                    "dialogue": [{"who": "tom", "line": "A boat!"}],
                    "keyframe": "{tom} calls to {mara}. {place}. {look}.",
                    "motion": "{tom} waves. {movement}.",
                },
            ],
        },
        {
            "id": "sc020",
            "heading": "EXT. SHORE - NIGHT",
            "place": "shore",
            "time": "night",
            "shots": [
                {
                    "id": "sc020_sh010",
                    "size": "LS",
                    "duration": "2.5s",
                    "cast": ["tom"],
                    "action": "Tom runs down to the boat.",
                    "transition": "dissolve 0.5s",
                }
            ],
        },
    ],
}

Gen = Callable[..., Project]


def write_yaml(path: Path, content: object) -> None:
    """A YAML file as a person would have it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def gen(tmp_path: Path) -> Gen:
    """Make a project: `gen()` is the small film with null engines, `gen(film={...})` changes
    film.yaml, `gen(storyboard=None)` leaves the storyboard out, `files` adds others."""

    def make(
        film: dict[str, object] | None = None,
        storyboard: dict[str, object] | str | None = "default",
        story: str = "Mara keeps the light. Tom comes in a boat.",
        files: dict[str, str | bytes] | None = None,
        name: str = "small",
    ) -> Project:
        root = tmp_path / name
        write_yaml(root / "film.yaml", FILM | (film or {}))
        (root / "story.md").write_text(story, encoding="utf-8")
        if storyboard == "default":
            write_yaml(root / "storyboard.yaml", STORYBOARD)
        elif storyboard is not None:
            write_yaml(root / "storyboard.yaml", storyboard)
        for path, content in (files or {}).items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return Project(root)

    return make


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Studio = Callable[..., Said]


@pytest.fixture
def studio(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Studio:
    """Run the command line: `studio("plan", "-p", folder)`."""
    from studio.cli import main

    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return Said(int(str(ended.value.code or 0)), said.out, said.err)

    return run


# --- a language model on this machine --------------------------------------------------


@dataclass(frozen=True)
class Tiny:
    """A model of random weights that a real vLLM serves here: the interpreter that has vLLM, and
    the model's folder."""

    python: str
    model: str

    def settings(self, **others: object) -> dict[str, object]:
        """For `engines: {llm: {engine: vllm, …}}`."""
        return {
            "model": self.model,
            "python": self.python,
            "device": "cpu",
            "context": 8192,
            "kv_cache": 1,
            **others,
        }


def checkpoint(kind: str, environment: Path, python: Path | str) -> Path:
    """What `checkpoints.py` makes of `kind`, in `environment` under the name of its own hash."""
    maker = Path(__file__).parent / "checkpoints.py"
    made = environment / f"tiny-{kind}-{hashlib.sha256(maker.read_bytes()).hexdigest()[:12]}"
    if not made.is_dir():
        part = made.with_suffix(f".{os.getpid()}.part")
        offline = os.environ | {"HF_HUB_OFFLINE": "1"}
        subprocess.run([python, maker, kind, part], check=True, capture_output=True, env=offline)
        with suppress(OSError):  # another process was quicker
            part.rename(made)
    return made


@pytest.fixture(scope="session")
def tiny() -> Tiny:
    """Made once, and kept beside the interpreter."""
    here = Path(__file__).parent
    environment = here.parent / ".venv-vllm"
    python = environment / "bin" / "python"
    if not (sys.platform == "linux" and platform.machine() == "x86_64"):
        pytest.skip("vLLM's CPU build is for Linux x86-64")
    if not (environment / "ready").is_file():
        pytest.fail("there is no vLLM to test with: run `make vllm-env`")
    made = checkpoint("vlm", environment, python)
    return Tiny(str(python), str(made))


@pytest.fixture(scope="session")
def vllm_server(tiny: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """One server for all tests that ask a real one. None may stop it or put it to sleep."""
    from studio.engines.vllm.standby import Standby

    folder = tmp_path_factory.mktemp("vllm") / ".studio"
    standby = Standby(VllmSettings.model_validate(tiny.settings()), folder, print)
    try:
        yield standby.address()
    finally:
        standby.close()


# --- models of pictures and clips ------------------------------------------------------


@pytest.fixture(scope="session")
def tiny_diffusers() -> Path:
    """The folder of the folders below: made once, and kept beside the interpreter."""
    return checkpoint("diffusers", Path(sys.prefix), sys.executable)


@pytest.fixture(scope="session")
def tiny_flux_dev(tiny_diffusers: Path) -> Path:
    """Paints with guidance; its T5 is the same files as those of the CogVideoX below."""
    return tiny_diffusers / "flux.1-dev"


@pytest.fixture(scope="session")
def tiny_flux_schnell(tiny_diffusers: Path) -> Path:
    """Paints without guidance."""
    return tiny_diffusers / "flux.1-schnell"


@pytest.fixture(scope="session")
def tiny_cog(tiny_diffusers: Path) -> Path:
    """Image to video: 192x128 only, 9 frames."""
    return tiny_diffusers / "cogvideox-5b-i2v"


@pytest.fixture(scope="session")
def tiny_cog15(tiny_diffusers: Path) -> Path:
    """Image to video in the shape of 1.5: 192x128, 17 frames."""
    return tiny_diffusers / "cogvideox1.5-5b-i2v"


@pytest.fixture(scope="session")
def tiny_cog_t2v(tiny_diffusers: Path) -> Path:
    """Text to video, and video to video: 192x128, 9 frames."""
    return tiny_diffusers / "cogvideox-5b"
