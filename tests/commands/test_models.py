"""`studio models`: what is known, needed and here; and downloads, from a server that answers as
Hugging Face does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.project import Project
from tests.conftest import FILM, Gen, Said, Studio
from tests.hub import COMMIT, Hub, serving

COG, FLUX = "zai-org/CogVideoX-5b-I2V", "black-forest-labs/FLUX.1-schnell"
TRANSFORMER = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache in place of this machine's own, and no card."""
    folder = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(folder))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    return folder


@pytest.fixture
def film(gen: Gen, tiny_cog: Path, tiny_flux_schnell: Path) -> Project:
    """A film that needs two models, each in a folder."""
    return gen(
        film=FILM
        | {
            "engines": {
                "painter": {"engine": "flux", "model": str(tiny_flux_schnell)},
                "animator": {"engine": "cogvideox", "model": str(tiny_cog)},
            }
        }
    )


# --- list, show, check -----------------------------------------------------------------


def test_every_model_is_listed_outside_a_project(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = studio("models", "list")
    assert (said.code, said.out) == (0, "")
    line = next(line for line in said.err.splitlines() if line.startswith("FLUX.1-dev "))
    shown = (
        "FLUX.1-dev not here 33.8 FLUX.1 dev Non-Commercial License, gated not allowed none here"
    )
    assert " ".join(line.split()) == shown
    told = json.loads(studio("models", "list", "--json").out)
    assert (told["schema"], told["card"]) == ("models/1", None)
    models = {one["name"]: one for one in told["models"]}
    assert models["CogVideoX-2B"]["state"] == "not here"
    assert models["CogVideoX-2B"]["tip"] == "get them with: studio models pull CogVideoX-2B"
    assert models["FLUX.2-klein-4B"]["gated"] is False


def test_what_a_project_needs_comes_first(studio: Studio, film: Project, tiny_cog: Path) -> None:
    told = json.loads(studio("models", "list", "--json", "-p", film.root).out)
    painter, animator, *others = told["models"]
    assert (painter["name"], painter["needed_by"]) == ("FLUX.1-schnell", ["painter"])
    assert (animator["name"], animator["needed_by"]) == ("CogVideoX-5B-I2V", ["animator"])
    assert (animator["state"], animator["folder"]) == ("here", str(tiny_cog))
    assert not [one for one in others if one["needed_by"]]


def test_a_card_says_how_it_runs_a_model(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = tmp_path / "bin" / "nvidia-smi"
    driver.parent.mkdir()
    driver.write_text("#!/bin/sh\necho '0, GPU-1, NVIDIA GeForce RTX 3060, 12288, 12000, 8.6'\n")
    driver.chmod(0o755)
    monkeypatch.setenv("PATH", str(driver.parent), prepend=os.pathsep)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    monkeypatch.chdir(tmp_path)
    said = studio("models", "list").err
    assert "this card: NVIDIA GeForce RTX 3060, 13 of 13 GB free" in said
    line = next(line for line in said.splitlines() if line.startswith("CogVideoX-5B-I2V "))
    assert "offload, " in line
    assert line.endswith(" GB")


def test_a_model_is_shown_with_the_sources_of_its_figures(studio: Studio, tiny_cog: Path) -> None:
    said = studio("models", "show", "thudm/cogvideox-5b-i2v").err
    assert "does image-to-video, run by CogVideoXImageToVideoPipeline" in said
    assert "frames    49 at 8 a second; 8k+1, 9 to 49\n          model card, 8N+1" in said
    said = studio("models", "show", tiny_cog).err
    assert f"sizes     192x128 only\n          files of the model in {tiny_cog}" in said
    said = studio("models", "show", "CogVideoX-5B-I2W")
    assert (said.code, said.err.splitlines()[1]) == (2, "tip: did you mean CogVideoX-5B-I2V?")


def test_check_says_what_is_whole(studio: Studio, film: Project, tiny_cog: Path) -> None:
    said = studio("models", "check", "-p", film.root)
    assert said.code == 0
    assert f"animator: CogVideoX-5B-I2V is whole, in {tiny_cog}" in said.err


def test_check_fails_where_something_lacks(studio: Studio, gen: Gen, tiny_cog: Path) -> None:
    spoilt = Path(shutil.copytree(tiny_cog, gen().root / "mine"))
    (spoilt / TRANSFORMER).write_bytes((spoilt / TRANSFORMER).read_bytes()[:-1])
    engines = {"painter": "flux", "animator": {"engine": "cogvideox", "model": str(spoilt)}}
    project = gen(film=FILM | {"engines": engines})
    said = studio("models", "check", "-p", project.root)
    assert said.code == 4
    assert "is not whole, " in said.err
    assert f"copy the files of mine to {spoilt} once more" in said.err
    told = json.loads(studio("models", "check", "--json", "-p", project.root).out)
    assert [one["state"] for one in told["models"]] == ["not here", "amiss"]


def test_a_film_of_embedded_engines_needs_no_model(studio: Studio, gen: Gen) -> None:
    said = studio("models", "check", "-p", gen().root)
    assert said.code == 0
    assert "needs no model" in said.err


# --- pull ------------------------------------------------------------------------------


@pytest.fixture
def hub(tiny_cog: Path, tiny_flux_schnell: Path, tmp_path: Path) -> Iterator[Hub]:
    """A hub with a model that has more files than diffusers loads, and a gated one."""
    model = Path(shutil.copytree(tiny_cog, tmp_path / "repository"))
    (model / "whole.safetensors").write_bytes(b"the same once more")
    (model / "transformer" / "diffusion_pytorch_model.bin").write_bytes(b"pickled")
    (model / "README.md").write_text("card")
    with serving(Hub({COG: model, FLUX: tiny_flux_schnell}, gated={FLUX})) as served:
        yield served


def pull(hub: Hub, *arguments: str, **variables: str) -> Said:
    """`studio models pull` in a process of its own, which asks `hub`."""
    environment = {k: v for k, v in os.environ.items() if k not in ("HF_HUB_OFFLINE", "HF_TOKEN")}
    environment |= {"HF_ENDPOINT": hub.url, "NO_PROXY": "127.0.0.1"} | variables
    ran = subprocess.run(
        [sys.executable, "-m", "studio", "models", "pull", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in ran.stderr
    return Said(ran.returncode, ran.stdout, ran.stderr)


def test_pull_gets_what_diffusers_loads_once(hub: Hub, cache: Path, studio: Studio) -> None:
    dry = pull(hub, "CogVideoX-5B-I2V", "--dry-run")
    assert dry.code == 0, dry.err
    assert TRANSFORMER in dry.err
    assert hub.sent == []
    said = pull(hub, "CogVideoX-5B-I2V")
    folder = cache / "models--zai-org--CogVideoX-5b-I2V" / "snapshots" / COMMIT
    assert said.code == 0, said.err
    assert f"{COG} is whole, in {folder}" in said.err
    names = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert {TRANSFORMER, "model_index.json", "tokenizer/tokenizer.json"} <= names
    assert not {"whole.safetensors", "README.md"} & names
    assert not [name for name in names if name.endswith(".bin")]
    hub.sent.clear()
    (folder / TRANSFORMER).resolve().unlink()
    again = pull(hub, COG)
    assert again.code == 0, again.err
    assert hub.sent == [(TRANSFORMER, 0)]


def test_a_file_that_came_broken_is_removed_and_got_again(hub: Hub, cache: Path) -> None:
    hub.spoilt.add(TRANSFORMER)
    said = pull(hub, "CogVideoX-5B-I2V")
    assert said.code == 4
    assert f"{TRANSFORMER} is not what its checksum says, and was removed" in said.err
    hub.spoilt.clear()
    assert pull(hub, "CogVideoX-5B-I2V").code == 0


def test_a_gated_model_names_the_page_to_visit(hub: Hub) -> None:
    said = pull(hub, "FLUX.1-schnell")
    assert said.code == 4
    assert f"error: {FLUX} is gated: it opens to those who agreed to its terms" in said.err
    assert f"tip: agree on {hub.url}/{FLUX}, log in here with: hf auth login" in said.err


def test_what_is_in_the_way_of_a_download_is_said(hub: Hub) -> None:
    nobody = pull(hub, "mara/nothing")
    assert nobody.code == 4
    assert "there is no mara/nothing on Hugging Face, or not for this account" in nobody.err
    offline = pull(hub, "CogVideoX-5B-I2V", HF_HUB_OFFLINE="1")
    assert offline.code == 4
    assert "is not asked for: this shell says HF_HUB_OFFLINE" in offline.err
    nowhere = pull(hub, "CogVideoX-5B-I2V", HF_ENDPOINT="http://127.0.0.1:9")
    assert nowhere.code == 4
    assert f"{COG} cannot be downloaded: " in nowhere.err
    assert hub.sent == []
