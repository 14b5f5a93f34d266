"""The 155 classes: 8 coloured shapes, then the emoji of classes.txt, with their nouns in four languages."""

from dataclasses import dataclass, field
from pathlib import Path

LANGS = ("en", "es", "fr", "de")


@dataclass(frozen=True)
class Noun:
    """gender is m, f or n ('' in English)."""

    gender: str
    singular: str
    plural: str


@dataclass(frozen=True)
class ObjectClass:
    """place: g ground, s sky, w water, t table or floor; size: 1 to 5, how big it usually is in a scene."""

    nouns: dict
    place: str = "t"
    size: int = 2
    synonyms: list = field(default_factory=list)

    @property
    def name(self):
        return self.nouns["en"].singular

    @property
    def plural(self):
        return self.nouns["en"].plural


def _nouns(singular, plural, *others):
    return {"en": Noun("", singular, plural)} | {l: Noun(*o.split(":")) for l, o in zip(LANGS[1:], others)}


_SHAPES = (
    ("circle", "circles", "m:círculo:círculos", "m:cercle:cercles", "m:Kreis:Kreise"),
    ("square", "squares", "m:cuadrado:cuadrados", "m:carré:carrés", "n:Quadrat:Quadrate"),
    ("triangle", "triangles", "m:triángulo:triángulos", "m:triangle:triangles", "n:Dreieck:Dreiecke"),
    ("star", "stars", "f:estrella:estrellas", "f:étoile:étoiles", "m:Stern:Sterne"),
    ("heart", "hearts", "m:corazón:corazones", "m:cœur:cœurs", "n:Herz:Herzen"),
    ("diamond", "diamonds", "m:rombo:rombos", "m:losange:losanges", "f:Raute:Rauten"),
    ("cross", "crosses", "f:cruz:cruces", "f:croix:croix", "n:Kreuz:Kreuze"),
    ("ring", "rings", "m:anillo:anillos", "m:anneau:anneaux", "m:Ring:Ringe"),
)


def _read_emoji():
    """Fields of a line: name, plural, es, fr, de, emoji names, fxemoji names, place, size, synonyms."""
    for line in (Path(__file__).parent / "classes.txt").read_text("utf8").splitlines():
        if line and line[0] != "#":
            f = line.split("|")
            synonyms = [tuple(s.split("=")) for s in f[9].split(" ") if s]
            yield ObjectClass(_nouns(*f[:5]), f[7], int(f[8]), synonyms)


CLASSES = [ObjectClass(_nouns(*s)) for s in _SHAPES] + list(_read_emoji())
N_SHAPES, N_CLASSES = len(_SHAPES), len(CLASSES)
CLASS_ID = {c.name: i for i, c in enumerate(CLASSES)}
CATEGORIES = {
    "animal": range(CLASS_ID["cat"], CLASS_ID["spider"] + 1),
    "vehicle": range(CLASS_ID["car"], CLASS_ID["ship"] + 1),
    "fruit": range(CLASS_ID["banana"], CLASS_ID["tomato"]),
    "shape": range(N_SHAPES),
}
# Emoji that are drawn in the colours of COLORS, so that `detect red car` can be asked.
COLORABLE = {
    CLASS_ID[c]
    for c in (
        "car bus truck umbrella backpack handbag suitcase balloon shirt dress shoe chair couch book tie kite tent gift "
        "boat train crown hat cup house bird fish butterfly flower ball guitar motorcycle bicycle tractor"
    ).split()
}
PLACES = ["meadow", "beach", "street", "room", "snow", "sea", "desert", "table", "sky"]
