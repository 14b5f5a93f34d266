"""Backgrounds from a picture book: a sky, something far away, and the ground of one of the PLACES."""

import numpy as np
from PIL import Image

from .canvas import DAYLIGHT, NIGHT, SCALE, SUNSET, Canvas, hsv, to_image, vertical_gradient
from .classes import PLACES
from .indoors import draw_indoors
from .outdoors import draw_far_layers, draw_outdoors

INDOORS = ("room", "table")


def _horizon(place, rng):
    """As a fraction of the height; above 1 there is no ground to be seen."""
    horizon = rng.uniform(0.38, 0.62)
    if place == "sky":
        return rng.uniform(0.93, 1.2) if rng.random() < 0.5 else 1.2
    if place == "table":
        return rng.uniform(0.25, 0.5)
    return rng.uniform(0.5, 0.68) if place == "room" else horizon


def _sky_colors(place, light, rng):
    """At the top and at the bottom."""
    if light == NIGHT:
        top = hsv(0.64 + rng.uniform(-0.04, 0.05), 0.75, rng.uniform(0.12, 0.25))
        return top, hsv(0.63 + rng.uniform(-0.04, 0.06), 0.6, rng.uniform(0.28, 0.45))
    if light == SUNSET:
        return hsv(rng.uniform(0.72, 0.9), 0.4, 0.75), hsv(rng.uniform(0.03, 0.11), 0.55, 1.0)
    top = hsv(0.56 + rng.uniform(-0.03, 0.04), rng.uniform(0.35, 0.65), rng.uniform(0.85, 1))
    bottom = hsv(0.53 + rng.uniform(-0.03, 0.04), rng.uniform(0.1, 0.3), 1.0)
    if place == "snow":
        return hsv(0.58, rng.uniform(0.15, 0.35), 0.92), hsv(0.58, 0.08, 0.98)
    return top, bottom


def _draw_stars(canvas, horizon_y):
    rng = canvas.rng
    for _ in range(int(rng.integers(20, 70))):
        x, y, radius = rng.random() * canvas.w, rng.random() * min(horizon_y, canvas.h), rng.uniform(0.5, 1.6)
        canvas.dot(x, y, radius, (255, 255, int(rng.uniform(190, 255))))


def place_ground(rng, width, height, place=None, night=None):
    """(RGB image, {place, night, horizon: fraction of the height below which things stand})."""
    place = place or PLACES[int(rng.random() * len(PLACES))]
    outdoors = place not in INDOORS
    if night is None:
        night = outdoors and rng.random() < 0.25
    sunset = outdoors and not night and rng.random() < 0.18
    light = NIGHT if night else SUNSET if sunset else DAYLIGHT
    horizon = _horizon(place, rng)
    w, h = width * SCALE, height * SCALE
    y0 = int(horizon * h)
    canvas = Canvas(rng, to_image(np.array(vertical_gradient(w, h, *_sky_colors(place, light, rng)))), light)
    if night:
        _draw_stars(canvas, y0)
    if outdoors and place != "sky" and rng.random() < 0.7:
        draw_far_layers(canvas, place, y0)
    if place in INDOORS:
        draw_indoors(canvas, place, y0)
    elif place != "sky":
        draw_outdoors(canvas, place, y0)
    elif horizon < 1.0:
        canvas.hills(y0, 0.06 * h, hsv(0.33, 0.4, 0.7))
    image = canvas.image.resize((width, height), Image.BOX)
    if rng.random() < 0.3:
        pixels = np.asarray(image).astype(np.float32)
        image = to_image(pixels + rng.normal(0, rng.uniform(1, 6), (height, width, 3)))
    return image, {"place": place, "night": bool(night), "horizon": float(min(1.0, horizon))}
