import type { Dtype } from '../../base/dtype.js';
import { readTotalMemory } from '../../base/machine/total-memory.js';

/** PaliGemma 3B as int8-int4 maps 4.5 GB of weights and has 2 GB of its own; with less memory they are read again and again. */
const ENOUGH_BYTES = 8e9;

/**
 * The form that pull and import make: the one that was asked for, or with `auto` the quickest on a CPU that this
 * computer's memory has room for.
 */
export function chooseDtype(wanted: Dtype | 'auto', memoryBytes = readTotalMemory()): Dtype {
  if (wanted !== 'auto') return wanted;
  // What is sold as 8 GB has a little less.
  return memoryBytes >= 0.9 * ENOUGH_BYTES ? 'int8-int4' : 'int8';
}
