import { InputError } from '../base/errors.js';
import type { Box, Size } from '../base/geometry.js';
import type { Example, LabelledObject } from './example.js';

/** Labels are drawn by hand; so much over the border is no mistake, pixels. */
const SLACK = 2;

/**
 * @param size of the picture as shown, pixels.
 * @throws {InputError} a box or a mask of the truth reaches out of the picture: it belongs to another one.
 */
export function checkTruthFits({ truth, place, picture }: Example, size: Size): void {
  if (truth.kind === 'text') return;
  const objects = truth.kind === 'referred' ? [truth.object] : truth.objects;
  const width = truth.isRelative === true ? 1 : size.width;
  const height = truth.isRelative === true ? 1 : size.height;
  for (const object of objects) {
    const why = findMisfit(object, { width, height }, truth.isRelative === true ? SLACK / size.width : SLACK);
    if (why === undefined) continue;
    throw new InputError(
      'TRUTH_MISFIT',
      `The truth of ${place} does not fit ${picture}, which has ${size.width} x ${size.height} pixels: ${why}.`,
      { hint: 'Look whether the labels belong to a turned, cut or shrunk copy of the picture.' },
    );
  }
}

function findMisfit({ label, box, mask }: LabelledObject, size: Size, slack: number): string | undefined {
  if (mask !== undefined && 'counts' in mask && (mask.width !== size.width || mask.height !== size.height)) {
    return `the mask of ${label} has ${mask.width} x ${mask.height}`;
  }
  if (!isInside(box, size, slack)) return `the box of ${label} lies outside`;
  const polygons = mask !== undefined && 'polygons' in mask ? mask.polygons : [];
  const areInside = polygons.every((polygon) =>
    polygon.every((value, i) => value >= -slack && value <= (i % 2 === 0 ? size.width : size.height) + slack),
  );
  return areInside ? undefined : `the polygon of ${label} reaches outside`;
}

function isInside({ x0, y0, x1, y1 }: Box, { width, height }: Size, slack: number): boolean {
  return x0 >= -slack && y0 >= -slack && x1 <= width + slack && y1 <= height + slack;
}
