"""Questions in Spanish, French and German."""

from ..world.classes import CLASSES, LANGS, N_SHAPES
from ..world.phrases import POSITIONS, YES_NO, color_adjective, definite, french_of, german_accusative, phrase
from .asking import Instead, Prompt
from .descriptions import unique_objects
from .questions import clearly_placed, things_of_one_color

_COLOR = {"es": "¿de qué color es %s?", "fr": "de quelle couleur est %s ?", "de": "welche Farbe hat %s?"}
_WHERE = {"es": "¿dónde está %s?", "fr": "où est %s ?", "de": "wo ist %s?"}


def _lang(ask):
    return LANGS[1 + ask.pick(3)]


def _uncolored_query(ask, absent_share):
    """A thing without a colour, or None after six tries."""
    for _ in range(6):
        query = ask.query(ask.rand() < absent_share)
        if query.color < 0:
            return query
    return None


def color(ask):
    things = things_of_one_color(ask)
    if not things:
        return Instead("exists_x")
    thing = ask.choose(things)
    lang = _lang(ask)
    text = f"answer {lang} " + _COLOR[lang] % definite(thing.cls, lang)
    return Prompt("color_x", text, color_adjective(thing.cls, thing.color, lang))


def count(ask):
    lang = _lang(ask)
    query = _uncolored_query(ask, 0.2)
    if query is None:
        return Instead("count")
    noun = CLASSES[query.cls].nouns[lang]
    text = {
        "es": f"¿{'cuántas' if noun.gender == 'f' else 'cuántos'} {noun.plural} hay?",
        "fr": f"combien {french_of(noun.plural)} y a-t-il ?",
        "de": f"wie viele {noun.plural} gibt es?",
    }[lang]
    return Prompt("count_x", f"answer {lang} {text}", str(len(query.matches)))


def exists(ask):
    lang = _lang(ask)
    query = _uncolored_query(ask, 0.5)
    if query is None:
        return Instead("count")
    text = {
        "es": f"¿hay {phrase(query.cls, -1, 1, 'es')}?",
        "fr": f"y a-t-il {phrase(query.cls, -1, 1, 'fr')} ?",
        "de": f"gibt es {german_accusative(query.cls)}?",
    }[lang]
    return Prompt("exists_x", f"answer {lang} {text}", YES_NO[lang][0 if query.matches else 1])


def where(ask):
    things = clearly_placed([o for o in unique_objects(ask.scene) if o.cls >= N_SHAPES])
    if not things:
        return Instead("exists")
    thing = ask.choose(things)
    row, column = thing.cell()
    lang = _lang(ask)
    return Prompt("where_x", f"answer {lang} " + _WHERE[lang] % definite(thing.cls, lang), POSITIONS[lang][row][column])
