/**
 * How the matrix of a linear is stored.
 * `f32`, `f16`: dense, [inputs, outputs].
 * `w8a8`: int8 [inputs, outputs] with a scale per output, multiplied with activations rounded to 8 bits per
 * token (CPU only). `q8`, `q4`: blocks of inputs with a scale each, for MatMulNBits.
 */
export type LinearFormat = 'f32' | 'f16' | 'w8a8' | 'q8' | 'q4';

/** A format with what belongs to it. */
export interface LinearPlan {
  readonly format: LinearFormat;
  /** Inputs that share a scale at most, for `q8` and `q4`; the last block of a row may be shorter. */
  readonly blockSize?: 32 | 128 | 256;
  /** The matrix is turned, and its input when it runs: see rotate-rows. */
  readonly isRotated?: boolean;
}

/** Bytes of one weight; a block has a float32 scale. */
export function bytesPerWeight({ format, blockSize = 32 }: LinearPlan): number {
  switch (format) {
    case 'f32':
      return 4;
    case 'f16':
      return 2;
    case 'w8a8':
      return 1;
    case 'q8':
      return 1 + 4 / blockSize;
    case 'q4':
      return 0.5 + 4 / blockSize;
  }
}

/** For people, as the manifest has it: `q4 in blocks of 256, rotated`. */
export function describeLinearPlan({ format, blockSize, isRotated }: LinearPlan): string {
  const blocks = blockSize === undefined ? '' : ` in blocks of ${blockSize}`;
  return `${format}${blocks}${isRotated ? ', rotated' : ''}`;
}
