"""Noun phrases, positions and places in English, Spanish, French and German. `color` is an index into COLORS, -1 for none."""

from .classes import CLASSES
from .colors import COLORS, GERMAN, ROMANCE

NUMBERS = {
    "en": ["", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
    "es": ["", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"],
    "fr": ["", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"],
    "de": ["", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"],
}
FEMININE_ONE = {"es": "una", "fr": "une", "de": "eine"}
AND = {"en": "and", "es": "y", "fr": "et", "de": "und"}
YES_NO = {"en": ("yes", "no"), "es": ("sí", "no"), "fr": ("oui", "non"), "de": ("ja", "nein")}
# POSITIONS[lang][row][column] of a 3 x 3 grid over the picture.
POSITIONS = {
    "en": [["top left", "top", "top right"], ["left", "center", "right"], ["bottom left", "bottom", "bottom right"]],
    "es": [
        ["arriba a la izquierda", "arriba", "arriba a la derecha"],
        ["a la izquierda", "en el centro", "a la derecha"],
        ["abajo a la izquierda", "abajo", "abajo a la derecha"],
    ],
    "fr": [
        ["en haut à gauche", "en haut", "en haut à droite"],
        ["à gauche", "au centre", "à droite"],
        ["en bas à gauche", "en bas", "en bas à droite"],
    ],
    "de": [
        ["oben links", "oben", "oben rechts"],
        ["links", "in der Mitte", "rechts"],
        ["unten links", "unten", "unten rechts"],
    ],
}
# In the order of LANGS.
IN_PLACE = {
    "meadow": ("in a meadow", "en un prado", "dans un pré", "auf einer Wiese"),
    "beach": ("on a beach", "en una playa", "sur une plage", "an einem Strand"),
    "street": ("on a street", "en una calle", "dans une rue", "auf einer Straße"),
    "room": ("in a room", "en una habitación", "dans une pièce", "in einem Zimmer"),
    "snow": ("in the snow", "en la nieve", "dans la neige", "im Schnee"),
    "sea": ("on the sea", "en el mar", "sur la mer", "auf dem Meer"),
    "desert": ("in the desert", "en el desierto", "dans le désert", "in der Wüste"),
    "table": ("on a table", "sobre una mesa", "sur une table", "auf einem Tisch"),
    "sky": ("in the sky", "en el cielo", "dans le ciel", "am Himmel"),
}
PLACE_ANSWER = {
    "meadow": "a meadow", "beach": "a beach", "street": "a street", "room": "a room", "snow": "snow",
    "sea": "the sea", "desert": "a desert", "table": "a table", "sky": "the sky",
}  # fmt: skip
AT_NIGHT = {"en": " at night", "es": " de noche", "fr": " la nuit", "de": " bei Nacht"}
CATEGORY_PLURAL = {"animal": "animals", "vehicle": "vehicles", "fruit": "fruits", "shape": "shapes"}
FRENCH_VOWELS = "aeiouéèêâîôûœAEIOUhÉ"
# Words whose h is aspirated: 'le hibou', not "l'hibou".
FRENCH_ASPIRATED = ("hibou", "hot-dog", "hérisson", "hamburger")


def with_color(color, noun):
    return (COLORS[color] + " " if color >= 0 else "") + noun


def label(cls, color):
    """'red circle' or 'cat'."""
    return with_color(color, CLASSES[cls].name)


def with_article(noun):
    """'a cat', 'an apple', 'an umbrella', but 'a unicorn'."""
    return ("an " if noun[0] in "aeio" or noun.startswith("um") else "a ") + noun


def phrase(cls, color, n, lang):
    """n objects of a class and colour: 'two red circles', 'dos círculos rojos', 'zwei rote Kreise'."""
    noun = CLASSES[cls].nouns[lang]
    form = noun.singular if n == 1 else noun.plural
    if lang == "en":
        form = with_color(color, form)
        return with_article(form) if n == 1 else NUMBERS["en"][n] + " " + form
    number = FEMININE_ONE[lang] if n == 1 and noun.gender == "f" else NUMBERS[lang][n]
    if color < 0:
        return number + " " + form
    if lang == "de":
        return number + " " + GERMAN[color][noun.gender if n == 1 else "p"] + " " + form
    return number + " " + form + " " + ROMANCE[lang][color][noun.gender + ("s" if n == 1 else "p")]


def definite(cls, lang):
    """'the cat', 'el gato', "l'arbre", 'die Katze'."""
    noun = CLASSES[cls].nouns[lang]
    if lang == "en":
        return "the " + noun.singular
    if lang == "de":
        return {"m": "der ", "f": "die ", "n": "das "}[noun.gender] + noun.singular
    if lang == "fr" and noun.singular[0] in FRENCH_VOWELS and noun.singular not in FRENCH_ASPIRATED:
        return "l'" + noun.singular
    masculine, feminine = ("el ", "la ") if lang == "es" else ("le ", "la ")
    return (masculine if noun.gender == "m" else feminine) + noun.singular


def french_of(plural):
    """'de chats', "d'arbres", after 'combien'."""
    elided = plural[0] in FRENCH_VOWELS and plural not in ("hiboux", "hot-dogs", "hérissons", "hamburgers")
    return ("d'" if elided else "de ") + plural


def german_accusative(cls):
    """'einen Hund', after 'gibt es'."""
    noun = CLASSES[cls].nouns["de"]
    return {"m": "einen ", "f": "eine ", "n": "ein "}[noun.gender] + noun.singular


def color_adjective(cls, color, lang):
    """The colour as an answer to 'what color is it?', agreeing with the noun."""
    if lang == "en":
        return COLORS[color]
    if lang == "de":
        return GERMAN[color]["b"]
    return ROMANCE[lang][color][CLASSES[cls].nouns[lang].gender + "s"]


def join(parts, lang):
    """'a, b and c'."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " " + AND[lang] + " " + parts[-1]
