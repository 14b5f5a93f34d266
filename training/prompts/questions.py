"""Questions in English, and questions whose answer is given."""

from ..world.classes import CATEGORIES, CLASSES, N_SHAPES
from ..world.colors import COLORS
from ..world.phrases import CATEGORY_PLURAL, PLACE_ANSWER, POSITIONS, phrase, with_color
from .asking import Instead, Prompt
from .descriptions import caption, count_keys, unique_objects, written_text

# Positions that are nearly the same are not asked about: as fractions of the picture.
CLEARLY_APART = 0.06


def yes_or_no(truth):
    return "yes" if truth else "no"


def written(ask):
    if len(ask.scene.texts) != 1:
        return Instead(None)
    text = ("what is written?", "what does the sign say?", "what text is shown?")[ask.pick(3)]
    return Prompt("written", ask.question(text), written_text(ask.scene))


def count_all(ask):
    things = "objects" if ask.rand() < 0.8 else "things"
    return Prompt("count_all", ask.question(f"how many {things} are there?"), str(len(ask.objects)))


def count(ask):
    if ask.rand() < 0.12:
        category = ask.choose(list(CATEGORIES))
        text = ask.question(f"how many {CATEGORY_PLURAL[category]} are there?")
        return Prompt("count", text, str(sum(o.cls in CATEGORIES[category] for o in ask.objects)))
    query = ask.query(ask.rand() < 0.18)
    return Prompt("count", ask.question(f"how many {query.plural} are there?"), str(len(query.matches)))


def things_of_one_color(ask):
    """Objects whose colour has a name and whose class occurs once."""
    return [o for o in ask.objects if o.color >= 0 and sum(p.cls == o.cls for p in ask.objects) == 1]


def color(ask):
    things = things_of_one_color(ask)
    if not things:
        return Instead("exists")
    thing = ask.choose(things)
    return Prompt("color", ask.question(f"what color is the {CLASSES[thing.cls].name}?"), COLORS[thing.color])


def exists(ask):
    query = ask.query(ask.rand() < 0.5)
    if ask.rand() < 0.7:
        text = f"is there {phrase(query.cls, query.color, 1, 'en')}?"
    else:
        text = f"are there any {query.plural}?"
    return Prompt("exists", ask.question(text), yes_or_no(query.matches))


def clearly_placed(objects):
    """Those whose centre is not on the border between two cells of the grid."""
    return [o for o in objects if all(min(abs(v * 3 - 1), abs(v * 3 - 2)) > CLEARLY_APART for v in o.center())]


def where(ask):
    things = clearly_placed(unique_objects(ask.scene))
    if not things:
        return Instead("exists")
    thing = ask.choose(things)
    row, column = thing.cell()
    return Prompt("where", ask.question(f"where is the {thing.label()}?"), POSITIONS["en"][row][column])


def side(ask):
    if len(ask.objects) < 2:
        return Instead("where")
    place, distance = [
        ("on the left", lambda o: o.center()[1]),
        ("on the right", lambda o: -o.center()[1]),
        ("at the top", lambda o: o.center()[0]),
        ("at the bottom", lambda o: -o.center()[0]),
        ("in the center", lambda o: abs(o.center()[0] - 0.5) + abs(o.center()[1] - 0.5)),
    ][ask.pick(5)]
    nearest, second = sorted(ask.objects, key=distance)[:2]
    if distance(second) - distance(nearest) < CLEARLY_APART:
        return Instead("exists")
    return Prompt("side", ask.question(f"what is {place}?"), nearest.label())


def relation(ask):
    things = unique_objects(ask.scene)
    if len(things) < 2:
        return Instead("count")
    a, b = ask.choose(things), ask.choose(things)
    if a is b:
        return Instead("count")
    dy, dx = (p - q for p, q in zip(a.center(), b.center()))
    words, distance = [("to the left of", -dx), ("to the right of", dx), ("above", -dy), ("below", dy)][ask.pick(4)]
    if abs(distance) < CLEARLY_APART:
        return Instead("exists")
    text = ask.question(f"is the {a.label()} {words} the {b.label()}?")
    return Prompt("relation", text, yes_or_no(distance > 0))


def place(ask):
    info = ask.scene.info
    if not info["place"]:
        return Instead(None)
    if info["place"] not in ("room", "table") and ask.rand() < 0.4:
        return Prompt("place", ask.question("is it day or night?"), "night" if info["night"] else "day")
    text = "what place is this?" if ask.rand() < 0.5 else "where is this?"
    return Prompt("place", ask.question(text), PLACE_ANSWER[info["place"]])


def question(ask):
    """`question en ANSWER`: a question that has this answer and no other."""
    colored = [
        o for o in things_of_one_color(ask) if o.cls < N_SHAPES and sum(p.color == o.color for p in ask.objects) == 1
    ]
    if colored and ask.rand() < 0.5:
        thing = ask.choose(colored)
        text = f"what color is the {CLASSES[thing.cls].name}?"
        return Prompt("question", "question en " + COLORS[thing.color], text)
    counts = count_keys(ask.objects)
    clear = [k for k in counts if sum(v == counts[k] for v in counts.values()) == 1]
    if not clear:
        return Instead("count")
    cls, tint = key = ask.choose(clear)
    text = f"how many {with_color(tint, CLASSES[cls].plural)} are there?"
    return Prompt("question", f"question en {counts[key]}", text)


def what_is_in(ask):
    text = "what is in the picture?" if ask.rand() < 0.5 else "what do you see?"
    return Prompt("whatin", ask.question(text), caption(ask.scene, "en"))


def size(ask):
    things = sorted(ask.objects, key=lambda o: o.area)
    if len(things) < 2:
        return Instead("exists")
    largest = ask.rand() < 0.5
    first, second = (things[-1], things[-2]) if largest else (things[0], things[1])
    if max(first.area, second.area) < 1.35 * min(first.area, second.area):
        return Instead("exists")
    text = ask.question(f"what is the {'largest' if largest else 'smallest'} object?")
    return Prompt("size", text, first.label())
