"""A room, and a table before a wall. y0 is the row at which the floor or the table begins."""

from .canvas import SCALE, hsv, to_rgb


def draw_indoors(canvas, place, y0):
    rng = canvas.rng
    wall = hsv(rng.random(), rng.uniform(0.08, 0.35), rng.uniform(0.75, 0.98))
    canvas.rect(0, 0, canvas.w, canvas.h, wall * 0.7)
    canvas.rect(0, 0, canvas.w, y0, wall)
    _draw_wallpaper(canvas, wall, y0)
    if place == "room":
        _draw_floor(canvas, wall, y0)
    else:
        _draw_table(canvas, y0)


def _draw_wallpaper(canvas, wall, y0):
    """Stripes, dots or nothing."""
    rng, w = canvas.rng, canvas.w
    if rng.random() < 0.45:
        n = int(rng.integers(6, 20))
        for i in range(0, n, 2):
            canvas.rect(i * w / n, 0, (i + 1) * w / n, y0, wall * 0.95)
    elif rng.random() < 0.4:
        for _ in range(40):
            x, y = rng.random() * w, rng.random() * y0
            canvas.dot(x, y, 2 * SCALE, to_rgb(wall * 0.92))


def _draw_floor(canvas, wall, y0):
    rng, w, h = canvas.rng, canvas.w, canvas.h
    if rng.random() < 0.7:
        floor = hsv(rng.uniform(0.05, 0.1), rng.uniform(0.25, 0.5), rng.uniform(0.55, 0.85))
    else:
        floor = hsv(rng.random(), 0.25, 0.7)
    canvas.rect(0, y0, w, h, floor)
    if rng.random() < 0.6:
        for i in range(1, 7):
            y = y0 + (h - y0) * (i / 7) ** 1.4
            canvas.draw.line((0, y, w, y), fill=to_rgb(floor * 0.9), width=SCALE)
    canvas.rect(0, y0 - 4 * SCALE, w, y0, wall * 0.82 if rng.random() < 0.5 else (245, 245, 240))
    if rng.random() < 0.35:
        rug = hsv(rng.random(), rng.uniform(0.25, 0.5), rng.uniform(0.6, 0.85))
        x, y = rng.uniform(0.25, 0.75) * w, (y0 + h) / 2 + 0.05 * h
        canvas.draw.ellipse((x - 0.3 * w, y - 0.13 * h, x + 0.3 * w, y + 0.13 * h), fill=to_rgb(rug))


def _draw_table(canvas, y0):
    rng, w, h = canvas.rng, canvas.w, canvas.h
    if rng.random() < 0.7:
        wood = hsv(rng.uniform(0.05, 0.1), rng.uniform(0.35, 0.6), rng.uniform(0.45, 0.8))
    else:
        wood = hsv(rng.random(), rng.uniform(0.1, 0.3), rng.uniform(0.75, 0.95))
    margin = rng.uniform(0, 0.12) * w
    canvas.draw.polygon([(margin, y0), (w - margin, y0), (w, h), (0, h)], fill=to_rgb(wood))
    canvas.draw.line((margin, y0, w - margin, y0), fill=to_rgb(wood * 0.85), width=2 * SCALE)
    if rng.random() < 0.4:
        for _ in range(5):
            y = y0 + (h - y0) * rng.random()
            canvas.draw.line((0, y, w, y + rng.uniform(-4, 4)), fill=to_rgb(wood * 0.95), width=SCALE)
