"""Ready sprites, texts and grounds in flat arrays, which worker processes share after a fork."""

import numpy as np

from .classes import N_CLASSES, N_SHAPES
from .colors import COLORS


class Bank:
    """A source of things for compose_scene, fast: nothing is drawn any more.

    pixels: premultiplied RGBA of all sprites, one after another; cls, color [n]; sizes [n, 2] (h, w);
    masks [n, 64, 64] uint8; codes [n, 16], filled when the mask codec is trained;
    texts: (text, alpha, points); grounds [m, 224, 224, 3] with grounds_info.
    """

    def __init__(self, pixels, cls, color, sizes, masks, texts, grounds, grounds_info):
        self.pixels, self.cls, self.color, self.sizes, self.masks = pixels, cls, color, sizes, masks
        self.texts, self.grounds, self.grounds_info = texts, grounds, grounds_info
        areas = sizes[:, 0] * sizes[:, 1]
        self.offsets = np.concatenate([[0], np.cumsum(areas)[:-1]])
        self.codes = np.zeros((len(cls), 16), np.int64)
        self._by_size = {}
        for c in range(N_CLASSES):
            for k in [None, *range(len(COLORS))] if c < N_SHAPES else [None]:
                self._by_size[c, k] = self._sort_by_size((cls == c) & ((color == k) if k is not None else True))

    def _sort_by_size(self, chosen):
        """(indices, longer sides), ascending."""
        side = self.sizes.max(1)
        index = np.nonzero(chosen)[0]
        index = index[np.argsort(side[index], kind="stable")]
        return index, side[index]

    def sprite(self, rng, cls, size, color=None):
        """(premultiplied RGBA, colour, item, None) of about the asked size."""
        index, sides = self._by_size[cls, color if cls < N_SHAPES else None]
        if len(index) == 0:
            index, sides = self._by_size[cls, None]
        low, high = np.searchsorted(sides, size * 0.88), np.searchsorted(sides, size * 1.1)
        if high <= low:
            low = min(max(0, low - 1), len(index) - 1)
            high = low + 1
        i = int(index[low + int(rng.random() * (high - low))])
        h, w = self.sizes[i]
        start = self.offsets[i]
        return self.pixels[start : start + h * w].reshape(h, w, 4), int(self.color[i]), i, None

    def text(self, rng, max_width):
        for _ in range(8):
            text = self.texts[int(rng.random() * len(self.texts))]
            if text[1].shape[1] <= max_width:
                return text
        return None

    def ground(self, rng):
        i = int(rng.random() * len(self.grounds))
        image = self.grounds[i]
        return (image[:, ::-1] if rng.random() < 0.5 else image).copy(), self.grounds_info[i]
