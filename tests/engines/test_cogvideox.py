"""The animator with a model, on tiny random checkpoints: the same code that a card runs.

What the pictures show is noise; what is tested is that they are the right ones: exactly as many,
of the size and rate, made of what was asked for, and the same ones wherever and whenever they are
made.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.engines.base import EngineSpec, Rendered, known_engines, unheard
from studio.engines.cogvideox import CogVideoX, CogVideoXSettings
from studio.engines.requests import AnimateRequest, File, ReadRequest
from studio.errors import Interrupted, Missing, RenderFailed, StudioError
from studio.ffmpeg import Frame, probe, read_frames

FRAMES = 9
SIZE = (192, 128)

Animate = Callable[..., Rendered]


def file(path: Path) -> File:
    return File(path, hashlib.sha256(path.read_bytes()).hexdigest())


def picture(path: Path, seed: int = 1, size: tuple[int, int] = (320, 180)) -> File:
    """Soft colours that follow from the seed."""
    rough = np.random.default_rng(seed).integers(0, 255, (5, 8, 3), dtype=np.uint8)
    Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC).save(path)
    return file(path)


def settings(model: Path, **others: Any) -> CogVideoXSettings:
    return CogVideoXSettings.model_validate(
        {"model": str(model), "device": "cpu", "steps": 2, **others}
    )


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory, tiny_cog: Path) -> AnimateRequest:
    """A clip of the one tiny model, its prompt read: all of them have the same T5."""
    from studio.engines.texts import Texts, TextsSettings

    folder = tmp_path_factory.mktemp("request")
    asked = AnimateRequest(
        shot="sc010_sh010",
        prompt="A boat rocks on the waves.",
        avoid="blurry",
        keyframe=picture(folder / "keyframe.png"),
        layers=None,
        movement="dolly in",
        size=SIZE,
        rate=Fraction(8),
        frames=FRAMES,
        seed=7,
    )
    texts, read = Texts(TextsSettings(device="cpu")), []
    for number, reading in enumerate(CogVideoX.readings(settings(tiny_cog), asked)):
        (folder / str(number)).mkdir()
        given = texts.read(ReadRequest("", reading, "tiny"), folder / str(number), unheard)
        read.append(given.files[".safetensors"])
    return replace(asked, read=tuple(read))


@pytest.fixture(scope="module")
def engine(tiny_cog: Path) -> CogVideoX:
    """Image to video, kept open."""
    return CogVideoX(settings(tiny_cog, pieces=2))


@dataclass(frozen=True)
class Base:
    """The clip of `request_`, rendered once, and what was heard of its steps."""

    rendered: Rendered
    heard: list[tuple[int, int]]

    @property
    def sha256(self) -> str:
        return content(self.rendered)

    def frames(self) -> list[Frame]:
        return list(read_frames(self.rendered.files[".mp4"]))


@pytest.fixture(scope="module")
def base(
    engine: CogVideoX, request_: AnimateRequest, tmp_path_factory: pytest.TempPathFactory
) -> Base:
    heard: list[tuple[int, int]] = []
    folder = tmp_path_factory.mktemp("base")
    return Base(engine.animate(request_, folder, lambda *steps: heard.append(steps)), heard)


@pytest.fixture
def animate(tmp_path: Path) -> Animate:
    """Renders into a folder of its own."""
    count = iter(range(100))

    def render(engine: CogVideoX, request: AnimateRequest, report: Any = unheard) -> Rendered:
        folder = tmp_path / f"clip{next(count)}"
        folder.mkdir()
        return engine.animate(request, folder, report)

    return render


def content(rendered: Rendered) -> str:
    return file(rendered.files[".mp4"]).sha256


# --- the clip --------------------------------------------------------------------------


def test_a_clip_of_the_asked_frames_size_and_rate(base: Base) -> None:
    video = probe(base.rendered.files[".mp4"])
    assert (video.size, video.rate, video.frames) == (SIZE, Fraction(8), FRAMES)
    assert base.heard == [(0, 2), (1, 2), (2, 2)]
    facts = base.rendered.facts
    assert facts["scheduler"] == "CogVideoXDPMScheduler"
    assert (facts["policy"], facts["steps"], facts["guidance"]) == ("cpu", 2, 6)
    assert (facts["model"], facts["reader"]) == ("CogVideoX-5B-I2V", "read before")
    assert {"texts", "denoise", "decode"} <= set(facts["phases"])
    assert json.loads(json.dumps(facts)) == facts
    assert all(frame.std() > 5 for frame in base.frames())
    assert not np.array_equal(base.frames()[0], base.frames()[-1])


def test_the_scheduler_counts_from_the_end_of_the_noise(engine: CogVideoX, base: Base) -> None:
    import torch

    from studio.engines.cogvideox.clip import schedule

    assert engine._ladder is not None
    (pipeline, _) = engine._ladder.run(lambda pipeline, _: pipeline)
    schedule(pipeline, engine._contract)
    pipeline.scheduler.set_timesteps(4)
    assert torch.equal(pipeline.scheduler.timesteps, torch.tensor([999, 749, 499, 249]))


def test_the_same_clip_in_any_order_and_when_its_prompt_is_read_here(
    tiny_cog: Path, base: Base, request_: AnimateRequest, animate: Animate
) -> None:
    fresh = CogVideoX(settings(tiny_cog))
    assert content(animate(fresh, replace(request_, seed=8))) != base.sha256
    unread = animate(fresh, replace(request_, read=()))
    assert content(unread) == base.sha256
    assert unread.facts["reader"] == "read here"


ELSEWHERE = """
import pickle, socket, sys
from pathlib import Path
def refuse(*_): raise AssertionError("a connection was tried")
socket.socket.connect = socket.getaddrinfo = refuse
from studio.engines.base import unheard
from studio.engines.cogvideox import CogVideoX
loaded = {name for name in ("torch", "diffusers", "cv2", "numpy") if name in sys.modules}
assert not loaded, loaded
settings, request = pickle.loads(sys.stdin.buffer.read())
CogVideoX(settings).animate(request, Path(sys.argv[1]), unheard)
"""


def test_the_same_clip_in_another_process_without_a_network(
    tiny_cog: Path, base: Base, request_: AnimateRequest, tmp_path: Path
) -> None:
    import pickle

    environment = {name: value for name, value in os.environ.items() if "OFFLINE" not in name}
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, tmp_path],
        input=pickle.dumps((settings(tiny_cog), request_)),
        env=environment | {"OMP_NUM_THREADS": "2", "HF_HOME": str(tmp_path / "nothing")},
        check=True,
    )
    assert file(tmp_path / "clip.mp4").sha256 == base.sha256


def test_every_part_of_a_request_counts(
    engine: CogVideoX, base: Base, request_: AnimateRequest, animate: Animate, tmp_path: Path
) -> None:
    prompt, avoid = request_.read
    made = [
        replace(request_, keyframe=picture(tmp_path / "other.png", seed=2)),
        replace(request_, read=(avoid, avoid)),
        replace(request_, read=(prompt, prompt)),
    ]
    assert len({base.sha256, *(content(animate(engine, one)) for one in made)}) == 4


# --- longer and shorter ----------------------------------------------------------------


def test_a_longer_clip_goes_on_from_the_shorter(
    engine: CogVideoX, base: Base, request_: AnimateRequest, animate: Animate
) -> None:
    heard: list[tuple[int, int]] = []
    longer = replace(request_, frames=15)
    rendered = animate(engine, longer, lambda *steps: heard.append(steps))
    assert probe(rendered.files[".mp4"]).frames == 15
    assert rendered.facts["pieces"] == 2
    assert heard == [(0, 4), (1, 4), (2, 4), (2, 4), (3, 4), (4, 4)]
    frames = read_frames(rendered.files[".mp4"], count=FRAMES)
    for one, other in zip(base.frames(), frames, strict=True):
        assert np.array_equal(one, other)


def test_a_shorter_clip_is_trimmed_at_its_end(
    engine: CogVideoX, base: Base, request_: AnimateRequest, animate: Animate
) -> None:
    shorter = list(read_frames(animate(engine, replace(request_, frames=4)).files[".mp4"]))
    assert len(shorter) == 4
    for one, other in zip(shorter, base.frames()[:4], strict=True):
        assert np.array_equal(one, other)


def test_what_is_too_long_is_refused_before_anything_is_loaded(
    tiny_cog: Path, request_: AnimateRequest, animate: Animate
) -> None:
    engine = CogVideoX(settings(tiny_cog, pieces=2))
    with pytest.raises(StudioError, match="17 in 2 pieces"):
        animate(engine, replace(request_, frames=18))
    assert engine._ladder is None
    assert [CogVideoX.frames(settings(tiny_cog, pieces=2), n) for n in (1, 9, 10)] == [9, 9, 17]


# --- other tasks -----------------------------------------------------------------------


def test_text_to_video_reads_the_prompt_alone(
    tiny_cog_t2v: Path, request_: AnimateRequest, animate: Animate, tmp_path: Path
) -> None:
    engine = CogVideoX(settings(tiny_cog_t2v, task="text-to-video", steps=1, guidance=1))
    asked = replace(request_, read=request_.read[:1])
    assert len(CogVideoX.readings(engine._settings, asked)) == 1
    first = animate(engine, asked)
    assert probe(first.files[".mp4"]).frames == FRAMES
    other = replace(asked, keyframe=picture(tmp_path / "other.png", seed=2))
    assert content(animate(engine, other)) == content(first)


def test_video_to_video_starts_from_the_cameras_move(
    tiny_cog_t2v: Path, request_: AnimateRequest, animate: Animate
) -> None:
    heard: list[tuple[int, int]] = []
    chosen = settings(tiny_cog_t2v, task="video-to-video", steps=3, strength=0.4)
    engine = CogVideoX(chosen)
    first = animate(engine, request_, lambda *steps: heard.append(steps))
    assert probe(first.files[".mp4"]).frames == FRAMES
    assert heard == [(0, 1), (1, 1)]  # 0.4 of three steps
    other = animate(engine, replace(request_, movement="pan left"))
    assert content(other) != content(first)
    assert CogVideoX.reads(chosen) == {"panel", "avoid"}


def test_version_1_5_makes_its_own_frames_at_its_own_rate(
    tiny_cog15: Path, request_: AnimateRequest, animate: Animate
) -> None:
    engine = CogVideoX(settings(tiny_cog15, steps=1))
    video = probe(animate(engine, replace(request_, rate=Fraction(16), frames=17)).files[".mp4"])
    assert (video.size, video.rate, video.frames) == (SIZE, Fraction(16), 17)


@pytest.mark.parametrize(
    ("model", "task"),
    [("tiny_cog", "text-to-video"), ("tiny_cog_t2v", "image-to-video")],
)
def test_a_checkpoint_for_another_task_is_refused(
    model: str, task: str, request: pytest.FixtureRequest
) -> None:
    wrong = settings(request.getfixturevalue(model), task=task)
    with pytest.raises(StudioError, match=f"not {task}"):
        CogVideoX.contract(wrong)
    with pytest.raises(StudioError, match=f"not {task}"):
        CogVideoX(wrong)


# --- settings --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"task": "text-to-video", "pieces": 2}, "pieces"),
        ({"strength": 0.5}, "strength"),
        ({"task": "video-to-video", "strength": 0}, "strength"),
        ({"pieces": 0}, "pieces"),
        ({"frames": 49}, "frames"),
    ],
)
def test_settings_that_say_nothing_are_refused(given: Mapping[str, Any], key: str) -> None:
    target = known_engines("animator")["cogvideox"]
    wrong = EngineSpec("animator", "cogvideox", target, given).wrong_settings()
    assert wrong is not None
    assert wrong[0] == key


def test_only_what_makes_the_clip_is_its_identity(tiny_cog: Path, tiny_cog_t2v: Path) -> None:
    one = CogVideoX.identity(settings(tiny_cog))
    assert CogVideoX.identity(settings(tiny_cog, pieces=3, policy="tiled")) == one
    assert CogVideoX.identity(settings(tiny_cog, guidance=5)) != one
    over = settings(tiny_cog_t2v, task="video-to-video")
    assert CogVideoX.identity(over) != CogVideoX.identity(over.model_copy(update={"strength": 0.5}))


# --- interrupted and broken ------------------------------------------------------------


def test_it_stops_between_two_steps_and_goes_on_with_the_next_clip(
    engine: CogVideoX, base: Base, request_: AnimateRequest, tmp_path: Path, animate: Animate
) -> None:

    def stop(done: int, whole: int) -> None:
        if done == 1:
            raise Interrupted("stopped")

    (tmp_path / "stopped").mkdir()
    with pytest.raises(Interrupted):
        engine.animate(request_, tmp_path / "stopped", stop)
    assert list((tmp_path / "stopped").iterdir()) == []
    assert content(animate(engine, request_)) == base.sha256


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"size": (256, 128)}, "makes 192x128 only, not 256x128"),
        ({"rate": Fraction(24)}, "makes 8 frames a second, not 24"),
    ],
)
def test_what_the_model_does_not_make_is_refused(
    engine: CogVideoX,
    request_: AnimateRequest,
    change: dict[str, Any],
    said: str,
    animate: Animate,
) -> None:
    with pytest.raises(RenderFailed, match=said):
        animate(engine, replace(request_, **change))


def test_a_piece_that_runs_out_of_memory_is_made_again_by_the_next_policy(
    tiny_cog: Path, base: Base, request_: AnimateRequest, animate: Animate
) -> None:
    import torch

    engine, full = CogVideoX(settings(tiny_cog, pieces=2)), [True]
    ladder = engine._ladder_for(SIZE)
    ladder._left.append(replace(ladder.choice, policy="tiled"))

    def report(done: int, whole: int) -> None:
        if done == 3 and full:
            full.clear()
            raise torch.OutOfMemoryError("CUDA out of memory")

    rendered = animate(engine, replace(request_, frames=12), report)
    assert probe(rendered.files[".mp4"]).frames == 12
    assert rendered.facts["policy"] == "tiled"
    assert rendered.facts["tried"] == [{"policy": "cpu", "why": "out of memory"}]
    # the first piece was there and was not made again
    frames = read_frames(rendered.files[".mp4"], count=FRAMES)
    assert all(np.array_equal(*pair) for pair in zip(base.frames(), frames, strict=True))


def test_weights_that_give_no_numbers_fail_the_clip(
    tiny_cog: Path, request_: AnimateRequest, animate: Animate, tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    broken = tmp_path / tiny_cog.name
    shutil.copytree(tiny_cog, broken)
    weights = broken / "transformer" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(weights)
    tensors["proj_out.bias"] *= float("nan")
    save_file(tensors, weights)
    engine = CogVideoX(settings(broken, steps=1))
    with pytest.raises(RenderFailed, match="no numbers"):
        animate(engine, request_)


def test_a_lora_changes_the_clip(
    tiny_cog: Path, base: Base, request_: AnimateRequest, animate: Animate, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import save_file

    layer = "transformer.transformer_blocks.0.attn1.to_v"
    pair = {"lora_A": torch.ones(4, 32), "lora_B": torch.ones(32, 4)}
    lora = tmp_path / "look.safetensors"
    save_file({f"{layer}.{name}.weight": weight for name, weight in pair.items()}, lora)
    changed = CogVideoX(settings(tiny_cog, loras=[{"file": lora, "weight": 0.5}]))
    assert content(animate(changed, request_)) != base.sha256


def test_without_weights_or_a_card_it_says_so(tiny_cog: Path) -> None:
    import torch

    with pytest.raises(Missing, match="CogVideoX-5B-I2V are not on this machine"):
        CogVideoX(CogVideoXSettings(device="cpu"))
    if not torch.cuda.is_available():
        with pytest.raises(Missing, match="no graphics card"):
            CogVideoX(CogVideoXSettings(model=str(tiny_cog)))
