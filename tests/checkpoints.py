"""Tiny random checkpoints in the real on-disk format, made once and kept in a cache folder.

Run by the interpreter that has torch and transformers: `python tests/checkpoints.py vlm FOLDER`.
Random weights say nothing that means anything; what they show is that the code around them works.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import Any

VOCABULARY = 1024
CONTEXT = 8192
PICTURE = 56  # pixels a side
PATCH, SHUFFLE = 14, 2
MARKS = [
    "<pad>",
    "<|im_start|>",
    "<|im_end|>",
    "<fake_token_around_image>",
    "<image>",
    "<end_of_utterance>",
    "<global-img>",
]
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}{% for part in m['content'] %}"
    "{% if part['type'] == 'text' %}{{ part['text'] }}{% else %}<image>{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def tokenizer() -> Any:
    """A byte-level BPE tokenizer with a chat template, trained on the standard library's text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    sources = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[:60]
    bpe.train_from_iterator(
        (path.read_text(encoding="utf-8", errors="ignore") for path in sources),
        trainers.BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=MARKS,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<pad>",
    )
    made.chat_template = CHAT
    return made


def vlm(folder: Path) -> None:
    """A vision-language model (Idefics3) of 0.7 M parameters: text, and pictures too.

    Its shapes are the smallest that vLLM serves; the weights' spread of 0.1 lets answers depend on
    the pictures.
    """
    import torch
    from transformers import (
        Idefics3Config,
        Idefics3ForConditionalGeneration,
        Idefics3Processor,
        LlamaConfig,
    )
    from transformers.models.idefics3.configuration_idefics3 import Idefics3VisionConfig
    from transformers.models.idefics3.image_processing_pil_idefics3 import (
        Idefics3ImageProcessorPil,
    )

    words = tokenizer()
    pictures = Idefics3ImageProcessorPil(
        do_image_splitting=False,
        size={"longest_edge": PICTURE},
        max_image_size={"longest_edge": PICTURE},
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    )
    Idefics3Processor(
        image_processor=pictures,
        tokenizer=words,
        image_seq_len=(PICTURE // PATCH) ** 2 // SHUFFLE**2,
        chat_template=CHAT,
    ).save_pretrained(folder)
    words.save_pretrained(folder)

    torch.manual_seed(0)
    spread = 0.1
    seeing = Idefics3VisionConfig(
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=PICTURE,
        patch_size=PATCH,
        initializer_range=spread,
    )
    writing = LlamaConfig(
        vocab_size=len(words),
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=CONTEXT,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
        tie_word_embeddings=False,
        initializer_range=spread,
    )
    config = Idefics3Config(
        vision_config=seeing,
        text_config=writing,
        image_token_id=words.convert_tokens_to_ids("<image>"),
        scale_factor=SHUFFLE,
        pad_token_id=words.pad_token_id,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        tie_word_embeddings=False,
        initializer_range=spread,
    )
    model = Idefics3ForConditionalGeneration(config).to(torch.bfloat16)
    model.save_pretrained(folder)


if __name__ == "__main__":
    {"vlm": vlm}[sys.argv[1]](Path(sys.argv[2]))
