"""A scene: its picture, and where everything is. Boxes are (y0, x0, y1, x1)."""

from dataclasses import dataclass, field

import numpy as np

from .classes import N_SHAPES
from .phrases import label

SIDE = 224  # the model's picture
# 256 minus alpha, so that a premultiplied paste needs no division.
_REST = (256 - np.round(np.arange(256) * 256 / 255)).astype(np.uint16)


def to_bin(fraction):
    """The number of a location token, 0..1023."""
    return min(1023, max(0, int(round(fraction * 1023))))


class _Placed:
    """Something at (y, x) of size (h, w) in a picture of (height, width) pixels; it may reach over the border."""

    def box(self):
        """Cut at the border, as fractions of the picture."""
        y1, x1 = min(self.height, self.y + self.h), min(self.width, self.x + self.w)
        return (max(0, self.y) / self.height, max(0, self.x) / self.width, y1 / self.height, x1 / self.width)

    def bins(self):
        return [to_bin(v) for v in self.box()]


@dataclass(eq=False)
class SceneObject(_Placed):
    """color: index, -1 for none, -2 for one without a name; item: its number in the bank, -1 for a live drawing.

    source is (style, name) and sprite the premultiplied RGBA pixels, both of live drawings only.
    """

    cls: int
    color: int
    y: int
    x: int
    h: int
    w: int
    width: int
    height: int
    item: int = -1
    source: tuple | None = None
    sprite: np.ndarray | None = None

    @property
    def key(self):
        """(class, colour of its name): emoji are called by their class alone."""
        return self.cls, self.color if self.cls < N_SHAPES else -1

    def label(self):
        return label(*self.key)

    @property
    def area(self):
        return self.h * self.w

    def center(self):
        y0, x0, y1, x1 = self.box()
        return (y0 + y1) / 2, (x0 + x1) / 2

    def cell(self):
        """(row, column) of the 3 x 3 grid in which its centre lies."""
        y, x = self.center()
        return min(2, int(y * 3)), min(2, int(x * 3))

    def is_whole(self):
        return self.y >= 0 and self.x >= 0 and self.y + self.h <= self.height and self.x + self.w <= self.width

    def mask(self):
        """Boolean mask of a live drawing in its picture, also where another object covers it."""
        mask = np.zeros((self.height, self.width), bool)
        (y0, x0, y1, x1), part = _visible(self.sprite, self.y, self.x, self.height, self.width)
        mask[y0:y1, x0:x1] = part[..., 3] > 127
        return mask


@dataclass(eq=False)
class SceneText(_Placed):
    """points: the centre (x, y) of every character that is not a space."""

    text: str
    y: int
    x: int
    h: int
    w: int
    width: int
    height: int
    points: list


@dataclass(eq=False)
class Scene:
    """info is what the ground says: place, night, horizon. Objects and texts are in reading order of their boxes."""

    width: int
    height: int
    info: dict
    image: np.ndarray | None = None
    objects: list = field(default_factory=list)
    texts: list = field(default_factory=list)


def by_box(things):
    """Sorted by the top of the box, then its left."""
    return sorted(things, key=lambda t: tuple(t.bins()[:2]))


def _visible(pixels, y, x, height, width):
    """(rows and columns inside the picture, the pixels that fall there)."""
    h, w = pixels.shape[:2]
    y0, x0, y1, x1 = max(0, y), max(0, x), min(height, y + h), min(width, x + w)
    return (y0, x0, y1, x1), pixels[y0 - y : y1 - y, x0 - x : x1 - x]


def premultiply(image):
    """Premultiplied uint8 pixels of an RGBA image."""
    pixels = np.asarray(image).astype(np.uint16)
    out = pixels.copy()
    out[..., :3] = (pixels[..., :3] * pixels[..., 3:] + 127) // 255
    return out.astype(np.uint8)


def paste(picture, sprite, y, x):
    """Premultiplied RGBA over a picture, in place, cut at the border."""
    height, width = picture.shape[:2]
    h, w = sprite.shape[:2]
    if min(height, y + h) <= max(0, y) or min(width, x + w) <= max(0, x):
        return
    (y0, x0, y1, x1), part = _visible(sprite, y, x, height, width)
    target = picture[y0:y1, x0:x1]
    target[:] = np.minimum(part[..., :3] + ((target * _REST[part[..., 3]][..., None]) >> 8), 255)


def is_free(boxes, y, x, h, w, share):
    """Whether no box (y, x, h, w) overlaps by more than a share of the smaller one."""
    for by, bx, bh, bw in boxes:
        dy, dx = min(y + h, by + bh) - max(y, by), min(x + w, bx + bw) - max(x, bx)
        if dy > 0 and dx > 0 and dy * dx > share * min(h * w, bh * bw):
            return False
    return True
