"""Does transformers load the exported checkpoint and answer as the training code does?

python -m training.measure.check_checkpoint WORK [--prompts 16]
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from ..prompts.one_picture import make_prompt
from ..train.weights import load_network
from ..world.art import TRAIN_STYLES, Art
from ..world.compose import compose_scene
from ..world.live import Live
from ..world.texts import find_fonts
from .answer import answer_prompts, to_square
from .reference_model import ReferenceModel


def main():
    parser = argparse.ArgumentParser(prog="python -m training.measure.check_checkpoint")
    parser.add_argument("work", type=Path)
    parser.add_argument("--prompts", type=int, default=16)
    options = parser.parse_args()
    work = options.work
    reference, net = ReferenceModel(work / "checkpoint"), load_network(work / "run" / "weights.pt")
    wrong = {k: len(reference.loading[k]) for k in ("missing_keys", "unexpected_keys", "mismatched_keys")}
    print(wrong)
    art, fonts = Art(work / "png384", TRAIN_STYLES), find_fonts(work / "fonts")
    rng, same = np.random.default_rng(5), 0
    for _ in range(options.prompts):
        scene = compose_scene(rng, Live(art, fonts, 320, 240), 320, 240)
        prompt = make_prompt(scene, rng.random, lambda o: [0] * 16).text
        ours = answer_prompts(net, [to_square(scene.image)[None]], [prompt])[0]
        theirs = reference.answer(reference.pixels([Image.fromarray(scene.image)]), prompt)
        same += ours == theirs
        if ours != theirs:
            print(f"{prompt}\n  training code: {ours}\n  transformers:  {theirs}")
    print(
        f"{same} of {options.prompts} answers are the same; one or two may differ by a bin, for the checkpoint is in float16"
    )
    raise SystemExit(any(wrong.values()))


if __name__ == "__main__":
    main()
