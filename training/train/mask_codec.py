"""Trains the mask codec on the masks of the bank."""

import math
import time

import numpy as np
import torch
import torch.nn.functional as F

from ..model.mask_codec import N_CODES, MaskCodec, mask_iou

BATCH, PEAK_RATE = 512, 2e-3
UNQUANTISED_STEPS = 400  # the encoder first learns without a codebook, which is then made by k-means
DECAY = 0.99  # of the codebook's moving averages
CELLS = 16
RARE = BATCH * CELLS / N_CODES * 0.03  # codes used less often are replaced


class _Codebook:
    """Codes as moving averages of the cells that chose them."""

    def __init__(self, codec):
        self.codec, self.counts, self.sums = codec, None, None

    @torch.no_grad()
    def start(self, cells):
        """k-means, twelve rounds."""
        device = cells.device
        centers = cells[torch.randperm(len(cells), device=device)[:N_CODES]].clone()
        for _ in range(12):
            nearest = torch.cdist(cells, centers).argmin(1)
            counts = torch.bincount(nearest, minlength=N_CODES).float()
            sums = torch.zeros_like(centers).index_add_(0, nearest, cells)
            spare = cells[torch.randint(len(cells), (N_CODES,), device=device)]
            centers = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], spare)
        self.codec.emb.copy_(centers)
        self.counts = counts.clamp(min=1) * BATCH / (len(cells) / CELLS)
        self.sums = centers * self.counts[:, None]

    @torch.no_grad()
    def update(self, codes, cells, replace_rare):
        self.counts.mul_(DECAY).add_(torch.bincount(codes, minlength=N_CODES).float(), alpha=1 - DECAY)
        self.sums.mul_(DECAY).add_(torch.zeros_like(self.sums).index_add_(0, codes, cells), alpha=1 - DECAY)
        self.codec.emb.copy_(self.sums / (self.counts[:, None] + 1e-5))
        if replace_rare:
            rare = self.counts < RARE
            fresh = cells[torch.randint(len(cells), (N_CODES,), device=cells.device)]
            self.codec.emb[rare] = fresh[rare]
            self.counts[rare] = BATCH * 0.02
            self.sums[rare] = fresh[rare] * BATCH * 0.02


def _draw_masks(masks, n, step):
    """n masks in 0..1, mirrored on every second step, upside down on half of the steps."""
    drawn = masks[torch.randint(len(masks), (n,), device=masks.device)].float() / 255
    drawn = drawn.flip(2) if step % 2 else drawn
    return drawn.flip(1) if step % 4 > 1 else drawn


def _soft_iou(decoded, masks):
    p = torch.sigmoid(4 * decoded)
    return (p * masks).sum((1, 2)) / (p + masks - p * masks).sum((1, 2)).clamp(min=1)


def train_mask_codec(masks, seconds, device, file, log=print):
    """masks: uint8 [N, 64, 64]; a twentieth is held out. Writes the .npz and returns the codec, on the CPU."""
    torch.manual_seed(1)
    order = np.random.default_rng(5).permutation(len(masks))
    n_held_out = max(1, len(masks) // 20)
    held_out = torch.from_numpy(masks[order[:n_held_out]]).to(device).float() / 255
    training = torch.from_numpy(masks[order[n_held_out:]]).to(device)
    codec = MaskCodec().to(device)
    codebook = _Codebook(codec)
    optimizer = torch.optim.AdamW(codec.parameters(), PEAK_RATE, weight_decay=1e-4)
    start, last_log, step = time.time(), 0.0, 0
    while (done := (time.time() - start) / seconds) <= 1:
        for group in optimizer.param_groups:
            cosine = 0.5 * (1 + math.cos(math.pi * done))
            group["lr"] = PEAK_RATE * (0.005 + 0.995 * cosine) * min(1, (step + 1) / 100)
        x = _draw_masks(training, BATCH, step)
        if step == UNQUANTISED_STEPS:
            with torch.no_grad():
                codebook.start(codec.nearest(codec.features(_draw_masks(training, 4 * BATCH, 0)))[1])
        features = codec.features(x)
        if step >= UNQUANTISED_STEPS:
            codes, cells = codec.nearest(features.detach())
            quantised = codec.lookup(codes)
            commitment = F.mse_loss(features, quantised)
            decoded = codec.decoder(features + (quantised - features).detach())[:, 0]
            codebook.update(codes, cells, step % 100 == 0 and done < 0.7)
        else:
            commitment = 0.0
            decoded = codec.decoder(features)[:, 0]
        loss = F.mse_loss(decoded, 2 * x - 1) + 0.25 * commitment + 0.4 * (1 - _soft_iou(decoded, x)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if time.time() - last_log > 10 and step > UNQUANTISED_STEPS:
            last_log = time.time()
            iou = mask_iou(codec.decode(codec.encode(held_out)), held_out).mean()
            log(f"mask codec: step {step}, loss {loss.item():.4f}, held-out mean IoU {iou:.4f}")
    codec = codec.cpu()
    codec.save_npz(file)
    iou = mask_iou(codec.decode(codec.encode(held_out.cpu())), held_out.cpu())
    log(f"mask codec: {step} steps, held-out mean IoU {iou.mean():.4f}, worst {iou.min():.3f}")
    return codec
