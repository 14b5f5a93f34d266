"""A layer of the Gemma decoder, with fused matrices while training."""

import torch
import torch.nn.functional as F
from torch import nn


def rms_norm(x, weight):
    """Gemma's: the weight is an offset from one, and the sum runs in float32."""
    x = x.float()
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * (1 + weight)


def rotary_tables(head, length=4096, theta=10000.0):
    """cos and sin [length, 1, head / 2]."""
    frequencies = theta ** (-torch.arange(0, head, 2).float() / head)
    angles = torch.arange(length).float()[:, None] * frequencies[None]
    return angles.cos()[:, None], angles.sin()[:, None]


class DecoderBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config.width
        self.heads, self.head, self.mlp = config.heads, config.head, config.mlp
        self.n1, self.n2 = nn.Parameter(torch.zeros(width)), nn.Parameter(torch.zeros(width))
        self.qkv = nn.Linear(width, (self.heads + 2) * self.head, bias=False)
        self.o = nn.Linear(self.heads * self.head, width, bias=False)
        self.gu = nn.Linear(width, 2 * self.mlp, bias=False)
        self.down = nn.Linear(self.mlp, width, bias=False)
        for linear in (self.qkv, self.gu):
            nn.init.normal_(linear.weight, std=width**-0.5)
        nn.init.normal_(self.o.weight, std=(self.heads * self.head * 2 * config.layers) ** -0.5)
        nn.init.normal_(self.down.weight, std=(self.mlp * 2 * config.layers) ** -0.5)

    def attention_in(self, x, cos, sin):
        """Turned queries [B, heads, T, head], turned keys and values [B, 1, T, head]."""
        b, t, _ = x.shape
        z = self.qkv(rms_norm(x, self.n1)).view(b, t, self.heads + 2, self.head)
        qk, v = z[:, :, : self.heads + 1].float(), z[:, :, self.heads + 1 :]
        first, second = qk[..., : self.head // 2], qk[..., self.head // 2 :]
        qk = torch.cat([first * cos - second * sin, second * cos + first * sin], -1).to(z.dtype)
        return qk[:, :, : self.heads].transpose(1, 2), qk[:, :, self.heads :].transpose(1, 2), v.transpose(1, 2)

    def attend(self, q, k, v, mask):
        """[B, T, heads * head]; mask is boolean or added."""
        k, v = k.expand(-1, self.heads, -1, -1), v.expand(-1, self.heads, -1, -1)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return attended.transpose(1, 2).reshape(q.shape[0], q.shape[2], -1)

    def rest(self, x, attended):
        """The residual additions, and the gated MLP between them."""
        x = x + self.o(attended)
        gate, up = self.gu(rms_norm(x, self.n2)).split(self.mlp, -1)
        return x + self.down(F.gelu(gate, approximate="tanh") * up)

    def forward(self, x, cos, sin, mask):
        return self.rest(x, self.attend(*self.attention_in(x, cos, sin), mask))
