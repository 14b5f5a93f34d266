import { type FileHandle, open, rm } from 'node:fs/promises';
import { renamePatiently } from '../base/files/rename-patiently.js';

/** Bytes per request: the most that a killed download loses of each. */
const PART_BYTES = 32 * 2 ** 20;

/** Beside a file that is being fetched; no other tool takes these for its own unfinished downloads. */
export const PARTIAL_SUFFIX = '.pali-partial';
export const PARTS_SUFFIX = '.pali-parts';

/**
 * A file that is filled in parts, in any order, by a process that may be killed at any moment: the bytes go to their
 * places in `<target>.pali-partial`, and `<target>.pali-parts` says how many of each part are there. The count is
 * written after the bytes, so it never claims too much.
 */
export class PartialFile {
  readonly #counts: Uint32Array;

  private constructor(
    private readonly target: string,
    readonly sizeBytes: number,
    readonly partBytes: number,
    private readonly data: FileHandle,
    private readonly journal: FileHandle,
    counts: Uint32Array,
  ) {
    this.#counts = counts;
  }

  /** Open what an earlier attempt left, or start. */
  static async open(target: string, sizeBytes: number, partBytes = PART_BYTES): Promise<PartialFile> {
    const parts = Math.ceil(sizeBytes / partBytes);
    const data = await open(target + PARTIAL_SUFFIX, 'a+').then(async (created) => {
      await created.close();
      return open(target + PARTIAL_SUFFIX, 'r+');
    });
    const journal = await open(target + PARTS_SUFFIX, 'a+').then(async (created) => {
      await created.close();
      return open(target + PARTS_SUFFIX, 'r+');
    });
    // The first number is the part size that the counts belong to.
    const numbers = new Uint32Array(parts + 1);
    const { bytesRead } = await journal.read(new Uint8Array(numbers.buffer), 0, numbers.byteLength, 0);
    const { size } = await data.stat();
    const isOurs =
      bytesRead === numbers.byteLength &&
      numbers[0] === partBytes &&
      (await journal.stat()).size === bytesRead;
    const counts = numbers.subarray(1);
    counts.forEach((count, part) => {
      const length = Math.min(partBytes, sizeBytes - part * partBytes);
      // A count without its bytes: the computer went down before they reached the disk.
      const isThere = count <= length && (count === 0 || part * partBytes + count <= size);
      if (!isOurs || !isThere) counts[part] = 0;
    });
    if (!isOurs) {
      numbers[0] = partBytes;
      await journal.truncate(0);
      await journal.write(new Uint8Array(numbers.buffer), 0, numbers.byteLength, 0);
    }
    return new PartialFile(target, sizeBytes, partBytes, data, journal, counts);
  }

  get doneBytes(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Parts that are not complete, in order. */
  listOpenParts(): number[] {
    return [...this.#counts.keys()].filter((part) => this.#counts[part] < this.partLength(part));
  }

  partLength(part: number): number {
    return Math.min(this.partBytes, this.sizeBytes - part * this.partBytes);
  }

  /** Bytes of this part that are there, from its start. */
  countOf(part: number): number {
    return this.#counts[part];
  }

  /** Add bytes to a part, after those that are there. */
  async append(part: number, bytes: Uint8Array): Promise<void> {
    const position = part * this.partBytes + this.#counts[part];
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.data.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
    this.#counts[part] += bytes.length;
    const count = Uint32Array.of(this.#counts[part]);
    await this.journal.write(new Uint8Array(count.buffer), 0, 4, (part + 1) * 4);
  }

  /** Path of the bytes, for checking them once all parts are complete. */
  get path(): string {
    return this.target + PARTIAL_SUFFIX;
  }

  /** Move the complete file into place. */
  async finish(): Promise<void> {
    await this.data.truncate(this.sizeBytes);
    await this.data.sync();
    await this.close();
    await renamePatiently(this.path, this.target);
    await rm(this.target + PARTS_SUFFIX, { force: true });
  }

  /** Throw everything away: the content was wrong. */
  async discard(): Promise<void> {
    await this.close();
    await rm(this.target + PARTS_SUFFIX, { force: true });
    await rm(this.path, { force: true });
  }

  async close(): Promise<void> {
    await this.data.close();
    await this.journal.close();
  }
}

/** Bytes that an unfinished download of this file already has; 0 when there is none. */
export async function countPartialBytes(target: string): Promise<number> {
  const journal = await open(target + PARTS_SUFFIX, 'r').catch(() => undefined);
  if (!journal) return 0;
  try {
    const bytes = await journal.readFile();
    let sum = 0;
    for (let at = 4; at + 4 <= bytes.length; at += 4) sum += bytes.readUInt32LE(at);
    return sum;
  } finally {
    await journal.close();
  }
}
