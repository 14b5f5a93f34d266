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

/** Colours that differ in their upper bits; sums are over the pixels. */
interface Bin {
  readonly place: Color;
  readonly key: number;
  readonly count: number;
  readonly sums: readonly [number, number, number];
}

/** Colours that share a place in the palette; `weight` is 0 when they cannot be told apart. */
interface ColorBox {
  readonly bins: readonly Bin[];
  /** In which they are farthest apart. */
  readonly channel: number;
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
  const boxes = [toBox(collectBins(data))];
  while (boxes.length < maxColors) {
    const widest = boxes.reduce((best, { weight }, i) => (weight > boxes[best].weight ? i : best), 0);
    if (boxes[widest].weight === 0) break;
    boxes.push(...cutBox(boxes.splice(widest, 1)[0]));
  }
  const paletteIndexes = new Uint8Array(LEVELS ** 3);
  for (const [index, { bins }] of boxes.entries()) {
    for (const { key } of bins) paletteIndexes[key] = index;
  }
  const indexes = new Uint8Array(data.length / 3);
  for (let i = 0; i < indexes.length; i++) indexes[i] = paletteIndexes[keyAt(data, i * 3)];
  return { palette: boxes.map(meanColor), indexes };
}

function collectBins(data: Uint8Array): Bin[] {
  const counts = new Uint32Array(LEVELS ** 3);
  const sums = new Float64Array(LEVELS ** 3 * 3);
  for (let i = 0; i < data.length; i += 3) {
    const key = keyAt(data, i);
    counts[key]++;
    sums[key * 3] += data[i];
    sums[key * 3 + 1] += data[i + 1];
    sums[key * 3 + 2] += data[i + 2];
  }
  const bins: Bin[] = [];
  for (const [key, count] of counts.entries()) {
    if (count === 0) continue;
    bins.push({
      place: [key >> (2 * BITS), (key >> BITS) % LEVELS, key % LEVELS],
      ...{ key, count },
      sums: [sums[key * 3], sums[key * 3 + 1], sums[key * 3 + 2]],
    });
  }
  return bins;
}

function keyAt(data: Uint8Array, at: number): number {
  const drop = 8 - BITS;
  return ((data[at] >> drop) << (2 * BITS)) | ((data[at + 1] >> drop) << BITS) | (data[at + 2] >> drop);
}

/** A box around these colours. */
function toBox(bins: readonly Bin[]): ColorBox {
  const lengths = [0, 1, 2].map((channel) => {
    let [low, high] = [LEVELS, 0];
    for (const { place } of bins) {
      low = Math.min(low, place[channel]);
      high = Math.max(high, place[channel]);
    }
    return high - low;
  });
  const length = Math.max(...lengths);
  const pixels = bins.reduce((sum, { count }) => sum + count, 0);
  return { bins, channel: lengths.indexOf(length), pixels, weight: length * pixels };
}

/** Both parts have a colour at least, as the box has two. */
function cutBox({ bins, channel, pixels }: ColorBox): [ColorBox, ColorBox] {
  const sorted = [...bins].sort((a, b) => a.place[channel] - b.place[channel]);
  let cut = 1;
  for (let seen = sorted[0].count; cut < sorted.length - 1 && seen < pixels / 2; cut++)
    seen += sorted[cut].count;
  return [toBox(sorted.slice(0, cut)), toBox(sorted.slice(cut))];
}

function meanColor({ bins, pixels }: ColorBox): Color {
  const mean = (channel: number): number =>
    Math.round(bins.reduce((total, { sums }) => total + sums[channel], 0) / pixels);
  return [mean(0), mean(1), mean(2)];
}
