"""Worker processes that fill slots while the model learns from others."""

import multiprocessing as mp
import os
import queue

import numpy as np
import torch

from ..model.tokenizer import get_tokenizer
from .batch import CLIPS, PROMPTS, Slot, fill_slot

CLIP_EVERY = 7  # batches of a worker


def _work(rank, bank, slots, empty, full, seed, mode):
    os.environ["OMP_NUM_THREADS"] = "1"
    torch.set_num_threads(1)
    rng, tokenizer, n = np.random.default_rng([seed, rank]), get_tokenizer(), rank
    while (i := empty.get()) is not None:
        n += 1
        chosen, k = mode.value, 1
        if chosen == PROMPTS and n % CLIP_EVERY == 0:
            chosen, k = CLIPS, int(2 + rng.random() * 3)
        fill_slot(slots[i], bank, rng, tokenizer, chosen, k)
        full.put(i)


class Feed:
    """mode.value can be changed from PICTURES to PROMPTS at any time; slots that are full already stay as they are."""

    def __init__(self, bank, shape, n_processes, n_slots, seed, mode):
        context = mp.get_context("fork")
        self.slots = [Slot(shape) for _ in range(n_slots)]
        self._empty, self._full = context.Queue(), context.Queue()
        self.mode = context.Value("i", mode)
        for i in range(n_slots):
            self._empty.put(i)
        self._processes = [
            context.Process(
                target=_work, args=(r, bank, self.slots, self._empty, self._full, seed, self.mode), daemon=True
            )
            for r in range(n_processes)
        ]
        for process in self._processes:
            process.start()

    def take(self):
        """The number of a full slot. Waits; raises when a worker has died."""
        while True:
            try:
                return self._full.get(timeout=10)
            except queue.Empty:
                if not all(p.is_alive() for p in self._processes):
                    raise RuntimeError("a worker process died; its error is above") from None

    def give_back(self, i):
        self._empty.put(i)

    def stop(self):
        for process in self._processes:
            process.terminate()
