import type { BinaryMask } from '../../base/detection.js';

/** A corner of an outline, pixels. */
export type Point = readonly [x: number, y: number];

/** A closed line along pixel edges; the last point joins the first. Corners only: no three lie on one line. */
export interface Outline {
  readonly points: readonly Point[];
  /** Around a hole rather than around a piece of the object; it then turns the other way. */
  readonly isHole: boolean;
}

/**
 * The outlines of a mask: one for each piece and each hole. Where two pixels touch only diagonally, their pieces
 * may share one outline. Empty for an empty mask.
 */
export function traceOutlines(mask: BinaryMask): Outline[] {
  const { width, height, data } = mask;
  const columns = width + 1;
  const isObject = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;

  // Every edge between object and ground, from corner to corner, the object on its right. Two edges can leave
  // one corner, where two pixels of the object touch diagonally.
  const leaving = new Map<number, number[]>();
  const addEdge = (x0: number, y0: number, x1: number, y1: number): void => {
    const from = y0 * columns + x0;
    const targets = leaving.get(from);
    if (targets === undefined) leaving.set(from, [y1 * columns + x1]);
    else targets.push(y1 * columns + x1);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] !== 1) continue;
      if (!isObject(x, y - 1)) addEdge(x, y, x + 1, y);
      if (!isObject(x + 1, y)) addEdge(x + 1, y, x + 1, y + 1);
      if (!isObject(x, y + 1)) addEdge(x + 1, y + 1, x, y + 1);
      if (!isObject(x - 1, y)) addEdge(x, y + 1, x, y);
    }
  }

  const outlines: Outline[] = [];
  for (const [start, targets] of leaving) {
    while (targets.length > 0) {
      const points = followOutline(start, leaving, columns);
      outlines.push({ points, isHole: signedArea(points) < 0 });
    }
  }
  return outlines;
}

/** Area inside a closed line, square pixels; negative when it turns to the left (y grows downwards). */
export function signedArea(points: readonly Point[]): number {
  let twice = 0;
  for (const [i, [x, y]] of points.entries()) {
    const [nextX, nextY] = points[(i + 1) % points.length];
    twice += x * nextY - nextX * y;
  }
  return twice / 2;
}

/** Walk from a corner until it comes back, taking each edge out of the map; straight stretches become one line. */
function followOutline(start: number, leaving: Map<number, number[]>, columns: number): Point[] {
  const corners = [start];
  for (let at = start; ;) {
    const next = leaving.get(at)!.pop()!;
    if (next === start) break;
    corners.push(next);
    at = next;
  }
  return corners
    .filter((corner, i) => {
      const before = corners[(i + corners.length - 1) % corners.length];
      const after = corners[(i + 1) % corners.length];
      return corner - before !== after - corner;
    })
    .map((corner) => [corner % columns, Math.floor(corner / columns)]);
}
