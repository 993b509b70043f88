"""What `doctor --gpu` looks at: the packages that models need, the cards, what each model would be
run with on the first of them, and a picture of two steps under every policy.

The picture is painted by a random model of a few million weights that is made in memory: nothing is
downloaded, and what it shows is that torch, the driver and the card work together. It says nothing
of a real model's seconds. torch is loaded only here, and only where it is asked for.
"""

from __future__ import annotations

import importlib.metadata
import platform
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from studio import __version__
from studio.checkup import Finding
from studio.engines.base import EngineSpec
from studio.engines.diffusion.applying import apply, one_run
from studio.engines.diffusion.ladder import free
from studio.engines.diffusion.loading import ready
from studio.engines.diffusion.settings import Device
from studio.errors import Missing, RenderFailed, StudioError
from studio.models.contract import Contract, contract
from studio.project import Project
from studio.residency.card import Card, cards, driver
from studio.residency.planner import boosters_here, choices
from studio.residency.policy import LADDER, Booster, Choice, Policy, Quality, booster_sets
from studio.stages.production import crew_of

NEEDED = ("torch", "diffusers", "transformers", "accelerate", "safetensors")
QUICKER = {"triton": "nothing is compiled", "torchao": "no fp8 and no int8"}
"""Packages that only make things quicker, and what is not done without them."""
DEFAULTS = ("FLUX.2-klein-4B", "CogVideoX-5B-I2V")
"""Models that are planned for where a film chooses none."""
STEPS = 2
SIZE = (128, 128)
BYTES = 10**9


def looked(project: Project | None = None) -> Iterator[Finding]:
    """Everything about this machine's card, for the models of a film, or those of DEFAULTS. Each
    finding comes when it was made; renders come last, and only where a card can be used."""
    yield from _versions()
    found = cards()
    yield from map(_card, found)
    if not found:
        yield Finding(
            "card",
            False,
            "nvidia-smi lists no card that may be used here"
            if driver()
            else "no CUDA card: there is no nvidia-smi that answers",
            "the embedded engines sketch and pan need none",
        )
        return
    yield from _plans(found[0], _crew(project))
    try:
        ready()
        yield from _torch()
        yield from renders("cuda", found[0])
    except Missing as error:
        yield Finding("torch", False, error.message, error.tip)


def report(findings: Iterable[Finding]) -> str:
    """The findings as Markdown, to paste into an issue."""
    rows = [
        f"| {one.check} | {'yes' if one.ok else '**no**'} | {_cell(one.says)} |" for one in findings
    ]
    head = f"Storyreel {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return "\n".join(
        ["### studio doctor --gpu", "", head, "", "| | ok | |", "|---|---|---|", *rows]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _versions() -> Iterator[Finding]:
    for package in NEEDED:
        if version := _version(package):
            yield Finding("package", True, f"{package} {version}")
        else:
            tip = "install it with: pip install -e '.[gpu]', in the checkout"
            yield Finding("package", False, f"{package} is not installed", tip)
    for package, without in QUICKER.items():
        version = _version(package)
        yield Finding("package", True, f"{package} {version or f'is not installed: {without}'}")
    if version := driver():
        yield Finding("driver", True, version)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _card(card: Card) -> Finding:
    major, minor = card.capability
    return Finding(
        "card",
        True,
        f"{card.index}: {card.name}, {card.free / BYTES:.1f} of {card.total / BYTES:.1f} GB free, "
        f"capability {major}.{minor}",
    )


def _crew(project: Project | None) -> list[EngineSpec]:
    """The film's painter and animator; none where there is no film that reads."""
    if project is None:
        return []
    try:
        crew, _ = crew_of(project, project.read_film())
    except StudioError:
        return []  # `checkup.project` says what is wrong with it
    return [crew[kind] for kind in ("painter", "animator")]


def _plans(card: Card, chosen: Sequence[EngineSpec]) -> Iterator[Finding]:
    """What each model would be run with."""
    asked: list[tuple[Contract, Quality, int | None]] = []
    for spec in chosen:
        try:
            model = spec.contract()
            if model is not None:
                settings = spec.chosen()
                asked.append((model, settings.quality, settings.steps))
        except StudioError as error:
            yield Finding("plan", False, error.message, error.tip)
    for model, quality, steps in asked or [(contract(name), "standard", None) for name in DEFAULTS]:
        try:
            first = choices(model, card, quality, steps=steps)[0]
        except Missing as error:
            # a default model that does not fit is no fault of this machine's
            yield Finding("plan", not asked, error.message, error.tip)
            continue
        how = ", ".join((first.policy, *first.boosters))
        yield Finding(
            "plan",
            True,
            f"{model.name}, {quality}: {how}; {first.steps} steps; {first.peak:.1f} GB; "
            f"{first.seconds:.1f} s each ({first.source})",
        )


def _torch() -> Iterator[Finding]:
    """Raises Missing where torch cannot use the card."""
    import torch

    if torch.version.cuda is None:
        raise Missing(
            f"torch {torch.__version__} has no CUDA",
            "install a build with CUDA: https://pytorch.org/get-started/locally",
        )
    if not torch.cuda.is_available():
        raise Missing(
            f"torch {torch.__version__} for CUDA {torch.version.cuda} cannot use the card",
            "a driver that is older than that CUDA is the usual cause: bring it up to date",
        )
    yield Finding("CUDA", True, f"{torch.version.cuda}, on {torch.cuda.get_device_name(0)}")


def renders(device: Device, card: Card | None = None) -> Iterator[Finding]:
    """A picture of two steps under every policy, and one with the boosters of the card."""
    policies: tuple[Policy, ...] = LADDER if device == "cuda" else ("cpu",)
    runs: list[tuple[Policy, tuple[Booster, ...]]] = [(policy, ()) for policy in policies]
    if card is not None:
        sets = booster_sets("resident", "standard", card.capability, 50, boosters_here())
        runs += [("resident", boosters) for boosters in sets[:1] if boosters]
        runs += [("resident", ("first-block cache",))]
    for policy, boosters in runs:
        says = ", ".join((policy, *boosters))
        try:
            seconds, peak = dry_render(Choice(policy, boosters, STEPS, 0, 0, ""), device)
        except StudioError as error:
            yield Finding("render", False, f"{says}: {error.message}", error.tip)
        else:
            yield Finding("render", True, f"{says}: {seconds:.1f} s, peak {peak:.2f} GB")


def dry_render(choice: Choice, device: Device) -> tuple[float, float]:
    """Seconds that a picture of two steps took, compiling included, and the GB (10**9 bytes) of
    the card that it took at most. Raises RenderFailed where it did not come about."""
    import torch

    free()
    began = time.monotonic()
    try:
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        pipeline = _tiny()
        apply(pipeline, choice, device)
        generator = torch.Generator().manual_seed(0)
        with one_run(pipeline):
            picture = pipeline(
                prompt_embeds=torch.randn(1, 16, 64, generator=generator).to(
                    device, torch.bfloat16
                ),
                pooled_prompt_embeds=torch.zeros(1, 64).to(device, torch.bfloat16),
                width=SIZE[0],
                height=SIZE[1],
                num_inference_steps=choice.steps,
                generator=generator,
                output_type="pt",
            ).images
        good = bool(torch.isfinite(picture).all())
    except Exception as error:
        text = str(error).strip().splitlines()
        raise RenderFailed(text[0][:300] if text else type(error).__name__) from error
    if not good:
        raise RenderFailed("the picture holds numbers that are none")
    peak = torch.cuda.max_memory_allocated() / BYTES if device == "cuda" else 0.0
    return time.monotonic() - began, peak


def _tiny() -> Any:
    """Flux with the head size of the real one, two blocks of each kind, and random weights."""
    import diffusers
    import torch

    vendor: Any = diffusers  # it has no types
    torch.manual_seed(0)
    transformer = vendor.FluxTransformer2DModel(
        in_channels=64,
        num_layers=2,
        num_single_layers=2,
        attention_head_dim=128,
        num_attention_heads=2,
        joint_attention_dim=64,
        pooled_projection_dim=64,
        guidance_embeds=True,
        axes_dims_rope=(16, 56, 56),
    )
    vae = vendor.AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(32,) * 4,
        latent_channels=16,
        sample_size=SIZE[0] // 2,
        scaling_factor=0.3611,
        shift_factor=0.1159,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    pipeline = vendor.FluxPipeline(
        scheduler=vendor.FlowMatchEulerDiscreteScheduler(),
        vae=vae,
        text_encoder=None,
        tokenizer=None,
        text_encoder_2=None,
        tokenizer_2=None,
        transformer=transformer,
    ).to(dtype=torch.bfloat16)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
