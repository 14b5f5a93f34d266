import { signedArea, type Point } from './trace-outlines.js';

/** How far the shorter line may lie from a corner that it leaves out, pixels: stairs become slopes. */
const TOLERANCE_PIXELS = 1;
/** Share of the enclosed area that may be gained or lost. */
const MAX_AREA_CHANGE = 0.05;

/**
 * Leave out corners of a closed line (Douglas and Peucker's method). No left out corner lies farther than a pixel
 * from the new line. A line around so few pixels that its area would change by more than a twentieth stays as it is.
 */
export function simplifyOutline(points: readonly Point[]): readonly Point[] {
  if (points.length <= 4) return points;
  // A closed line has no ends: it is cut at its first corner and at the one farthest from there.
  const far = indexOfLargest(points, ([x, y]) => (x - points[0][0]) ** 2 + (y - points[0][1]) ** 2);
  const closed = [...points, points[0]];
  const isKept = new Uint8Array(closed.length);
  isKept[0] = isKept[far] = 1;
  const stretches: [number, number][] = [
    [0, far],
    [far, points.length],
  ];
  for (let stretch = stretches.pop(); stretch !== undefined; stretch = stretches.pop()) {
    const [from, to] = stretch;
    if (to - from < 2) continue;
    const inner = closed.slice(from + 1, to);
    const distance = (point: Point): number => distanceToSegment(point, closed[from], closed[to]);
    const split = indexOfLargest(inner, distance);
    if (distance(inner[split]) <= TOLERANCE_PIXELS) continue;
    const middle = from + 1 + split;
    isKept[middle] = 1;
    stretches.push([from, middle], [middle, to]);
  }
  const kept = points.filter((_, i) => isKept[i] === 1);
  const area = signedArea(points);
  return Math.abs(signedArea(kept) - area) > Math.abs(area) * MAX_AREA_CHANGE ? points : kept;
}

function indexOfLargest(points: readonly Point[], measure: (point: Point) => number): number {
  let best = 0;
  let largest = -1;
  for (let i = 0; i < points.length; i++) {
    const value = measure(points[i]);
    if (value > largest) [best, largest] = [i, value];
  }
  return best;
}

function distanceToSegment([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX ** 2 + alongY ** 2;
  const share = length === 0 ? 0 : ((x - fromX) * alongX + (y - fromY) * alongY) / length;
  const nearest = Math.max(0, Math.min(1, share));
  return Math.hypot(x - fromX - nearest * alongX, y - fromY - nearest * alongY);
}
