"""Reads located answers and matches them with the truth."""

import re

_RECORD = re.compile(r"^((?:<loc\d{4}>){4})((?:<seg\d{3}>){16})? (.+)$")


def parse_answer(text):
    """'<loc>x4[<seg>x16] label ; ...' to [(box, codes or None, label)]; None for a malformed piece."""
    found = []
    for piece in text.split(" ; ") if text else []:
        match = _RECORD.match(piece)
        if match is None:
            found.append(None)
            continue
        box = [int(v) / 1023 for v in re.findall(r"<loc(\d{4})>", match[1])]
        codes = [int(v) for v in re.findall(r"<seg(\d{3})>", match[2])] if match[2] else None
        found.append((box, codes, match[3]))
    return found


def box_iou(a, b):
    height, width = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(height, 0) * max(width, 0)
    areas = sum(max(0, q[2] - q[0]) * max(0, q[3] - q[1]) for q in (a, b))
    return shared / (areas - shared + 1e-9)


def match_boxes(found, boxes, labels, threshold=0.5):
    """Greedy, best pair first, within a label; the IoUs of the pairs."""
    pairs = [
        (box_iou(f[0], box), i, j) for i, f in enumerate(found) if f for j, box in enumerate(boxes) if f[2] == labels[j]
    ]
    used_found, used_boxes, matched = set(), set(), []
    for iou, i, j in sorted(pairs, reverse=True):
        if iou >= threshold and i not in used_found and j not in used_boxes:
            used_found.add(i)
            used_boxes.add(j)
            matched.append(iou)
    return matched
