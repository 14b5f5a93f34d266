"""The emoji drawings of one raster size, as art/draw-art.mjs wrote them."""

from pathlib import Path

import numpy as np
from PIL import Image

from .classes import CLASS_ID, N_CLASSES
from .colors import HUE_RANGES

TRAIN_STYLES = ("noto", "noto-v1", "fluent-emoji-flat", "fluent-emoji", "fxemoji")
UNSEEN_STYLES = ("twemoji", "openmoji")  # only measured with
NAMELESS = -2  # a colour between two names
NOT_USED = {("fxemoji", "blowfish")}


class Art:
    """by_class[cls] lists (style, name, RGBA image cut to its drawing)."""

    def __init__(self, folder, styles):
        self.by_class = [[] for _ in range(N_CLASSES)]
        self._hues = {}
        for path in sorted(Path(folder).glob("*.png")):
            style, cls, name = path.stem.split("__")
            if style not in styles or (style, name) in NOT_USED:
                continue
            image = Image.open(path).convert("RGBA")
            box = image.getchannel("A").point(lambda v: 255 if v > 24 else 0).getbbox()
            if box is not None:
                self.by_class[CLASS_ID[cls.replace("_", " ")]].append((style, name, image.crop(box)))
        if not any(self.by_class):
            raise SystemExit(f"no drawings in {folder}: run prepare.sh first")

    def pick(self, rng, cls):
        """Every style as often, then one of the style's drawings, its first (the class's own emoji) more often."""
        drawings = self.by_class[cls]
        styles = sorted({d[0] for d in drawings})
        style = styles[int(rng.random() * len(styles))]
        drawings = [d for d in drawings if d[0] == style]
        if len(drawings) > 1 and rng.random() < 0.45:
            return drawings[0]
        return drawings[int(rng.random() * len(drawings))]

    def hue(self, style, name, image):
        """dominant_hue of a drawing, computed once."""
        if (style, name) not in self._hues:
            self._hues[style, name] = dominant_hue(image)
        return self._hues[style, name]


def dominant_hue(image):
    """(degrees, share of the drawing that has this hue, mean saturation 0..255); zeros where hardly anything is coloured."""
    small = image.resize((48, 48))
    opaque = np.asarray(small.getchannel("A")) > 128
    pixels = np.asarray(small.convert("RGB").convert("HSV")).astype(np.float32)[opaque]
    if len(pixels) == 0:
        return 0, 0, 0
    coloured = (pixels[:, 1] > 95) & (pixels[:, 2] > 80)
    if coloured.sum() < 10:
        return 0, 0, 0
    counts = np.bincount((pixels[coloured, 0] / 256 * 36).astype(int) % 36, minlength=36).astype(float)
    smooth = counts + np.roll(counts, 1) + np.roll(counts, -1)
    peak = int(smooth.argmax())
    near = [counts[(peak + j) % 36] for j in (-1, 0, 1)]
    degrees = (peak + 0.5 + (near[2] - near[0]) / max(1, sum(near))) * 10 % 360
    return degrees, smooth[peak] / len(pixels), float(pixels[coloured, 1].mean())


def name_hue(degrees, saturation):
    """Index of the colour's name, or NAMELESS between two names and for pale colours."""
    if saturation < 130:
        return NAMELESS
    for i, (low, high) in enumerate(HUE_RANGES):
        if low <= degrees <= high or low <= degrees + 360 <= high:
            return i
    return NAMELESS
