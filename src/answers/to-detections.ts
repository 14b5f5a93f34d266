import type { Detection } from '../base/detection.js';
import type { Box, Size } from '../base/geometry.js';
import type { ParsedRecord } from './parse-records.js';
import { spanScore, type AnswerPiece } from './span-score.js';

/**
 * What a coordinate is divided by: 1023, as training wrote `round(x * 1023)`; 1024 for parity with tools that
 * divide by it.
 */
export type LocScale = 1023 | 1024;

/** `<loc0012>` is nine characters. */
const LOC_LENGTH = 9;

/**
 * Turn the records of an answer into detections, without masks.
 *
 * @param size of the picture as shown, pixels; boxes are in its pixels.
 * @param pieces the answer's tokens: their texts joined are the answer that the records were read from.
 */
export function toDetections(
  records: readonly ParsedRecord[],
  size: Size,
  pieces: readonly AnswerPiece[],
  locScale: LocScale = 1023,
): Detection[] {
  const score = spanScore(pieces);
  return records.map((record) => {
    const boxScore = score(record.start, record.start + 4 * LOC_LENGTH);
    return {
      label: record.label,
      score: record.labelStart < record.end ? score(record.labelStart, record.end) : boxScore,
      boxScore,
      box: binsToBox(record.bins, size, locScale),
      bins: record.bins,
      ...(record.codes === undefined ? {} : { codes: record.codes }),
    };
  });
}

function binsToBox([y0, x0, y1, x1]: Detection['bins'], { width, height }: Size, scale: LocScale): Box {
  return {
    x0: (x0 / scale) * width,
    y0: (y0 / scale) * height,
    x1: (x1 / scale) * width,
    y1: (y1 / scale) * height,
  };
}
