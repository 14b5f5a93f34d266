import type { Box } from '../base/geometry.js';
import type { TaskResult } from '../base/task-result.js';

/** Decimals of scores. */
const SCORE_DECIMALS = 4;
/** Hundredths of a pixel are enough. */
const PIXEL_DECIMALS = 2;

/**
 * A result with the numbers that the JSON formats write. What is made of it, sizes of boxes and shares of pictures too,
 * is then the same at once and later from such a file.
 */
export function roundResult(result: TaskResult): TaskResult {
  if (result.detections === undefined) return result;
  const detections = result.detections.map((detection) => ({
    ...detection,
    score: roundScore(detection.score),
    boxScore: roundScore(detection.boxScore),
    box: roundBox(detection.box),
  }));
  return { ...result, detections };
}

export function roundScore(score: number): number {
  return round(score, SCORE_DECIMALS);
}

export function roundBox({ x0, y0, x1, y1 }: Box): Box {
  return { x0: roundPixels(x0), y0: roundPixels(y0), x1: roundPixels(x1), y1: roundPixels(y1) };
}

export function roundPixels(pixels: number): number {
  return round(pixels, PIXEL_DECIMALS);
}

/** To so many decimals. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
