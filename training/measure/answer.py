"""Answers of the training network, many prompts at once."""

import numpy as np
import torch
from PIL import Image

from ..model.generate import generate
from ..model.tokenizer import get_tokenizer
from ..world.scene import SIDE

BATCH = 32


def to_square(image):
    """uint8 [224, 224, 3], resized as the product does."""
    return np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.BICUBIC))


def answer_prompts(net, pictures, prompts):
    """Texts. pictures: for each prompt, uint8 [k, 224, 224, 3] with the same k."""
    tokenizer = get_tokenizer()
    ids = [tokenizer.encode_prompt(p) for p in prompts]
    # Prompts of one kind have answers of one length, so a batch of them wastes little.
    order = sorted(range(len(prompts)), key=lambda i: (prompts[i].split()[0], len(ids[i])))
    answers = [""] * len(prompts)
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        pixels = torch.from_numpy(np.concatenate([pictures[i] for i in chosen])).permute(0, 3, 1, 2).float()
        with torch.no_grad():
            features = net.vit(pixels / 127.5 - 1)
        features = features.reshape(len(chosen), -1, features.shape[-1])
        for i, found in zip(chosen, generate(net, features, [ids[i] for i in chosen], 100)):
            answers[i] = tokenizer.decode_answer(found)
    return answers
