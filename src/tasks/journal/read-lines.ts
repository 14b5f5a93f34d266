import type { FileHandle } from 'node:fs/promises';

/** How much is read at a time, bytes. */
const CHUNK_BYTES = 1024 * 1024;

/** A line of a file, and where it is. */
export interface FileLine {
  readonly bytes: Buffer;
  /** Bytes before it in the file. */
  readonly offset: number;
  /** It ends in a line break, which is not among its bytes; only the last line may not. */
  readonly isWhole: boolean;
}

/**
 * The lines of a file, one at a time, so that a large file needs little memory. An empty rest is no line.
 * @throws {RangeError} a line is longer than `maxLineBytes`.
 */
export async function* readLines(
  file: FileHandle,
  maxLineBytes: number,
): AsyncGenerator<FileLine, void, undefined> {
  let parts: Buffer[] = [];
  let lineBytes = 0;
  let offset = 0;
  let position = 0;
  const take = (isWhole: boolean): FileLine => {
    const line = { bytes: Buffer.concat(parts), offset, isWhole };
    offset += lineBytes + 1;
    [parts, lineBytes] = [[], 0];
    return line;
  };
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let start = 0;
    const add = (end: number): void => {
      parts.push(buffer.subarray(start, end));
      lineBytes += end - start;
      if (lineBytes > maxLineBytes) throw new RangeError('The line is too long.');
    };
    for (let end = findBreak(buffer, 0, bytesRead); end >= 0; end = findBreak(buffer, start, bytesRead)) {
      add(end);
      yield take(true);
      start = end + 1;
    }
    add(bytesRead);
  }
  if (lineBytes > 0) yield take(false);
}

function findBreak(buffer: Buffer, start: number, end: number): number {
  const at = buffer.indexOf(0x0a, start);
  return at < end ? at : -1;
}
