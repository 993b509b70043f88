"""Texts as the text encoders of models read them, one encoder in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from studio.engines.diffusion.ladder import free, out_of_memory
from studio.engines.diffusion.loading import unloaded
from studio.engines.diffusion.settings import Device
from studio.engines.requests import Reading
from studio.errors import Missing, RenderFailed

ENCODERS = {"t5": "T5EncoderModel", "clip": "CLIPTextModel", "qwen3": "Qwen3ForCausalLM"}
"""The class of transformers behind each kind of reading."""

LAYERS = (9, 18, 27)
"""Of Qwen3, the layers whose states FLUX.2-klein reads, one beside the other."""


class Encoder:
    """A text encoder that is loaded: on the card, or layer by layer where the card is too small."""

    def __init__(self, reading: Reading, device: Device) -> None:
        """Raises Missing where its weights or its tokenizer do not load."""
        import torch
        import transformers

        self.kind = reading.kind
        self._device = device
        self._offloaded = False
        self._tokenizers: dict[Path, Any] = {}
        kind = getattr(transformers, ENCODERS[reading.kind])
        dtype = torch.float32 if device == "cpu" else "auto"
        try:
            self._model = kind.from_pretrained(
                reading.folder / reading.encoder,
                dtype=dtype,
                local_files_only=True,
                use_safetensors=True,
            ).eval()
        except Exception as error:
            raise _missing(reading, reading.encoder, error) from error
        if device == "cuda" and self._model.dtype == torch.float32:
            self._model.to(torch.bfloat16)

    def states(self, reading: Reading) -> Any:
        """What the model's transformer gets of the text, a tensor on the CPU. Raises RenderFailed
        for a text that is longer than the model reads: CLIP alone sees only the beginning."""
        import torch

        with torch.no_grad():
            tokens = self._tokens(reading)
            try:
                return self._read(tokens).cpu()
            except Exception as error:
                if self._offloaded or self._device == "cpu" or not out_of_memory(error):
                    raise
            self._layer_by_layer()
            return self._read(tokens).cpu()

    def _tokens(self, reading: Reading) -> Any:
        tokenizer = self._tokenizer(reading)
        text = reading.text
        if reading.kind == "qwen3":
            text = tokenizer.apply_chat_template(
                [{"role": "user", "content": text}],
                tokenize=False,
                add_generation_prompt=True,
                enable_thinking=False,
            )
        length = len(tokenizer(text).input_ids)
        if length > reading.tokens and reading.kind != "clip":
            raise RenderFailed(
                f"the prompt has {length} tokens, and {reading.folder.name} reads {reading.tokens}",
                "shorten it: what is over would be cut",
            )
        return tokenizer(
            text,
            padding="max_length",
            max_length=reading.tokens,
            truncation=True,
            return_tensors="pt",
        )

    def _tokenizer(self, reading: Reading) -> Any:
        from transformers import AutoTokenizer

        folder = reading.folder / reading.tokenizer
        if folder not in self._tokenizers:
            try:
                self._tokenizers[folder] = AutoTokenizer.from_pretrained(
                    folder, local_files_only=True
                )
            except Exception as error:
                raise _missing(reading, reading.tokenizer, error) from error
        return self._tokenizers[folder]

    def _read(self, tokens: Any) -> Any:
        if not self._offloaded:
            self._model.to(self._device)
        ids = tokens.input_ids.to(self._device)
        match self.kind:
            case "t5":
                return self._model(ids)[0]
            case "clip":
                return self._model(ids).pooler_output
            case _:
                import torch

                given = self._model(
                    input_ids=ids,
                    attention_mask=tokens.attention_mask.to(self._device),
                    output_hidden_states=True,
                    use_cache=False,
                )
                return torch.cat([given.hidden_states[layer] for layer in LAYERS], dim=-1)

    def _layer_by_layer(self) -> None:
        """Keep the weights in the machine's memory, and bring one layer after another."""
        import torch
        from diffusers.hooks import apply_group_offloading

        self._model.to("cpu")
        free()
        apply_group_offloading(
            self._model,
            onload_device=torch.device(self._device),
            offload_type="leaf_level",
            use_stream=True,
        )
        self._offloaded = True


def read_all(readings: Iterable[Reading], device: Device) -> list[Any]:
    """Every reading's states, in order; no encoder stays in memory."""
    return [read(reading, device) for reading in readings]


def read(reading: Reading, device: Device) -> Any:
    """One reading's states, on the CPU: the encoder is loaded for it and let go."""
    encoder = Encoder(reading, device)
    try:
        return encoder.states(reading)
    finally:
        del encoder
        free()


def states(
    files: Sequence[Path], readings: Callable[[], Iterable[Reading]], device: Device
) -> list[Any]:
    """What a request's `read` holds; where it is empty, its readings are read here. Raises
    RenderFailed for a file that does not open, Missing where an encoder does not load."""
    if not files:
        return read_all(readings(), device)
    from safetensors.torch import load_file

    try:
        return [load_file(file)["states"] for file in files]
    except Exception as error:
        folder = files[0].parent
        raise RenderFailed(
            f"a prompt that was read does not open: {error}",
            f"remove {folder}: they are read again",
        ) from error


def _missing(reading: Reading, part: str, error: Exception) -> Missing:
    return unloaded(f"{reading.folder.name}/{part} does not load", error)
