"""python -m training.train WORK [--cpu]: bakes the bank, trains the mask codec, then the model."""

import mmap
import time

import numpy as np
import torch

from ..model.config import DEMO, TINY
from ..model.mask_codec import MaskCodec
from ..model.tokenizer import get_tokenizer
from ..world.art import TRAIN_STYLES
from ..world.bake_bank import bake_bank
from .batch import PICTURES, PROMPTS, BatchShape
from .feed import Feed
from .learner import Learner
from .mask_codec import train_mask_codec
from .options import parse_options
from .spot_check import SpotCheck
from .weights import load_weights, save_weights

SAVE_EVERY_S, LOG_EVERY_S = 60, 30


def _share_codes(bank):
    """Codes in memory that the workers see, though they are computed after the workers have started."""
    n = len(bank.cls)
    bank.codes = np.frombuffer(mmap.mmap(-1, n * 16 * 8), np.int64, n * 16).reshape(n, 16)


def _encode_masks(bank, masks, codec, device):
    codec = codec.to(device)
    for i in range(0, len(masks), 2048):
        part = torch.from_numpy(masks[i : i + 2048]).to(device).float() / 255
        bank.codes[i : i + 2048] = codec.encode(part).cpu().numpy()
    return torch.from_numpy(bank.codes.copy()).to(device)


def _pin(slots):
    """Lets the GPU read the shared memory by itself."""
    runtime = torch.cuda.cudart()
    for slot in slots:
        runtime.cudaHostRegister(np.frombuffer(slot.memory, np.uint8).ctypes.data, slot.size_bytes, 0)


class _Loader:
    """Batches on the device. A slot is given back when its copy is over."""

    def __init__(self, feed, device):
        self.feed, self.device, self._copying = feed, device, []

    def next(self):
        i = self.feed.take()
        arrays = self.feed.slots[i].tensors()
        mode, k, prompts = arrays["head"][:3].tolist()
        names = ("img", "things", "chars") if mode == PICTURES else ("img", "things", "chars", "tokens", "meta")
        if self.device == "cuda":
            batch = {name: arrays[name].to("cuda", non_blocking=True) for name in names}
            event = torch.cuda.Event()
            event.record()
            self._copying.append((event, i))
        else:
            batch = {name: arrays[name].clone() for name in names}
            self.feed.give_back(i)
        while self._copying and (self._copying[0][0].query() or len(self._copying) > 4):
            event, copied = self._copying.pop(0)
            event.synchronize()
            self.feed.give_back(copied)
        return batch, mode, k, prompts


def _train(learner, feed, check, options, log):
    loader = _Loader(feed, learner.device)
    start = checked = saved = logged = time.time()
    steps_logged = prompts = 0
    while (elapsed := time.time() - start) < options.seconds:
        if options.max_steps and learner.steps >= options.max_steps:
            break
        if elapsed > options.picture_seconds - 1.5:  # what is full already takes about this long
            feed.mode.value = PROMPTS
        batch, mode, k, n = loader.next()
        prompts += n
        text_time = max(1, options.seconds - options.picture_seconds)
        text_done = min(1, max(0, (elapsed - options.picture_seconds) / text_time))
        learner.learn(batch, mode, k, min(1, elapsed / options.seconds), text_done)
        now = time.time()
        if now - logged > LOG_EVERY_S or learner.steps == 1:
            pictures = learner.steps * options.pictures
            log(f"step {learner.steps}, {pictures} pictures, {prompts} prompts, {int(learner.skipped)} skipped | "
                + learner.report(learner.steps - steps_logged))  # fmt: skip
            steps_logged, logged = learner.steps, now
        if now - checked > options.check_every and learner.prompt_steps > 300:
            with learner.autocast():
                log("held out: " + check.run(learner.average))
            checked = time.time()
        if now - saved > SAVE_EVERY_S:
            save_weights(learner.average, learner.heads, options.out / "weights.pt")
            saved = time.time()
    save_weights(learner.average, learner.heads, options.out / "weights.pt")
    with learner.autocast():
        log("held out: " + check.run(learner.average))
    log(f"done: {learner.steps} steps, {prompts} prompts")


def main(argv=None):
    options = parse_options(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    start = time.time()

    def log(line):
        line = f"{time.time() - start:7.1f} s  {line}"
        print(line, flush=True)
        with (options.out / "log.txt").open("a") as file:
            file.write(line + "\n")

    if not options.cpu and not torch.cuda.is_available():
        raise SystemExit("no CUDA device; --cpu trains on the processor, far too slowly for a good model")
    device = "cpu" if options.cpu else "cuda"
    bank = bake_bank(
        options.work / "png192", options.work / "fonts", TRAIN_STYLES,
        options.per_class, options.texts, options.grounds, options.seed, options.workers + 1,
    )  # fmt: skip
    log(f"bank: {len(bank.cls)} sprites, {len(bank.texts)} texts, {len(bank.grounds)} grounds")
    _share_codes(bank)
    masks, bank.masks = bank.masks, None
    shape = BatchShape(options.pictures)
    # The workers are forked before torch starts its threads or the GPU.
    mode = PICTURES if options.picture_seconds > 0 else PROMPTS
    feed = Feed(bank, shape, options.workers, options.slots, options.seed + 1, mode)
    try:
        torch.manual_seed(0)
        torch.set_float32_matmul_precision("high")
        if options.codec:
            codec = MaskCodec().load_npz(options.codec)
            codec.save_npz(options.out / "vae.npz")
        else:
            codec = train_mask_codec(masks, options.codec_seconds, device, options.out / "vae.npz", log)
        codes, config = _encode_masks(bank, masks, codec, device), TINY if options.tiny else DEMO
        learner = Learner(get_tokenizer(), codes, shape, options, device, config)
        if options.start_from:
            for net in (learner.net, learner.average):
                load_weights(options.start_from, net, learner.heads)
        if device == "cuda":
            torch.backends.cuda.enable_mem_efficient_sdp(False)
            _pin(feed.slots)
            learner.compile()
        check = SpotCheck(options.work, get_tokenizer(), options.check_prompts, device)
        _train(learner, feed, check, options, log)
    finally:
        feed.stop()


if __name__ == "__main__":
    main()
