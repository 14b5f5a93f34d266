"""Sentences about a scene."""

from ..world.classes import LANGS
from ..world.phrases import AT_NIGHT, IN_PLACE, POSITIONS, join, phrase

_SIGN = {
    "en": "a sign with the text ", "es": "un cartel con el texto ",
    "fr": "un panneau avec le texte ", "de": "ein Schild mit dem Text ",
}  # fmt: skip
_NOTHING = {"en": "nothing", "es": "nada", "fr": "rien", "de": "nichts"}


def count_keys(objects):
    """{(class, colour): how many}, in order of appearance."""
    counts = {}
    for o in objects:
        counts[o.key] = counts.get(o.key, 0) + 1
    return counts


def unique_objects(scene):
    """Objects that are the only ones of their label."""
    counts = count_keys(scene.objects)
    return [o for o in scene.objects if counts[o.key] == 1]


def written_text(scene):
    return " ".join(t.text for t in scene.texts)


def _where(scene, lang):
    """' on a beach at night', or ''."""
    place = scene.info["place"]
    inside = " " + IN_PLACE[place][LANGS.index(lang)] if place else ""
    return inside + (AT_NIGHT[lang] if scene.info["night"] else "")


def caption(scene, lang):
    """'two cats and a red circle on a beach at night'."""
    if not scene.objects:
        return (_SIGN[lang] + written_text(scene) if scene.texts else _NOTHING[lang]) + _where(scene, lang)
    parts = [phrase(c, k, n, lang) for (c, k), n in count_keys(scene.objects).items()]
    return join(parts, lang) + _where(scene, lang)


def short_caption(scene):
    """The largest thing only, in English."""
    if not scene.objects:
        return caption(scene, "en")
    largest = max(scene.objects, key=lambda o: o.area)
    return phrase(*largest.key, count_keys(scene.objects)[largest.key], "en") + _where(scene, "en")


def description(scene):
    """Every thing with its position, the place and the text, in English."""
    if not scene.objects:
        return caption(scene, "en")
    parts = []
    for o in scene.objects:
        row, column = o.cell()
        position = POSITIONS["en"][row][column]
        where = " in the center" if position == "center" else " at the " + position
        parts.append(phrase(*o.key, 1, "en") + where)
    text = join(parts, "en")
    place = _where(scene, "en")
    if place:
        text += "," + place
    if scene.texts:
        text += ", with the text " + written_text(scene)
    return text
