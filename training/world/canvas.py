"""A picture under the brush: colours, gradients, hills and speckles."""

import colorsys
import math

import numpy as np
from PIL import Image, ImageDraw

SCALE = 2  # places are drawn at twice their size and shrunk

DAYLIGHT, NIGHT, SUNSET = (1.0, 1.0, 1.0), (0.38, 0.42, 0.6), (1.0, 0.88, 0.82)


def hsv(hue, saturation, value):
    """RGB in 0..255; the hue is in turns, the others in 0..1."""
    return np.array(colorsys.hsv_to_rgb(hue % 1, min(1, max(0, saturation)), min(1, max(0, value)))) * 255


def to_rgb(color):
    return tuple(int(max(0, min(255, x))) for x in color)


def vertical_gradient(width, height, top, bottom):
    t = np.linspace(0, 1, max(2, height))[:, None, None]
    rows = np.asarray(top)[None, None] * (1 - t) + np.asarray(bottom)[None, None] * t
    return np.broadcast_to(rows, (max(2, height), width, 3))[:height]


def to_image(pixels):
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


class Canvas:
    """light: factors of red, green and blue for everything that `lit` colours."""

    def __init__(self, rng, image, light):
        self.rng, self.light = rng, np.array(light)
        self.w, self.h = image.size
        self._show(image)

    def _show(self, image):
        self.image, self.draw = image, ImageDraw.Draw(image)

    def lit(self, color):
        return np.asarray(color) * self.light

    def rect(self, x0, y0, x1, y1, color):
        self.draw.rectangle((x0, y0, x1, y1), fill=to_rgb(color))

    def gradient(self, y0, y1, color):
        """A surface between two rows, lighter far away."""
        pixels = np.asarray(self.image).copy()
        rows = vertical_gradient(self.w, y1 - y0, self.lit(color * 1.08), self.lit(color * 0.85))
        pixels[y0:y1] = np.clip(rows, 0, 255).astype(np.uint8)
        self._show(Image.fromarray(pixels))

    def hills(self, y, height, color, waves=None):
        """A wavy layer filled down to the bottom."""
        waves = waves or self.rng.uniform(0.6, 2.2)
        p, q = self.rng.uniform(0, 7), self.rng.uniform(0, 7)
        points = []
        for x in range(0, self.w + 8, 8):
            wave = 0.35 * math.sin(x / self.w * waves * 6.28 + p) + 0.15 * math.sin(x / self.w * waves * 15 + q)
            points.append((x, y - height * (0.5 + wave)))
        self.draw.polygon(points + [(self.w + 8, self.h), (0, self.h)], fill=to_rgb(self.lit(color)))

    def speckle(self, n, y0, y1, color_a, color_b, kind):
        """n blades of grass, dots or waves, larger where they are nearer."""
        rng, draw = self.rng, self.draw
        for _ in range(n):
            near = rng.random() ** 0.7
            x, y = rng.random() * self.w, y0 + (y1 - y0) * near
            size = SCALE * (1.2 + 4 * near)
            color = to_rgb(self.lit(color_a if rng.random() < 0.5 else color_b))
            if kind == "grass":
                draw.line((x, y, x + rng.uniform(-0.4, 0.4) * size, y - size), fill=color, width=SCALE)
            elif kind == "dot":
                draw.ellipse((x - size * 0.25, y - size * 0.15, x + size * 0.25, y + size * 0.15), fill=color)
            else:
                draw.line((x - size * 1.5, y, x + size * 1.5, y), fill=color, width=max(1, int(size * 0.25)))

    def dot(self, x, y, radius, color):
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)
