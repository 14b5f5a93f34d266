"""Cross-entropy of the answers: soft around the bin for locations, weighted by the kind of token."""

import torch

from .loc_basis import loc_basis

WINDOW = 14  # bins to either side of the right one that share its target
SIGMA = 4.0
WORD_WEIGHT, SEG_WEIGHT, LOC_WEIGHT = 1.5, 0.4, 1.0


class SoftBins:
    """The target of a coordinate: a bell over the neighbouring bins."""

    def __init__(self, device):
        self.window = torch.arange(-WINDOW, WINDOW + 1, device=device)
        bell = torch.exp(-0.5 * (self.window.float() / SIGMA) ** 2)
        self.weights = bell / bell.sum()
        self.basis = (loc_basis() * 4).to(device)

    def gather(self, scores, bins, first=0):
        """Weighted sum of the scores [..., n] around `bins`; bin 0 is column `first`."""
        index = (bins[..., None] + self.window).clamp(0, 1023) + first
        return (scores.gather(-1, index) * self.weights).sum(-1)


def answer_loss(hidden, ids, meta, table, tokenizer, soft):
    """(summed loss, summed weights, statistics).

    hidden [N, L, width] at the inputs ids[:, :L]; ids are int64 and one longer; meta as train/batch.py fills it.
    Statistics: loss, count and hits of words; the same of mask codes; loss, count and error in pixels of locations.
    """
    length = hidden.shape[1]
    target = ids[:, 1 : length + 1]
    at = torch.arange(length, device=hidden.device)[None]
    prompt_length, total_length, usable = meta[:, 2:3], meta[:, 3:4], meta[:, 5:6]
    counted = (at >= prompt_length - 1) & (at < total_length - 1) & (usable > 0)
    logits = (hidden.to(table.dtype) @ table.t()).float()
    partition = torch.logsumexp(logits, -1)
    hard = partition - logits.gather(-1, target[..., None])[..., 0]
    is_loc = counted & (target >= tokenizer.loc0) & (target < tokenizer.seg0)
    is_seg = counted & (target >= tokenizer.seg0) & (target < tokenizer.image)
    is_word = counted & ~is_loc & ~is_seg
    softened = partition - soft.gather(logits, (target - tokenizer.loc0).clamp(0, 1023), tokenizer.loc0)
    loss = (hard * (WORD_WEIGHT * is_word + SEG_WEIGHT * is_seg) + softened * LOC_WEIGHT * is_loc).sum()
    weight = (WORD_WEIGHT * is_word.float() + SEG_WEIGHT * is_seg + LOC_WEIGHT * is_loc).sum()
    with torch.no_grad():
        best = logits.argmax(-1)
        pixels = (best - target).abs().clamp(max=200) * (224 / 1023)
        statistics = torch.stack(
            [
                (hard * is_word).sum(), is_word.sum(), ((best == target) & is_word).sum(),
                (hard * is_seg).sum(), is_seg.sum(), ((best == target) & is_seg).sum(),
                (softened * is_loc).sum(), is_loc.sum(), (pixels * is_loc).sum(),
            ]
        ).float()  # fmt: skip
    return loss, weight, statistics
