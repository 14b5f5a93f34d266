"""The smooth basis in which the 1,024 location tokens live while training: cosines of the coordinate."""

import math

import torch

N_BASIS, CUTOFF = 160, 70


def loc_basis():
    """[1024, N_BASIS]: neighbouring coordinates get similar rows, so that a box trains its neighbours too."""
    k = torch.arange(N_BASIS).float()
    amplitude = torch.exp(-0.5 * (k / CUTOFF) ** 2)
    x = (torch.arange(1024).float() + 0.5) / 1024
    return torch.cos(math.pi * k[None] * x[:, None]) * amplitude / amplitude.pow(2).sum().sqrt() * math.sqrt(2)
