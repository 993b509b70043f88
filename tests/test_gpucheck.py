"""`doctor --gpu` without a card, and with a program that lists one that is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio import gpucheck
from studio.checkup import Finding
from studio.engines.cogvideox import CogVideoXSettings
from studio.engines.diffusion.loading import ready
from studio.engines.flux import FluxSettings
from studio.residency.card import Card
from tests.conftest import Gen, Studio

CARD = "0, GPU-1, NVIDIA GeForce RTX 4090, 24564, {free}, 8.9"


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """nvidia-smi on PATH, which lists one card with 23,010 MiB free."""
    if os.name == "nt":
        pytest.skip("the program of the test is a sh script")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    program = tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\ncase $1 in *driver*) echo 580.1;; *) echo '{CARD.format(free=23010)}';; esac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    return program


def test_without_a_card_it_says_so_and_still_names_the_versions(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.chdir(tmp_path)
    said = studio("doctor", "--gpu")
    assert said.code == 4
    assert "no CUDA card" in said.err or "no card that may be used" in said.err
    assert said.out.startswith("### studio doctor --gpu")
    assert "| package | yes | torch 2." in said.out
    assert "| card | **no** |" in said.out
    assert "| render |" not in said.out
    assert "Traceback" not in said.err


def test_the_film_s_models_are_planned_for_the_card(smi: Path, gen: Gen) -> None:
    film = {"painter": {"engine": "flux", "model": "FLUX.1-dev", "quality": "draft"}}
    project = gen(film={"engines": film | {"animator": "null"}})
    plans = [one for one in gpucheck.looked(project) if one.check == "plan"]
    assert [one.ok for one in plans] == [True]
    assert plans[0].says.startswith("FLUX.1-dev, draft: ")
    assert "14 steps" in plans[0].says
    defaults = [one.says.split(",")[0] for one in gpucheck.looked() if one.check == "plan"]
    assert defaults == [FluxSettings().model, CogVideoXSettings().model]


def test_a_film_s_model_that_does_not_fit_is_a_fault(smi: Path, gen: Gen) -> None:
    smi.write_text(smi.read_text().replace("23010", "2000"))
    film = {"painter": {"engine": "flux", "model": "FLUX.1-dev"}, "animator": "null"}
    project = gen(film={"engines": film})
    (plan,) = [one for one in gpucheck.looked(project) if one.check == "plan"]
    assert not plan.ok
    assert "too small for FLUX.1-dev" in plan.says
    assert "other programs hold" in plan.tip


def test_a_card_that_torch_cannot_use_is_one_line(smi: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("torch can use a card here")
    found = list(gpucheck.looked())
    assert Finding("driver", True, "580.1") in found
    assert any(one.check == "card" and "24.1 of 25.8 GB free" in one.says for one in found)
    assert found[-1].check == "torch"
    assert not found[-1].ok
    assert "has no CUDA" in found[-1].says or "cannot use the card" in found[-1].says


def test_a_picture_of_two_steps_is_painted_under_a_policy() -> None:
    ready()
    (found,) = gpucheck.renders("cpu")
    assert found.ok, found.says
    assert found.says.startswith("cpu: ")


def test_what_fails_is_said_with_its_policy() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("torch can use a card here")
    found = list(gpucheck.renders("cuda", Card(0, "Tesla T4", 1, 1, (7, 5))))
    assert {one.says.split(":")[0] for one in found} >= set(gpucheck.LADDER)
    assert not any(one.ok for one in found)
    assert all("\n" not in one.says for one in found)


def test_the_report_is_a_table_that_keeps_its_form() -> None:
    text = gpucheck.report([Finding("render", False, "a | b\nc")])
    assert text.splitlines()[-1] == "| render | **no** | a \\| b c |"
