"""Composes a random scene: a ground, texts on signs, objects that stand where such things stand."""

import math

import numpy as np

from .classes import CLASSES, N_CLASSES, N_SHAPES
from .put_text import put_text
from .scene import SIDE, Scene, SceneObject, SceneText, by_box, is_free, paste

IN_REALM = {p: [i for i in range(N_SHAPES, N_CLASSES) if CLASSES[i].place == p] for p in "gswt"}
# Which things suit which place.
REALM_OF = {
    "meadow": "g", "beach": "g", "street": "g", "room": "t", "snow": "g",
    "sea": "w", "desert": "g", "table": "t", "sky": "s",
}  # fmt: skip
# How often there are 1, 2 ... 8 objects, and the longest side that they may then have.
COUNT_SHARES = np.cumsum([0.13, 0.17, 0.18, 0.16, 0.13, 0.10, 0.07, 0.06])
MAX_SIDE = [150, 130, 110, 96, 84, 76, 70, 64]
MIN_SIDE = 18


class _Composer:
    """One scene in the making; `rand` gives floats in 0..1 and `pick(n)` whole numbers below n."""

    def __init__(self, rng, source, width, height):
        self.rng, self.rand, self.source = rng, rng.random, source
        image, info = source.ground(rng)
        self.scene = Scene(width, height, info, image)
        self.taken = []  # boxes (y, x, h, w): those of the texts, then those of the objects

    def pick(self, n):
        return int(self.rand() * n)

    def add_texts(self, n):
        for _ in range(n):
            drawn = self.source.text(self.rng, int(self.scene.width * 0.92))
            if drawn is not None and drawn[1].shape[0] <= self.scene.height - 8:
                self._add_text(drawn)

    def _add_text(self, drawn):
        scene = self.scene
        text, alpha, points = drawn
        h, w = alpha.shape
        for _ in range(10):
            y = 3 + self.pick(scene.height - h - 6)
            x = 3 + self.pick(max(1, scene.width - w - 6))
            if is_free(self.taken, y - 3, x - 3, h + 6, w + 6, 0.0):
                break
        else:
            return
        self.taken.append(put_text(scene.image, self.rng, alpha, y, x))
        moved = [(px + x, py + y) for px, py in points]
        scene.texts.append(SceneText(text, y, x, h, w, scene.width, scene.height, moved))

    def plan_things(self, n, classes):
        """[(class, colour or None)]: often several of one kind, mostly things that suit the place."""
        plan = []
        for _ in range(n):
            plan.append(self._plan_like(plan) if plan and self.rand() < 0.3 else self._plan_one(classes))
        if classes is not None and len(classes) == n:
            plan = [(c, self.pick(8)) for c in classes]
        return plan

    def _plan_like(self, plan):
        cls, color = plan[self.pick(len(plan))]
        if cls < N_SHAPES and self.rand() < 0.5:  # the same shape in another colour, or the reverse
            if self.rand() < 0.5:
                color = self.pick(8)
            else:
                cls = self.pick(N_SHAPES)
        return cls, color

    def _plan_one(self, classes):
        place = self.scene.info["place"]
        if classes is not None:
            return classes[self.pick(len(classes))], self.pick(8)
        if self.rand() >= (0.82 if place is None else 0.93):
            return self.pick(N_SHAPES), self.pick(8)
        if place and self.rand() < 0.7:
            suits = self.rand() < 0.75 or place in ("room", "table")
            realm = IN_REALM[REALM_OF[place] if suits else "s"]
            return realm[self.pick(len(realm))], None
        return N_SHAPES + self.pick(N_CLASSES - N_SHAPES), None

    def add_things(self, plan, longest, overlap):
        for cls, color in plan:
            thing = self._place_thing(cls, color, self._random_size(cls, longest), overlap)
            if thing is not None and thing.h <= self.scene.height and thing.w <= self.scene.width:
                self.taken.append((thing.y, thing.x, thing.h, thing.w))
                self.scene.objects.append(thing)

    def _random_size(self, cls, longest):
        """The longer side, in pixels of a 224 x 224 picture."""
        if self.scene.info["place"] and cls >= N_SHAPES and self.rand() < 0.8:
            size = min(longest, (14 + 17 * CLASSES[cls].size) * math.exp(self.rand() * 0.9 - 0.35))
        else:
            size = MIN_SIDE * math.exp(self.rand() * math.log(longest / MIN_SIDE))
        return max(MIN_SIDE, size)

    def _place_thing(self, cls, color, size, overlap):
        """Tries nine spots, then five with a smaller drawing; None when there is no room."""
        scene = self.scene
        n_texts = len(scene.texts)
        for attempt in range(14):
            if attempt == 9:
                size = max(MIN_SIDE, size * 0.6)
            if attempt in (0, 9):
                sprite, drawn_color, item, source = self.source.sprite(self.rng, cls, size, color)
                h, w = sprite.shape[:2]
            y, x = self._random_spot(cls, h, w)
            share = overlap if len(self.taken) > n_texts else 0.02
            if is_free(self.taken, y, x, h, w, share) and is_free(self.taken[:n_texts], y, x, h, w, 0.0):
                return SceneObject(cls, drawn_color, y, x, h, w, scene.width, scene.height, item, source, sprite)
        return None

    def _random_spot(self, cls, h, w):
        """(y, x): in the sky, with its foot on the ground, anywhere, or seldom cut by the border."""
        width, height, place = self.scene.width, self.scene.height, self.scene.info["place"]
        cut = self.rand() < 0.03
        if place and self.rand() < 0.9:
            ground = int(self.scene.info["horizon"] * height)
            if place == "sky" or CLASSES[cls].place == "s" and ground > h * 0.6:
                y = self.pick(max(1, (height if place == "sky" else ground) - h + 1))
            else:
                low = max(ground + 2, h)
                y = (low + self.pick(max(1, height - low))) - h if low < height else height - h
                y = min(y, height - h)
            return y, self.pick(max(1, width - w + 1))
        if cut:
            y = int(self.rand() * (height - 0.6 * h) - 0.2 * h)
            return y, int(self.rand() * (width - 0.6 * w) - 0.2 * w)
        return self.pick(max(1, height - h + 1)), self.pick(max(1, width - w + 1))

    def finish(self):
        scene = self.scene
        if scene.info["place"]:  # what stands nearer covers what stands farther away
            scene.objects.sort(key=lambda o: o.y + o.h)
        for thing in scene.objects:
            paste(scene.image, thing.sprite, thing.y, thing.x)
            if thing.item >= 0:
                thing.sprite = None
        scene.objects, scene.texts = by_box(scene.objects), by_box(scene.texts)
        if self.rand() < 0.5:
            scene.image = self._tone_curve()[scene.image]
        return scene

    def _tone_curve(self):
        """Brightness in to brightness out: gamma, contrast and offset by chance."""
        curve = (np.arange(256) / 255) ** (0.85 + 0.35 * self.rand()) * 255 * (0.88 + 0.2 * self.rand())
        return np.clip(curve + (self.rand() - 0.5) * 16, 0, 255).astype(np.uint8)


def compose_scene(rng, source, width=SIDE, height=SIDE, p_text=0.3, n=None, classes=None):
    """A random Scene.

    source: a Bank or a Live. n: how many objects are tried (some find no room). classes: the only ones to use;
    when there are n of them, each is used once.
    """
    composer = _Composer(rng, source, width, height)
    u = composer.rand()
    n_texts = 0 if u > p_text else 2 if u < p_text * 0.15 else 1
    if n_texts and n is None and composer.rand() < 0.1:
        n = 0
    composer.add_texts(n_texts)
    if n is None:
        n = 1 + int(np.searchsorted(COUNT_SHARES, composer.rand()))
    overlap = 0.22 if composer.rand() < 0.3 else 0.04
    composer.add_things(composer.plan_things(n, classes), MAX_SIDE[max(0, n - 1)], overlap)
    return composer.finish()
