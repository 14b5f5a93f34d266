"""The network, its running average, the optimizer, and one step of learning."""

import copy
import math

import torch

from ..model.answer_loss import SoftBins, answer_loss
from ..model.dense_loss import WEIGHTS, dense_loss
from ..model.heads import Heads
from ..model.paligemma import PaliGemma
from .augment import augment
from .batch import CLIP_TOKENS, CLIPS, LONG, PICTURES, SHORT

VISION_WARMUP, TEXT_WARMUP = 300, 400  # steps
CLIP_WEIGHT = 0.5
_NO_DECAY = ("emb", "pos", "locw")


def _groups(named, rate, decay, part):
    """Matrices decay; vectors, tables and positions do not."""
    matrices = [p for name, p in named if p.ndim >= 2 and not any(word in name for word in _NO_DECAY)]
    chosen = {id(p) for p in matrices}
    others = [p for _, p in named if id(p) not in chosen]
    shared = {"part": part, "peak": rate}
    return [{"params": matrices, "weight_decay": decay, **shared}, {"params": others, "weight_decay": 0.0, **shared}]


def _cosine(done):
    """From 1 down to 0.01."""
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done))


class Learner:
    """average: the weights that are kept. bank_codes: int64 [items, 16]."""

    def __init__(self, tokenizer, bank_codes, shape, options, device, config):
        self.tokenizer, self.bank_codes, self.shape, self.device = tokenizer, bank_codes, shape, device
        self.dense_weight = options.dense_weight
        self.net = PaliGemma(tokenizer.rows, tokenizer.loc0, config).to(device)
        self.heads = Heads(config.vision_width).to(device)
        self.average = copy.deepcopy(self.net).requires_grad_(False)
        self.soft = SoftBins(device)
        self.answer_loss, self.dense_loss = answer_loss, dense_loss
        named = list(self.net.named_parameters())
        vision = [(n, p) for n, p in named if n.startswith("vit.")] + list(self.heads.named_parameters())
        text = [(n, p) for n, p in named if not n.startswith("vit.")]
        groups = _groups(vision, options.vision_rate, 0.05, "vision") + _groups(text, options.text_rate, 0.03, "text")
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-8, fused=device == "cuda")
        self.parameters = [p for _, p in vision + text]
        self.steps = self.prompt_steps = 0
        self.picture_stats, self.prompt_stats, self.clip_stats = (torch.zeros(n, device=device) for n in (6, 9, 9))
        self.skipped = torch.zeros((), device=device)

    def compile(self):
        """Before the first step. Every batch has one of a few shapes, so each is compiled for its own."""
        torch._dynamo.config.recompile_limit = 64
        for block in [*self.net.vit.blocks, *self.net.blocks]:
            block.compile(dynamic=False)
        self.answer_loss = torch.compile(answer_loss, dynamic=False)
        self.dense_loss = torch.compile(dense_loss, dynamic=False)

    def autocast(self):
        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.device == "cuda")

    def _answer_part(self, image_tokens, table, batch, rows, length, k=1):
        """Loss of some rows of a batch, run with `length` inputs over k pictures each."""
        ids, meta = batch["tokens"][rows].long(), batch["meta"][rows]
        first = meta[:, 0].long()
        pictures = first[:, None] + torch.arange(k, device=self.device)[None]
        seen = image_tokens[pictures].flatten(1, 2)
        hidden = self.net(seen, ids[:, :length], seen.shape[1] + meta[:, 2], table)
        return self.answer_loss(hidden, ids, meta, table, self.tokenizer, self.soft)

    def _answers(self, features, batch, mode, k):
        image_tokens, table = self.net.proj(features), self.net.table()
        if mode == CLIPS:
            rows = slice(0, self.shape.clip_prompts)
            loss, weight, stats = self._answer_part(image_tokens, table, batch, rows, CLIP_TOKENS, k)
            self.clip_stats += stats
            return CLIP_WEIGHT * loss / weight.clamp(min=1)
        n = self.shape.long_prompts
        loss, weight, stats = self._answer_part(image_tokens, table, batch, slice(0, n), LONG)
        rest = self._answer_part(image_tokens, table, batch, slice(n, self.shape.prompts), SHORT)
        self.prompt_stats += stats + rest[2]
        return (loss + rest[0]) / (weight + rest[1]).clamp(min=1)

    def learn(self, batch, mode, k, done, text_done):
        """One step. done, text_done: the shares of the whole time and of the text's time that are over."""
        with self.autocast():
            features = self.net.vit(augment(batch["img"]))
            dense, stats = self.dense_loss(
                self.heads, features, batch["things"], batch["chars"], self.bank_codes, self.soft, self.net.config
            )
            weight = 1.0 if mode == PICTURES else max(0.12, 0.6 * (1 - done))
            loss = self.dense_weight * weight * sum(WEIGHTS[name] * value for name, value in dense.items())
            if mode != PICTURES:
                self.prompt_steps += 1
                loss = loss + self._answers(features, batch, mode, k)
        self.picture_stats += stats
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._set_rates(done, text_done)
        self._update()
        return loss.detach()

    def _set_rates(self, done, text_done):
        vision = min(1, (self.steps + 1) / VISION_WARMUP) * _cosine(done)
        text = min(1, (self.prompt_steps + 1) / TEXT_WARMUP) * _cosine(text_done)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * (vision if group["part"] == "vision" else text)

    def _update(self):
        """Clips, skips a step whose gradient is not finite, and moves the average."""
        with_gradient = [p for p in self.parameters if p.grad is not None]
        norm = torch.nn.utils.clip_grad_norm_(with_gradient, 1.0, foreach=True)
        broken = ~torch.isfinite(norm)
        self.skipped += broken.float()
        if self.device == "cuda":  # the fused optimizer skips by itself, without waiting for the device
            self.optimizer.grad_scale, self.optimizer.found_inf = None, broken.float()
        if self.device == "cuda" or not bool(broken):
            self.optimizer.step()
        share = max(0.002, 1 / (self.steps + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.net.parameters()), share)
        self.steps += 1

    def report(self, since):
        """One line of means over the `since` steps since the last report, and starts anew."""
        p = (self.picture_stats / max(1, since)).tolist()
        s, c = self.prompt_stats.tolist(), self.clip_stats.tolist()
        for stats in (self.picture_stats, self.prompt_stats, self.clip_stats):
            stats.zero_()

        def share(a, b):
            return a / b if b else 0

        return (
            f"patches: class {p[0]:.3f} color {p[1]:.3f} box {p[2]:.2f} px characters {p[3]:.3f} | "
            f"words: loss {share(s[0], s[1]):.3f} right {share(s[2], s[1]):.3f} | "
            f"masks: loss {share(s[3], s[4]):.3f} right {share(s[5], s[4]):.3f} | "
            f"boxes: loss {share(s[6], s[7]):.3f} off by {share(s[8], s[7]):.2f} px | "
            f"clips: loss {share(c[0], c[1]):.3f} right {share(c[2], c[1]):.3f}"
        )
