"""What every kind of prompt is made with: chance, the question's wording, and the thing that is asked for."""

from typing import NamedTuple

from ..world.classes import CLASSES, COLORABLE, N_CLASSES, N_SHAPES
from ..world.phrases import label, with_article, with_color

_CAPITALISED = ("How", "What", "Is", "Where", "Are", "Which", "Does")


class Prompt(NamedTuple):
    """items: (object or text, label) of what a detect or segment prompt should find; None for other prompts."""

    task: str
    text: str
    answer: str
    items: list | None = None


class Instead(NamedTuple):
    """A scene does not fit the task; this one is tried instead (None: any)."""

    task: str | None


class Query(NamedTuple):
    """A thing to ask for, and the objects that are meant; color is -1 when it is not asked for."""

    label: str
    matches: list
    cls: int
    color: int

    @property
    def plural(self):
        return with_color(self.color, CLASSES[self.cls].plural)


class Ask:
    """A scene and a source of chance. rand() gives floats in 0..1; codes(object) its 16 mask codes."""

    def __init__(self, scene, rand, codes):
        self.scene, self.objects, self.rand, self.codes = scene, scene.objects, rand, codes

    def pick(self, n):
        return int(self.rand() * n)

    def choose(self, things):
        return things[self.pick(len(things))]

    def question(self, text):
        """An English question after 'answer en', or bare, with or without its question mark or its capital letter."""
        u = self.rand()
        if u < 0.72:
            return "answer en " + text
        if u < 0.8:
            return "answer en " + text[:-1]
        if u < 0.9:
            return text
        capital = text[0].upper() + text[1:]
        return capital if capital.split()[0] in _CAPITALISED else text

    def query(self, absent=False):
        """Something that is in the scene, or perhaps not: a full label, a bare shape, or a thing of some colour."""
        if not absent and self.objects:
            cls, color = self._present()
        elif self.objects and self.rand() < 0.35 and any(o.cls < N_SHAPES for o in self.objects):
            cls, color = self._shape_with_a_twist()
        else:
            cls, color = self._anything()
        matches = [o for o in self.objects if o.cls == cls and (color < 0 or o.color == color)]
        return Query(label(cls, color), matches, cls, color)

    def _present(self):
        thing = self.choose(self.objects)
        cls, color = thing.cls, thing.color
        if cls < N_SHAPES:
            return cls, -1 if self.rand() < 0.25 else color
        known = cls in COLORABLE and self.rand() < 0.4
        if known and all(o.color >= 0 for o in self.objects if o.cls == cls):
            return cls, self.pick(8) if self.rand() < 0.2 else color
        return cls, -1

    def _shape_with_a_twist(self):
        """A present shape in another colour, or another shape of a present colour."""
        thing = self.choose([o for o in self.objects if o.cls < N_SHAPES])
        return (thing.cls, self.pick(8)) if self.rand() < 0.5 else (self.pick(N_SHAPES), thing.color)

    def _anything(self):
        if self.objects and self.rand() < 0.3:  # something similar: classes that belong together are neighbours
            cls = min(N_CLASSES - 1, max(0, self.choose(self.objects).cls + self.pick(9) - 4))
        elif self.rand() < 0.85:
            cls = N_SHAPES + self.pick(N_CLASSES - N_SHAPES)
        else:
            cls = self.pick(N_SHAPES)
        return cls, self.pick(8) if cls < N_SHAPES and self.rand() < 0.75 else -1

    def wording(self, query):
        """How a user might write the label: plural, article, synonym."""
        u = self.rand()
        if u < 0.7:
            return query.label
        if u < 0.82:
            return query.plural
        if u < 0.9:
            return with_article(query.label) if u < 0.86 else "the " + query.label
        synonyms = CLASSES[query.cls].synonyms
        if not synonyms:
            return query.label
        synonym = self.choose(synonyms)
        return with_color(query.color, synonym[0] if self.rand() < 0.6 else synonym[1])
