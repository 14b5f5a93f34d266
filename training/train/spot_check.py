"""A few held-out scenes, asked while training goes on: answers without a cache, all in one batch."""

import numpy as np
import torch
from PIL import Image

from ..measure.boxes import match_boxes, parse_answer
from ..model.tokenizer import EOS, PAD
from ..prompts.one_picture import make_prompt
from ..world.art import TRAIN_STYLES, Art
from ..world.compose import compose_scene
from ..world.live import Live
from ..world.scene import SIDE
from ..world.texts import find_fonts
from .batch import LONG, MAX_TOKENS

TASKS = [
    "detect", "detect_multi", "detect_all", "caption_en", "caption_de", "ocr",
    "count", "color", "exists", "where", "side", "detect",
]  # fmt: skip
SIZES = [(224, 224), (320, 180), (300, 225), (225, 300), (448, 336)]


class SpotCheck:
    def __init__(self, work, tokenizer, n, device):
        self.tokenizer, self.device = tokenizer, device
        pictures, self.prompts = self._draw(work, n)
        pixels = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float()
        self.pixels = (pixels / 127.5 - 1).to(device)
        self.ids = torch.full((n, MAX_TOKENS), PAD, dtype=torch.int64)
        encoded = [tokenizer.encode_prompt(p.text) for p in self.prompts]
        for row, ids in enumerate(encoded):
            self.ids[row, : len(ids)] = torch.tensor(ids)
        self.ids = self.ids.to(device)
        self.lengths = torch.tensor([len(ids) for ids in encoded], device=device)

    def _draw(self, work, n):
        art, fonts = Art(work / "png192", TRAIN_STYLES), find_fonts(work / "fonts")
        rng = np.random.default_rng(424242)
        pictures, prompts = [], []
        while len(prompts) < n:
            width, height = SIZES[int(rng.random() * len(SIZES))]
            task = TASKS[len(prompts) % len(TASKS)]
            scene = compose_scene(
                rng, Live(art, fonts, width, height), width, height, p_text=1.0 if task == "ocr" else 0.25
            )
            prompt = make_prompt(scene, rng.random, None, task)
            tokens = len(self.tokenizer.encode(prompt.text)) + len(self.tokenizer.encode(prompt.answer))
            if prompt.task == task and tokens <= 100:
                image = Image.fromarray(scene.image).resize((SIDE, SIDE), Image.BICUBIC)
                pictures.append(np.asarray(image))
                prompts.append(prompt)
        return pictures, prompts

    @torch.no_grad()
    def _answer(self, net):
        """[n] texts; every step runs the whole sequence, which a GPU does in a few milliseconds."""
        image_tokens, table = net.proj(net.vit(self.pixels)), net.table()
        ids, position = self.ids.clone(), self.lengths.clone()
        rows = torch.arange(len(ids), device=self.device)
        done = torch.zeros(len(ids), dtype=torch.bool, device=self.device)
        for _ in range(LONG):
            hidden = net(image_tokens, ids[:, :LONG], image_tokens.shape[1] + self.lengths, table)
            chosen = (hidden[rows, position - 1] @ table.t().to(hidden.dtype)).argmax(-1)
            ids[rows, position] = torch.where(done, PAD, chosen)
            done |= (chosen == EOS) | (position >= LONG - 1)
            position = (position + 1).clamp(max=LONG - 1)
            if bool(done.all()):
                break
        return [self.tokenizer.decode_answer(row[int(length) :].tolist()) for row, length in zip(ids, self.lengths)]

    def run(self, net):
        """One line: recall, precision and mean IoU of boxes, the share of right answers elsewhere."""
        boxes, exact = {}, {}
        for prompt, answer in zip(self.prompts, self._answer(net)):
            if prompt.items is None:
                exact.setdefault(prompt.task, []).append(answer == prompt.answer)
                continue
            found = parse_answer(answer)
            matched = match_boxes(found, [o.box() for o, _ in prompt.items], [name for _, name in prompt.items])
            counts = boxes.setdefault(prompt.task, [0, 0, []])
            counts[0] += len(prompt.items)
            counts[1] += len(found)
            counts[2] += matched
        parts = [
            f"{task} R {len(m) / max(1, true):.2f} P {len(m) / max(1, found):.2f} IoU {sum(m) / max(1, len(m)):.3f}"
            for task, (true, found, m) in boxes.items()
        ]
        return "  ".join(parts + [f"{task} {np.mean(right):.2f}" for task, right in exact.items()])
