"""Tiny random checkpoints in the real on-disk format, made once and kept in a cache folder.

Run by the interpreter that has torch and transformers: `python tests/checkpoints.py vlm FOLDER`
makes a language model, `diffusers` (which diffusers has to be there for) one folder for each model
of pictures. Random weights say nothing that means anything; what they show is that the code around
them works.
"""

from __future__ import annotations

import string
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


# --- models of pictures and clips ------------------------------------------------------

WORDS = Path(__file__).parent.parent / "studio" / "models" / "words.txt"
CLIP_SIZE = (192, 128)
VAE_SIZE = (160, 96)  # its tiles are half as large; a fifth and a sixth of one are whole latents
CLIP_FRAMES = 9
CLIP_FRAMES_15 = 17


def t5() -> tuple[Any, Any]:
    """A T5 encoder of 32 channels and its tokenizer: the same weights and files for every model.

    Common words are one token, other words one for two letters, so that prompts are about as many
    tokens as real ones.
    """
    import torch
    from transformers import T5Config, T5EncoderModel, T5Tokenizer

    letters = string.ascii_lowercase
    pairs = [one + other for one in letters for other in letters]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    pieces += [(sign, -6.0) for sign in string.printable if not sign.isspace()]
    pieces += [(pair, -5.0) for pair in pairs]
    words = [*WORDS.read_text(encoding="utf-8").split(), *pairs]
    pieces += [(f"▁{word}", -3.0) for word in dict.fromkeys(words)]
    pieces += [(f"<extra_id_{number}>", 0.0) for number in reversed(range(100))]
    tokenizer = T5Tokenizer(vocab=pieces, model_max_length=512)
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=37,
        num_layers=2,
        num_heads=4,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.0,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    return T5EncoderModel(config).eval(), tokenizer


def clip() -> tuple[Any, Any]:
    """A CLIP text encoder of 32 channels and a tokenizer that reads bytes."""
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [256 + place for place in range(256 - len(shown))]
    signs = [chr(code) for code in shown + rest]
    marks = ["<|startoftext|>", "<|endoftext|>"]
    pieces = [*signs, *(f"{sign}</w>" for sign in signs), *marks]
    vocabulary = {piece: place for place, piece in enumerate(pieces)}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77)
    torch.manual_seed(0)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=4,
        projection_dim=32,
        max_position_embeddings=77,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config).eval(), tokenizer


def flux(dev: bool) -> Any:
    """FLUX.1-dev, or schnell, which takes no guidance."""
    import torch
    from diffusers import (
        AutoencoderKL,
        FlowMatchEulerDiscreteScheduler,
        FluxPipeline,
        FluxTransformer2DModel,
    )

    (leading, leading_words), (encoder, words) = clip(), t5()
    torch.manual_seed(0)
    transformer = FluxTransformer2DModel(
        patch_size=1,
        in_channels=64,
        num_layers=2,
        num_single_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        axes_dims_rope=(4, 6, 6),
        guidance_embeds=dev,
    )
    vae = AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        latent_channels=16,
        norm_num_groups=2,
        sample_size=1024,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.1159,
        scaling_factor=0.3611,
    )
    scheduler = FlowMatchEulerDiscreteScheduler(
        shift=3.0 if dev else 1.0,
        use_dynamic_shifting=dev,
        base_shift=0.5,
        max_shift=1.15,
        base_image_seq_len=256,
        max_image_seq_len=4096,
    )
    return FluxPipeline(
        scheduler=scheduler,
        vae=vae,
        text_encoder=leading,
        tokenizer=leading_words,
        text_encoder_2=encoder,
        tokenizer_2=words,
        transformer=transformer,
    )


def cogvideox(pipeline: str, frames: int, vae: dict[str, Any], **others: Any) -> Any:
    """A CogVideoX whose configuration says CLIP_SIZE and `frames`: `pipeline` is its class in
    diffusers, `vae` and `others` what tells it apart from the rest of the family."""
    import diffusers
    import torch

    encoder, words = t5()
    width, height = CLIP_SIZE
    torch.manual_seed(0)
    shape = {
        "num_attention_heads": 2,
        "attention_head_dim": 16,
        "out_channels": 16,
        "time_embed_dim": 16,
        "text_embed_dim": 32,
        "num_layers": 2,
        "sample_width": width // 8,
        "sample_height": height // 8,
        "sample_frames": frames,
        "patch_size": 2,
        "temporal_compression_ratio": 4,
        "max_text_seq_length": 226,
        "use_rotary_positional_embeddings": True,
    }
    transformer = diffusers.CogVideoXTransformer3DModel(**shape | others)
    coder = diffusers.AutoencoderKLCogVideoX(
        in_channels=3,
        out_channels=3,
        down_block_types=("CogVideoXDownBlock3D",) * 4,
        up_block_types=("CogVideoXUpBlock3D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        latent_channels=16,
        layers_per_block=1,
        norm_num_groups=2,
        temporal_compression_ratio=4,
        sample_height=VAE_SIZE[1],
        sample_width=VAE_SIZE[0],
        scaling_factor=0.7,
        **vae,
    )
    scheduler = diffusers.CogVideoXDDIMScheduler(
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        clip_sample=False,
        num_train_timesteps=1000,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        set_alpha_to_one=True,
        snr_shift_scale=1.0,
        steps_offset=0,
        timestep_spacing="trailing",
    )
    return getattr(diffusers, pipeline)(
        tokenizer=words,
        text_encoder=encoder,
        vae=coder,
        transformer=transformer,
        scheduler=scheduler,
    )


def diffusion(folder: Path) -> None:
    """One folder each, named as the model is that has this shape at full size."""
    animates = "CogVideoXImageToVideoPipeline"
    models = {
        "flux.1-dev": flux(dev=True),
        "flux.1-schnell": flux(dev=False),
        "cogvideox-5b-i2v": cogvideox(
            animates,
            CLIP_FRAMES,
            {"invert_scale_latents": False},
            in_channels=32,
            use_learned_positional_embeddings=True,
        ),
        "cogvideox1.5-5b-i2v": cogvideox(
            animates,
            CLIP_FRAMES_15,
            {"invert_scale_latents": True},
            in_channels=32,
            patch_size_t=2,
            ofs_embed_dim=16,
            patch_bias=False,
        ),
        "cogvideox-5b": cogvideox("CogVideoXPipeline", CLIP_FRAMES, {}, in_channels=16),
    }
    for name, model in models.items():
        model.save_pretrained(folder / name)


if __name__ == "__main__":
    {"vlm": vlm, "diffusers": diffusion}[sys.argv[1]](Path(sys.argv[2]))
