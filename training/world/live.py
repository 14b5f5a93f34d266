"""Draws every thing anew, for pictures of any size: those that are measured with, shown or tested."""

import numpy as np

from .place_ground import place_ground
from .plain_ground import plain_ground
from .scene import SIDE, premultiply
from .sprites import draw_sprite, resize_rgba
from .texts import draw_text, random_text


class Live:
    """A source of things for compose_scene. p_place: how often the ground is a place, when none is asked for."""

    def __init__(self, art, fonts, width, height, p_place=0.55, place=None, night=None):
        self.art, self.fonts, self.width, self.height = art, fonts, width, height
        self.p_place, self.place, self.night = p_place, place, night

    def sprite(self, rng, cls, size, color=None):
        """size is in pixels of a picture of 224 x 224: it grows with this one."""
        image, color, source = draw_sprite(self.art, rng, cls, 256, 1.0, color, 0.0)
        factor = size / max(image.width / (self.width / SIDE), image.height / (self.height / SIDE))
        small = resize_rgba(image, max(5, round(image.width * factor)), max(5, round(image.height * factor)))
        return premultiply(small), color, -1, source

    def text(self, rng, max_width):
        x, y = self.width / SIDE, self.height / SIDE
        for _ in range(8):
            text, size = random_text(rng), rng.uniform(16, 42)
            font = self.fonts[int(rng.random() * len(self.fonts))]
            alpha, points = draw_text(text, font, int(round(size * max(x, y) ** 0.5 * min(x, y) ** 0.5)))
            if alpha.width <= max_width:
                return text, np.asarray(alpha), points
        return None

    def ground(self, rng):
        if self.place or rng.random() < self.p_place:
            image, info = place_ground(rng, self.width, self.height, self.place, self.night)
        else:
            image, info = plain_ground(rng, self.width, self.height)
        return np.asarray(image).copy(), info
