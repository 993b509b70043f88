"""Budgets: counted by tokenizers in their real formats on disk, else by the estimate; never by the
network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studio.models import Budget
from studio.models.contract import contract
from studio.models.estimate import t5_tokens
from studio.models.tokens import budget, budgets

COG, FLUX = "CogVideoX-5B-I2V", "FLUX.1-schnell"
TEXT = "a woman walks to the sea"
T5_PIECES = [
    ("<pad>", 0.0, 3),
    ("</s>", 0.0, 3),
    ("<unk>", 0.0, 2),
    ("▁", -9.0, 1),
    *((f"▁{word}", -3.0, 1) for word in TEXT.split()),
]
"""Pieces with their scores and SentencePiece's kinds: 1 normal, 2 unknown, 3 control."""
T5_TEXT = 7  # six words of the vocabulary, and the end mark
CLIP_TEXT = 2 + len(TEXT.replace(" ", ""))  # two marks, and a letter a token


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache in place of this machine's own."""
    folder = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(folder))
    return folder


def t5_json(folder: Path) -> None:
    """A T5 tokenizer as FLUX.1 keeps it: tokenizer.json."""
    from transformers import T5Tokenizer

    T5Tokenizer(vocab=[(piece, score) for piece, score, _ in T5_PIECES]).save_pretrained(folder)


def t5_spiece(folder: Path) -> None:
    """A T5 tokenizer as CogVideoX keeps it: spiece.model, a SentencePiece model."""
    from sentencepiece.sentencepiece_model_pb2 import ModelProto

    model = ModelProto()
    model.trainer_spec.model_type = 1  # unigram
    model.trainer_spec.unk_id = 2
    for piece, score, kind in T5_PIECES:
        model.pieces.add(piece=piece, score=score, type=kind)
    folder.mkdir(parents=True)
    (folder / "spiece.model").write_bytes(model.SerializeToString())
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "T5Tokenizer"}')


def clip(folder: Path) -> None:
    """A CLIP tokenizer as FLUX.1 keeps it: vocab.json and merges.txt."""
    folder.mkdir(parents=True)
    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>"]
    vocabulary = {piece: place for place, piece in enumerate([*pieces, "<|endoftext|>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n")


def byte_level(folder: Path) -> None:
    """A tokenizer as Qwen3 has it, byte by byte: vocab.json and merges.txt."""
    from tokenizers.pre_tokenizers import ByteLevel

    folder.mkdir(parents=True)
    pieces = [*sorted(ByteLevel.alphabet()), "<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    vocabulary = {piece: place for place, piece in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n")


def cached(cache: Path, repository: str, commit: str = "c0ffee") -> Path:
    """A snapshot in the cache, as huggingface_hub lays it out."""
    kept = cache / f"models--{repository.replace('/', '--')}"
    (kept / "refs").mkdir(parents=True, exist_ok=True)
    (kept / "refs" / "main").write_text(commit)
    return kept / "snapshots" / commit


def is_estimate(made: Budget) -> bool:
    return not made.exact and made.count(TEXT) == t5_tokens(TEXT)


def test_without_a_tokenizer_the_estimate_counts_and_nothing_is_amiss() -> None:
    made = budget(contract(COG))
    assert is_estimate(made)
    assert (made.model, made.tokens, made.leading, made.note) == (COG, 226, 0, "")
    assert made.over("a " * 500) == made.count("a " * 500) - 226 > 0
    assert made.over(TEXT) == 0


@pytest.mark.parametrize("make", [t5_json, t5_spiece])
def test_cogvideox_counts_with_the_tokenizer_in_its_folder(make: object, tmp_path: Path) -> None:
    make(tmp_path / "model" / "tokenizer")  # type: ignore[operator]
    made = budget(contract(COG), tmp_path / "model")
    assert (made.exact, made.note, made.count(TEXT)) == (True, "", T5_TEXT)
    assert made.over(f"{TEXT} " * 100) == 601 - 226


def test_flux_counts_with_both_its_tokenizers(tmp_path: Path) -> None:
    t5_json(tmp_path / "tokenizer_2")
    clip(tmp_path / "tokenizer")
    made = budget(contract(FLUX), tmp_path)
    assert (made.tokens, made.exact, made.note) == (256, True, "")
    assert made.count(TEXT) == T5_TEXT
    assert made.leading == 77
    assert made.count_leading is not None
    assert made.count_leading(TEXT) == CLIP_TEXT


def test_klein_counts_the_marks_of_its_chat(tmp_path: Path) -> None:
    byte_level(tmp_path / "tokenizer")
    made = budget(contract("FLUX.2-klein-4B"), tmp_path)
    assert (made.tokens, made.exact, made.note, made.leading) == (512, True, "", 0)
    assert made.count(TEXT) == 12 + len(TEXT)
    estimated = budget(contract("FLUX.2-klein-4B"))
    assert (estimated.exact, estimated.count("a sea")) == (False, 12 + 4)


def test_a_broken_character_does_not_stop_the_count(tmp_path: Path) -> None:
    t5_json(tmp_path / "tokenizer")
    assert budget(contract(COG), tmp_path).count(f"{TEXT} \ud83d") > T5_TEXT


@pytest.mark.parametrize("repository", ["zai-org/CogVideoX-5b-I2V", "THUDM/CogVideoX-5b-I2V"])
def test_the_cache_is_looked_through(repository: str, cache: Path) -> None:
    t5_json(cached(cache, repository) / "tokenizer")
    assert budget(contract(COG)).count(TEXT) == T5_TEXT


@pytest.mark.parametrize(
    ("variable", "inside"), [("HF_HOME", "hub"), ("XDG_CACHE_HOME", "huggingface/hub")]
)
def test_the_cache_is_where_the_environment_says(
    variable: str, inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "kept"))
    t5_json(cached(tmp_path / "kept" / inside, "zai-org/CogVideoX-5b-I2V") / "tokenizer")
    assert budget(contract(COG)).exact


def test_the_current_snapshot_is_read_first_and_a_whole_one_in_the_end(cache: Path) -> None:
    older = cached(cache, "zai-org/CogVideoX-5b-I2V", "aaaa") / "tokenizer"
    current = cached(cache, "zai-org/CogVideoX-5b-I2V", "bbbb") / "tokenizer"
    t5_json(older)
    t5_spiece(current)
    (older / "tokenizer.json").write_text("{")
    assert budget(contract(COG)).exact
    shutil.rmtree(current)
    t5_json(older)
    assert budget(contract(COG)).exact


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tokenizer.json", None, "is not whole, it lacks tokenizer.json or spiece.model"),
        ("tokenizer.json", "", "is not whole, it lacks tokenizer.json or spiece.model"),
        ("tokenizer.json", '{"version": "1.0", "mod', "does not read, its files are broken"),
        ("spiece.model", "version https://git-lfs.github.com/spec/v1\n", "does not read"),
    ],
)
def test_a_broken_tokenizer_is_said_and_the_estimate_counts(
    name: str, content: str | None, said: str, cache: Path
) -> None:
    folder = cached(cache, "zai-org/CogVideoX-5b-I2V") / "tokenizer"
    t5_json(folder)
    (folder / "tokenizer.json").unlink()
    if content is not None:
        (folder / name).write_text(content)
    made = budget(contract(COG))
    assert is_estimate(made)
    assert f"{folder}" in made.note
    assert said in made.note
    assert made.note.endswith(f"prompts of {COG} are counted by estimate")
    assert budgets(None, None)[2] == [made.note]


def test_half_of_clip_is_said_while_t5_stays_exact(tmp_path: Path) -> None:
    t5_json(tmp_path / "tokenizer_2")
    clip(tmp_path / "tokenizer")
    (tmp_path / "tokenizer" / "merges.txt").unlink()
    made = budget(contract(FLUX), tmp_path)
    assert made.exact
    assert "lacks tokenizer.json or vocab.json and merges.txt" in made.note


def test_a_folder_without_a_tokenizer_is_said(tmp_path: Path) -> None:
    made = budget(contract(COG), tmp_path)
    assert is_estimate(made)
    assert "is not whole" in made.note


@pytest.mark.parametrize(
    ("make", "package"),
    [(t5_json, "transformers"), (t5_spiece, "sentencepiece"), (t5_spiece, "google.protobuf")],
)
def test_a_package_that_is_not_installed_is_named(
    make: object, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "tokenizer")  # type: ignore[operator]
    monkeypatch.setitem(sys.modules, package, None)
    made = budget(contract(COG), tmp_path)
    assert is_estimate(made)
    assert f"needs the Python package {package}:" in made.note


def test_budgets_without_models_are_the_smaller_ones() -> None:
    keyframe, motion, notes = budgets(None, None)
    assert (keyframe.model, keyframe.tokens, keyframe.leading) == (FLUX, 256, 77)
    assert (motion.model, motion.tokens, motion.leading) == (COG, 226, 0)
    assert notes == []


def test_budgets_of_models_that_are_named() -> None:
    keyframe, motion, notes = budgets("black-forest-labs/FLUX.1-dev", "THUDM/CogVideoX-2b")
    assert (keyframe.model, keyframe.tokens) == ("FLUX.1-dev", 512)
    assert (motion.model, motion.tokens) == ("CogVideoX-2B", 226)
    assert notes == []


def test_a_model_may_be_a_folder(tiny_cog15: Path) -> None:
    _, motion, notes = budgets(None, str(tiny_cog15))
    assert (motion.model, motion.exact, notes) == ("CogVideoX1.5-5B-I2V", True, [])


def test_an_unknown_model_has_the_default_budget_and_a_note(tmp_path: Path) -> None:
    keyframe, motion, notes = budgets("someone/FLUX.1-dev", str(tmp_path))
    assert (keyframe.model, motion.model) == (FLUX, COG)
    assert notes[0] == (
        "no model is known by the name someone/FLUX.1-dev (did you mean FLUX.1-dev?); "
        "its prompts keep to 256 tokens, as FLUX.1-schnell's do"
    )
    assert notes[1].startswith(f"{tmp_path} holds no model in the format of diffusers: ")
    assert notes[1].endswith("its prompts keep to 226 tokens, as CogVideoX-5B-I2V's do")


def test_counting_asks_no_network_and_says_nothing(tmp_path: Path) -> None:
    t5_spiece(tmp_path / "cog" / "tokenizer")
    t5_json(tmp_path / "flux" / "tokenizer_2")
    clip(tmp_path / "flux" / "tokenizer")
    code = f"""
import socket, sys, warnings
warnings.simplefilter("error")
def asked(*arguments, **options):
    print("NETWORK", arguments)
    raise OSError("no network")
socket.socket.connect = socket.getaddrinfo = asked
from pathlib import Path
import studio.models.tokens as tokens
print("transformers" in sys.modules)
long = {TEXT!r} + " sea" * 600
for name in ("{COG}", "{FLUX}"):
    folder = Path({str(tmp_path)!r}) / name[:4].lower().replace("cogv", "cog")
    made = tokens.budget(tokens.contract(name), folder)
    print(made.exact, made.note, made.count(long))
    if made.count_leading:
        print(made.count_leading(long))
"""
    environment = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    environment.pop("TRANSFORMERS_VERBOSITY", None)
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == [
        "False",
        f"True  {T5_TEXT + 600}",
        f"True  {T5_TEXT + 600}",
        str(CLIP_TEXT + 3 * 600),
    ]
    assert ran.stderr == ""
