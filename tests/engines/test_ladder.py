"""Policies and boosters on real tiny pipelines, the ladder after out of memory, bad frames."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.engines.diffusion.applying import THRESHOLD, apply
from studio.engines.diffusion.frames import BadFrames, check, decoded
from studio.engines.diffusion.ladder import Ladder
from studio.engines.diffusion.loading import device_of, load, ready
from studio.errors import Missing, RenderFailed, StudioError
from studio.residency.policy import Booster, Choice, Policy

Load = Callable[..., Any]


def choice(policy: Policy, *boosters: Booster) -> Choice:
    return Choice(policy, boosters, 2, 1.0, 1.0, "a test")


@pytest.fixture
def flux(tiny_flux_dev: Path) -> Load:
    ready()
    return lambda dtype="float32": load(tiny_flux_dev, "FluxPipeline", dtype)


@pytest.fixture
def cog(tiny_cog_t2v: Path) -> Load:
    ready()
    return lambda dtype="float32": load(tiny_cog_t2v, "CogVideoXPipeline", dtype)


def picture(
    pipeline: Any, seed: int = 1, steps: int = 2, dtype: str = "float32", device: str = "cpu"
) -> Any:
    import torch

    made = torch.Generator().manual_seed(0)
    text, pooled = (torch.randn(1, *shape, generator=made) for shape in ((16, 32), (32,)))
    return pipeline(
        prompt_embeds=text.to(device, getattr(torch, dtype)),
        pooled_prompt_embeds=pooled.to(device, getattr(torch, dtype)),
        width=64,
        height=64,
        num_inference_steps=steps,
        max_sequence_length=16,
        output_type="pt",
        generator=torch.Generator().manual_seed(seed),
    ).images


# --- policies and boosters -------------------------------------------------------------


@pytest.mark.parametrize("policy", ["resident", "tiled", "group offload", "cpu"])
def test_a_policy_does_not_change_the_picture(flux: Load, policy: Policy) -> None:
    import torch

    plain, by_policy = flux(), flux()
    apply(by_policy, choice(policy), "cpu")
    assert torch.equal(picture(plain), picture(by_policy))
    assert by_policy.vae.use_tiling is (policy in ("tiled", "group offload"))


def test_weights_are_kept_in_8_bits_and_computed_in_16(flux: Load) -> None:
    import torch

    pipeline = flux("bfloat16")
    apply(pipeline, choice("8-bit"), "cpu")
    kept = pipeline.transformer.transformer_blocks[0].attn.to_q.weight
    assert kept.dtype == torch.float8_e4m3fn
    assert pipeline.transformer.dtype == torch.bfloat16
    assert pipeline._execution_device == torch.device("cpu")


def test_the_first_block_cache_begins_empty_with_every_picture(flux: Load) -> None:
    import torch

    def paint(seed: int) -> Callable[[Any, Choice], Any]:
        return lambda pipeline, _: picture(pipeline, seed, steps=4)

    def stop(pipeline: Any, _: Choice) -> None:
        pipeline.scheduler.step = lambda *_, **__: 1 / 0
        try:
            picture(pipeline, 5)
        finally:
            del pipeline.scheduler.step

    one = Ladder([choice("cpu", "first-block cache")], lambda _: flux(), "cpu")
    alone, _ = one.run(paint(2))
    with pytest.raises(ZeroDivisionError):
        one.run(stop)
    again, _ = one.run(paint(2))
    assert torch.equal(alone, again)
    cached, _ = one.run(lambda pipeline, _: pipeline.transformer._cache_config.threshold)
    assert cached == THRESHOLD


def test_8_bit_arithmetic_without_compile_is_refused(flux: Load) -> None:
    for booster in ("fp8", "int8"):
        with pytest.raises(StudioError, match="slower than 16 bit"):
            apply(flux(), choice("resident", booster), "cpu")


def test_int8_reaches_the_blocks_and_spares_modulation(flux: Load) -> None:
    pipeline = flux("bfloat16")
    apply(pipeline, choice("resident", "int8", "compile"), "cpu")
    block = pipeline.transformer.transformer_blocks[0]
    assert "Int8" in type(block.attn.to_q.weight).__name__
    assert type(block.norm1.linear.weight).__name__ == "Parameter"
    assert type(pipeline.transformer.x_embedder.weight).__name__ == "Parameter"


def test_every_block_is_compiled_whichever_way_the_model_has(flux: Load, cog: Load) -> None:
    for pipeline, blocks in ((flux(), 4), (cog(), 2)):
        apply(pipeline, choice("cpu", "compile"), "cpu")
        compiled = [
            module
            for module in pipeline.transformer.modules()
            if module._compiled_call_impl is not None
        ]
        assert len(compiled) == blocks


def recording(target: Any, name: str, calls: list[tuple[str, dict[str, Any]]]) -> None:
    """Let a call of a real pipeline, which needs a card, be noted instead of made."""
    setattr(target, name, lambda *args, **given: calls.append((name, {"args": args} | given)))


def test_what_needs_a_card_is_asked_of_diffusers(flux: Load) -> None:
    calls: list[tuple[str, dict[str, Any]]] = []
    for policy in ("resident", "model offload", "sequential", "group offload", "8-bit"):
        pipeline = flux()
        for name in ("to", "enable_model_cpu_offload", "enable_sequential_cpu_offload"):
            recording(pipeline, name, calls)
        recording(pipeline.transformer, "enable_group_offload", calls)
        recording(pipeline.vae, "to", calls)
        apply(pipeline, choice(policy))
    groups = {name: given for name, given in calls if name == "enable_group_offload"}
    assert [name for name, _ in calls] == [
        "to",
        "enable_model_cpu_offload",
        "enable_sequential_cpu_offload",
        *("enable_group_offload", "to"),
        "to",
    ]
    assert calls[0][1]["args"] == ("cuda",)
    assert calls[1][1]["device"] == calls[2][1]["device"] == "cuda"
    assert groups["enable_group_offload"]["use_stream"] is True
    assert groups["enable_group_offload"]["offload_type"] == "leaf_level"


@pytest.mark.parametrize(
    "by",
    [
        choice("resident"),
        choice("tiled"),
        choice("model offload"),
        choice("group offload"),
        choice("8-bit"),
        choice("sequential"),
        choice("resident", "compile"),
        choice("resident", "compile", "fp8"),
        choice("resident", "compile", "int8"),
        choice("tiled", "compile", "first-block cache"),
        choice("model offload", "compile"),
    ],
    ids=lambda by: " ".join((by.policy, *by.boosters)),
)
def test_on_a_card_every_policy_gives_the_picture_twice(flux: Load, by: Choice) -> None:
    """Runs where there is a card, and nowhere else: docs/gpu.md says which have been run."""
    import torch

    if not torch.cuda.is_available():
        pytest.skip("there is no card")
    ladder = Ladder([by], lambda _: flux("bfloat16"))

    def work(pipeline: Any, _: Choice) -> Any:
        return picture(pipeline, dtype="bfloat16", device="cuda").float().cpu()

    first, second = (ladder.run(work)[0] for _ in range(2))
    assert torch.equal(first, second)
    assert (first - picture(flux())).abs().mean() < 0.02
    ladder.close()
    assert torch.cuda.memory_allocated() < 64 * 2**20


def test_without_a_card_it_says_so() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a card")
    with pytest.raises(Missing, match="no graphics card") as refused:
        device_of(None)
    assert refused.value.exit_code == 4
    assert "sketch" in refused.value.tip


# --- out of memory ---------------------------------------------------------------------


def test_out_of_memory_tries_the_next_choice_and_stays_with_it(flux: Load) -> None:
    import torch

    opened: list[Any] = []
    worked: list[Policy] = []

    def open_(_: Choice) -> Any:
        assert all(one() is None for one in opened)  # the one before is gone
        pipeline = flux()
        opened.append(weakref.ref(pipeline))
        return pipeline

    def work(pipeline: Any, by: Choice) -> Any:
        worked.append(by.policy)
        if by.policy == "resident":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return picture(pipeline)

    ladder = Ladder([choice("resident"), choice("tiled"), choice("cpu")], open_, "cpu")
    made, by = ladder.run(work)
    assert by.policy == "tiled"
    assert torch.equal(made, picture(flux()))
    ladder.run(work)
    assert worked == ["resident", "tiled", "tiled"]
    assert len(opened) == 2
    facts = ladder.facts()
    assert facts.pop("load_seconds") > 0
    assert facts == {
        "policy": "tiled",
        "steps": 2,
        "tried": [{"policy": "resident", "why": "out of memory"}],
    }
    ladder.run(work)  # another take, which neither loads nor runs out of memory
    assert ladder.facts() == {"policy": "tiled", "steps": 2}


def test_out_of_memory_with_everything_fails_the_shot_and_not_the_run(flux: Load) -> None:
    import torch

    def work(pipeline: Any, by: Choice) -> Any:
        raise torch.OutOfMemoryError

    ladder = Ladder([choice("tiled"), choice("cpu")], lambda _: flux(), "cpu")
    with pytest.raises(RenderFailed, match="every policy that was tried: tiled, cpu"):
        ladder.run(work)
    with pytest.raises(RenderFailed, match="tiled, cpu"):
        ladder.run(work)
    assert ladder.run(lambda *_: "small")[0] == "small"


def test_another_error_is_not_taken_for_out_of_memory(flux: Load) -> None:
    def work(pipeline: Any, by: Choice) -> Any:
        raise RuntimeError("shapes cannot be multiplied")

    ladder = Ladder([choice("tiled"), choice("cpu")], lambda _: flux(), "cpu")
    with pytest.raises(RuntimeError, match="shapes"):
        ladder.run(work)
    assert ladder.tried == []


# --- what came out ---------------------------------------------------------------------


def test_nan_and_black_are_found() -> None:
    import torch

    picture = torch.rand(3, 4, 4)
    check(picture)
    check(torch.full((3, 4, 4), 0.03))  # a dark night
    with pytest.raises(BadFrames, match="black"):
        check(torch.zeros(3, 4, 4))
    picture[1, 2, 3] = float("nan")
    with pytest.raises(BadFrames, match="NaN"):
        check(picture)


def test_what_16_bit_cannot_decode_is_decoded_in_32(flux: Load) -> None:
    import torch

    vae = flux("float16").vae
    torch.nn.init.constant_(vae.decoder.conv_in.weight, 6e4)  # overflows in 16 bit
    latents = torch.ones(1, 16, 8, 8, dtype=torch.float16)
    said: dict[str, Any] = {}

    def decode(one: Any) -> Any:
        return vae.decode(one).sample.clamp(0.1, 1)

    with torch.no_grad():
        with pytest.raises(BadFrames):
            check(decode(latents))
        assert decoded(vae, latents, decode, said).isfinite().all()
        assert said == {"decoded_in": "float32"}
        assert vae.dtype == torch.float16
        with pytest.raises(BadFrames, match="before they were decoded"):
            decoded(vae, latents * float("nan"), decode)


def test_a_folder_that_does_not_load_is_one_line(tmp_path: Path) -> None:
    ready()
    with pytest.raises(Missing, match="does not load as a FluxPipeline"):
        load(tmp_path, "FluxPipeline", "float32")
