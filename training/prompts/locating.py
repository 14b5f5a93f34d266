"""detect and segment: boxes and mask codes as tokens."""

from ..world.classes import CATEGORIES
from .asking import Instead, Prompt


def _box_tokens(thing):
    return "".join("<loc%04d>" % v for v in thing.bins())


def _mask_tokens(codes):
    return "".join("<seg%03d>" % c for c in codes)


def _boxes(items):
    return " ; ".join(_box_tokens(o) + " " + name for o, name in items)


def _boxes_and_masks(ask, items):
    return " ; ".join(_box_tokens(o) + _mask_tokens(ask.codes(o)) + " " + name for o, name in items)


def _can_be_segmented(objects):
    """Three masks fill an answer; the codes of a cut object would need its cut drawing."""
    return len(objects) <= 3 and all(o.is_whole() for o in objects)


def detect(ask):
    query = ask.query(ask.rand() < 0.18)
    name = ask.wording(query)
    items = [(o, name) for o in query.matches]
    return Prompt("detect", "detect " + name, _boxes(items), items)


def segment(ask):
    query = ask.query(ask.rand() < 0.08)
    if not _can_be_segmented(query.matches):
        return Instead("detect")
    name = ask.wording(query)
    items = [(o, name) for o in query.matches]
    return Prompt("segment", "segment " + name, _boxes_and_masks(ask, items), items)


def _different(a, b):
    return a.cls != b.cls or (a.color >= 0 and b.color >= 0 and a.color != b.color)


def _several_queries(ask, wanted, first):
    queries = [first]
    for _ in range(8):
        if len(queries) == wanted:
            break
        query = ask.query(ask.rand() < 0.25)
        if all(_different(query, q) for q in queries):
            queries.append(query)
    return queries


def _items_of(ask, queries):
    """In reading order; each object under the first query that means it."""
    items = []
    for o in ask.objects:
        names = [q.label for q in queries if any(o is m for m in q.matches)]
        items += [(o, names[0])] if names else []
    return items


def detect_multi(ask):
    first = ask.query()
    queries = _several_queries(ask, 3 if ask.rand() < 0.25 else 2, first)
    if len(queries) < 2:
        return Instead("detect")
    items = _items_of(ask, queries)
    return Prompt("detect_multi", "detect " + " ; ".join(q.label for q in queries), _boxes(items), items)


def segment_multi(ask):
    first = ask.query()
    ask.rand()  # one draw for the number of labels, as detect_multi makes it
    queries = _several_queries(ask, 2, first)
    if len(queries) < 2:
        return Instead("detect")
    items = _items_of(ask, queries)
    if not _can_be_segmented([o for o, _ in items]):
        return Instead("detect_multi")
    text = "segment " + " ; ".join(q.label for q in queries)
    return Prompt("segment_multi", text, _boxes_and_masks(ask, items), items)


def detect_all(ask):
    items = [(o, o.label()) for o in ask.objects]
    if ask.rand() < 0.9:
        text = "detect object"
    else:
        text = "detect objects" if ask.rand() < 0.5 else "detect all"
    return Prompt("detect_all", text, _boxes(items), items)


def detect_category(ask):
    category = ask.choose(list(CATEGORIES))
    items = [(o, category) for o in ask.objects if o.cls in CATEGORIES[category]]
    if not items and ask.rand() < 0.7:
        return Instead("detect")
    return Prompt("detect_cat", "detect " + category, _boxes(items), items)


def detect_text(ask):
    if not ask.scene.texts and ask.rand() < 0.8:
        return Instead("detect")
    items = [(t, "text") for t in ask.scene.texts]
    return Prompt("detect_text", "detect text", _boxes(items), items)
