"""Heads on every patch of the vision tower, which teach it what is where; only for training."""

from torch import nn

from ..world.classes import N_CLASSES
from .loc_basis import N_BASIS

TEXT_CLASS = N_CLASSES
# class (0: ground; then the classes and text), colour, box, reading order, character
SIZES = [N_CLASSES + 2, 9, 4, 10, 37]


class Heads(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.lin = nn.Linear(width, sum(SIZES))
        self.codes = nn.Linear(width, 16 * 128)
        # Each side of the box as a distribution over the 1,024 bins, in the basis of the location tokens.
        self.loc = nn.Linear(width, 4 * N_BASIS)
        for linear in (self.lin, self.codes, self.loc):
            nn.init.normal_(linear.weight, std=0.02)
            nn.init.zeros_(linear.bias)
