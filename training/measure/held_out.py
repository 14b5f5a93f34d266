"""Quality on new scenes, drawn at their own size and then resized as the product does.

python -m training.measure.held_out WORK [--styles seen|twemoji|openmoji] [--per-task 60] [--tasks detect,ocr]
"""

import argparse
import json
from pathlib import Path

import numpy as np

from ..model.mask_codec import MaskCodec
from ..prompts.one_picture import TASK_NAMES, make_prompt
from ..train.weights import load_network
from ..world.art import TRAIN_STYLES, UNSEEN_STYLES, Art
from ..world.classes import CLASSES
from ..world.compose import compose_scene
from ..world.live import Live
from ..world.texts import find_fonts
from .answer import answer_prompts, to_square
from .boxes import box_iou, match_boxes, parse_answer
from .masks import decode_mask, encode_object, iou, place_mask

SIZES = [(224, 224), (320, 240), (640, 360), (300, 400), (448, 448), (500, 333), (225, 400)]


def _mean(values):
    return round(float(np.mean(values)), 4) if len(values) else None


def draw_examples(task, n, art, fonts, rng, codec):
    """[(scene, prompt)] of one task."""
    examples = []
    while len(examples) < n:
        width, height = SIZES[int(rng.random() * len(SIZES))]
        p_text = 0.8 if task in ("ocr", "written", "detect_text") else 0.2
        scene = compose_scene(rng, Live(art, fonts, width, height), width, height, p_text=p_text)
        prompt = make_prompt(scene, rng.random, lambda o: encode_object(codec, o), task)
        if prompt.task == task:
            examples.append((scene, prompt))
    return examples


def score_boxes(examples, answers):
    """Precision, recall and mean IoU at 0.5, and how often nothing was said where nothing was."""
    n_true = n_found = malformed = 0
    ious, absent = [], []
    for (_, prompt), answer in zip(examples, answers):
        found = parse_answer(answer)
        ious += match_boxes(found, [o.box() for o, _ in prompt.items], [name for _, name in prompt.items])
        n_true += len(prompt.items)
        n_found += len(found)
        malformed += found.count(None)
        if not prompt.items:
            absent.append(answer == "")
    return {
        "P": round(len(ious) / max(1, n_found), 4),
        "R": round(len(ious) / max(1, n_true), 4),
        "mean_iou": _mean(ious),
        "true": n_true,
        "found": n_found,
        "malformed": malformed,
        "absent_right": _mean(absent),
        "absent": len(absent),
    }


def _score_masks_of(scene, prompt, answer, codec):
    """(IoU of every true object's best mask, 0 when missing; the same for the true codes, which is the limit)."""
    h, w = scene.height, scene.width
    left = [(place_mask(decode_mask(codec, f[1]), f[0], h, w), f[2]) for f in parse_answer(answer) if f and f[1]]
    found, limit = [], []
    for (thing, name), truth in zip(prompt.items, parse_answer(prompt.answer)):
        mask = thing.mask()
        limit.append(iou(place_mask(decode_mask(codec, truth[1]), truth[0], h, w), mask))
        candidates = [(iou(m, mask), i) for i, (m, label) in enumerate(left) if label == name]
        value, index = max(candidates, default=(0.0, None))
        found.append(value)
        if index is not None:
            left.pop(index)
    return found, limit


def score_masks(examples, answers, codec):
    pairs = [_score_masks_of(*example, answer, codec) for example, answer in zip(examples, answers)]
    found, limit = [v for p in pairs for v in p[0]], [v for p in pairs for v in p[1]]
    return {"mask_mean_iou": _mean(found), "mask_limit": _mean(limit), "masks_over_half": _mean(np.array(found) > 0.5)}


def score_texts(task, examples, answers):
    right = [prompt.answer == answer for (_, prompt), answer in zip(examples, answers)]
    score = {"exact": _mean(right), "n": len(right)}
    if task in ("ocr", "written"):
        has_text = [prompt.answer != "" for _, prompt in examples]
        score["exact_with_text"] = _mean([r for r, t in zip(right, has_text) if t])
        score["empty_right"] = _mean([r for r, t in zip(right, has_text) if not t])
    return score


def count_classes(classes, examples, answers):
    """Adds [objects, those found] of every class."""
    for (_, prompt), answer in zip(examples, answers):
        found = parse_answer(answer)
        for thing, name in prompt.items:
            counts = classes.setdefault(CLASSES[thing.cls].name, [0, 0])
            counts[0] += 1
            counts[1] += any(f and f[2] == name and box_iou(f[0], thing.box()) >= 0.5 for f in found)


def main():
    parser = argparse.ArgumentParser(prog="python -m training.measure.held_out")
    parser.add_argument("work", type=Path)
    parser.add_argument("--styles", choices=("seen", *UNSEEN_STYLES), default="seen")
    parser.add_argument("--per-task", type=int, default=60)
    parser.add_argument("--tasks", default=",".join(TASK_NAMES))
    options = parser.parse_args()
    run = options.work / "run"
    net, codec = load_network(run / "weights.pt"), MaskCodec().load_npz(run / "vae.npz")
    styles = TRAIN_STYLES if options.styles == "seen" else (options.styles,)
    art, fonts = Art(options.work / "png384", styles), find_fonts(options.work / "fonts")
    rng = np.random.default_rng(20261123)
    scores, classes = {}, {}
    for task in options.tasks.split(","):
        examples = draw_examples(task, options.per_task, art, fonts, rng, codec)
        pictures = [to_square(scene.image)[None] for scene, _ in examples]
        answers = answer_prompts(net, pictures, [prompt.text for _, prompt in examples])
        if task.startswith(("detect", "segment")):
            scores[task] = score_boxes(examples, answers)
            if task.startswith("segment"):
                scores[task] |= score_masks(examples, answers, codec)
            if task in ("detect", "segment", "detect_all"):
                count_classes(classes, examples, answers)
        else:
            scores[task] = score_texts(task, examples, answers)
        print(task, json.dumps(scores[task]), flush=True)
    scores["classes"] = classes
    (run / f"held-out-{options.styles}.json").write_text(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
