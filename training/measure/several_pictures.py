"""Quality of prompts over two to four pictures: python -m training.measure.several_pictures WORK [--per-count 50]"""

import argparse
import json
from pathlib import Path

import numpy as np

from ..prompts.several_pictures import make_clip_prompt, make_set_prompt
from ..train.weights import load_network
from ..world.art import TRAIN_STYLES, Art
from ..world.clips import make_clip
from ..world.compose import compose_scene
from ..world.live import Live
from ..world.scene import SIDE
from ..world.texts import find_fonts
from .answer import answer_prompts, to_square


def _draw_example(rng, art, fonts, k):
    """(pictures [k, 224, 224, 3], prompt)"""
    if rng.random() < 0.65:
        clip = make_clip(rng, Live(art, fonts, SIDE, SIDE), k)
        frames, prompt = clip.frames, make_clip_prompt(clip, rng.random)
    else:
        live = Live(art, fonts, 320, 240)
        frames = [compose_scene(rng, live, 320, 240, p_text=0.1, n=int(1 + rng.random() * 4)) for _ in range(k)]
        prompt = make_set_prompt(frames, rng.random)
    return np.stack([to_square(frame.image) for frame in frames]), prompt


def main():
    parser = argparse.ArgumentParser(prog="python -m training.measure.several_pictures")
    parser.add_argument("work", type=Path)
    parser.add_argument("--per-count", type=int, default=50)
    options = parser.parse_args()
    net = load_network(options.work / "run" / "weights.pt")
    art, fonts = Art(options.work / "png384", TRAIN_STYLES), find_fonts(options.work / "fonts")
    rng = np.random.default_rng(31337)
    scores = {}
    for k in (2, 3, 4):
        examples = [_draw_example(rng, art, fonts, k) for _ in range(options.per_count)]
        answers = answer_prompts(net, [pictures for pictures, _ in examples], [p.text for _, p in examples])
        for (_, prompt), answer in zip(examples, answers):
            for name in (prompt.task, f"{k} pictures"):
                score = scores.setdefault(name, {"right": 0, "n": 0})
                score["right"] += answer == prompt.answer
                score["n"] += 1
    print(json.dumps(scores, indent=1))
    (options.work / "run" / "several-pictures.json").write_text(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
