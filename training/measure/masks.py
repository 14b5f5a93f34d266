"""Masks of answers, and of objects, in the picture."""

import numpy as np
import torch
from PIL import Image


def encode_object(codec, thing):
    """The 16 codes of a live drawing."""
    alpha = Image.fromarray(thing.sprite[..., 3]).resize((64, 64), Image.BILINEAR)
    return codec.encode(torch.from_numpy(np.asarray(alpha).copy())[None].float() / 255)[0].tolist()


def decode_mask(codec, codes):
    """float32 [64, 64]"""
    return codec.decode(torch.tensor([codes]))[0].numpy()


def place_mask(mask, box, height, width):
    """A decoded mask in its box, as a boolean picture."""
    y0, x0, y1, x1 = (
        int(box[0] * height), int(box[1] * width), int(round(box[2] * height)), int(round(box[3] * width)),
    )  # fmt: skip
    placed = np.zeros((height, width), bool)
    if y1 > y0 and x1 > x0:
        placed[y0:y1, x0:x1] = np.asarray(Image.fromarray(mask).resize((x1 - x0, y1 - y0), Image.BILINEAR)) > 0
    return placed


def iou(a, b):
    return (a & b).sum() / max(1, (a | b).sum())
