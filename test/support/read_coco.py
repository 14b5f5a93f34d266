"""Read a COCO document from stdin with pycocotools; write what it makes of each annotation as JSON.

Masks are written as strings of 0 and 1, row by row.
"""

import contextlib
import json
import sys

import numpy
from pycocotools import mask
from pycocotools.coco import COCO

document = json.load(sys.stdin)
with contextlib.redirect_stdout(sys.stderr):
    coco = COCO()
    coco.dataset = document
    coco.createIndex()
    results = coco.loadRes([dict(one) for one in document["annotations"]])

read = []
for annotation in coco.loadAnns(sorted(coco.getAnnIds())):
    row = {"id": annotation["id"], "score": results.anns[annotation["id"]]["score"]}
    if annotation["segmentation"]:
        runs = coco.annToRLE(annotation)
        row["area"] = int(mask.area(runs))
        row["bbox"] = mask.toBbox(runs).tolist()
        row["pixels"] = "".join(map(str, numpy.asarray(coco.annToMask(annotation)).flatten()))
    read.append(row)
json.dump(read, sys.stdout)
