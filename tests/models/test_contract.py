"""Contracts: every data file reads, says what is published, and refuses what the model does not
take."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from studio.documents import parse_document
from studio.errors import DocumentError, StudioError
from studio.models.contract import Contract, contract, contracts

ROOT = Path(__file__).parents[2]
DATA = ROOT / "studio" / "models"

# as published: class of the pipeline by task, default size, step of sizes, frames (default, step,
# rate), tokens, steps, guidance, commercial use, gated
REGISTERED, FORBIDDEN = "on registration", "not allowed"
T2V = {"text-to-video": "CogVideoXPipeline"}
V2V = T2V | {"video-to-video": "CogVideoXVideoToVideoPipeline"}
I2V = {"image-to-video": "CogVideoXImageToVideoPipeline"}
T2I = {"text-to-image": "FluxPipeline"}
KONTEXT, KLEIN = {"text-to-image": "FluxKontextPipeline"}, {"text-to-image": "Flux2KleinPipeline"}
PUBLISHED = {
    "CogVideoX-5B-I2V": (I2V, "720x480", None, (49, 8, 8), 226, 50, 6, REGISTERED, False),
    "CogVideoX1.5-5B-I2V": (I2V, "1360x768", 16, (81, 16, 16), 226, 50, 6, REGISTERED, False),
    "CogVideoX1.5-5B": (T2V, "1360x768", None, (81, 16, 16), 226, 50, 6, REGISTERED, False),
    "CogVideoX-5B": (V2V, "720x480", None, (49, 8, 8), 226, 50, 6, REGISTERED, False),
    "CogVideoX-2B": (V2V, "720x480", None, (49, 8, 8), 226, 50, 6, "allowed", False),
    "FLUX.1-dev": (T2I, "1024x1024", 16, None, 512, 28, 3.5, FORBIDDEN, True),
    "FLUX.1-schnell": (T2I, "1024x1024", 16, None, 256, 4, 0, "allowed", True),
    "FLUX.1-Kontext-dev": (KONTEXT, "1024x1024", 16, None, 512, 28, 2.5, FORBIDDEN, True),
    "FLUX.2-klein-4B": (KLEIN, "1024x1024", 16, None, 512, 4, 1, "allowed", False),
}


def test_every_model_has_a_contract_in_a_file_of_its_name() -> None:
    assert {one.name for one in contracts()} == set(PUBLISHED)
    assert {file.stem for file in DATA.glob("*.yaml")} == {name.lower() for name in PUBLISHED}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_figures_are_the_published_ones(name: str) -> None:
    one = contract(name)
    frames = one.frames and (one.frames.default, one.frames.step, one.frames.rate)
    assert (
        one.pipelines,
        str(one.sizes.default),
        one.sizes.step,
        frames,
        one.prompt.tokens,
        one.defaults.steps,
        one.defaults.guidance,
        one.licence.commercial,
        one.licence.gated,
    ) == PUBLISHED[name]
    assert one.tasks == tuple(one.pipelines)
    assert one.prompt.encoder == ("qwen3" if name.startswith("FLUX.2") else "t5")
    assert one.prompt.languages == ("en",)
    flux = name.startswith("FLUX.1")
    assert one.prompt.tokenizer == ("tokenizer_2" if flux else "tokenizer")
    leading = one.prompt.leading
    assert (leading and (leading.encoder, leading.tokens)) == (("clip", 77) if flux else None)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_pipeline_is_a_class_of_diffusers(name: str) -> None:
    vendor = find_spec("diffusers")
    assert vendor is not None
    assert vendor.origin is not None
    listed = Path(vendor.origin).read_text(encoding="utf-8")
    one = contract(name)
    for kind in (*one.pipelines.values(), one.defaults.scheduler):
        assert kind is None or f'"{kind}"' in listed


@pytest.mark.parametrize("file", sorted(DATA.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_contract_without_a_source_or_with_an_unknown_key_is_refused(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("  prompt: ")]
    with pytest.raises(DocumentError, match="no source is given for prompt"):
        parse_document("\n".join(lines), file, Contract)
    with pytest.raises(DocumentError, match=r"yaml:\d+: unknown key defaults.stepps"):
        parse_document(text.replace("steps:", "stepps:"), file, Contract)


def test_frames_that_break_their_own_rule_are_refused() -> None:
    file = DATA / "cogvideox-5b.yaml"
    text = file.read_text(encoding="utf-8").replace("default: 49", "default: 48")
    with pytest.raises(DocumentError, match="48 frames break the rule 8k\\+1"):
        parse_document(text, file, Contract)


@pytest.mark.parametrize(
    "spelt", ["CogVideoX-5B-I2V", "THUDM/CogVideoX-5b-I2V", "zai-org/cogvideox-5b-i2v"]
)
def test_a_model_is_known_by_all_its_names(spelt: str) -> None:
    assert contract(spelt).name == "CogVideoX-5B-I2V"


def test_an_unknown_model_is_an_error_that_helps() -> None:
    with pytest.raises(StudioError) as near:
        contract("black-forest-labs/FLUX.1-schnel")
    assert near.value.tip == "did you mean black-forest-labs/FLUX.1-schnell?"
    with pytest.raises(StudioError) as far:
        contract("mystery")
    assert "FLUX.1-dev" in far.value.tip


@pytest.mark.parametrize(
    ("name", "asked", "made"),
    [
        ("CogVideoX-5B-I2V", 49, 49),
        ("CogVideoX-5B-I2V", 53, 49),  # diffusers would silently make 56
        ("CogVideoX-5B-I2V", 13, 17),  # diffusers would silently make 16
        ("CogVideoX-5B-I2V", 12, 9),
        ("CogVideoX-5B-I2V", 0, 9),
        ("CogVideoX1.5-5B-I2V", 82, 81),
        ("CogVideoX1.5-5B-I2V", 90, 97),
        ("CogVideoX1.5-5B-I2V", 500, 161),
        ("FLUX.1-dev", 49, 1),
    ],
)
def test_the_nearest_count_of_frames(name: str, asked: int, made: int) -> None:
    assert contract(name).frames_for(asked) == made
    assert contract(name).problems(frames=made) == []


@pytest.mark.parametrize(
    ("name", "size", "fits"),
    [
        ("CogVideoX-5B-I2V", (720, 480), True),
        ("CogVideoX-5B-I2V", (480, 720), False),
        ("CogVideoX1.5-5B-I2V", (1360, 768), True),
        ("CogVideoX1.5-5B-I2V", (768, 1024), True),
        ("CogVideoX1.5-5B-I2V", (1024, 960), False),  # the shorter side is 768
        ("CogVideoX1.5-5B-I2V", (1376, 768), False),
        ("FLUX.1-dev", (720, 480), True),
        ("FLUX.1-dev", (1280, 720), True),
        ("FLUX.1-dev", (1280, 724), False),
        ("FLUX.1-dev", (4096, 4096), False),
    ],
)
def test_sizes(name: str, size: tuple[int, int], fits: bool) -> None:
    assert (contract(name).problems(size=size) == []) is fits


@pytest.mark.parametrize(
    ("name", "frame", "made"),
    [
        ("CogVideoX-5B-I2V", (1920, 1080), (720, 480)),
        ("CogVideoX1.5-5B-I2V", (1920, 1080), (1360, 768)),
        ("CogVideoX1.5-5B-I2V", (720, 1280), (768, 1360)),
        ("CogVideoX1.5-5B-I2V", (640, 480), (1024, 768)),
        ("FLUX.1-dev", (720, 480), (720, 480)),
        ("FLUX.1-dev", (1280, 720), (1280, 720)),
        ("FLUX.1-dev", (1920, 1080), (1920, 1072)),  # 1088 lines were beyond the bounds
        ("FLUX.1-dev", (3840, 1608), (2224, 928)),
        ("FLUX.1-dev", (192, 128), (336, 224)),
        ("FLUX.2-klein-4B", (3840, 2160), (2720, 1536)),
    ],
)
def test_the_size_nearest_to_the_film(
    name: str, frame: tuple[int, int], made: tuple[int, int]
) -> None:
    assert contract(name).size_for(frame) == made
    assert contract(name).problems(size=made) == []


def test_problems_say_what_the_model_takes_instead() -> None:
    one = contract("CogVideoX-5B-I2V")
    assert one.problems(
        task="text-to-video", size=(1280, 720), frames=50, tokens=240, language="de"
    ) == [
        "CogVideoX-5B-I2V does image-to-video, not text-to-video",
        "CogVideoX-5B-I2V makes 720x480 only, not 1280x720",
        "CogVideoX-5B-I2V makes 8k+1, 9 to 49 frames, not 50: the nearest count is 49",
        "the prompt has 240 tokens, CogVideoX-5B-I2V reads 226: 14 too many",
        "CogVideoX-5B-I2V reads prompts in en, not in de",
    ]
    kept = {"size": (720, 480), "frames": 49, "tokens": 226, "language": "en-GB"}
    assert one.problems(task="image-to-video", **kept) == []


def test_the_page_of_models_is_up_to_date() -> None:
    printed = subprocess.run(
        [sys.executable, ROOT / "docs" / "models.py"], capture_output=True, text=True, check=True
    )
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    assert printed.stdout == page, "run: make docs"
