"""The sizes of the network."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    """A PaliGemma 1: SigLIP vision tower, linear projector, Gemma decoder with one key-value head and a tied table."""

    image: int = 224
    patch: int = 14
    vision_width: int = 256
    vision_layers: int = 8
    vision_heads: int = 4
    vision_mlp: int = 808  # not a multiple of 32, like SigLIP So400m's 4304
    width: int = 256
    layers: int = 6
    heads: int = 8
    head: int = 64
    mlp: int = 480

    @property
    def grid(self):
        return self.image // self.patch

    @property
    def image_tokens(self):
        return self.grid**2


DEMO = Config()
# Enough to run every line of the recipe, and to learn nothing.
TINY = Config(
    vision_width=32, vision_layers=1, vision_heads=2, vision_mlp=40, width=32, layers=1, heads=2, head=16, mlp=40
)
