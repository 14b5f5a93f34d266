"""The whole network in its training form."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from .config import DEMO
from .decoder import DecoderBlock, rms_norm, rotary_tables
from .loc_basis import N_BASIS, loc_basis
from .vision import VisionTower


class PaliGemma(nn.Module):
    """rows: of the token table; loc0: the first location token."""

    def __init__(self, rows, loc0, config=DEMO):
        super().__init__()
        self.config, self.loc0 = config, loc0
        self.vit = VisionTower(config)
        self.proj = nn.Linear(config.vision_width, config.width)
        nn.init.normal_(self.proj.weight, std=config.vision_width**-0.5)
        nn.init.zeros_(self.proj.bias)
        self.emb = nn.Parameter(torch.randn(rows, config.width) * 0.06)
        self.locw = nn.Parameter(torch.randn(N_BASIS, config.width) * 0.06)
        self.register_buffer("basis", loc_basis(), persistent=False)
        self.blocks = nn.ModuleList([DecoderBlock(config) for _ in range(config.layers)])
        self.norm = nn.Parameter(torch.zeros(config.width))
        cos, sin = rotary_tables(config.head)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def table(self):
        """The tied token table, with the location rows made from their basis."""
        return torch.cat([self.emb[: self.loc0], self.basis @ self.locw, self.emb[self.loc0 + 1024 :]], 0)

    def embed(self, ids, table):
        return F.embedding(ids, table) * math.sqrt(self.config.width)

    def forward(self, image_tokens, ids, prefix, table):
        """Hidden states [B, L, width] of the text.

        image_tokens: [B, n, width] from the projector; ids: [B, L], <bos> prompt newline answer;
        prefix: [B], length of image and prompt, which see each other both ways; the answer is causal.
        """
        x = torch.cat([image_tokens.float(), self.embed(ids, table)], 1)
        length = x.shape[1]
        i = torch.arange(length, device=x.device)
        visible = ((i[None, :] <= i[:, None])[None] | (i[None, None, :] < prefix[:, None, None]))[:, None]
        dtype = torch.bfloat16 if torch.is_autocast_enabled(x.device.type) else torch.float32
        mask = torch.zeros(visible.shape, dtype=dtype, device=x.device).masked_fill_(~visible, float("-inf"))
        mask = mask.expand(-1, self.config.heads, -1, -1)
        for block in self.blocks:
            x = block(x, self.cos[:length], self.sin[:length], mask)
        return rms_norm(x[:, image_tokens.shape[1] :], self.norm)
