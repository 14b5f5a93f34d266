import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { OnnxType } from './onnx-types.js';

/** Windows maps files at multiples of 64 KiB; a large tensor that starts there is mapped, not copied. */
const LARGE_ALIGNMENT_BYTES = 64 * 1024;
const SMALL_ALIGNMENT_BYTES = 64;
/** Flushed to the disk after this many bytes, so that there is little left to wait for at the end. */
const FLUSH_BYTES = 256 * 2 ** 20;

/** A tensor in a weight file, as a graph refers to it. */
export interface StoredWeight {
  /** Unique among the model's weights; becomes the initializer's name. */
  readonly name: string;
  readonly type: OnnxType;
  readonly dims: readonly number[];
  /** File name beside the graph. */
  readonly file: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** A file of weights that is written from front to back and hashed on the way. */
export class WeightFile {
  readonly name: string;
  readonly weights = new Map<string, StoredWeight>();
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  #sizeBytes = 0;
  #unflushedBytes = 0;
  #flushing: Promise<void> | undefined;
  #memory = new ArrayBuffer(0);

  private constructor(name: string, handle: FileHandle) {
    this.name = name;
    this.#handle = handle;
  }

  static async create(path: string): Promise<WeightFile> {
    return new WeightFile(basename(path), await open(path, 'wx'));
  }

  /** Write a whole tensor. */
  async add(
    name: string,
    type: OnnxType,
    dims: readonly number[],
    values: ArrayBufferView,
  ): Promise<StoredWeight> {
    const offsetBytes = await this.begin(values.byteLength);
    await this.append(values);
    return this.finish(name, type, dims, offsetBytes);
  }

  /** Start a tensor of about `sizeBytes` (decides its alignment); append() its parts, then finish() it. */
  async begin(sizeBytes: number): Promise<number> {
    const alignment = sizeBytes >= LARGE_ALIGNMENT_BYTES ? LARGE_ALIGNMENT_BYTES : SMALL_ALIGNMENT_BYTES;
    const gap = (alignment - (this.#sizeBytes % alignment)) % alignment;
    if (gap > 0) await this.append(new Uint8Array(gap));
    return this.#sizeBytes;
  }

  async append(values: ArrayBufferView): Promise<void> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#hash.update(bytes);
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done);
      done += bytesWritten;
    }
    this.#sizeBytes += bytes.length;
    this.#unflushedBytes += bytes.length;
    if (this.#unflushedBytes >= FLUSH_BYTES && this.#flushing === undefined) this.#flush();
  }

  /**
   * At least this many bytes for one matrix, the same memory each time: two of the largest would be most of what a
   * conversion needs.
   */
  borrow(sizeBytes: number): ArrayBuffer {
    if (this.#memory.byteLength < sizeBytes) this.#memory = new ArrayBuffer(sizeBytes);
    return this.#memory;
  }

  finish(name: string, type: OnnxType, dims: readonly number[], offsetBytes: number): StoredWeight {
    const sizeBytes = this.#sizeBytes - offsetBytes;
    const stored: StoredWeight = { name, type, dims, file: this.name, offsetBytes, sizeBytes };
    this.weights.set(name, stored);
    return stored;
  }

  /** Flush what was written to the disk while the next weights are converted. */
  #flush(): void {
    this.#unflushedBytes = 0;
    // An error will come back from the flush at the end.
    const done = (): void => {
      this.#flushing = undefined;
    };
    this.#flushing = this.#handle.datasync().then(done, done);
  }

  /** Flush to the disk and close. @returns size and sha256 (hex) of the file. */
  async close(): Promise<{ sizeBytes: number; sha256: string }> {
    await this.#flushing;
    await this.#handle.sync();
    await this.#handle.close();
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') };
  }

  /** Close without the flush, after a failure. */
  async abandon(): Promise<void> {
    await this.#flushing;
    await this.#handle.close().catch(() => undefined);
  }
}
