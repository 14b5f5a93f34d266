import type { BinaryMask } from './detection.js';
import { InputError } from './errors.js';
import type { Size } from './geometry.js';

/** A mask as COCO writes it: `size` is [height, width], `counts` the compressed run lengths. */
export interface MaskRle {
  readonly size: readonly [number, number];
  readonly counts: string;
}

/** Five bits of a number go into one character, from `0` (48) on; the sixth bit says that more follow. */
const FIRST_CHARACTER = 48;
const MORE = 0x20;
const SIGN = 0x10;
/** Characters that a run length of 2^31 needs: 7 of 5 bits. More are damage. */
const MAX_GROUPS = 7;
/** Largest mask that is read back, pixels: a square of 32,768. */
const MAX_PIXELS = 2 ** 30;

/**
 * Compress a mask as pycocotools does: lengths of the runs down the columns, zeros first; from the fourth on the
 * difference to the run two before.
 */
export function encodeMaskRle(mask: BinaryMask): MaskRle {
  const runs = columnRuns(mask);
  let counts = '';
  for (let i = 0; i < runs.length; i++) counts += encodeNumber(i > 2 ? runs[i] - runs[i - 2] : runs[i]);
  return { size: [mask.height, mask.width], counts };
}

/**
 * Read a compressed mask.
 * @throws {InputError} the string is damaged, or its runs do not fill the size.
 */
export function decodeMaskRle(rle: MaskRle): BinaryMask {
  const [height, width] = rle.size;
  const runs = decodeMaskRuns(rle);
  const pixels = height * width;
  const data = new Uint8Array(pixels);
  let place = 0;
  for (let i = 0; i < runs.length; i++) {
    const end = place + runs[i];
    if (i % 2 === 0) place = end;
    for (; place < end; place++) data[(place % height) * width + Math.floor(place / height)] = 1;
  }
  return { width, height, data };
}

/**
 * The run lengths of a compressed mask, down the columns; the first run is of zeros.
 * @throws {InputError} the string is damaged, or its runs do not fill the size.
 */
export function decodeMaskRuns({ size: [height, width], counts }: MaskRle): number[] {
  const runs = decodeNumbers(counts);
  for (let i = 3; i < runs.length; i++) runs[i] += runs[i - 2];
  const isSize = Number.isInteger(height) && Number.isInteger(width) && height >= 0 && width >= 0;
  const pixels = height * width;
  if (!isSize || pixels > MAX_PIXELS) throw damaged(`its size is ${height} x ${width}`);
  if (runs.some((run) => run < 0) || runs.reduce((sum, run) => sum + run, 0) !== pixels) {
    throw damaged(`its runs do not fill ${height} x ${width} pixels`);
  }
  return runs;
}

/** Run lengths down the columns, from left to right; the first run is of zeros and may be empty. */
function columnRuns({ width, height, data }: Size & { readonly data: Uint8Array }): number[] {
  const runs: number[] = [];
  let value = 0;
  let length = 0;
  for (let x = 0; x < width; x++) {
    for (let place = x; place < width * height; place += width) {
      if (data[place] === value) length++;
      else {
        runs.push(length);
        value = 1 - value;
        length = 1;
      }
    }
  }
  runs.push(length);
  return runs;
}

function encodeNumber(number: number): string {
  let text = '';
  for (let rest = number, more = true; more;) {
    const group = rest & 0x1f;
    rest >>= 5;
    more = (group & SIGN) === 0 ? rest !== 0 : rest !== -1;
    text += String.fromCharCode(FIRST_CHARACTER + group + (more ? MORE : 0));
  }
  return text;
}

function decodeNumbers(counts: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let groups = 0;
  for (let i = 0; i < counts.length; i++) {
    const group = counts.charCodeAt(i) - FIRST_CHARACTER;
    if (group < 0 || group > 0x3f || groups === MAX_GROUPS) throw damaged(`character ${i + 1} is wrong`);
    number |= (group & 0x1f) << (5 * groups++);
    if ((group & MORE) !== 0) continue;
    // The sign bit of the last group is extended to the top.
    if ((group & SIGN) !== 0 && groups < MAX_GROUPS) number |= -1 << (5 * groups);
    numbers.push(number);
    number = 0;
    groups = 0;
  }
  if (groups > 0) throw damaged('it ends inside a number');
  return numbers;
}

function damaged(why: string): InputError {
  return new InputError('MASK_UNREADABLE', `The mask's run lengths cannot be read: ${why}.`);
}
