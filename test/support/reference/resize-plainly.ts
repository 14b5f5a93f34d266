import type { RgbImage } from '../../../src/base/image.js';

/** Fraction bits of the fixed-point weights: Pillow's 32 - 8 - 2. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);
/** The a of the bicubic kernel, as Pillow has it. */
const CUBIC_A = -0.5;
/** The kernel reaches this many (scaled) pixels to each side. */
const CUBIC_SUPPORT = 2;

/** For each output pixel: the first input pixel, how many, and where its weights begin. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Fixed point with PRECISION_BITS; row i begins at i * stride. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/**
 * Pillow's bicubic filter as plain as it can be written; what resizeBicubic gives, which the golden pictures compare
 * with Pillow itself.
 */
export function resizePlainly(image: RgbImage, width: number, height: number): RgbImage {
  // Pillow 13.0.0, which made the reference, begins with the columns when more than twice as many rows as columns
  // go away (measured on 1500 random sizes). Older ones never do: there they differ by 1 of 255.
  const columnsFirst = image.height > height && image.height - height > 2 * (image.width - width);
  let { data } = image;
  // Each pass is left out where the size stays.
  if (columnsFirst) data = resizeColumns(data, image.width, image.height, height);
  const rows = columnsFirst ? height : image.height;
  if (image.width !== width) data = resizeRows(data, image.width, rows, width);
  if (rows !== height) data = resizeColumns(data, width, rows, height);
  return data === image.data ? image : { width, height, data };
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
  if (x < CUBIC_SUPPORT) return (((x - 5) * x + 8) * x - 4) * CUBIC_A;
  return 0;
}

function computeTaps(inSize: number, outSize: number): Taps {
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const support = CUBIC_SUPPORT * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Int32Array(outSize * stride);
  const row = new Float64Array(stride);
  for (let out = 0; out < outSize; out++) {
    const center = (out + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const high = Math.min(inSize, Math.trunc(center + support + 0.5));
    first[out] = low;
    count[out] = high - low;
    let sum = 0;
    for (let i = 0; i < high - low; i++) {
      row[i] = cubic((i + low - center + 0.5) * (1 / filterScale));
      sum += row[i];
    }
    for (let i = 0; i < high - low; i++) {
      const weight = (sum === 0 ? row[i] : row[i] / sum) * (1 << PRECISION_BITS);
      weights[out * stride + i] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
  }
  return { first, count, weights, stride };
}

function toByte(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** [height, inWidth, 3] -> [height, outWidth, 3]. */
function resizeRows(data: Uint8Array, inWidth: number, height: number, outWidth: number): Uint8Array {
  const { first, count, weights, stride } = computeTaps(inWidth, outWidth);
  const result = new Uint8Array(outWidth * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const rowStart = y * inWidth * 3;
    for (let x = 0; x < outWidth; x++) {
      let from = rowStart + first[x] * 3;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      const start = x * stride;
      const end = start + count[x];
      for (let k = start; k < end; k++, from += 3) {
        const weight = weights[k];
        red = (red + Math.imul(data[from], weight)) | 0;
        green = (green + Math.imul(data[from + 1], weight)) | 0;
        blue = (blue + Math.imul(data[from + 2], weight)) | 0;
      }
      result[to++] = toByte(red);
      result[to++] = toByte(green);
      result[to++] = toByte(blue);
    }
  }
  return result;
}

/** [inHeight, width, 3] -> [outHeight, width, 3]; whole rows are added up, which keeps to the memory's order. */
function resizeColumns(data: Uint8Array, width: number, inHeight: number, outHeight: number): Uint8Array {
  const { first, count, weights, stride } = computeTaps(inHeight, outHeight);
  const rowLength = width * 3;
  const result = new Uint8Array(rowLength * outHeight);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(HALF);
    for (let k = 0; k < count[y]; k++) {
      const weight = weights[y * stride + k];
      if (weight === 0) continue;
      const from = (first[y] + k) * rowLength;
      for (let x = 0; x < rowLength; x++) {
        sums[x] = (sums[x] + Math.imul(data[from + x], weight)) | 0;
      }
    }
    const to = y * rowLength;
    for (let x = 0; x < rowLength; x++) result[to + x] = toByte(sums[x]);
  }
  return result;
}
