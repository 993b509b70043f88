"""Weights on this machine: what a folder holds, whether it is whole, and what it hashes to."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.errors import Missing, StudioError
from studio.models.contract import Task, contract
from studio.models.weights import checkpoint, content_hash, known

ANIMATE: Task = "image-to-video"
TRANSFORMER = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache in place of this machine's own."""
    folder = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(folder))
    return folder


@pytest.fixture
def cog(tiny_cog: Path, tmp_path: Path) -> Path:
    """A copy of a whole model, to spoil."""
    return Path(shutil.copytree(tiny_cog, tmp_path / "cogvideox-5b-i2v"))


def change(file: Path, **values: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


# --- contracts of folders --------------------------------------------------------------


def test_a_folder_has_the_sizes_frames_and_tokens_of_its_configuration(tiny_cog: Path) -> None:
    one, published = known(str(tiny_cog)), contract("CogVideoX-5B-I2V")
    assert (one.name, one.family, one.pipelines) == (
        published.name, "cogvideox", published.pipelines
    )  # fmt: skip
    assert (str(one.sizes), one.frames_for(49), one.prompt.tokens) == ("192x128 only", 9, 226)
    assert one.defaults == published.defaults
    assert one.licence == published.licence
    assert 0 < one.weights["transformer"] < 0.001  # GB, as its files say
    assert one.memory.decode < published.memory.decode / 50
    assert one.speed == ()


def test_other_folders_are_told_apart_by_their_shape(
    tiny_cog15: Path, tiny_cog_t2v: Path, tiny_flux_dev: Path, tiny_flux_schnell: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    def renamed(folder: Path) -> Path:
        (tmp_path / "mine").unlink(missing_ok=True)
        (tmp_path / "mine").symlink_to(folder)
        return tmp_path / "mine"

    one = known(str(renamed(tiny_cog15)))
    assert (one.name, one.tasks) == ("mine", (ANIMATE,))
    assert one.frames
    assert (one.frames.default, one.frames.step, one.frames.rate) == (17, 16, 16)
    assert known(str(renamed(tiny_cog_t2v))).tasks == ("text-to-video", "video-to-video")
    assert known(str(renamed(tiny_flux_dev))).prompt.tokens == 512
    schnell = known(str(renamed(tiny_flux_schnell)))
    assert (schnell.prompt.tokens, schnell.defaults.guidance) == (256, 0)
    assert schnell.problems(size=(192, 128)) == []


def test_the_published_configuration_has_the_published_contract(cog: Path) -> None:
    change(cog / "transformer" / "config.json", sample_width=90, sample_height=60, sample_frames=49)
    one, published = known(str(cog)), contract("CogVideoX-5B-I2V")
    assert (one.sizes, one.frames) == (published.sizes, published.frames)
    assert one.prompt == published.prompt


def test_positions_that_were_only_prepared_are_no_size(tiny_cog15: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_cog15, tmp_path / "mine"))
    change(folder / "transformer" / "config.json", sample_width=300, sample_height=300)
    assert known(str(folder)).sizes.default == contract("CogVideoX1.5-5B-I2V").sizes.default


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="holds no model in the format of diffusers"):
        known(str(tmp_path))
    with pytest.raises(Missing, match="there is no folder /nowhere/at/all"):
        known("/nowhere/at/all")
    (tmp_path / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    with pytest.raises(StudioError, match="diffusers' StableDiffusionPipeline, which no engine"):
        known(str(tmp_path))
    with pytest.raises(StudioError) as unknown:
        known("someone/FLUX.1-dev")
    assert unknown.value.tip == "did you mean FLUX.1-dev?"
    with pytest.raises(StudioError, match="no model is known by the name mystery"):
        known("mystery")


@pytest.mark.parametrize(
    ("file", "values", "said"),
    [
        ("model_index.json", {"_class_name": "WanPipeline"}, "WanPipeline, which no engine here"),
        ("transformer/config.json", {"sample_width": "wide"}, "is not one that its pipeline"),
        ("transformer/config.json", {"sample_frames": 12}, "12 frames break the rule 8k"),
        ("transformer/config.json", {"sample_width": None}, "is not one that its pipeline writes"),
        ("vae/config.json", {"block_out_channels": 8}, "is not one that its pipeline writes"),
    ],
)
def test_a_configuration_of_another_kind_is_said(
    file: str, values: dict[str, object], said: str, cog: Path
) -> None:
    change(cog / file, **values)
    with pytest.raises(StudioError) as error:
        known(str(cog))
    assert said in f"{error.value.message}: {error.value.tip}"


# --- the task --------------------------------------------------------------------------


def test_a_text_to_video_model_is_refused_for_image_to_video(tiny_cog_t2v: Path) -> None:
    for model in ("zai-org/CogVideoX-5b", str(tiny_cog_t2v)):
        with pytest.raises(Missing) as error:
            checkpoint(model, ANIMATE)
        assert error.value.message == (
            "CogVideoX-5B does text-to-video and video-to-video, not image-to-video"
        )
        assert error.value.tip == "for image-to-video: CogVideoX-5B-I2V, CogVideoX1.5-5B-I2V"


def test_channels_that_contradict_the_index_are_refused(cog: Path, tiny_cog_t2v: Path) -> None:
    change(cog / "transformer" / "config.json", in_channels=16)
    with pytest.raises(
        Missing, match="says image-to-video, its transformer of 16 channels does te"
    ):
        checkpoint(str(cog), ANIMATE)
    change(cog / "transformer" / "config.json", in_channels=32)
    change(cog / "model_index.json", _class_name="CogVideoXPipeline")
    with pytest.raises(Missing, match="says text-to-video, its transformer of 32 channels"):
        checkpoint(str(cog), ANIMATE)


def test_a_text_to_video_model_in_the_place_of_another_is_refused(
    cache: Path, tiny_cog_t2v: Path
) -> None:
    cached(cache, "zai-org/CogVideoX-5b-I2V", tiny_cog_t2v)
    with pytest.raises(Missing, match="not image-to-video"):
        checkpoint("CogVideoX-5B-I2V", ANIMATE)


# --- whole, or not ---------------------------------------------------------------------


def cached(cache: Path, repository: str, model: Path) -> Path:
    """The model as huggingface_hub keeps it: files are links to blobs named by their content."""
    kept = cache / f"models--{repository.replace('/', '--')}"
    snapshot = kept / "snapshots" / ("c0ffee" * 7)[:40]
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text(snapshot.name)
    (kept / "blobs").mkdir()
    for file in (file for file in model.rglob("*") if file.is_file()):
        blob = kept / "blobs" / hashlib.sha256(file.read_bytes()).hexdigest()
        shutil.copyfile(file, blob)
        link = snapshot / file.relative_to(model)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    return snapshot


def test_whole_weights_are_found_in_a_folder_and_in_the_cache(cog: Path, cache: Path) -> None:
    assert checkpoint(str(cog), ANIMATE) == cog
    snapshot = cached(cache, "THUDM/CogVideoX-5b-I2V", cog)
    assert checkpoint("CogVideoX-5B-I2V", ANIMATE) == snapshot
    own = cached(cache, "mara/lighthouse", cog)
    assert known("mara/lighthouse").name == "mara/lighthouse"
    assert checkpoint("mara/lighthouse", ANIMATE) == own


def test_weights_that_are_not_here_name_the_command() -> None:
    with pytest.raises(Missing) as error:
        checkpoint("CogVideoX-5B-I2V", ANIMATE)
    assert error.value.message == "the weights of CogVideoX-5B-I2V are not on this machine"
    assert error.value.tip == "get them with: studio models pull CogVideoX-5B-I2V"
    assert error.value.exit_code == 4


def sharded(part: Path) -> None:
    """Weights in one file, as if in two of which the second did not come."""
    from studio.models.headers import header

    file = part / "diffusion_pytorch_model.safetensors"
    first, *others = sorted(header(file).tensors)
    one, two = (f"diffusion_pytorch_model-0000{n}-of-00002.safetensors" for n in (1, 2))
    placed = dict.fromkeys(others, one) | {first: two}
    index = {"metadata": {}, "weight_map": placed}
    (part / f"{file.name}.index.json").write_text(json.dumps(index))
    file.rename(part / one)


def test_a_shard_that_did_not_come_is_named(cog: Path) -> None:
    sharded(cog / "transformer")
    lacking = "transformer/diffusion_pytorch_model-00002-of-00002.safetensors"
    with pytest.raises(Missing, match=f"is not whole: it lacks {lacking}"):
        checkpoint(str(cog), ANIMATE)
    first = cog / "transformer" / "diffusion_pytorch_model-00001-of-00002.safetensors"
    shutil.copyfile(cog / "vae" / "diffusion_pytorch_model.safetensors", cog / lacking)
    with pytest.raises(Missing, match="which the index says is in it"):
        checkpoint(str(cog), ANIMATE)
    shutil.copyfile(first, cog / lacking)
    assert checkpoint(str(cog), ANIMATE) == cog


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def beheaded(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:300])


def grown(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"more")


def garbled(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[8:12] = b"\xff\xfe\x00{"
    file.write_bytes(content)


def pointer(file: Path) -> None:
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 11140\n")


def pickled(file: Path) -> None:
    file.rename(file.with_suffix(".bin"))


def dangling(file: Path) -> None:
    file.unlink()
    file.symlink_to("../../blobs/nothing")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, r"is not whole, [\d,]+ of [\d,]+ bytes are here"),
        (beheaded, "is not whole, or no safetensors file"),
        (grown, "is longer than its header says"),
        (garbled, "is broken, its header does not read"),
        (pointer, "git-lfs keeps the weights"),
        (pickled, "are pickled, which is not safe to load"),
        (dangling, "is not whole: it lacks transformer/diffusion_pytorch_model.safetensors"),
        (Path.unlink, "is not whole: it lacks the weights of transformer"),
    ],
)
def test_spoilt_weights_are_refused(spoil: Callable[[Path], None], said: str, cog: Path) -> None:
    spoil(cog / TRANSFORMER)
    with pytest.raises(Missing, match=said) as error:
        checkpoint(str(cog), ANIMATE)
    assert error.value.tip
    assert known(str(cog)).sizes.default.width == 192  # a plan needs no weights


@pytest.mark.parametrize("folder", ["tokenizer", "scheduler", "text_encoder", "vae"])
def test_every_component_has_to_be_there(folder: str, cog: Path) -> None:
    shutil.rmtree(cog / folder)
    with pytest.raises(Missing, match=f"is not whole: it lacks {folder}"):
        checkpoint(str(cog), ANIMATE)


def test_half_of_a_download_is_said_with_the_command(cog: Path, cache: Path) -> None:
    snapshot = cached(cache, "zai-org/CogVideoX-5b-I2V", cog)
    (snapshot / TRANSFORMER).unlink()
    with pytest.raises(Missing) as error:
        checkpoint("CogVideoX-5B-I2V", ANIMATE)
    assert error.value.tip == "get what is missing with: studio models pull CogVideoX-5B-I2V"


# --- content ---------------------------------------------------------------------------


def test_the_content_of_weights_is_hashed_once(
    tiny_cog: Path, tiny_flux_dev: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memo = tmp_path / "made" / "hashes.json"
    file = tmp_path / "model.safetensors"
    shutil.copyfile(tiny_cog / "text_encoder" / "model.safetensors", file)
    true = hashlib.sha256(file.read_bytes()).hexdigest()
    assert content_hash(file, memo) == content_hash(file) == true
    assert content_hash(tiny_flux_dev / "text_encoder_2" / "model.safetensors", memo) == true

    def again(*_: object) -> None:
        raise AssertionError("the file was read again")

    with monkeypatch.context() as patched:
        patched.setattr(hashlib, "file_digest", again)
        assert content_hash(file, memo) == true
    grown(file)
    assert content_hash(file, memo) != true
    memo.write_text("{")
    assert content_hash(file, memo) == hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(Missing, match="does not read"):
        content_hash(tmp_path / "nothing", memo)


def test_the_cache_knows_the_content(
    cog: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = cached(cache, "zai-org/CogVideoX-5b-I2V", cog) / TRANSFORMER
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert content_hash(file) == hashlib.sha256(file.read_bytes()).hexdigest()
