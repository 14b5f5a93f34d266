import type { RgbImage } from '../../base/image.js';
import type { Color } from '../../image/draw/render-text.js';

/** A picture as places in a palette, row-major. */
export interface PalettePicture {
  readonly palette: readonly Color[];
  readonly indexes: Uint8Array;
}

/** Bits of each channel that tell colours apart when boxes are cut. */
const BITS = 5;
const LEVELS = 2 ** BITS;
/** Colours that differ in these bits. A colour's key has those of red first, then green, then blue. */
const KEYS = LEVELS ** 3;
/** How far a key is shifted for the bits of red, green and blue. */
const SHIFTS = [2 * BITS, BITS, 0] as const;

/** Colours that share a place in the palette; `weight` is 0 when they cannot be told apart. */
interface ColorBox {
  /** One or more. */
  readonly keys: Uint16Array;
  /** How far the keys are shifted for the channel in which they are farthest apart. */
  readonly shift: number;
  readonly pixels: number;
  readonly weight: number;
}

/**
 * Find a palette for a picture by median cut: the box of colours that is widest, weighted by its pixels, is cut
 * where half of its pixels are on each side, until there are enough boxes. A box's colour is the mean of its
 * pixels. No dithering: drawn boxes and letters stay clean.
 *
 * @param maxColors 1..256.
 */
export function reduceColors({ data }: RgbImage, maxColors: number): PalettePicture {
  const counts = new Uint32Array(KEYS);
  for (let at = 0; at < data.length; at += 3) counts[keyAt(data, at)]++;
  const present = Uint16Array.from(counts.keys()).filter((key) => counts[key] > 0);
  const boxes = [toBox(present, counts)];
  while (boxes.length < maxColors) {
    const widest = boxes.reduce((best, { weight }, i) => (weight > boxes[best].weight ? i : best), 0);
    if (boxes[widest].weight === 0) break;
    boxes.push(...cutBox(boxes.splice(widest, 1)[0], counts));
  }
  const indexOfKey = new Uint8Array(KEYS);
  for (const [index, { keys }] of boxes.entries()) {
    for (const key of keys) indexOfKey[key] = index;
  }
  const indexes = new Uint8Array(data.length / 3);
  // Red, green and blue in turns.
  const sums = new Float64Array(boxes.length * 3);
  for (let i = 0, at = 0; i < indexes.length; i++, at += 3) {
    const index = indexOfKey[keyAt(data, at)];
    indexes[i] = index;
    sums[index * 3] += data[at];
    sums[index * 3 + 1] += data[at + 1];
    sums[index * 3 + 2] += data[at + 2];
  }
  const palette = boxes.map(({ pixels }, index): Color => {
    const mean = (channel: number): number => Math.round(sums[index * 3 + channel] / pixels);
    return [mean(0), mean(1), mean(2)];
  });
  return { palette, indexes };
}

function keyAt(data: Uint8Array, at: number): number {
  const drop = 8 - BITS;
  return ((data[at] >> drop) << (2 * BITS)) | ((data[at + 1] >> drop) << BITS) | (data[at + 2] >> drop);
}

/** A box around these colours. */
function toBox(keys: Uint16Array, counts: Uint32Array): ColorBox {
  const lengths = SHIFTS.map((shift) => {
    let [low, high] = [LEVELS, 0];
    for (let i = 0; i < keys.length; i++) {
      const level = (keys[i] >> shift) % LEVELS;
      if (level < low) low = level;
      if (level > high) high = level;
    }
    return high - low;
  });
  const length = Math.max(...lengths);
  let pixels = 0;
  for (let i = 0; i < keys.length; i++) pixels += counts[keys[i]];
  return { keys, shift: SHIFTS[lengths.indexOf(length)], pixels, weight: length * pixels };
}

/** Both parts have a colour at least, as the box has two. */
function cutBox({ keys, shift, pixels }: ColorBox, counts: Uint32Array): [ColorBox, ColorBox] {
  const sorted = sortByLevel(keys, shift);
  let cut = 1;
  for (let seen = counts[sorted[0]]; cut < sorted.length - 1 && seen < pixels / 2; cut++)
    seen += counts[sorted[cut]];
  return [toBox(sorted.subarray(0, cut), counts), toBox(sorted.subarray(cut), counts)];
}

/** By one channel alone; keys that are equal in it stay in their order. */
function sortByLevel(keys: Uint16Array, shift: number): Uint16Array {
  const places = new Uint32Array(LEVELS + 1);
  for (let i = 0; i < keys.length; i++) places[((keys[i] >> shift) % LEVELS) + 1]++;
  for (let level = 1; level < LEVELS; level++) places[level] += places[level - 1];
  const sorted = new Uint16Array(keys.length);
  for (let i = 0; i < keys.length; i++) sorted[places[(keys[i] >> shift) % LEVELS]++] = keys[i];
  return sorted;
}
