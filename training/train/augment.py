"""Disturbs a batch of pictures on the device: blur or sharpening, noise, tint."""

import torch
import torch.nn.functional as F


def augment(pictures):
    """uint8 [B, H, W, 3] to float [B, 3, H, W] in -1..1."""
    x = pictures.permute(0, 3, 1, 2).float()
    chance = torch.rand(len(x), 5, 1, 1, 1, device=x.device)
    blurred = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    sharpen = torch.where(chance[:, 0] < 0.45, -chance[:, 1] * 0.9, 0.0)
    x = x + torch.where(chance[:, 0] < 0.2, chance[:, 1], sharpen) * (blurred - x)
    x = x + torch.randn_like(x) * torch.where(chance[:, 2] < 0.35, chance[:, 3] * 9, 0.0)
    tint = torch.rand(len(x), 3, 1, 1, device=x.device) - 0.5
    x = x * (1 + tint * torch.where(chance[:, 4] < 0.4, 0.16, 0.0))
    return x.clamp(0, 255) / 127.5 - 1
