"""Prompts read by real text encoders: padded as the models want it, one load for one encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.engines.base import EngineSpec, unheard
from studio.engines.diffusion.texts import states
from studio.engines.requests import Reading, ReadRequest
from studio.engines.texts import Texts, TextsSettings
from studio.errors import Missing, RenderFailed

PROMPT = "a gull on a rock"


def t5(folder: Path, number: str = "_2", tokens: int = 512, text: str = PROMPT) -> Reading:
    return Reading("t5", folder, f"text_encoder{number}", f"tokenizer{number}", tokens, text)


def clip(folder: Path, text: str = PROMPT) -> Reading:
    return Reading("clip", folder, "text_encoder", "tokenizer", 77, text)


@pytest.fixture
def texts() -> Texts:
    return Texts(TextsSettings(device="cpu"))


def asked(texts: Texts, reading: Reading, encoder: str, folder: Path) -> tuple[Any, int]:
    """The states that it gives, and how many encoders it loaded for them."""
    folder.mkdir(exist_ok=True)
    rendered = texts.read(ReadRequest("", reading, encoder), folder, unheard)
    return states(list(rendered.files.values()), list, "cpu")[0], rendered.facts["loads"]


def test_states_are_what_the_pipeline_itself_would_read(
    texts: Texts, tiny_flux_dev: Path, tmp_path: Path
) -> None:
    import torch
    from diffusers import FluxPipeline

    pipeline = FluxPipeline.from_pretrained(tiny_flux_dev, dtype=torch.float32)
    with torch.no_grad():
        wanted, pooled, _ = pipeline.encode_prompt(PROMPT, None, max_sequence_length=512)
    got, _ = asked(texts, t5(tiny_flux_dev), "t5", tmp_path)
    assert torch.equal(got, wanted)
    assert got.shape == (1, 512, 32)
    leading, _ = asked(texts, clip(tiny_flux_dev), "clip", tmp_path)
    assert torch.equal(leading, pooled)


def test_one_load_serves_both_models_that_share_an_encoder(
    texts: Texts, tiny_flux_dev: Path, tiny_cog: Path, tmp_path: Path
) -> None:
    import torch

    flux, first = asked(texts, t5(tiny_flux_dev), "the same", tmp_path)
    cog, second = asked(texts, t5(tiny_cog, "", 226), "the same", tmp_path)
    _, third = asked(texts, clip(tiny_flux_dev), "another", tmp_path)
    assert (first, second, third) == (1, 0, 1)
    assert cog.shape == (1, 226, 32)
    assert torch.equal(cog, asked(texts, t5(tiny_cog, "", 226), "alone", tmp_path)[0])
    assert not torch.equal(flux[:, :226], cog)  # the padding counts


def test_a_text_that_is_too_long_is_refused_where_it_would_be_cut(
    texts: Texts, tiny_flux_dev: Path, tmp_path: Path
) -> None:
    long = "gulls " * 100
    with pytest.raises(RenderFailed, match=r"has \d+ tokens, and flux.1-dev reads 64"):
        asked(texts, t5(tiny_flux_dev, tokens=64, text=long), "t5", tmp_path)
    assert asked(texts, clip(tiny_flux_dev, long), "clip", tmp_path)[0].shape == (1, 32)


def test_an_encoder_that_is_not_there_is_one_line(texts: Texts, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="text_encoder_2 does not load") as refused:
        asked(texts, t5(tmp_path / "none"), "none", tmp_path)
    assert "studio models check" in refused.value.tip


def test_it_is_opened_by_its_name_and_has_no_model_of_its_own() -> None:
    spec = EngineSpec("painter", "texts", "studio.engines.texts:Texts", {"device": "cpu"})
    assert isinstance(spec.open(), Texts)
    assert spec.model is None
