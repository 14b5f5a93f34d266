import type { Box, Size } from '../../base/geometry.js';
import type { PixelRectangle } from './paint.js';

/** Where a label goes, and what it costs the picture. */
export interface StripPlace {
  readonly strip: PixelRectangle;
  /** It lies over no other label and hides hardly anything of any object. */
  readonly isGood: boolean;
  /** For comparing places of different strips: smaller is better. */
  readonly cost: number;
}

/** Of an object's box, the share that a label may lie over: a corner, where there is mostly background. */
const MAX_HIDDEN = 0.06;
/** Against the hidden shares of all boxes together. */
const OVERLAP_COST = 20;
const HIDDEN_COST = 4;
/** Over somebody else's box a label is taken for theirs. */
const FOREIGN_COST = 0.5;
/** From one preferred place to the next. */
const NEXT_PLACE_COST = 0.01;

/**
 * The place for a label of a size: outside its box where there is room (above, below, beside), else in a corner of it;
 * where it hides the least of all objects and lies over no label before it. Always inside the picture.
 *
 * @param boxes of all the objects; @param own its place among them.
 * @param taken the labels before it.
 * @returns undefined when the picture is too small for it.
 */
export function placeStrip(
  picture: Size,
  boxes: readonly Box[],
  own: number,
  size: Size,
  taken: readonly PixelRectangle[],
): StripPlace | undefined {
  if (size.width > picture.width || size.height > picture.height) return undefined;
  const corners = listCorners(boxes[own], size, taken);
  // Moved down into the picture, a place above the box would be one inside it.
  const fitting = corners.filter(({ y }) => y >= 0 && y + size.height <= picture.height);
  let best: StripPlace | undefined;
  for (const [index, { x, y }] of (fitting.length > 0 ? fitting : corners).entries()) {
    const x0 = Math.max(0, Math.min(x, picture.width - size.width));
    const y0 = Math.max(0, Math.min(y, picture.height - size.height));
    const strip = { x0, y0, x1: x0 + size.width, y1: y0 + size.height };
    const place = judge(strip, boxes, own, taken, index * NEXT_PLACE_COST);
    if (best === undefined || place.cost < best.cost) best = place;
  }
  return best;
}

/** Upper left corners of the places, the most usual first. */
function listCorners(
  box: Box,
  { width, height }: Size,
  taken: readonly PixelRectangle[],
): { readonly x: number; readonly y: number }[] {
  const left = Math.floor(box.x0);
  const top = Math.floor(box.y0);
  const right = Math.ceil(box.x1);
  const bottom = Math.ceil(box.y1);
  /** Just beside a label that is in the way, and still at the box. */
  const besides = (y: number): { x: number; y: number }[] =>
    taken
      .filter((other) => other.y0 < y + height && other.y1 > y)
      .flatMap((other) => [other.x1, other.x0 - width])
      .filter((x) => x < right && x + width > left)
      .map((x) => ({ x, y }));
  return [
    { x: left, y: top - height },
    { x: right - width, y: top - height },
    ...besides(top - height),
    { x: left, y: bottom },
    { x: right - width, y: bottom },
    ...besides(bottom),
    { x: right, y: top },
    { x: left - width, y: top },
    { x: right, y: bottom - height },
    { x: left - width, y: bottom - height },
    { x: left, y: top },
    { x: right - width, y: top },
    { x: left, y: bottom - height },
    { x: right - width, y: bottom - height },
    // Objects that share a box: one label below the other.
    { x: left, y: top + height },
    { x: left, y: top + 2 * height },
  ];
}

function judge(
  strip: PixelRectangle,
  boxes: readonly Box[],
  own: number,
  taken: readonly PixelRectangle[],
  placeCost: number,
): StripPlace {
  const area = (strip.x1 - strip.x0) * (strip.y1 - strip.y0);
  const overlap = taken.reduce((sum, other) => sum + sharedArea(strip, other), 0);
  let hidden = 0;
  let most = 0;
  let foreign = 0;
  for (const [index, box] of boxes.entries()) {
    const shared = sharedArea(strip, box);
    if (shared === 0) continue;
    const share = shared / Math.max(1, (box.x1 - box.x0) * (box.y1 - box.y0));
    hidden += share;
    most = Math.max(most, share);
    if (index !== own) foreign = Math.max(foreign, (shared / area) * Math.min(1, share * 10));
  }
  const cost = placeCost + (OVERLAP_COST * overlap) / area + HIDDEN_COST * hidden + FOREIGN_COST * foreign;
  return { strip, isGood: overlap === 0 && most <= MAX_HIDDEN, cost };
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return width > 0 && height > 0 ? width * height : 0;
}
