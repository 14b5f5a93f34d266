"""One random drawing of a class: picked, coloured, restyled, turned and scaled."""

from PIL import Image, ImageFilter

from .art import NAMELESS, name_hue
from .classes import CLASSES, COLORABLE, N_SHAPES
from .colors import BLACK, COLORS, HUES, PINK
from .restyle import DARK, WHITE, outline, restyle, turn_hue, warp
from .shapes import draw_shape

DARKENED = (COLORS.index("green"), COLORS.index("purple"))


def resize_rgba(image, width, height):
    """Bicubic with premultiplied alpha; bilinear where the result is tiny."""
    filter_ = Image.BICUBIC if max(width, height) > 20 else Image.BILINEAR
    return image.convert("RGBa").resize((width, height), filter_).convert("RGBA")


def _pose(image, degrees, aspect, size):
    """Turns, stretches (aspect: factor of width over height) and scales so that the longer side is `size` pixels."""
    if abs(degrees) > 0.5:
        image = image.rotate(degrees, resample=Image.BICUBIC, expand=True)
    image = image.crop(image.getchannel("A").point(lambda v: 255 if v > 60 else 0).getbbox())
    w, h = image.width * aspect, float(image.height)
    factor = size / max(w, h)
    return resize_rgba(image, max(5, round(w * factor)), max(5, round(h * factor)))


def _paint(image, color, hue, saturation, rng):
    """Gives a drawing of one main hue a named colour."""
    if color == BLACK:
        return turn_hue(image, 0, 0.12, 0.33)
    if color == PINK:
        return turn_hue(image, HUES[color] - hue, 0.62, 1.12)
    stronger = rng.uniform(0.95, 1.15) * max(1.0, 165 / max(1, saturation))
    darker = color in DARKENED and rng.random() < 0.5
    return turn_hue(image, HUES[color] - hue, stronger, 0.78 if darker else 1.0)


def _color_emoji(art, rng, style, name, image):
    """(image, colour index or NAMELESS): some drawings of one main hue are painted, others keep the name they have."""
    hue, share, saturation = art.hue(style, name, image)
    if share <= 0.45:
        return image, NAMELESS
    if rng.random() < 0.6:
        color = int(rng.random() * len(COLORS))
        return _paint(image, color, hue, saturation, rng), color
    return image, name_hue(hue, saturation)


def _draw_emoji(art, rng, cls, strength):
    style, name, image = art.pick(rng, cls)
    color = -1
    if cls in COLORABLE:
        image, color = _color_emoji(art, rng, style, name, image)
    if color >= 0 and strength:  # a named colour must not be restyled away
        if rng.random() < 0.45:
            image = warp(image, rng)
        if rng.random() < 0.12:
            image = outline(image, int(rng.integers(2, 6)), WHITE if rng.random() < 0.5 else DARK)
    elif strength:
        image = restyle(image, rng, strength)
        color = NAMELESS if cls in COLORABLE else -1
    if rng.random() < 0.5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    return image, color, (style, name)


def _draw_colored_shape(rng, cls, color, strength):
    color = int(rng.random() * len(COLORS)) if color is None else color
    image = draw_shape(cls, color, rng)
    if strength and rng.random() < 0.1:
        image = outline(image, int(rng.integers(3, 7)), WHITE if rng.random() < 0.5 else DARK)
    return image, color, ("shape", CLASSES[cls].name)


def _random_turn(rng, cls, strength):
    """Degrees: upright, a little, or much while training."""
    u = rng.random()
    if u < 0.35:
        degrees = 0.0
    else:
        degrees = rng.uniform(-15, 15) if u < 0.92 or not strength else rng.uniform(-40, 40)
    # A square turned by 45 degrees is a diamond.
    return max(-13, min(13, degrees)) if CLASSES[cls].name in ("square", "diamond", "cross") else degrees


def draw_sprite(art, rng, cls, size, aspect=1.0, color=None, strength=1.0):
    """(RGBA image with longer side `size`, colour index or -1 or NAMELESS, (style, name)).

    strength: how far drawings are restyled, 0 for pictures that are looked at, 1 for training.
    """
    if cls < N_SHAPES:
        image, color, source = _draw_colored_shape(rng, cls, color, strength)
    else:
        image, color, source = _draw_emoji(art, rng, cls, strength)
    sprite = _pose(image, _random_turn(rng, cls, strength), aspect, size)
    if strength and rng.random() < 0.12 and size > 30:
        sprite = sprite.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.1)))
    return sprite, color, source
