"""Weights of a run, in float16, with the sizes of their network."""

import os
from dataclasses import asdict

import torch

from ..model.config import Config
from ..model.paligemma import PaliGemma
from ..model.tokenizer import get_tokenizer


def _half(module):
    return {k: v.detach().half().cpu() for k, v in module.state_dict().items()}


def save_weights(net, heads, file):
    """Replaces the file at once, so that a stop leaves the old one whole."""
    part = file.with_suffix(".part")
    torch.save({"config": asdict(net.config), "model": _half(net), "heads": _half(heads)}, part)
    os.replace(part, file)


def _read(file):
    return torch.load(file, map_location="cpu", weights_only=True)


def _fill(module, state):
    module.load_state_dict({k: v.float() for k, v in state.items()})


def load_weights(file, net, heads):
    """Into networks that are there already, of the same sizes."""
    saved = _read(file)
    _fill(net, saved["model"])
    _fill(heads, saved["heads"])


def load_network(file):
    """A network ready to answer, on the CPU."""
    saved, tokenizer = _read(file), get_tokenizer()
    net = PaliGemma(tokenizer.rows, tokenizer.loc0, Config(**saved["config"]))
    _fill(net, saved["model"])
    return net.eval()
