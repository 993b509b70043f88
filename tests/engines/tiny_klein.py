"""A FLUX.2-klein of random weights in the real on-disk format, made in a second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LAYERS = 28  # the pipeline reads layers 9, 18 and 27 of its text encoder
CHANNELS = 16  # of the text encoder
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def save(folder: Path) -> Path:
    """Write the checkpoint; gives its folder."""
    import torch
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )
    from transformers import Qwen3Config, Qwen3ForCausalLM

    words = _tokenizer()
    torch.manual_seed(0)
    encoder = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(words),
            hidden_size=CHANNELS,
            intermediate_size=16,
            num_hidden_layers=LAYERS,
            num_attention_heads=2,
            num_key_value_heads=2,
            head_dim=8,
            max_position_embeddings=1024,
        )
    ).eval()
    transformer = Flux2Transformer2DModel(
        in_channels=32,
        num_layers=1,
        num_single_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * CHANNELS,
        timestep_guidance_channels=16,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    vae = AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        latent_channels=8,
        norm_num_groups=2,
    )
    Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae,
        text_encoder=encoder,
        tokenizer=words,
        transformer=transformer,
        is_distilled=True,
    ).save_pretrained(folder)
    return folder


def _tokenizer() -> Any:
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2TokenizerFast

    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    signs = sorted(ByteLevel.alphabet())
    vocabulary = {sign: number for number, sign in enumerate([*signs, *marks])}
    words = Qwen2TokenizerFast(
        vocab=vocabulary, merges=[], pad_token=marks[0], eos_token=marks[2], unk_token=marks[0]
    )
    words.add_special_tokens({"additional_special_tokens": marks[1:]})
    words.chat_template = CHAT
    return words
