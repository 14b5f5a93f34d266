"""What transformers and PEFT answer from the cases of checkpoint-cases.ts; needs torch, transformers 5.23, peft 0.21, Pillow.

PALI_CASES_TO=DIR npx vitest run test/models/checkpoints-as-found.test.ts    # writes the cases
python3 test/support/reference/answer_checkpoint_cases.py DIR > fixtures/reference/checkpoint-cases/expected.json

Greedy, 12 tokens, "caption en" about picture_0.png; eager attention with token_type_ids of zeros, float32. The settings
of each case's generation_config.json and of its image processor are those that transformers reads itself.
"""
import json
import logging
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer
from transformers import GenerationConfig, PaliGemmaForConditionalGeneration
from transformers.image_processing_base import ImageProcessingMixin

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
picture = Path(__file__).parents[3] / "fixtures/reference/images/picture_0.png"


def pixels(folder, side):
    fields, _ = ImageProcessingMixin.get_image_processor_dict(folder)
    values = np.asarray(Image.open(picture).convert("RGB").resize((side, side), Image.BICUBIC)).astype(np.float64)
    if fields.get("do_rescale", True):
        values = values * fields.get("rescale_factor", 1 / 255)
    if fields.get("do_normalize", True):
        values = (values - fields.get("image_mean", [0.5] * 3)) / fields.get("image_std", [0.5] * 3)
    return torch.tensor(values.astype(np.float32)).permute(2, 0, 1)[None]


def answer(folder, adapter):
    model = PaliGemmaForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str((adapter or folder) / "tokenizer.json") if adapter and (adapter / "tokenizer.json").exists() else str(folder / "tokenizer.json"))
    if adapter:
        from peft import PeftModel
        from safetensors import safe_open

        with safe_open(adapter / "adapter_model.safetensors", "pt") as file:
            rows = [file.get_slice(k).get_shape()[0] for k in file.keys() if k.endswith("embed_tokens.weight")]
        if rows and rows[0] != model.get_input_embeddings().weight.shape[0]:
            model.resize_token_embeddings(rows[0])
        model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    vision = model.config.vision_config
    count = (vision.image_size // vision.patch_size) ** 2
    ids = torch.tensor([[model.config.image_token_index] * count + [2] + tokenizer.encode("caption en\n", add_special_tokens=False).ids])
    settings = GenerationConfig.from_pretrained(folder)
    out = model.generate(input_ids=ids, pixel_values=pixels(folder, vision.image_size), attention_mask=torch.ones_like(ids), token_type_ids=torch.zeros_like(ids), generation_config=settings, max_new_tokens=12, do_sample=False)
    new = out[0, ids.shape[1]:].tolist()
    return dict(ids=new, text=tokenizer.decode(new, skip_special_tokens=False))


answers = {}
for folder in sorted(Path(sys.argv[1]).iterdir()):
    if folder.name.endswith("-adapter"):
        continue
    adapter = folder.with_name(folder.name + "-adapter")
    answers[folder.name] = answer(folder, adapter if adapter.exists() else None)
lines = ",\n".join(f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in answers.items())
print("{\n" + lines + "\n}")
