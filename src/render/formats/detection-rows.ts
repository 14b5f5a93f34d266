import type { Detection } from '../../base/detection.js';

/** The columns of a detection in the text format: label, score, top left corner, bottom right corner. */
export type DetectionRow = readonly [label: string, score: string, from: string, to: string];

/** Detections as text: scores with two decimals, corners `x,y` in whole pixels. */
export function toDetectionRows(detections: readonly Detection[]): DetectionRow[] {
  return detections.map(({ label, score, box }) => [
    label,
    score.toFixed(2),
    `${Math.round(box.x0)},${Math.round(box.y0)}`,
    `${Math.round(box.x1)},${Math.round(box.y1)}`,
  ]);
}
