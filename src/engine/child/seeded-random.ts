const TWO_TO_32 = 2 ** 32;
/** SplitMix32's step: 2 ** 32 divided by the golden ratio. */
const GOLDEN_STEP = 0x9e37_79b9;

/**
 * Random numbers reproducible from a seed: xoshiro128** (Blackman and Vigna, public domain), its four words of
 * state filled by SplitMix32, as its authors advise. Good enough to sample with; not for secrets.
 */
export class SeededRandom {
  readonly #state: Uint32Array;

  /** @param state four words, not all 0. */
  constructor(state: Uint32Array) {
    this.#state = state.slice(0, 4);
  }

  /** @param seed any whole number up to 2 ** 53 either way; no two seeds give the same state. */
  static fromSeed(seed: number): SeededRandom {
    const high = Math.floor(seed / TWO_TO_32) >>> 0;
    const low = (seed ^ mixBits(high)) >>> 0;
    return new SeededRandom(
      Uint32Array.of(
        mixBits(low + GOLDEN_STEP),
        mixBits(low + 2 * GOLDEN_STEP),
        mixBits(high + 3 * GOLDEN_STEP),
        mixBits(high + 4 * GOLDEN_STEP),
      ),
    );
  }

  /** The next 32 random bits, 0 .. 2 ** 32 - 1. */
  nextBits(): number {
    const state = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotateLeft(state[3], 11);
    return result;
  }

  /** The next number in [0, 1), a multiple of 2 ** -32. */
  next(): number {
    return this.nextBits() / TWO_TO_32;
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** SplitMix32's output function: every input its own output. */
function mixBits(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
