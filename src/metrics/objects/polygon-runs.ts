import type { Size } from '../../base/geometry.js';
import type { MaskRuns } from './mask-runs.js';

/** Borders are drawn on a grid so much finer. */
const SCALE = 5;

/**
 * The pixels within a polygon, by the rule of pycocotools (`maskApi.c`, `rleFrPoly`): its border is drawn on a grid
 * five times as fine, and every crossing of a column's middle begins or ends a run.
 *
 * @param corners x and y in turns, pixels; at least three corners.
 */
export function polygonToRuns(corners: readonly number[], { width, height }: Size): MaskRuns {
  const { xs, ys } = drawBorder(corners);
  const places: number[] = [];
  for (let i = 1; i < xs.length; i++) {
    if (xs[i] === xs[i - 1]) continue;
    const left = xs[i] < xs[i - 1] ? xs[i] : xs[i] - 1;
    const column = (left + 0.5) / SCALE - 0.5;
    if (!Number.isInteger(column) || column < 0 || column > width - 1) continue;
    const upper = Math.min(ys[i], ys[i - 1]);
    const row = Math.ceil(Math.min(height, Math.max(0, (upper + 0.5) / SCALE - 0.5)));
    places.push(column * height + row);
  }
  places.push(width * height);
  places.sort((a, b) => a - b);
  return { width, height, counts: toCounts(places) };
}

/** Every point of the border on the fine grid, in the order of the corners. */
function drawBorder(corners: readonly number[]): { xs: number[]; ys: number[] } {
  const count = corners.length >> 1;
  const grid = corners.map((value) => Math.trunc(SCALE * value + 0.5));
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count;
    let [x0, y0, x1, y1] = [grid[2 * i], grid[2 * i + 1], grid[2 * next], grid[2 * next + 1]];
    const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
    const isFlat = dx >= dy;
    const isTurned = isFlat ? x0 > x1 : y0 > y1;
    if (isTurned) [x0, y0, x1, y1] = [x1, y1, x0, y0];
    const slope = Math.max(dx, dy) === 0 ? 0 : isFlat ? (y1 - y0) / dx : (x1 - x0) / dy;
    const steps = isFlat ? dx : dy;
    for (let step = 0; step <= steps; step++) {
      const t = isTurned ? steps - step : step;
      xs.push(isFlat ? t + x0 : Math.trunc(x0 + slope * t + 0.5));
      ys.push(isFlat ? Math.trunc(y0 + slope * t + 0.5) : t + y0);
    }
  }
  return { xs, ys };
}

/** Lengths between sorted places; two crossings at one place cancel out. */
function toCounts(places: readonly number[]): number[] {
  const lengths = places.map((place, i) => place - (places[i - 1] ?? 0));
  const counts = [lengths[0]];
  for (let i = 1; i < lengths.length;) {
    if (lengths[i] > 0) counts.push(lengths[i++]);
    else {
      i++;
      if (i < lengths.length) counts[counts.length - 1] += lengths[i++];
    }
  }
  return counts;
}
