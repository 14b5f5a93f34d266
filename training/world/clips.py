"""Several pictures of one place in which one or two things move."""

import math
from dataclasses import dataclass

from .classes import N_CLASSES, N_SHAPES
from .scene import SIDE, Scene, SceneObject, by_box, is_free, paste

DIRECTIONS = ("left", "right", "up", "down")


@dataclass
class Clip:
    """moves: [(key, direction)] and still: [key], with SceneObject.key."""

    frames: list
    moves: list
    still: list


@dataclass
class _Mover:
    """A thing that goes from (y, x) by (dy, dx) in the course of the clip; swept: the box of its whole way."""

    cls: int
    drawn: tuple
    h: int
    w: int
    x: float
    y: float
    dx: float
    dy: float
    direction: str | None
    swept: tuple

    @property
    def key(self):
        return self.cls, self.drawn[1] if self.cls < N_SHAPES else -1

    def at(self, t):
        _, color, item, source = self.drawn
        y, x = int(round(self.y + self.dy * t)), int(round(self.x + self.dx * t))
        return SceneObject(self.cls, color, y, x, self.h, self.w, SIDE, SIDE, item, source)


def _random_way(rand):
    """(direction, dx, dy): mostly along one axis."""
    d = int(rand() * 4)
    distance = 26 + rand() * 110
    drift = (rand() - 0.5) * 0.4 * distance
    dx, dy = [(-distance, drift), (distance, drift), (drift, -distance), (drift, distance)][d]
    return DIRECTIONS[d], dx, dy


def _draw_mover(rng, source, moves, others):
    """None when the class is there already or the way is not free."""
    rand = rng.random
    emoji = rand() < 0.85
    cls = N_SHAPES + int(rand() * (N_CLASSES - N_SHAPES)) if emoji else int(rand() * N_SHAPES)
    if any(o.cls == cls for o in others):
        return None
    drawn = source.sprite(rng, cls, 24 * math.exp(rand() * math.log(80 / 24)), int(rand() * 8))
    h, w = drawn[0].shape[:2]
    direction, dx, dy = _random_way(rand) if moves else (None, 0, 0)
    if w + abs(dx) > SIDE or h + abs(dy) > SIDE:
        return None
    x = rand() * (SIDE - w - abs(dx)) + max(0, -dx)
    y = rand() * (SIDE - h - abs(dy)) + max(0, -dy)
    swept = (min(y, y + dy), min(x, x + dx), h + abs(dy), w + abs(dx))
    if not is_free([o.swept for o in others], *swept, 0.05):
        return None
    return _Mover(cls, drawn, h, w, x, y, dx, dy, direction, swept)


def make_clip(rng, source, n_frames):
    """n_frames scenes of 224 x 224 with the same one to four things, of which none, one or two move."""
    rand = rng.random
    ground, info = source.ground(rng)
    n = 1 + int(rand() * 4)
    n_moving = 0 if rand() < 0.12 else 2 if n > 1 and rand() < 0.3 else 1
    things = []
    for _ in range(40):
        if len(things) == n:
            break
        thing = _draw_mover(rng, source, len(things) < n_moving, things)
        if thing is not None:
            things.append(thing)
    frames = []
    for f in range(n_frames):
        frame = Scene(SIDE, SIDE, info, ground.copy())
        for thing in things:
            placed = thing.at(f / max(1, n_frames - 1))
            paste(frame.image, thing.drawn[0], placed.y, placed.x)
            frame.objects.append(placed)
        frame.objects = by_box(frame.objects)
        frames.append(frame)
    moves = [(t.key, t.direction) for t in things if t.direction]
    return Clip(frames, moves, [t.key for t in things if not t.direction])
