import type { LinearFormat } from './linear-plan.js';

/**
 * Outputs of a `w8a8` matrix at most. onnxruntime's kernel took 29 ms for 266 rows times [2048, 16384] at once and
 * 24 ms for the same in two pieces, and what is done to each element stays in the caches (docs/performance.md).
 */
const MOST_OUTPUTS = 8320;
const MULTIPLE = 128;
/** Rows whose length is a multiple of this many floats fall on one another in the caches. */
const CACHE_FLOATS = 1024;

/**
 * Lengths of the pieces in which the inner values of an MLP are computed.
 * @param width of the inner values, and @param format of the matrices.
 * @returns lengths that add up to `width`, each but the last the same multiple of 128.
 */
export function listMlpPieces(width: number, format: LinearFormat): number[] {
  const count = format === 'w8a8' ? Math.ceil(width / MOST_OUTPUTS) : 1;
  if (count === 1) return [width];
  let length = Math.ceil(width / count / MULTIPLE) * MULTIPLE;
  if (length % CACHE_FLOATS === 0) length += MULTIPLE;
  return Array.from({ length: count }, (_, i) => Math.min(length, width - i * length));
}
