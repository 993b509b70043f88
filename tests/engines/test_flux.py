"""Keyframes by flux from tiny random checkpoints, through the code that paints with real ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.engines.base import EngineSpec
from studio.engines.flux import Flux, FluxSettings
from studio.engines.requests import PaintRequest
from studio.errors import Interrupted, Missing, StudioError
from tests.engines.flux_requests import SIZE, opened, paint, pixels, read_before, request


@pytest.fixture(scope="module")
def dev(tiny_flux_dev: Path) -> Flux:
    """One engine for the tests that only paint: what they ask for cannot hang together."""
    return opened(tiny_flux_dev)


@pytest.fixture(scope="session")
def read(tiny_flux_dev: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The prompt, as the encoders of FLUX.1 gave it: reading it takes longer than painting."""
    return read_before(tiny_flux_dev, tmp_path_factory.mktemp("read"))


@pytest.fixture
def asked(read: tuple[Path, ...]) -> Callable[..., PaintRequest]:
    """A request whose prompt was read before."""
    return lambda *given, **others: request(*given, read=read, **others)


# --- the picture -----------------------------------------------------------------------


@pytest.mark.parametrize("size", [SIZE, (128, 192), (190, 122)])
def test_a_picture_has_exactly_the_asked_size(
    asked: Callable[..., PaintRequest], dev: Flux, tmp_path: Path, size: tuple[int, int]
) -> None:
    with Image.open(paint(dev, tmp_path, asked(size=size)).files[".png"]) as made:
        assert (made.size, made.mode) == (size, "RGB")


def test_a_size_between_the_models_own_is_cropped_and_not_stretched(
    asked: Callable[..., PaintRequest], dev: Flux, tmp_path: Path
) -> None:
    with Image.open(paint(dev, tmp_path, asked(size=(192, 128))).files[".png"]) as whole:
        wanted = whole.crop((1, 3, 191, 125)).tobytes()
    assert pixels(paint(dev, tmp_path, asked(size=(190, 122)))) == wanted


def test_a_picture_depends_on_its_own_seed_and_on_no_other_shot(
    asked: Callable[..., PaintRequest], dev: Flux, tiny_flux_dev: Path, tmp_path: Path
) -> None:
    first, second = (pixels(paint(dev, tmp_path, asked(seed))) for seed in (1, 2))
    fresh = opened(tiny_flux_dev)
    assert pixels(paint(fresh, tmp_path, asked(2))) == second != first
    assert pixels(paint(fresh, tmp_path, asked(1))) == first


def test_another_process_paints_the_same_bits_offline(
    dev: Flux, tiny_flux_dev: Path, tmp_path: Path
) -> None:
    code = (
        "import socket, sys\n"
        "socket.socket.connect = lambda *_: sys.exit('it went to the network')\n"
        "from pathlib import Path\n"
        "from tests.engines.flux_requests import opened, paint, request\n"
        "model, out = map(Path, sys.argv[1:])\n"
        "paint(opened(model), out, request(3))\n"
    )
    given = [sys.executable, "-c", code, tiny_flux_dev, tmp_path]
    subprocess.run(given, check=True, cwd=Path(__file__).parents[2])
    there = (tmp_path / "painted-0" / "keyframe.png").read_bytes()
    assert paint(dev, tmp_path, request(3)).files[".png"].read_bytes() == there


def test_a_prompt_that_was_read_before_gives_the_same_picture_without_an_encoder(
    dev: Flux, read: tuple[Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = paint(dev, tmp_path, request())
    monkeypatch.setattr("studio.engines.diffusion.texts.Encoder", None)
    before = paint(dev, tmp_path, request(read=read))
    assert pixels(here) == pixels(before)
    assert (here.facts["reader"], before.facts["reader"]) == ("read here", "read before")


def test_the_take_says_how_it_was_made(
    asked: Callable[..., PaintRequest], dev: Flux, tiny_flux_dev: Path, tmp_path: Path
) -> None:
    facts = paint(dev, tmp_path, asked()).facts
    assert facts["policy"] == "cpu"
    assert facts["card"] is None
    assert (facts["steps"], facts["guidance"]) == (2, 3.5)
    assert facts["scheduler"] == "FlowMatchEulerDiscreteScheduler"
    assert (facts["model"], facts["revision"]) == ("FLUX.1-dev", tiny_flux_dev.name)
    assert set(facts["phases"]) == {"texts", "denoise", "decode"}
    assert set(facts["versions"]) == {"torch", "diffusers", "transformers"}


def test_steps_guidance_and_the_model_change_the_picture(
    asked: Callable[..., PaintRequest],
    dev: Flux,
    tiny_flux_dev: Path,
    tiny_flux_schnell: Path,
    tmp_path: Path,
) -> None:
    engines = [
        dev,
        opened(tiny_flux_dev, steps=3),
        opened(tiny_flux_dev, guidance=9),
        opened(tiny_flux_schnell),
    ]
    assert len({pixels(paint(engine, tmp_path, asked())) for engine in engines}) == 4


def test_progress_is_told_and_ctrl_c_stops_between_two_steps(
    asked: Callable[..., PaintRequest], dev: Flux, tmp_path: Path
) -> None:
    before = pixels(paint(dev, tmp_path, asked()))
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        paint(dev, tmp_path, asked(), stop)
    assert told == [(1, 2)]
    paint(dev, tmp_path, asked(), lambda done, total: told.append((done, total)))
    assert told[1:] == [(1, 2), (2, 2)]
    assert pixels(paint(dev, tmp_path, asked())) == before


@pytest.mark.parametrize("policy", ["tiled", "group offload", "8-bit"])
def test_a_policy_can_be_forced_by_film_yaml(
    asked: Callable[..., PaintRequest], dev: Flux, tiny_flux_dev: Path, tmp_path: Path, policy: str
) -> None:
    made = paint(opened(tiny_flux_dev, policy=policy), tmp_path, asked())
    assert made.facts["policy"] == policy
    same = pixels(made) == pixels(paint(dev, tmp_path, asked()))
    assert same is (policy != "8-bit")


# --- LoRAs -----------------------------------------------------------------------------


def lora(path: Path, layer: str, width: int = 32, **others: Any) -> Path:
    """A LoRA of rank two that changes one layer of 32 or `width` channels."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    factors = {
        f"transformer.{layer}.lora_A.weight": torch.randn(2, width),
        f"transformer.{layer}.lora_B.weight": torch.randn(width, 2),
    }
    save_file(factors | others, path)
    return path


QUERY = "transformer_blocks.0.attn.to_q"


def test_a_lora_changes_the_picture_by_its_weight(
    asked: Callable[..., PaintRequest], dev: Flux, tiny_flux_dev: Path, tmp_path: Path
) -> None:
    made = lora(tmp_path / "style.safetensors", QUERY)

    def painted(*weights: float) -> bytes:
        loras = [{"file": str(made), "weight": weight} for weight in weights]
        return pixels(paint(opened(tiny_flux_dev, loras=loras), tmp_path, asked()))

    plain = pixels(paint(dev, tmp_path, asked()))
    assert painted(0.0) == plain
    assert len({plain, painted(1.0), painted(2.0)}) == 3
    assert painted(0.5, 0.5) == painted(1.0)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda at: lora(at, QUERY, width=48), "for another model .* another size"),
        (lambda at: lora(at, "transformer_blocks.0.attn1.to_q"), "the model does not have"),
        (lambda at: at.write_bytes(b"\x80\x05pickled"), "no safetensors file, or damaged"),
        (Path.exists, "is not there"),
    ],
    ids=["other size", "other model", "pickled", "missing"],
)
def test_a_lora_that_does_not_fit_is_refused_before_anything_is_loaded(
    tiny_flux_dev: Path, tmp_path: Path, made: Callable[[Path], Any], says: str
) -> None:
    path = tmp_path / "style.safetensors"
    made(path)
    with pytest.raises(StudioError, match=says):
        opened(tiny_flux_dev, loras=[{"file": str(path)}])


# --- what it says about itself ---------------------------------------------------------


def test_the_identity_is_what_the_picture_depends_on(tiny_flux_dev: Path, tmp_path: Path) -> None:
    def identity(**settings: Any) -> dict[str, Any]:
        return dict(Flux.identity(FluxSettings.model_validate({"model": "FLUX.1-dev"} | settings)))

    plain = identity()
    assert identity(device="cpu", policy="tiled") == plain
    assert identity(guidance=3.5, steps=28) == plain
    one, same, other = (tmp_path / name for name in ("a.safetensors", "b.safetensors", "c"))
    for path, layer in ((one, QUERY), (same, QUERY), (other, "proj_out")):
        lora(path, layer)
    by_lora = [identity(loras=[{"file": str(path)}]) for path in (one, same, other)]
    assert by_lora[0] == by_lora[1] != by_lora[2]
    for changed in (
        {"quality": "best"},
        {"steps": 9},
        {"guidance": 4},
        {"from": "sketch"},
        {"from": "sketch", "strength": 0.5},
        {"model": "FLUX.1-schnell"},
    ):
        assert identity(**changed) != plain


def test_what_it_reads_follows_from_its_settings() -> None:
    def reads(**settings: str) -> set[str]:
        given = {"model": "FLUX.1-dev"} | settings
        spec = EngineSpec("painter", "flux", "studio.engines.flux:Flux", given)
        return {part for part in ("panel", "board", "references") if spec.reads(part)}

    assert reads() == set()
    assert reads(**{"from": "sketch"}) == {"panel"}
    assert reads(**{"from": "board"}) == {"board"}
    assert reads(model="FLUX.1-Kontext-dev") == {"references"}
    assert reads(model="FLUX.2-klein-4B") == {"references"}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"model": "CogVideoX-5B-I2V"}, "does not paint pictures"),
        ({"model": "FLUX.2-klein-4B", "from": "sketch"}, "begins from no picture"),
        ({"model": "FLUX.9-dev"}, "FLUX.9-dev"),
        ({"model": "FLUX.1-dev", "strenght": 1}, "no setting 'strenght'"),
    ],
)
def test_settings_that_do_not_go_together_are_refused_by_plan(
    settings: dict[str, Any], says: str
) -> None:
    spec = EngineSpec("painter", "flux", "studio.engines.flux:Flux", settings)
    with pytest.raises(StudioError, match=says):
        spec.contract()


def test_weights_that_are_not_there_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(Missing) as refused:
        opened(Path("FLUX.1-dev"))
    assert refused.value.exit_code == 4


def test_the_module_loads_no_vendor() -> None:
    code = (
        "import sys, studio.engines.flux, studio.engines.texts\n"
        "print({'torch', 'diffusers', 'PIL', 'numpy'} & set(sys.modules) or 'none')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "none"
