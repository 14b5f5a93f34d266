"""The exported checkpoint as transformers runs it, in float32."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import PaliGemmaForConditionalGeneration

from ..model.tokenizer import get_tokenizer
from ..world.scene import SIDE


class ReferenceModel:
    """loading: what from_pretrained says of missing, unexpected and mismatched keys."""

    def __init__(self, folder):
        self.model, self.loading = PaliGemmaForConditionalGeneration.from_pretrained(
            folder, dtype=torch.float32, output_loading_info=True
        )
        self.model.eval()
        config = json.loads((Path(folder) / "config.json").read_text())
        self.image_token = config["image_token_index"]
        self.image_tokens = config["text_config"]["num_image_tokens"]
        self.tokenizer = get_tokenizer()

    @staticmethod
    def pixels(images):
        """[k, 3, 224, 224] in -1..1 of PIL images."""
        squares = [np.asarray(i.convert("RGB").resize((SIDE, SIDE), Image.BICUBIC)).copy() for i in images]
        return ((torch.from_numpy(np.stack(squares)).float() * (1 / 255)) - 0.5).div(0.5).permute(0, 3, 1, 2)

    @torch.no_grad()
    def generate(self, pixels, prompt, max_new=110):
        """(ids, logits of the first step, for each step the best logit minus the second)."""
        ids = [self.image_token] * (self.image_tokens * len(pixels)) + self.tokenizer.encode_prompt(prompt)
        ids = torch.tensor([ids])
        made = self.model.generate(
            input_ids=ids, pixel_values=pixels, attention_mask=torch.ones_like(ids), token_type_ids=torch.zeros_like(ids),
            max_new_tokens=max_new, do_sample=False, return_dict_in_generate=True, output_logits=True,
        )  # fmt: skip
        best = [step[0].float().topk(2)[0] for step in made.logits]
        margins = [round(float(b[0] - b[1]), 4) for b in best]
        return made.sequences[0, ids.shape[1] :].tolist(), made.logits[0][0].float(), margins

    def answer(self, pixels, prompt):
        return self.tokenizer.decode_answer(self.generate(pixels, prompt)[0])
