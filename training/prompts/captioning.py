"""caption, cap, describe, ocr, and the caption of a box."""

from ..world.phrases import phrase
from ..world.scene import to_bin
from .asking import Instead, Prompt
from .descriptions import caption, description, short_caption, written_text


def caption_in(lang):
    return lambda ask: Prompt("caption_" + lang, "caption " + lang, caption(ask.scene, lang))


def cap(ask):
    areas = sorted(o.area for o in ask.objects)
    if len(areas) > 1 and areas[-2] > 0.8 * areas[-1]:  # no thing is clearly the largest
        return Instead("caption_en")
    return Prompt("cap", "cap en", short_caption(ask.scene))


def describe(ask):
    return Prompt("describe", "describe en", description(ask.scene))


def region(ask):
    """The box is off by up to 1.5 % of the picture on each side."""
    if not ask.objects:
        return Instead("caption_en")
    thing = ask.choose(ask.objects)
    bins = [to_bin(min(1, max(0, v + (ask.rand() - 0.5) * 0.03))) for v in thing.box()]
    text = "caption " + "".join("<loc%04d>" % b for b in bins)
    return Prompt("region", text, phrase(*thing.key, 1, "en"))


def ocr(ask):
    if not ask.scene.texts and ask.rand() < 0.8:
        return Instead(None)
    return Prompt("ocr", "ocr", written_text(ask.scene))
