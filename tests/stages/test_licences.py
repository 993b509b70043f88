"""What a commercial film may be made with."""

from __future__ import annotations

import pytest

from studio.engines.base import EngineSpec
from studio.errors import StudioError
from studio.schema.film import EngineKind, Film
from studio.stages.licences import licence_notes


def film(use: str) -> Film:
    return Film.model_validate({"schema": "film/1", "title": "Small", "use": use})


def crew(painter: str, animator: str) -> dict[EngineKind, EngineSpec]:
    return {
        "painter": EngineSpec("painter", "p", "tests.doubles:ModelPainter", {"model": painter}),
        "animator": EngineSpec("animator", "a", "tests.doubles:ModelAnimator", {"model": animator}),
        "writer": EngineSpec("writer", "breakdown", "studio.engines.breakdown:Breakdown"),
    }


@pytest.mark.parametrize(
    ("model", "instead"),
    [
        ("FLUX.1-dev", "FLUX.1-schnell for the painter"),
        ("FLUX.1-Kontext-dev", "FLUX.2-klein-4B for the painter"),  # it reads pictures, too
    ],
)
def test_a_model_that_may_not_be_used_is_refused(model: str, instead: str) -> None:
    with pytest.raises(StudioError, match="use: commercial") as caught:
        licence_notes(film("commercial"), crew(model, "CogVideoX-2B"))
    assert caught.value.exit_code == 2
    assert model in caught.value.message
    assert instead in caught.value.tip


def test_one_that_wants_to_be_registered_is_told_with_its_licence() -> None:
    [note] = licence_notes(film("commercial"), crew("FLUX.1-schnell", "CogVideoX-5B-I2V"))
    assert note.startswith("CogVideoX-5B-I2V: the CogVideoX License allows commercial use once")
    assert "https://" in note


def test_a_private_film_and_free_models_are_told_nothing() -> None:
    assert licence_notes(film("private"), crew("FLUX.1-dev", "CogVideoX-5B-I2V")) == []
    assert licence_notes(film("commercial"), crew("FLUX.1-schnell", "CogVideoX-2B")) == []
