"""The eight coloured shapes."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .classes import CLASSES
from .colors import RGB

SIDE = 256


def _polygon(points):
    """points are in -0.5..0.5 around the centre."""
    mask = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(mask).polygon([(SIDE * (0.5 + x), SIDE * (0.5 + y)) for x, y in points], fill=255)
    return mask


def _disc(hole):
    """hole: the inner radius as a share of the outer one, 0 for none."""
    mask = Image.new("L", (SIDE, SIDE), 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((28, 28, 228, 228), fill=255)
    if hole:
        r = 100 * hole
        draw.ellipse((128 - r, 128 - r, 128 + r, 128 + r), fill=0)
    return mask


def _cross(a, b):
    return [(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a)]


def _star(inner):
    radii = [0.44 if k % 2 == 0 else inner for k in range(10)]
    return [(r * math.sin(k * math.pi / 5), -r * math.cos(k * math.pi / 5)) for k, r in enumerate(radii)]


def _heart():
    t = np.linspace(0, 2 * math.pi, 100)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return list(zip(x / 42, y / 42 - 0.02))


def shape_mask(cls, rng):
    """A 256 x 256 L image."""
    match CLASSES[cls].name:
        case "circle":
            return _disc(0)
        case "ring":
            return _disc(rng.uniform(0.42, 0.68))
        case "square":
            return _polygon([(-0.36, -0.36), (0.36, -0.36), (0.36, 0.36), (-0.36, 0.36)])
        case "triangle":
            return _polygon([(0, -0.38), (0.4, 0.33), (-0.4, 0.33)])
        case "diamond":
            return _polygon([(0, -0.42), (0.29, 0), (0, 0.42), (-0.29, 0)])
        case "cross":
            return _polygon(_cross(rng.uniform(0.11, 0.16), 0.4))
        case "star":
            return _polygon(_star(rng.uniform(0.17, 0.24)))
        case "heart":
            return _polygon(_heart())
    raise ValueError(CLASSES[cls].name)


def _shading(kind, rng):
    """Brightness of every pixel: a gradient, a highlight or stripes."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / 255.0
    if kind < 0.8:
        angle = rng.uniform(0, 2 * math.pi)
        along = (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle)
        return 1 + along * rng.uniform(0.1, 0.4)
    if kind < 0.92:
        return 1.12 - 0.4 * np.hypot(x - rng.uniform(0.3, 0.5), y - rng.uniform(0.3, 0.5))
    angle, stripes = rng.uniform(0, math.pi), rng.uniform(4, 12)
    return 1 + 0.1 * np.sign(np.sin((x * math.cos(angle) + y * math.sin(angle)) * stripes * 2 * math.pi))


def draw_shape(cls, color, rng):
    """RGBA drawing of a coloured shape: flat, shaded or striped, sometimes with a rim."""
    mask = shape_mask(cls, rng)
    rgb = np.clip(np.array(RGB[color], float) * rng.uniform(0.88, 1.1) + rng.uniform(-8, 8, 3), 0, 255)
    kind = rng.random()
    if kind < 0.55:
        image = Image.new("RGB", mask.size, tuple(int(v) for v in rgb))
    else:
        image = Image.fromarray(np.clip(rgb * _shading(kind, rng)[..., None], 0, 255).astype(np.uint8))
    image.putalpha(mask)
    if rng.random() < 0.18:
        inner = mask.filter(ImageFilter.MinFilter(int(rng.integers(3, 7)) * 2 + 1))
        rim = rgb * 0.45 if rng.random() < 0.6 else rgb * 0.4 + 150
        rimmed = Image.new("RGBA", mask.size, tuple(int(v) for v in rim.clip(0, 255)) + (255,))
        rimmed.putalpha(mask)
        rimmed.paste(image, (0, 0), inner)
        image = rimmed
    return image.crop(image.getchannel("A").getbbox())
