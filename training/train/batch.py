"""One batch in shared memory, and how worker processes fill it."""

import io
import mmap
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from ..model.heads import TEXT_CLASS
from ..model.tokenizer import EOS, PAD
from ..prompts.one_picture import TASK_NAMES, make_prompt
from ..prompts.several_pictures import CLIP_TASKS, make_clip_prompt, make_set_prompt
from ..world.classes import N_CLASSES, N_SHAPES
from ..world.clips import make_clip
from ..world.compose import compose_scene
from ..world.scene import SIDE

PICTURES, PROMPTS, CLIPS = 0, 1, 2  # modes of a batch: pictures alone, prompts on one picture, on several
PROMPTS_PER_PICTURE = 3
MAX_TOKENS, LONG, SHORT, CLIP_TOKENS = 128, 112, 40, 80  # inputs of a row, by its part of the batch
N_THINGS, N_CHARS = 10, 40  # 8 objects and 2 texts; characters of all texts
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class BatchShape:
    """The longest quarter of the prompts runs with LONG inputs, the others with SHORT ones."""

    pictures: int = 256

    @property
    def prompts(self):
        return self.pictures * PROMPTS_PER_PICTURE

    @property
    def long_prompts(self):
        return self.prompts // 4

    @property
    def clip_prompts(self):
        return self.pictures // 2


class Slot:
    """Arrays in memory that parent and workers share.

    img uint8 [B, 224, 224, 3]; things [B, 10, 8]: class, colour, box, bank item; chars [B, 40, 3]: y, x, character;
    tokens [prompts, 128]; meta [prompts, 8]: first picture, how many, prompt length, total length, task, usable;
    head: mode, pictures a prompt, prompts, those that were too long.
    """

    def __init__(self, shape):
        b = shape.pictures
        fields = {
            "img": (np.uint8, (b, SIDE, SIDE, 3)),
            "things": (np.float32, (b, N_THINGS, 8)),
            "chars": (np.float32, (b, N_CHARS, 3)),
            "tokens": (np.int32, (shape.prompts, MAX_TOKENS)),
            "meta": (np.int32, (shape.prompts, 8)),
            "head": (np.int32, (8,)),
        }
        sizes = {k: (int(np.prod(s)) * np.dtype(d).itemsize + 63) // 64 * 64 for k, (d, s) in fields.items()}
        self.shape, self.size_bytes = shape, sum(sizes.values())
        self.memory = mmap.mmap(-1, self.size_bytes)
        self.arrays, offset = {}, 0
        for name, (dtype, dims) in fields.items():
            self.arrays[name] = np.frombuffer(self.memory, dtype, int(np.prod(dims)), offset).reshape(dims)
            offset += sizes[name]

    def tensors(self):
        return {k: torch.from_numpy(v) for k, v in self.arrays.items()}


def _put_scene(arrays, i, scene):
    arrays["img"][i] = scene.image
    things, chars = arrays["things"][i], arrays["chars"][i]
    things[:] = 0
    things[:, 0] = -1
    for row, o in enumerate(scene.objects[:8]):
        color = o.color if o.cls < N_SHAPES or o.color >= 0 else -1
        things[row, :7] = (o.cls, color, *o.box(), o.item)
    for row, t in enumerate(scene.texts[:2]):
        things[8 + row, :7] = (TEXT_CLASS, -1, *t.box(), -1)
    chars[:] = -1
    written = [(p, c) for t in scene.texts for p, c in zip(t.points, t.text.replace(" ", ""))]
    for row, ((x, y), c) in enumerate(written[:N_CHARS]):
        chars[row] = (y / SIDE, x / SIDE, CHARACTERS.index(c))


def _compress(image, quality):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def _prompts_on_pictures(arrays, shape, bank, rng, tokenizer, with_prompts):
    """[(first picture, how many, prompt ids, answer ids, task number)]"""
    rand, examples = rng.random, []
    for i in range(shape.pictures):
        scene = compose_scene(rng, bank, p_text=0.34)
        _put_scene(arrays, i, scene)
        if rand() < 0.06:
            arrays["img"][i] = _compress(scene.image, int(35 + 60 * rand()))
        seen = set()
        for _ in range(PROMPTS_PER_PICTURE if with_prompts else 0):
            for _ in range(4):
                prompt = make_prompt(scene, rand, lambda o: bank.codes[o.item])
                if prompt.text not in seen:
                    break
            seen.add(prompt.text)
            examples.append(_example(i, 1, prompt, TASK_NAMES.index(prompt.task), tokenizer))
    return examples


def _example(first, n_pictures, prompt, task, tokenizer):
    return first, n_pictures, tokenizer.encode_prompt(prompt.text), tokenizer.encode(prompt.answer) + [EOS], task


def _random_set(rng, bank, k):
    """k scenes, often with a class in common."""
    rand = rng.random
    frames = [compose_scene(rng, bank, p_text=0.1, n=int(1 + rand() * 4)) for _ in range(k)]
    if rand() < 0.6:
        classes = [int(N_SHAPES + rand() * (N_CLASSES - N_SHAPES))] + [int(rand() * N_CLASSES) for _ in range(2)]
        frames = [compose_scene(rng, bank, p_text=0.1, n=int(1 + rand() * 3), classes=classes) for _ in range(k)]
    return frames


def _prompts_on_clips(arrays, shape, bank, rng, tokenizer, k):
    examples, n = [], shape.pictures // k
    for c in range(n):
        clip = make_clip(rng, bank, k) if rng.random() < 0.6 else None
        frames = clip.frames if clip else _random_set(rng, bank, k)
        for f, scene in enumerate(frames):
            _put_scene(arrays, c * k + f, scene)
        for _ in range(shape.clip_prompts // n + (1 if c < shape.clip_prompts % n else 0)):
            prompt = make_clip_prompt(clip, rng.random) if clip else make_set_prompt(frames, rng.random)
            task = len(TASK_NAMES) + CLIP_TASKS.index(prompt.task)
            examples.append(_example(c * k, k, prompt, task, tokenizer))
    return examples


def fill_slot(slot, bank, rng, tokenizer, mode, k=1):
    """Draws a batch; k: pictures a prompt in mode CLIPS. Rows are sorted by length, the longest first."""
    arrays, shape = slot.arrays, slot.shape
    if mode == CLIPS:
        examples = _prompts_on_clips(arrays, shape, bank, rng, tokenizer, k)
    else:
        examples = _prompts_on_pictures(arrays, shape, bank, rng, tokenizer, mode == PROMPTS)
    examples.sort(key=lambda e: -len(e[2]) - len(e[3]))
    too_long = 0
    for row, (first, n_pictures, prompt, answer, task) in enumerate(examples):
        limit = CLIP_TOKENS if mode == CLIPS else LONG if row < shape.long_prompts else SHORT
        usable = len(prompt) + len(answer) - 1 <= limit
        too_long += not usable
        ids = (prompt + answer)[:MAX_TOKENS] if usable else prompt[:limit]
        prompt_length = len(prompt) if usable else len(ids)
        arrays["meta"][row] = (first, n_pictures, prompt_length, len(ids), task, usable, 0, 0)
        arrays["tokens"][row] = PAD
        arrays["tokens"][row, : len(ids)] = ids
    arrays["head"][:] = (mode, k, len(examples), too_long, 0, 0, 0, 0)
