"""config.json, preprocessor_config.json and generation_config.json."""

import json

from ..model.tokenizer import BOS, EOS, PAD

VERSION = "4.42.0.dev0"  # of transformers, as Google's files say
IDS = {"bos_token_id": BOS, "eos_token_id": EOS, "pad_token_id": PAD}


def _config(c, tokenizer):
    n = c.image_tokens
    text = {
        "head_dim": c.head, "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh",
        "hidden_size": c.width, "intermediate_size": c.mlp, "max_position_embeddings": 8192, "model_type": "gemma",
        "num_attention_heads": c.heads, "num_hidden_layers": c.layers, "num_image_tokens": n,
        "num_key_value_heads": 1, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "torch_dtype": "float16",
        "vocab_size": tokenizer.rows,
    }  # fmt: skip
    vision = {
        "hidden_act": "gelu_pytorch_tanh", "hidden_size": c.vision_width, "image_size": c.image,
        "intermediate_size": c.vision_mlp, "layer_norm_eps": 1e-6, "model_type": "siglip_vision_model",
        "num_attention_heads": c.vision_heads, "num_channels": 3, "num_hidden_layers": c.vision_layers,
        "num_image_tokens": n, "num_positions": n, "patch_size": c.patch, "projection_dim": c.width,
        "torch_dtype": "float16", "vision_use_head": False,
    }  # fmt: skip
    return {
        "architectures": ["PaliGemmaForConditionalGeneration"],
        **IDS,
        "hidden_size": c.width,
        "ignore_index": -100,
        "image_token_index": tokenizer.image,
        "model_type": "paligemma",
        "projection_dim": c.width,
        "text_config": text,
        "torch_dtype": "float16",
        "transformers_version": VERSION,
        "vision_config": vision,
        "vocab_size": tokenizer.size - 1,
    }


def _preprocessor(c):
    return {
        "do_convert_rgb": None, "do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": [0.5] * 3,
        "image_processor_type": "SiglipImageProcessor", "image_seq_length": c.image_tokens, "image_std": [0.5] * 3,
        "processor_class": "PaliGemmaProcessor", "resample": 3, "rescale_factor": 1 / 255,
        "size": {"height": c.image, "width": c.image},
    }  # fmt: skip


def write_config_files(config, tokenizer, folder):
    files = {
        "config.json": _config(config, tokenizer),
        "preprocessor_config.json": _preprocessor(config),
        "generation_config.json": {"_from_model_config": True, **IDS, "transformers_version": VERSION},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2))
