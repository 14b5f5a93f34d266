/** The a of the bicubic kernel, as Pillow has it. */
const CUBIC_A = -0.5;
/** The kernel reaches this many (scaled) pixels to each side. */
const CUBIC_SUPPORT = 2;
/** Fraction bits of the fixed-point weights: Pillow's 32 - 8 - 2. */
const PRECISION_BITS = 22;

/** What one output pixel is made of: neighbouring input pixels. */
export interface Taps {
  /** The first of them. */
  readonly first: number;
  readonly count: number;
  /** One each, 22 fraction bits; values beyond `count` are meaningless. */
  readonly weights: Int32Array;
}

/** The most that `count` can be. */
export function mostTaps(inSize: number, outSize: number): number {
  return Math.ceil(CUBIC_SUPPORT * Math.max(inSize / outSize, 1)) * 2 + 1;
}

/**
 * The taps of each output pixel along one direction, as Pillow computes them: the kernel widens when shrinking
 * (antialiased).
 *
 * @yields the same object each time.
 */
export function* computeTaps(inSize: number, outSize: number): Generator<Taps, void, undefined> {
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const support = CUBIC_SUPPORT * filterScale;
  const row = new Float64Array(mostTaps(inSize, outSize));
  const taps = { first: 0, count: 0, weights: new Int32Array(row.length) };
  for (let out = 0; out < outSize; out++) {
    const center = (out + 0.5) * scale;
    taps.first = Math.max(0, Math.trunc(center - support + 0.5));
    taps.count = Math.min(inSize, Math.trunc(center + support + 0.5)) - taps.first;
    let sum = 0;
    for (let i = 0; i < taps.count; i++) {
      row[i] = cubic((i + taps.first - center + 0.5) * (1 / filterScale));
      sum += row[i];
    }
    for (let i = 0; i < taps.count; i++) {
      const weight = (sum === 0 ? row[i] : row[i] / sum) * (1 << PRECISION_BITS);
      taps.weights[i] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    yield taps;
  }
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
  if (x < CUBIC_SUPPORT) return (((x - 5) * x + 8) * x - 4) * CUBIC_A;
  return 0;
}
