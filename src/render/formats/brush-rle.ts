import type { BinaryMask } from '../../base/detection.js';

/** Possible bit widths of a run's length; two bits in each run select one. */
const LENGTH_BITS = [3, 4, 8, 16];
const WORD_BITS = 8;
const CHANNELS = 4;
/** The value of an annotated pixel in the encoded picture, in all four channels. */
const MARKED = 255;

/**
 * A mask as Label Studio's brush writes it: a picture with four channels per pixel, row by row, as runs of equal bytes.
 * The header gives the number of bytes (32 bits), the bits per byte (5), and the widths of the lengths (4 each,
 * minus one). A run is a bit (1: several, 0: one), two bits that select the width of its length, the length minus
 * one, and the byte. Bits are written from the highest of each byte.
 *
 * @returns the bytes, one number each.
 */
export function encodeBrushRle({ width, height, data }: BinaryMask): number[] {
  const bits = new BitWriter();
  bits.write(width * height * CHANNELS, 32);
  bits.write(WORD_BITS - 1, 5);
  for (const length of LENGTH_BITS) bits.write(length - 1, 4);
  for (let start = 0; start < data.length;) {
    let end = start + 1;
    while (end < data.length && data[end] === data[start]) end++;
    writeRun(bits, (end - start) * CHANNELS, data[start] === 0 ? 0 : MARKED);
    start = end;
  }
  return bits.finish();
}

function writeRun(bits: BitWriter, length: number, value: number): void {
  for (let left = length; left > 0;) {
    const choice = LENGTH_BITS.findIndex((size) => left <= 2 ** size);
    const size = choice < 0 ? LENGTH_BITS.length - 1 : choice;
    const count = Math.min(left, 2 ** LENGTH_BITS[size]);
    bits.write(1, 1);
    bits.write(size, 2);
    bits.write(count - 1, LENGTH_BITS[size]);
    bits.write(value, WORD_BITS);
    left -= count;
  }
}

/** Packs bits into bytes, the highest bit of each byte first. */
class BitWriter {
  readonly #bytes: number[] = [];
  #byte = 0;
  #count = 0;

  /** @param bits at most 32. */
  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#byte = (this.#byte << 1) | ((value >>> bit) & 1);
      if (++this.#count < 8) continue;
      this.#bytes.push(this.#byte);
      this.#byte = 0;
      this.#count = 0;
    }
  }

  /** Pads the last byte with zeros. */
  finish(): number[] {
    if (this.#count > 0) this.write(0, 8 - this.#count);
    return this.#bytes;
  }
}
