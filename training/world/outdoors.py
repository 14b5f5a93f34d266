"""The grounds of a meadow, a desert, snow, the sea, a beach and a street. y0 is the horizon's row."""

from .canvas import SCALE, hsv, to_rgb

_FAR = {
    "meadow": hsv(0.33, 0.3, 0.75), "street": hsv(0.3, 0.25, 0.72), "snow": hsv(0.6, 0.12, 0.86),
    "desert": hsv(0.09, 0.35, 0.85), "beach": hsv(0.4, 0.25, 0.7), "sea": hsv(0.45, 0.2, 0.7),
}  # fmt: skip


def draw_far_layers(canvas, place, y0):
    """Hills or mountains at the horizon."""
    rng, h, color = canvas.rng, canvas.h, _FAR[place]
    if place in ("beach", "sea"):
        canvas.hills(y0, 0.1 * h * rng.random(), color)
    elif rng.random() < 0.35:
        _draw_mountains(canvas, place, y0)
    else:
        canvas.hills(y0, rng.uniform(0.05, 0.16) * h, color)
        if rng.random() < 0.5:
            canvas.hills(y0, rng.uniform(0.02, 0.08) * h, color * 0.93)


def _draw_mountains(canvas, place, y0):
    rng = canvas.rng
    color = hsv(0.62 + rng.uniform(-0.06, 0.06), 0.25, 0.7)
    for _ in range(int(rng.integers(2, 5))):
        x, r, t = rng.random() * canvas.w, rng.uniform(0.15, 0.35) * canvas.w, rng.uniform(0.12, 0.3) * canvas.h
        slope = to_rgb(canvas.lit(color * rng.uniform(0.85, 1.1)))
        canvas.draw.polygon([(x - r, y0), (x, y0 - t), (x + r, y0)], fill=slope)
        if place == "snow" or rng.random() < 0.5:
            low, middle, high = y0 - t * 0.72, y0 - t * 0.62, y0 - t * 0.66
            peak = [(x - r * 0.28, low), (x, y0 - t), (x + r * 0.28, low), (x + r * 0.1, middle), (x - r * 0.08, high)]
            canvas.draw.polygon(peak, fill=to_rgb(canvas.lit((245, 248, 252))))


def draw_outdoors(canvas, place, y0):
    """The ground from the horizon down."""
    {
        "meadow": _draw_meadow,
        "desert": _draw_desert,
        "snow": _draw_snow,
        "sea": _draw_sea,
        "beach": _draw_beach,
        "street": _draw_street,
    }[place](canvas, y0)


def _draw_meadow(canvas, y0):
    rng, h = canvas.rng, canvas.h
    green = hsv(rng.uniform(0.23, 0.36), rng.uniform(0.45, 0.65), rng.uniform(0.6, 0.85))
    canvas.gradient(y0, h, green)
    if rng.random() < 0.5:
        canvas.hills(y0 + 0.03 * h, 0.06 * h, green * 1.03)
    canvas.speckle(int(rng.integers(0, 160)), y0 + 8, h, green * 0.8, green * 1.12, "grass")


def _draw_desert(canvas, y0):
    rng, h = canvas.rng, canvas.h
    sand = hsv(rng.uniform(0.08, 0.13), rng.uniform(0.35, 0.55), rng.uniform(0.85, 0.97))
    canvas.rect(0, y0, canvas.w, h, canvas.lit(sand))
    for k in range(int(rng.integers(1, 4))):
        canvas.hills(y0 + (h - y0) * (0.1 + 0.28 * k), 0.07 * h, sand * (1 - 0.04 * (k + 1)))
    canvas.speckle(int(rng.integers(0, 60)), y0 + 8, h, sand * 0.85, sand * 1.05, "dot")


def _draw_snow(canvas, y0):
    rng, h = canvas.rng, canvas.h
    white = hsv(0.58, rng.uniform(0.0, 0.08), rng.uniform(0.93, 1))
    canvas.rect(0, y0, canvas.w, h, canvas.lit(white))
    canvas.hills(y0 + 0.04 * h, 0.08 * h, white)
    canvas.hills(y0 + 0.25 * h, 0.06 * h, white * 0.97)
    for _ in range(int(rng.integers(0, 80))):
        x, y, radius = rng.random() * canvas.w, rng.random() * h, rng.uniform(0.8, 2.2) * SCALE * 0.6
        canvas.dot(x, y, radius, (255, 255, 255))


def _draw_water(canvas, y0, shore):
    """shore: the row at which the water ends, chosen after its colour."""
    rng = canvas.rng
    blue = hsv(0.54 + rng.uniform(-0.04, 0.05), rng.uniform(0.5, 0.75), rng.uniform(0.65, 0.9))
    y1 = shore()
    canvas.gradient(y0, y1, blue)
    canvas.speckle(int(rng.integers(10, 60)), y0 + 4, y1, blue * 1.2, blue * 0.9, "wave")
    return y1


def _draw_sea(canvas, y0):
    _draw_water(canvas, y0, lambda: canvas.h)


def _draw_beach(canvas, y0):
    rng, h = canvas.rng, canvas.h
    y1 = _draw_water(canvas, y0, lambda: int(y0 + (h - y0) * rng.uniform(0.2, 0.4)))
    sand = hsv(rng.uniform(0.1, 0.13), rng.uniform(0.25, 0.42), rng.uniform(0.9, 1))
    if rng.random() < 0.6:  # foam
        canvas.hills(y1 + 0.03 * h, 0.03 * h, (250, 250, 250), waves=rng.uniform(0.5, 1.2))
    canvas.hills(y1 + 0.05 * h, 0.03 * h, sand, waves=rng.uniform(0.5, 1.2))
    canvas.rect(0, y1 + 0.05 * h, canvas.w, h, canvas.lit(sand))
    canvas.speckle(int(rng.integers(0, 120)), y1 + 0.06 * h, h, sand * 0.88, sand * 1.05, "dot")


def _draw_skyline(canvas, y0):
    rng = canvas.rng
    x, color = 0, hsv(rng.uniform(0.55, 0.7), 0.12, 0.8)
    while x < canvas.w:
        width, height = rng.uniform(0.04, 0.12) * canvas.w, rng.uniform(0.05, 0.25) * canvas.h
        canvas.rect(x, y0 - height, x + width, y0, canvas.lit(color * rng.uniform(0.9, 1.08)))
        x += width * rng.uniform(1, 1.3)


def _draw_street(canvas, y0):
    rng, w, h = canvas.rng, canvas.w, canvas.h
    verge = hsv(rng.uniform(0.23, 0.36), 0.35, 0.7) if rng.random() < 0.5 else hsv(0.1, 0.06, 0.75)
    canvas.rect(0, y0, w, h, canvas.lit(verge))
    if rng.random() < 0.5:
        _draw_skyline(canvas, y0)
    ya, yb = int(y0 + (h - y0) * rng.uniform(0.15, 0.35)), int(y0 + (h - y0) * rng.uniform(0.75, 1.1))
    canvas.rect(0, ya, w, yb, canvas.lit(hsv(0.62, 0.06, rng.uniform(0.32, 0.5))))
    for top in (ya - 3 * SCALE, yb):  # kerbs
        canvas.rect(0, top, w, top + 3 * SCALE, canvas.lit((205, 205, 205)))
    x, middle, dash = -rng.random() * 30, (ya + yb) / 2, rng.uniform(0.06, 0.12) * w
    while x < w:
        canvas.rect(x, middle - 1.5 * SCALE, x + dash, middle + 1.5 * SCALE, canvas.lit((240, 235, 215)))
        x += 2 * dash
