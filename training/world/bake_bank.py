"""Draws the bank of sprites, texts and grounds on all cores."""

import math
import multiprocessing as mp
import os

import numpy as np
from PIL import Image

from .art import Art
from .bank import Bank
from .classes import CLASSES, N_CLASSES, N_SHAPES
from .place_ground import place_ground
from .plain_ground import plain_ground
from .scene import SIDE, premultiply
from .sprites import draw_sprite
from .texts import draw_text, find_fonts, random_text

GROUND_SIZES = [(320, 180), (300, 225), (225, 300), (256, 256), (400, 224), (360, 270)]
MASK_SIDE = 64
SPRITES_PER_JOB, TEXTS_PER_JOB, GROUNDS_PER_JOB = 48, 100, 25

_art = None  # inherited by the forked workers
_fonts = None


def _bake_sprites(cls, seed, n):
    rng = np.random.default_rng(seed)
    pixels, rows, masks = [], [], []
    for k in range(n):
        size = 18 * math.exp(rng.random() * math.log(152 / 18))
        aspect = math.exp(rng.uniform(-0.6, 0.6)) if rng.random() < 0.65 else 1.0
        if CLASSES[cls].name in ("circle", "ring", "square") and rng.random() < 0.3:
            aspect = 1.0
        image, color, _ = draw_sprite(_art, rng, cls, size, aspect, k % 8 if cls < N_SHAPES else None)
        masks.append(np.asarray(image.getchannel("A").resize((MASK_SIDE, MASK_SIDE), Image.BILINEAR)))
        pixels.append(premultiply(image).reshape(-1, 4))
        rows.append((cls, color, image.height, image.width))
    return np.concatenate(pixels), rows, np.stack(masks)


def _bake_texts(seed, n):
    rng = np.random.default_rng(seed)
    out = []
    while len(out) < n:
        text = random_text(rng)
        size = int(14 + 32 * rng.random() ** 1.3)
        aspect = math.exp(rng.uniform(-0.55, 0.3)) if rng.random() < 0.7 else 1.0
        font = _fonts[int(rng.random() * len(_fonts))]
        image, points = draw_text(text, font, size, aspect, rng.uniform(-5, 5) if rng.random() < 0.15 else 0)
        if image.width <= 206 and image.width / max(1, len(text)) >= 5.5:  # it fits, and can be read
            out.append((text, np.asarray(image), points))
    return out


def _bake_grounds(seed, n):
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(n):
        size = (SIDE, SIDE) if rng.random() < 0.35 else GROUND_SIZES[int(rng.random() * len(GROUND_SIZES))]
        image, info = place_ground(rng, *size) if rng.random() < 0.6 else plain_ground(rng, *size)
        out.append((np.asarray(image.resize((SIDE, SIDE), Image.BICUBIC)), info))
    return out


def bake_bank(art_folder, font_folder, styles, per_class, n_texts, n_grounds, seed, n_processes=None):
    """A Bank with per_class sprites of every emoji class that has drawings, and three times as many of each shape."""
    global _art, _fonts
    _art, _fonts = Art(art_folder, styles), find_fonts(font_folder)
    jobs = []
    for c in range(N_CLASSES):
        if c < N_SHAPES or _art.by_class[c]:
            total = per_class * 3 if c < N_SHAPES else per_class
            jobs += [(c, (seed, c, k), min(SPRITES_PER_JOB, total - k)) for k in range(0, total, SPRITES_PER_JOB)]
    text_jobs = [((seed, 9000 + i), TEXTS_PER_JOB) for i in range(n_texts // TEXTS_PER_JOB)]
    ground_jobs = [((seed, 70000 + i), GROUNDS_PER_JOB) for i in range(n_grounds // GROUNDS_PER_JOB)]
    with mp.get_context("fork").Pool(n_processes or os.cpu_count()) as pool:
        sprites = pool.starmap_async(_bake_sprites, jobs, chunksize=2)
        texts = pool.starmap_async(_bake_texts, text_jobs, chunksize=2)
        grounds = pool.starmap_async(_bake_grounds, ground_jobs, chunksize=1)
        sprites, texts, grounds = sprites.get(), texts.get(), grounds.get()
    rows = np.array([row for part in sprites for row in part[1]])
    flat_grounds = [g for part in grounds for g in part]
    return Bank(
        pixels=np.concatenate([part[0] for part in sprites]),
        cls=rows[:, 0],
        color=rows[:, 1],
        sizes=rows[:, 2:],
        masks=np.concatenate([part[2] for part in sprites]),
        texts=[t for part in texts for t in part],
        grounds=np.stack([g[0] for g in flat_grounds]),
        grounds_info=[g[1] for g in flat_grounds],
    )
