import { closeSync, openSync, readSync } from 'node:fs';
import type { ModelManifest } from '../../base/model-manifest.js';
import { EngineError } from '../../base/errors.js';
import { bfloatToFloat, halfToFloat } from '../../base/half-float.js';

/**
 * The text embeddings of a model, read row by row from their file: a table of up to 2 GB is never loaded.
 * A row is 4 KB; the system's file cache keeps those in use.
 */
export class EmbeddingRows {
  readonly #fd: number;
  readonly #rows: number;
  readonly #width: number;
  readonly #scale: number;
  readonly #raw: Uint8Array;
  readonly #widen: (raw: Uint8Array, target: Float32Array) => void;

  /** @param path of the file that `embedding` describes, rows x width in row order. */
  constructor(path: string, dtype: ModelManifest['embedding']['dtype'], rows: number, width: number) {
    this.#fd = openSync(path, 'r');
    this.#rows = rows;
    this.#width = width;
    // Gemma multiplies text embeddings, not image features, by sqrt(width); in float32 as transformers does.
    this.#scale = Math.fround(Math.sqrt(width));
    this.#raw = new Uint8Array(width * (dtype === 'F32' ? 4 : 2));
    this.#widen = widen[dtype];
  }

  /**
   * Write the scaled embedding of a token into `target` [width].
   * @throws {EngineError} the id is outside the table.
   */
  read(id: number, target: Float32Array): void {
    if (!Number.isInteger(id) || id < 0 || id >= this.#rows) {
      throw new EngineError(
        'TOKEN_UNKNOWN',
        `Token ${id} is outside the model's vocabulary of ${this.#rows}.`,
      );
    }
    const count = readSync(this.#fd, this.#raw, 0, this.#raw.length, id * this.#raw.length);
    if (count !== this.#raw.length)
      throw new EngineError('EMBEDDING_SHORT', 'The embedding file ends too early.');
    this.#widen(this.#raw, target);
    for (let i = 0; i < this.#width; i++) target[i] = target[i] * this.#scale;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

const halves = (raw: Uint8Array): Uint16Array => new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);

const widen = {
  F32: (raw: Uint8Array, target: Float32Array) =>
    target.set(new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4)),
  F16: (raw: Uint8Array, target: Float32Array) => halfToFloat(halves(raw), target),
  BF16: (raw: Uint8Array, target: Float32Array) => bfloatToFloat(halves(raw), target),
};
