"""Weights of a run, in float16."""

import os

import torch

from ..model.paligemma import PaliGemma
from ..model.tokenizer import get_tokenizer


def _half(module):
    return {k: v.detach().half().cpu() for k, v in module.state_dict().items()}


def save_weights(net, heads, file):
    """Replaces the file at once, so that a stop leaves the old one whole."""
    part = file.with_suffix(".part")
    torch.save({"model": _half(net), "heads": _half(heads)}, part)
    os.replace(part, file)


def load_weights(file, net, heads=None):
    saved = torch.load(file, map_location="cpu", weights_only=True)
    net.load_state_dict({k: v.float() for k, v in saved["model"].items()})
    if heads is not None:
        heads.load_state_dict({k: v.float() for k, v in saved["heads"].items()})
    return net


def load_network(file):
    """A network ready to answer, on the CPU."""
    tokenizer = get_tokenizer()
    return load_weights(file, PaliGemma(tokenizer.rows, tokenizer.loc0)).eval()
