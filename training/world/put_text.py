"""Writes a text into a picture, on a plate or straight on the ground, in a colour that can be read."""

import numpy as np

from .scene import SIDE

PLATES = [
    (255, 255, 255), (20, 20, 25), (220, 30, 35), (40, 130, 60),
    (35, 80, 200), (245, 210, 50), (250, 235, 200), (240, 140, 40),
]  # fmt: skip
LUMINANCE = np.array([0.3, 0.59, 0.11])


def put_text(picture, rng, alpha, y, x):
    """In place; returns the box (y, x, h, w) that text and plate take."""
    h, w = alpha.shape
    if rng.random() < 0.6:
        behind, taken = _draw_plate(picture, rng, y, x, h, w)
    else:
        behind, taken = picture[y : y + h, x : x + w].reshape(-1, 3).mean(0), (y, x, h, w)
    color = _readable_color(rng, behind @ LUMINANCE)
    target = picture[y : y + h, x : x + w]
    target[:] = (target + (color - target) * (alpha[..., None].astype(np.float32) / 255) + 0.5).astype(np.uint8)
    return taken


def _draw_plate(picture, rng, y, x, h, w):
    """(colour, box); some plates have a rim, some of those a pole."""
    height, width = picture.shape[:2]
    fx, fy = width / SIDE, height / SIDE
    known = rng.random() < 0.8
    color = np.array(PLATES[int(rng.random() * len(PLATES))] if known else rng.integers(0, 256, 3), float)
    my, mx = int((3 + rng.random() * 5) * fy) + 1, int((4 + rng.random() * 6) * fx) + 1
    y0, x0, y1, x1 = max(0, y - my), max(0, x - mx), min(height, y + h + my), min(width, x + w + mx)
    rim = int(1 + rng.random() * 2) if rng.random() < 0.4 else 0
    if rim:
        rim = max(1, int(rim * min(fx, fy)))
        if rng.random() < 0.3 and width - x1 > 0 and y1 < height:
            middle, half = (x0 + x1) // 2, max(2, int(2.5 * fx))
            picture[y1 : min(height, y1 + int(60 * fy)), middle - half : middle + half] = (120, 120, 125)
        picture[y0:y1, x0:x1] = (250, 250, 250) if color.mean() < 128 else (30, 30, 30)
    picture[y0 + rim : y1 - rim, x0 + rim : x1 - rim] = color.astype(np.uint8)
    return color, (y0, x0, y1 - y0, x1 - x0)


def _readable_color(rng, luminance):
    """Black or white against the ground, or a colour that stands out as well."""
    color = np.array([15, 15, 20] if luminance > 125 else [250, 250, 250], float)
    if rng.random() < 0.35:
        other = np.array(PLATES[2 + int(rng.random() * 4)], float)
        if abs(other @ LUMINANCE - luminance) > 75:
            color = other
    return color
