import type { Box, Size } from '../../base/geometry.js';
import { maskArea, toMaskRuns, type MaskRuns } from '../../metrics/objects/mask-runs.js';
import type { PictureObjects, TrueObject } from '../../metrics/objects/object-truth.js';
import { boxArea } from '../../metrics/objects/overlaps.js';
import { polygonToRuns } from '../../metrics/objects/polygon-runs.js';
import type { Answered } from '../answered.js';
import type { LabelledMask, LabelledObject, ObjectsTruth } from '../example.js';

/**
 * Truth and findings of an example in pixels, with numbers for labels; labels are compared in small letters. Findings
 * of other labels are left out: they are no class of the data set.
 */
export function toPictureObjects({ example, answer }: Answered, labels: readonly string[]): PictureObjects {
  const truth = example.truth as ObjectsTruth;
  const numbers = new Map(labels.map((label, i) => [label.trim().toLowerCase(), i]));
  const numberOf = (label: string): number => numbers.get(label.trim().toLowerCase()) ?? -1;
  const truths = truth.objects.map((object): TrueObject => {
    const { box, mask } = toPixels(object, answer.size, truth.isRelative === true);
    const area = object.area ?? (mask === undefined ? boxArea(box) : maskArea(mask));
    return { category: numberOf(object.label), box, area, isCrowd: object.isCrowd, ...(mask && { mask }) };
  });
  const found = answer.objects
    .map((object) => ({ ...object, category: numberOf(object.label) }))
    .filter(({ category }) => category !== -1);
  return { truths, found };
}

/** An object's box and mask in the picture's pixels. */
export function toPixels(
  { box, mask }: LabelledObject,
  size: Size | undefined,
  isRelative: boolean,
): { readonly box: Box; readonly mask?: MaskRuns } {
  if (size === undefined) {
    return mask !== undefined && 'counts' in mask ? { box, mask } : { box };
  }
  const scaleX = isRelative ? size.width : 1;
  const scaleY = isRelative ? size.height : 1;
  const pixels = { x0: box.x0 * scaleX, y0: box.y0 * scaleY, x1: box.x1 * scaleX, y1: box.y1 * scaleY };
  if (mask === undefined) return { box: pixels };
  return { box: pixels, mask: toRuns(mask, size, scaleX, scaleY) };
}

function toRuns(mask: LabelledMask, size: Size, scaleX: number, scaleY: number): MaskRuns {
  if ('counts' in mask) return mask;
  const all = mask.polygons.map((polygon) =>
    polygonToRuns(
      polygon.map((value, i) => value * (i % 2 === 0 ? scaleX : scaleY)),
      size,
    ),
  );
  return all.length === 1 ? all[0] : unite(all, size);
}

function unite(all: readonly MaskRuns[], size: Size): MaskRuns {
  const data = new Uint8Array(size.width * size.height);
  for (const { counts } of all) {
    let place = 0;
    counts.forEach((count, i) => {
      const end = place + count;
      if (i % 2 === 0) place = end;
      for (; place < end; place++)
        data[(place % size.height) * size.width + Math.floor(place / size.height)] = 1;
    });
  }
  return toMaskRuns({ ...size, data });
}
