import type { Taps } from './bicubic-taps.js';
import { resizeKernelCode } from './resize-kernel-code.js';

/** The functions of kernel/resize.ts, which documents their arguments. */
interface KernelFunctions {
  readonly resizeRows: (...offsetsAndCounts: number[]) => void;
  readonly resizeColumns: (...offsetsAndCounts: number[]) => void;
}

/** The parts of WebAssembly used here: its types come only with those for browsers. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => WasmMemory;
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { exports: object };
};
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const PAGE_BYTES = 65_536;
/** Memory beyond this is released after a picture; photos need some 3 MB. */
const KEPT_BYTES = 64 * 2 ** 20;

/** The WebAssembly module that resizes, and its memory, which is allocated from start to end. */
export class ResizeKernel {
  readonly functions: KernelFunctions;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  #used = 0;

  private constructor() {
    const module = new WebAssembly.Module(Buffer.from(resizeKernelCode, 'base64'));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.functions = exports as unknown as KernelFunctions;
  }

  static #kept: ResizeKernel | undefined;

  /** Work with empty memory; its contents are lost afterwards. */
  static use<T>(work: (kernel: ResizeKernel) => T): T {
    const kernel = (this.#kept ??= new ResizeKernel());
    kernel.#used = 0;
    try {
      return work(kernel);
    } finally {
      if (kernel.#memory.buffer.byteLength > KEPT_BYTES) this.#kept = undefined;
    }
  }

  /** The memory; another array after each `allocate`. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  /** @returns the offset of `bytes` bytes, a multiple of 16; their contents are undefined. */
  allocate(size: number): number {
    const offset = this.#used;
    this.#used += Math.ceil(size / 16) * 16;
    const missing = this.#used - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return offset;
  }

  /** Write weights as the kernel reads them, followed by zeros. @param pairs room for twice this many. */
  writeWeights(offset: number, { count, weights }: Taps, pairs: number): void {
    const packed = new Int16Array(this.#memory.buffer, offset, pairs * 4).fill(0);
    for (let i = 0; i < count; i++) {
      const at = (i >> 1) * 4 + (i & 1);
      packed[at] = weights[i] & 2047;
      packed[at + 2] = weights[i] >> 11;
    }
  }
}
