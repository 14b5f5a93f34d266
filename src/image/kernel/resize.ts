// The two passes of src/image/resize/resize-bicubic.ts in AssemblyScript, which becomes WebAssembly with SIMD:
// `npm run kernels` writes src/image/resize/resize-kernel-code.ts. Offsets and lengths are bytes of the module's memory;
// src/image/resize/resize-kernel.ts lays it out. Nothing is checked here.
//
// A weight of 22 fraction bits is split into low + 2048 * high, with low in 0..2047, so that both fit the 16-bit
// products that SIMD adds up two at a time. Sums wrap at 32 bits in any order to the same value.

const LOW_BITS = 11;
const FRACTION_BITS = 22;

// Two neighbours of RGBRGBRGBRGB as 16-bit pairs: red red green green blue blue, then zeros.
function pairFirst(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
}

function pairSecond(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
}

function addDot(sum: v128, pixels: v128, weights: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(pixels, weights));
}

/** Four sums as values that narrowing with saturation makes bytes. */
function round(low: v128, high: v128): v128 {
  const sum = i32x4.add(low, i32x4.shl(high, LOW_BITS));
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(1 << (FRACTION_BITS - 1))), FRACTION_BITS);
}

/**
 * Rows of RGB to rows of `outWidth` pixels, one after the other. 16 bytes after the last row may be read, and one
 * after the last of `output` is written.
 *
 * @param inStride bytes from one row to the next.
 * @param firsts for each pixel, the offset in its row of the first that counts, u32.
 * @param weights for each pixel `groups` times four neighbours: low 0 1, high 0 1, low 2 3, high 2 3, i16.
 */
export function resizeRows(
  input: usize,
  inStride: usize,
  rows: u32,
  output: usize,
  outWidth: u32,
  firsts: usize,
  weights: usize,
  groups: u32,
): void {
  for (let y: u32 = 0; y < rows; y++) {
    let weight = weights;
    for (let x: u32 = 0; x < outWidth; x++) {
      let from = input + load<u32>(firsts + (x << 2));
      let low = i32x4.splat(0);
      let high = i32x4.splat(0);
      for (let end = weight + (groups << 4); weight < end; weight += 16) {
        const pixels = v128.load(from);
        const first = pairFirst(pixels);
        const second = pairSecond(pixels);
        low = addDot(low, first, v128.load32_splat(weight));
        high = addDot(high, first, v128.load32_splat(weight, 4));
        low = addDot(low, second, v128.load32_splat(weight, 8));
        high = addDot(high, second, v128.load32_splat(weight, 12));
        from += 12;
      }
      const words = i16x8.narrow_i32x4_s(round(low, high), i32x4.splat(0));
      // The fourth byte is the next pixel's first.
      store<u32>(output, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
      output += 3;
    }
    input += inStride;
  }
}

/**
 * One row out of neighbouring rows, byte by byte. One row and 16 bytes after the last may be read, and 15 bytes after
 * the last of `output` written.
 *
 * @param stride bytes from one row to the next.
 * @param length bytes of a row.
 * @param weights `pairs` times two rows: low 0 1, high 0 1, i16.
 */
export function resizeColumns(
  input: usize,
  stride: usize,
  length: u32,
  output: usize,
  weights: usize,
  pairs: u32,
): void {
  const end = weights + (pairs << 3);
  for (let x: u32 = 0; x < length; x += 16) {
    let from = input + x;
    let low0 = i32x4.splat(0);
    let low1 = i32x4.splat(0);
    let low2 = i32x4.splat(0);
    let low3 = i32x4.splat(0);
    let high0 = i32x4.splat(0);
    let high1 = i32x4.splat(0);
    let high2 = i32x4.splat(0);
    let high3 = i32x4.splat(0);
    for (let weight = weights; weight < end; weight += 8) {
      const above = v128.load(from);
      const below = v128.load(from + stride);
      const near = i8x16.shuffle(above, below, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const far = i8x16.shuffle(above, below, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const pixels0 = i16x8.extend_low_i8x16_u(near);
      const pixels1 = i16x8.extend_high_i8x16_u(near);
      const pixels2 = i16x8.extend_low_i8x16_u(far);
      const pixels3 = i16x8.extend_high_i8x16_u(far);
      const low = v128.load32_splat(weight);
      const high = v128.load32_splat(weight, 4);
      low0 = addDot(low0, pixels0, low);
      low1 = addDot(low1, pixels1, low);
      low2 = addDot(low2, pixels2, low);
      low3 = addDot(low3, pixels3, low);
      high0 = addDot(high0, pixels0, high);
      high1 = addDot(high1, pixels1, high);
      high2 = addDot(high2, pixels2, high);
      high3 = addDot(high3, pixels3, high);
      from += stride << 1;
    }
    const words0 = i16x8.narrow_i32x4_s(round(low0, high0), round(low1, high1));
    const words1 = i16x8.narrow_i32x4_s(round(low2, high2), round(low3, high3));
    v128.store(output + x, i8x16.narrow_i16x8_u(words0, words1));
  }
}
