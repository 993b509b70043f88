"""Cards that the tests plan for, and a contract whose figures they know."""

from __future__ import annotations

from studio.models.contract import Contract, Memory, Speed, contract
from studio.residency.card import Card
from studio.residency.policy import Booster

ALL: frozenset[Booster] = frozenset({"compile", "fp8", "int8", "first-block cache"})

CAPABILITIES = {
    "NVIDIA H100 80GB HBM3": (9, 0),
    "NVIDIA A100-SXM4-80GB": (8, 0),
    "NVIDIA GeForce RTX 4090": (8, 9),
    "NVIDIA GeForce RTX 3090": (8, 6),
    "Tesla T4": (7, 5),
}


def card(gb: float, name: str = "NVIDIA H100 80GB HBM3", free: float | None = None) -> Card:
    """A card with so many GB (10**9 bytes), all free unless `free` says less."""
    left = gb if free is None else free
    return Card(0, name, int(gb * 1e9), int(left * 1e9), CAPABILITIES[name])


def clip_model() -> Contract:
    """CogVideoX-5B-I2V with the figures that the tests reckon with."""
    return contract("CogVideoX-5B-I2V").model_copy(
        update={
            "weights": {"text_encoder": 9.5, "transformer": 11.0, "vae": 0.5},
            "memory": Memory(denoise=4, decode=12, decode_tiled=3),
            "speed": (
                Speed(card="H100", steps=50, seconds=112, source="a page"),
                Speed(
                    card="H100", steps=50, seconds=75, policies=("compile", "fp8"), source="a page"
                ),
                Speed(card="A100", steps=50, seconds=243, source="a page"),
            ),
        }
    )


def picture_model() -> Contract:
    """FLUX.1-dev with the figures that the tests reckon with."""
    return contract("FLUX.1-dev").model_copy(
        update={
            "weights": {
                "text_encoder": 0.25,
                "text_encoder_2": 9.5,
                "transformer": 24.0,
                "vae": 0.2,
            },
            "memory": Memory(denoise=3, decode=3, decode_tiled=1.5),
            "speed": (Speed(card="H100", steps=28, seconds=6.6, source="a page"),),
        }
    )
