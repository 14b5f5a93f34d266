const floatBits = new Float32Array(1);
const intBits = new Uint32Array(floatBits.buffer);

/** Every float16 value as float32, indexed by its bits. 256 KiB, made on first use. */
let halfTable: Float32Array | undefined;

function makeHalfTable(): Float32Array {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction ? NaN : sign * Infinity;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}

/** Widen float16 bits to float32, exactly. `target` has room for `source.length` values. */
export function halfToFloat(source: Uint16Array, target: Float32Array): void {
  const table = (halfTable ??= makeHalfTable());
  for (let i = 0; i < source.length; i++) target[i] = table[source[i]]!;
}

/** Widen bfloat16 bits to float32, exactly. `target` has room for `source.length` values. */
export function bfloatToFloat(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i] << 16;
}

/** One float32 as float16 bits, rounded to nearest even; beyond 65504 it becomes infinity. */
export function floatToHalf(value: number): number {
  floatBits[0] = value;
  const bits = intBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 255) - 112;
  let fraction = bits & 0x7fffff;
  if (exponent >= 31) return sign | (((bits >>> 23) & 255) === 255 && fraction ? 0x7e00 : 0x7c00);
  if (exponent <= 0) {
    if (exponent < -10) return sign;
    fraction |= 0x800000;
    const shift = 14 - exponent;
    const half = fraction >>> shift;
    const rest = fraction & ((1 << shift) - 1);
    const middle = 1 << (shift - 1);
    return sign | (half + (rest > middle || (rest === middle && half & 1) ? 1 : 0));
  }
  const half = (exponent << 10) | (fraction >>> 13);
  const rest = fraction & 0x1fff;
  return sign | (half + (rest > 0x1000 || (rest === 0x1000 && half & 1) ? 1 : 0));
}

/** Round float32 values to float16 bits, to nearest even. */
export function floatsToHalf(source: Float32Array): Uint16Array {
  const target = new Uint16Array(source.length);
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i];
    const exponent = (value >>> 23) & 255;
    // Ordinary float16 numbers, nearly all weights: drop 13 bits, rounding half to even, and rebias.
    if (exponent > 112 && exponent < 143) {
      const rounded = ((value & 0x7fffffff) - 0x38000000 + 0xfff + ((value >>> 13) & 1)) >>> 13;
      target[i] = ((value >>> 16) & 0x8000) | rounded;
    } else {
      target[i] = floatToHalf(source[i]);
    }
  }
  return target;
}
