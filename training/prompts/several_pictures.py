"""Prompts about several pictures: a clip in which things move, or a set of different scenes."""

from ..world.classes import CLASSES, N_CLASSES, N_SHAPES
from ..world.phrases import join, label, phrase
from .asking import Ask, Prompt
from .descriptions import caption, short_caption
from .questions import yes_or_no

CLIP_TASKS = ["clip_way", "clip_caption", "clip_what", "set_count", "set_which", "set_caption", "set_every"]


def _say_move(key, direction):
    """'a cat moves to the left'."""
    return phrase(*key, 1, "en") + " moves " + ("to the " + direction if direction in ("left", "right") else direction)


def _which_way(ask, clip):
    if clip.moves and (not clip.still or ask.rand() < 0.85):
        key, answer = ask.choose(clip.moves)
    elif clip.still:
        key, answer = ask.choose(clip.still), "it does not move"
    else:
        return _caption_moves(ask, clip)
    return Prompt("clip_way", ask.question(f"which way does the {label(*key)} move?"), answer)


def _caption_moves(ask, clip):
    text = "caption en" if ask.rand() < 0.7 else ("describe en", "answer en what do you see?")[ask.pick(2)]
    if not clip.moves:
        return Prompt("clip_caption", text, caption(clip.frames[0], "en") + ", nothing moves")
    moves = sorted(clip.moves, key=lambda move: CLASSES[move[0][0]].name)
    return Prompt("clip_caption", text, join([_say_move(*move) for move in moves], "en"))


def _what_moves(ask, clip):
    if len(clip.moves) > 1:
        return _which_way(ask, clip)
    answer = label(*clip.moves[0][0]) if clip.moves else "nothing"
    return Prompt("clip_what", ask.question("what moves?"), answer)


_OF_CLIP = {"clip_way": _which_way, "clip_caption": _caption_moves, "clip_what": _what_moves}


def make_clip_prompt(clip, rand, task=None):
    """A Prompt about a Clip; what moves is asked less often than the way and the caption."""
    ask = Ask(clip.frames[0], rand, None)
    return _OF_CLIP[task or CLIP_TASKS[int(rand() * 2.6)]](ask, clip)


def make_set_prompt(frames, rand, task=None):
    """A Prompt about scenes that have nothing to do with each other."""
    ask = Ask(frames[0], rand, None)
    task = task or ask.choose(["set_count", "set_which", "set_caption", "set_every"])
    objects = [o for frame in frames for o in frame.objects]
    if not objects or task == "set_caption":
        text = "caption en" if rand() < 0.8 else "describe en"
        return Prompt("set_caption", text, ", then ".join(short_caption(frame) for frame in frames))
    thing = ask.choose(objects)
    cls, color = (thing.cls if rand() < 0.85 else N_SHAPES + ask.pick(N_CLASSES - N_SHAPES)), -1
    if cls < N_SHAPES and rand() < 0.5:
        color = thing.color if cls == thing.cls else -1
    shown = [any(o.cls == cls and (color < 0 or o.color == color) for o in frame.objects) for frame in frames]
    n = sum(shown)
    if task == "set_which" and n == 1:
        return Prompt(task, ask.question(f"in which picture is the {label(cls, color)}?"), str(shown.index(True) + 1))
    if task == "set_every":
        text = ask.question(f"is there {phrase(cls, color, 1, 'en')} in every picture?")
        return Prompt(task, text, yes_or_no(n == len(frames)))
    return Prompt("set_count", ask.question(f"how many pictures show {phrase(cls, color, 1, 'en')}?"), str(n))
