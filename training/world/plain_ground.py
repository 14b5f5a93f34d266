"""Backgrounds without a place: flat, gradient, clouds, stripes, checks, with or without noise."""

import math

import numpy as np
from PIL import Image

from .canvas import hsv, to_image


def _random_color(rng, dark):
    hue, saturation = rng.random(), rng.uniform(0, 0.45)
    return hsv(hue, saturation, rng.uniform(0.08, 0.35) if dark else rng.uniform(0.5, 1.0))


def _blend_map(kind, rng, x, y):
    """(how much of the second colour each pixel gets, how much of the first stays in the second colour)."""
    if kind < 0.42:
        angle = rng.uniform(0, 2 * math.pi)
        return (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle) + 0.5, 0
    if kind < 0.6:
        k = int(rng.integers(2, 10))
        blobs = Image.fromarray(rng.random((k, k)).astype(np.float32))
        return np.asarray(blobs.resize(x.shape[::-1], Image.BICUBIC)), 0.55
    if kind < 0.78:
        k, angle = rng.integers(3, 16), rng.uniform(0, 2 * math.pi)
        stripes = 0.5 + 0.5 * np.sin((x * math.cos(angle) + y * math.sin(angle)) * k * 2 * math.pi)
        return (stripes > 0.5).astype(np.float32) if rng.random() < 0.4 else stripes, 0.75
    if kind < 0.88:
        k = int(rng.integers(3, 12))
        return ((np.floor(x * k) + np.floor(y * k)) % 2).astype(np.float32), 0.8
    return np.hypot(x - rng.uniform(0.3, 0.7), y - rng.uniform(0.3, 0.7)) * 1.3, 0


def plain_ground(rng, width, height):
    """(RGB image, info as place_ground gives it)."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / height, x / width
    dark = rng.random() < 0.12
    kind = rng.random()
    first = _random_color(rng, dark) if rng.random() > 0.12 else np.array([250.0, 250, 250])
    if kind < 0.22:
        pixels = np.broadcast_to(first, (height, width, 3)).copy()
    else:
        second = _random_color(rng, dark)
        share, kept = _blend_map(kind, rng, x, y)
        if kept:
            second = first * kept + second * (1 - kept)
        share = np.clip(share, 0, 1)[..., None]
        pixels = first * (1 - share) + second * share
    if rng.random() < 0.5:
        pixels = pixels + rng.normal(0, rng.uniform(1, 8), pixels.shape)
    return to_image(pixels), {"place": None, "night": False, "horizon": 0.0}
