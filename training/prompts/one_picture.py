"""The 31 tasks about one picture, how often each is trained, and make_prompt, which draws one."""

import numpy as np

from . import captioning, locating, questions, questions_abroad
from .asking import Ask, Instead

# name: (share of the prompts, what makes it)
_TASKS = {
    "detect": (0.15, locating.detect),
    "detect_multi": (0.09, locating.detect_multi),
    "detect_all": (0.10, locating.detect_all),
    "detect_cat": (0.02, locating.detect_category),
    "detect_text": (0.015, locating.detect_text),
    "segment": (0.14, locating.segment),
    "segment_multi": (0.035, locating.segment_multi),
    "caption_en": (0.06, captioning.caption_in("en")),
    "caption_es": (0.045, captioning.caption_in("es")),
    "caption_fr": (0.045, captioning.caption_in("fr")),
    "caption_de": (0.045, captioning.caption_in("de")),
    "cap": (0.015, captioning.cap),
    "describe": (0.035, captioning.describe),
    "region": (0.025, captioning.region),
    "count": (0.04, questions.count),
    "count_all": (0.01, questions.count_all),
    "color": (0.03, questions.color),
    "exists": (0.03, questions.exists),
    "where": (0.02, questions.where),
    "side": (0.025, questions.side),
    "relation": (0.02, questions.relation),
    "place": (0.012, questions.place),
    "written": (0.012, questions.written),
    "count_x": (0.02, questions_abroad.count),
    "color_x": (0.012, questions_abroad.color),
    "exists_x": (0.012, questions_abroad.exists),
    "where_x": (0.012, questions_abroad.where),
    "question": (0.01, questions.question),
    "whatin": (0.008, questions.what_is_in),
    "size": (0.008, questions.size),
    "ocr": (0.06, captioning.ocr),
}
TASK_NAMES = list(_TASKS)
_CUMULATED = np.cumsum([share for share, _ in _TASKS.values()]) / sum(share for share, _ in _TASKS.values())
MAX_DETOURS = 4


def make_prompt(scene, rand, codes, task=None):
    """A Prompt about a scene, of the asked task or of another where the scene has nothing to ask for.

    rand: gives floats in 0..1; codes(object): its 16 mask codes, only called for segment prompts.
    """
    ask = Ask(scene, rand, codes)
    for detours in range(MAX_DETOURS + 2):
        if task is None:
            task = TASK_NAMES[int(np.searchsorted(_CUMULATED, rand()))]
        if detours > MAX_DETOURS:
            task = "detect_all"
        made = _TASKS[task][1](ask)
        if not isinstance(made, Instead):
            return made
        task = made.task
    raise AssertionError("detect_all fits every scene")
