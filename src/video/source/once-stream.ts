import { Readable } from 'node:stream';

/** Most bytes that are kept for reading them again (64 MiB): ffprobe has seen enough after 5 MB of nearly any video. */
const MAX_KEPT_BYTES = 64 * 2 ** 20;

/**
 * Bytes that come only once, such as standard input. They can be previewed from the beginning, more than once, until
 * they are taken.
 */
export class OnceStream {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #pulling: Promise<boolean> | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The first bytes: at least this many, fewer when the stream is shorter. */
  async readHead(sizeBytes: number): Promise<Uint8Array> {
    while (this.#keptBytes < sizeBytes && (await this.#pull()));
    return Buffer.concat(this.#kept, this.#keptBytes);
  }

  /** From the beginning; ends after 64 MiB. What is read here stays for `take`. */
  peek(): Readable {
    return Readable.from(this.#peekChunks(), { objectMode: false });
  }

  /** From the beginning to the end. Nothing can be previewed afterwards. */
  take(): Readable {
    return Readable.from(this.#takeChunks(), { objectMode: false });
  }

  async *#peekChunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (
      let i = 0;
      i < this.#kept.length || (this.#keptBytes < MAX_KEPT_BYTES && (await this.#pull()));
      i++
    ) {
      yield this.#kept[i];
    }
  }

  async *#takeChunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      for (let chunk = this.#kept.shift(); chunk !== undefined; chunk = this.#kept.shift()) yield chunk;
      if (!(await this.#pull())) return;
    }
  }

  /** Wait for one more chunk; false at the end. A reader that gives up waiting leaves the chunk to the next one. */
  #pull(): Promise<boolean> {
    this.#pulling ??= this.#source
      .next()
      .then(({ done, value }) => {
        if (done === true) return false;
        this.#kept.push(value);
        this.#keptBytes += value.length;
        return true;
      })
      .finally(() => (this.#pulling = undefined));
    return this.#pulling;
  }
}
