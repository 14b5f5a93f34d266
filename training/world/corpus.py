"""The words that the tokenizer must know as one token each."""

from .classes import CLASSES, LANGS, N_CLASSES, N_SHAPES, PLACES
from .colors import COLORS
from .phrases import (
    AT_NIGHT,
    FRENCH_VOWELS,
    IN_PLACE,
    NUMBERS,
    PLACE_ANSWER,
    POSITIONS,
    YES_NO,
    color_adjective,
    definite,
    phrase,
)  # fmt: skip

SPACE = "\u2581"
TEMPLATES = """caption describe cap detect segment answer question ocr en es fr de
how many are there? what color is the is there where are there any on the left? right? at the top? bottom? in center? left of above below
what is the largest object? smallest what is written? what does the sign say? what text is shown? is it day or night? day night what place is this? where is this?
what is in the picture? what do you see? which way does move? left right up down it does not move what moves? nothing how many pictures show in which picture is
How What Is Where Are Which Does moves to the left , nothing moves , then with the text a sign with the text yes no and an object objects all text thing things
animals vehicles fruits shapes animal vehicle fruit shape the word every picture? in every picture a
cuántos cuántas hay? ¿cuántos ¿cuántas ¿hay ¿de qué color es el la ¿dónde está un cartel con el texto sí no
combien de d' y a-t-il ? de quelle couleur est le la l' où est un panneau avec le texte oui non
wie viele gibt es? einen eine ein welche Farbe hat der die das wo ist ein Schild mit dem Text ja nein
nada rien nichts among pictures same different snow sea sky of both are the objects? to the right of to the left of"""
# Words that begin a prompt or an answer, so that no space stands before them.
FIRST_WORDS = (
    "caption cap describe detect segment answer question ocr how what is where are which does How What Is Where Are "
    "Which Does in nada rien nichts a una une eine an un ein nothing day night snow the it yes no"
).split()


def _spaced(text):
    """The words of a text with the mark of the space before each; punctuation and l' d' stand alone."""
    for mark in "?,;.":
        text = text.replace(mark, " " + mark + " ")
    return {SPACE + w for w in text.replace("l'", "l' ").replace("d'", "d' ").split()}


def _class_texts(cls):
    for lang in LANGS:
        for n in range(1, 9):
            for color in range(-1, len(COLORS)) if cls < N_SHAPES or n < 3 else (-1,):
                yield phrase(cls, color, n, lang)
        yield definite(cls, lang)
    for synonym in CLASSES[cls].synonyms:
        yield " ".join(synonym)
    yield CLASSES[cls].name + " " + CLASSES[cls].plural


def _texts():
    for cls in range(N_CLASSES):
        yield from _class_texts(cls)
    for lang in LANGS:
        yield AT_NIGHT[lang]
        yield from (p for row in POSITIONS[lang] for p in row)
    for place in PLACES:
        yield from IN_PLACE[place]
        yield PLACE_ANSWER[place]
    yield TEMPLATES


def corpus():
    """Sorted words, most as '\u2581word', some also without the space."""
    words = set()
    for text in _texts():
        words |= _spaced(text)
    words |= set(FIRST_WORDS) | set(COLORS) | {c.name.split()[0] for c in CLASSES}
    for cls in CLASSES:
        french = cls.nouns["fr"]
        for form in (french.singular, french.plural):  # after l' and d' the noun has no space before it
            if form[0] in FRENCH_VOWELS:
                words.add(form.split()[0])
    for lang in LANGS:
        words |= set(NUMBERS[lang][1:]) | set(YES_NO[lang])
        words |= {p.split()[0] for row in POSITIONS[lang] for p in row}
    for color in range(len(COLORS)):
        for lang in LANGS[1:]:
            for cls in range(N_SHAPES):
                adjective = color_adjective(cls, color, lang)
                words |= _spaced(adjective) | {adjective}
    return sorted(words)
