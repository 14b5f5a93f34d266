"""The SigLIP vision tower; queries, keys and values in one matrix while training (export/ splits them)."""

import torch
import torch.nn.functional as F
from torch import nn


class VisionBlock(nn.Module):
    def __init__(self, width, heads, mlp):
        super().__init__()
        self.heads = heads
        self.ln1, self.ln2 = nn.LayerNorm(width, eps=1e-6), nn.LayerNorm(width, eps=1e-6)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, mlp), nn.Linear(mlp, width)

    def forward(self, x):
        """[B, T, width] to the same."""
        b, t, w = x.shape
        q, k, v = self.qkv(self.ln1(x)).view(b, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v)
        x = x + self.out(attended.transpose(1, 2).reshape(b, t, w))
        return x + self.fc2(F.gelu(self.fc1(self.ln2(x)), approximate="tanh"))


class VisionTower(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config.vision_width
        self.patch_side, self.n_tokens = config.patch, config.image_tokens
        # The convolution with kernel = stride = patch, input order (channel, y, x).
        self.patch = nn.Linear(3 * config.patch**2, width)
        self.pos = nn.Parameter(torch.randn(self.n_tokens, width) * 0.02)
        self.blocks = nn.ModuleList(
            [VisionBlock(width, config.vision_heads, config.vision_mlp) for _ in range(config.vision_layers)]
        )
        self.post = nn.LayerNorm(width, eps=1e-6)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        for block in self.blocks:  # the residual stream keeps its size at any depth
            block.out.weight.data *= (2 * config.vision_layers) ** -0.5
            block.fc2.weight.data *= (2 * config.vision_layers) ** -0.5

    def forward(self, pixels):
        """[B, 3, side, side] in -1..1 to [B, tokens, width]."""
        b, c, h, w = pixels.shape
        p = self.patch_side
        x = pixels.view(b, c, h // p, p, w // p, p).permute(0, 2, 4, 1, 3, 5).reshape(b, self.n_tokens, c * p * p)
        x = self.patch(x).float() + self.pos
        for block in self.blocks:
            x = block(x)
        return self.post(x)
