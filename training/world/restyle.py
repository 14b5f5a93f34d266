"""Changes how a drawing is drawn, and keeps what it is."""

import numpy as np
from PIL import Image, ImageFilter

WHITE, DARK, INK = (255, 255, 255), (20, 20, 24), (25, 25, 28)
# Turns a blurred mask into one that is grown and nearly hard.
_GROWN = [min(255, max(0, (v - 14) * 8)) for v in range(256)]


def outline(image, width, color):
    """A border of `width` pixels around the drawing."""
    margin = width + 2
    large = Image.new("RGBA", (image.width + 2 * margin, image.height + 2 * margin), (0, 0, 0, 0))
    large.paste(image, (margin, margin))
    hard = large.getchannel("A").point(lambda v: 255 if v > 100 else 0)
    out = Image.new("RGBA", large.size, color + (0,))
    out.putalpha(hard.filter(ImageFilter.BoxBlur(width)).point(_GROWN))
    out.alpha_composite(large)
    return out


def warp(image, rng):
    """A smooth random deformation by 1 to 5 % of the drawing's sides, on a grid of 4 x 4."""
    amount = rng.uniform(0.01, 0.05)
    w, h = image.size
    n = 4
    grid_x, grid_y = np.meshgrid(np.linspace(0, w, n + 1), np.linspace(0, h, n + 1))
    dx = rng.uniform(-amount * w, amount * w, grid_x.shape)
    dy = rng.uniform(-amount * h, amount * h, grid_y.shape)
    x, y = grid_x + dx, grid_y + dy
    # The rim may only move outwards, or the drawing would be cut.
    x[:, 0] = np.minimum(x[:, 0], 0)
    x[:, -1] = np.maximum(x[:, -1], w)
    y[0] = np.minimum(y[0], 0)
    y[-1] = np.maximum(y[-1], h)
    at_x = np.linspace(0, w, n + 1).round().astype(int)
    at_y = np.linspace(0, h, n + 1).round().astype(int)
    mesh = []
    for i in range(n):
        for j in range(n):
            target = (int(at_x[i]), int(at_y[j]), int(at_x[i + 1]), int(at_y[j + 1]))
            corners = ((j, i), (j + 1, i), (j + 1, i + 1), (j, i + 1))
            mesh.append((target, tuple(v for c in corners for v in (x[c], y[c]))))
    return image.transform((w, h), Image.MESH, mesh, Image.BILINEAR)


def turn_hue(image, degrees, saturation=1.0, value=1.0):
    """Shifts the hue and scales saturation and brightness."""
    h, s, v = image.convert("RGB").convert("HSV").split()
    steps = int(round(degrees / 360 * 256))
    h = h.point([(i + steps) % 256 for i in range(256)])
    if saturation != 1.0:
        s = s.point([min(255, int(i * saturation)) for i in range(256)])
    if value != 1.0:
        v = v.point([min(255, int(i * value)) for i in range(256)])
    out = Image.merge("HSV", (h, s, v)).convert("RGB")
    out.putalpha(image.getchannel("A"))
    return out


def _keep_alpha(image, rgb):
    rgb.putalpha(image.getchannel("A"))
    return rgb


def _flatten_colors(image, rng):
    return _keep_alpha(image, image.convert("RGB").quantize(int(rng.integers(3, 7))).convert("RGB"))


def _smooth(image):
    return _keep_alpha(image, image.convert("RGB").filter(ImageFilter.MedianFilter(5)))


def _draw_lines(image, rng):
    """Dark contours between the parts, the colours kept or paled."""
    on_white = Image.new("RGB", image.size, WHITE)
    on_white.paste(image, (0, 0), image.getchannel("A"))
    edges = on_white.convert("L").filter(ImageFilter.GaussianBlur(1.2)).filter(ImageFilter.FIND_EDGES)
    edges = edges.point(lambda x: min(255, x * 6)).filter(ImageFilter.BoxBlur(1)).point(lambda x: min(255, x * 3))
    filled = on_white if rng.random() < 0.6 else Image.blend(on_white, Image.new("RGB", image.size, WHITE), 0.7)
    filled.paste(INK, (0, 0), edges)
    return outline(_keep_alpha(image, filled), int(rng.integers(2, 4)), INK)


def _recolor(image, rng, strength):
    u = rng.random()
    if u < 0.30:
        return turn_hue(image, rng.uniform(-14, 14), rng.uniform(0.75, 1.25), rng.uniform(0.8, 1.15))
    if u < 0.30 + 0.13 * strength:
        return turn_hue(image, rng.uniform(0, 360), rng.uniform(0.6, 1.2), rng.uniform(0.8, 1.1))
    if u < 0.30 + 0.17 * strength:
        return turn_hue(image, 0, rng.uniform(0, 0.25), rng.uniform(0.8, 1.1))
    return image


def _redraw(image, rng, strength):
    u = rng.random()
    if u < 0.08 * strength:
        return _flatten_colors(image, rng)
    if u < 0.12 * strength:
        return _smooth(image)
    if u < 0.20 * strength:
        return _draw_lines(image, rng)
    return image


def _rim(image, rng, strength):
    u = rng.random()
    if u < 0.09 * strength:
        return outline(image, int(rng.integers(3, 8)), WHITE)
    if u < 0.20 * strength:
        width = int(rng.integers(2, 6))
        color = DARK if rng.random() < 0.7 else tuple(int(x) for x in rng.integers(0, 255, 3))
        return outline(image, width, color)
    return image


def restyle(image, rng, strength):
    """Deforms, recolours, redraws and rims an emoji, each with a probability that grows with `strength` (0..1)."""
    if rng.random() < 0.45 * strength:
        image = warp(image, rng)
    image = _recolor(image, rng, strength)
    image = _redraw(image, rng, strength)
    return _rim(image, rng, strength)
