"""Greedy decoding of a batch with a key and value cache."""

import torch

from .decoder import rms_norm
from .tokenizer import EOS, PAD


class _Cache:
    """Keys and values of one layer, [B, length, head]."""

    def __init__(self, batch, length, head):
        self.k, self.v = torch.zeros(batch, length, head), torch.zeros(batch, length, head)

    def step(self, block, x, cos, sin, position):
        """One token a row, at its own position."""
        rows = torch.arange(len(x))
        q, k, v = block.attention_in(x, cos, sin)
        self.k[rows, position], self.v[rows, position] = k[:, 0, 0], v[:, 0, 0]
        end = int(position.max()) + 1
        scores = (q[:, :, 0] @ self.k[:, :end].transpose(1, 2)) * block.head**-0.5
        scores = scores.masked_fill(torch.arange(end)[None, None] > position[:, None, None], -1e30)
        return block.rest(x, (scores.softmax(-1) @ self.v[:, :end]).reshape(len(x), 1, -1))


@torch.no_grad()
def generate(net, features, prompts, max_new=110):
    """Token lists, with <eos> where it came. features: [B, n, vision width]; prompts: id lists of any lengths."""
    table = net.table()
    batch, n = features.shape[:2]
    longest = max(map(len, prompts))
    ids = torch.tensor([p + [PAD] * (longest - len(p)) for p in prompts])
    prefix = torch.tensor([n + len(p) for p in prompts])
    x = torch.cat([net.proj(features), net.embed(ids, table)], 1)
    length = n + longest
    visible = (torch.arange(length)[None] < prefix[:, None])[:, None, None]
    caches = []
    for block in net.blocks:
        cache = _Cache(batch, length + max_new, block.head)
        q, k, v = block.attention_in(x, net.cos[:length], net.sin[:length])
        cache.k[:, :length], cache.v[:, :length] = k[:, 0], v[:, 0]
        caches.append(cache)
        x = block.rest(x, block.attend(q, k, v, visible))
    logits = rms_norm(x[torch.arange(batch), prefix - 1], net.norm) @ table.t()
    answers, done, position = [[] for _ in prompts], torch.zeros(batch, dtype=torch.bool), prefix.clone()
    for _ in range(max_new):
        chosen = logits.argmax(-1)
        for i in torch.nonzero(~done)[:, 0].tolist():
            answers[i].append(int(chosen[i]))
        done |= chosen == EOS
        if done.all():
            break
        x = net.embed(chosen, table)[:, None]
        cos, sin = net.cos[position][:, None], net.sin[position][:, None]
        for block, cache in zip(net.blocks, caches):
            x = cache.step(block, x, cos, sin, position)
        position = position + 1
        logits = rms_norm(x[:, 0], net.norm) @ table.t()
    return answers
