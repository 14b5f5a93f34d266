import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedModel } from './damaged-model.js';
import { hashFile, hashSample } from './hash-file.js';
import { type FileMark, readMarks, writeMarks } from './file-marks.js';

/** What is known about a file of a converted model. */
export interface KnownFile {
  /** Its name in the folder. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of the sample described at `hashSample`. */
  readonly sampleSha256: string;
}

/** Files up to this size are hashed whole (about 0.1 s); larger ones by sample. */
const WHOLE_HASH_BYTES = 64 * 2 ** 20;
/**
 * A file that was changed so recently may change again without another time of change: file systems count in
 * milliseconds, some in two seconds. Its check is not remembered.
 */
const SETTLED_MS = 2000;

/**
 * Check that files have the right size and, small ones whole and large ones by sample, the right content.
 * @throws {DamagedFileError} one is missing or is not what it should be.
 */
export async function checkFiles(folder: string, files: readonly KnownFile[]): Promise<void> {
  for (const file of files) await checkContent(folder, file, await checkSize(folder, file), false);
}

/** The same, every byte of every file. */
export async function checkEveryByte(folder: string, files: readonly KnownFile[]): Promise<void> {
  for (const file of files) await checkContent(folder, file, await checkSize(folder, file), true);
}

/**
 * As checkFiles, but the content of a file that was found good before, and lies where it lay and is the same by size,
 * times and inode since, is not read again. What is found good now is remembered in the folder, where that can be
 * written to.
 * @returns how many files were read.
 * @throws {DamagedFileError} one is missing or is not what it should be.
 */
export async function checkChangedFiles(folder: string, files: readonly KnownFile[]): Promise<number> {
  const place = await realpath(folder).catch(() => folder);
  const known = await readMarks(folder, place);
  const marks = new Map(known);
  let read = 0;
  for (const file of files) {
    const stats = await checkSize(folder, file);
    const mark = markOf(file, stats);
    if (isSame(known.get(file.path), mark)) continue;
    await checkContent(folder, file, stats, false);
    read++;
    if (Date.now() - Number(stats.ctimeMs) > SETTLED_MS) marks.set(file.path, mark);
    else marks.delete(file.path);
  }
  if (read > 0) await writeMarks(folder, place, marks);
  return read;
}

async function checkSize(folder: string, file: KnownFile): Promise<BigIntStats> {
  const path = join(folder, file.path);
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  if (stats === undefined) throw damagedModel(path, 'it is missing');
  if (!stats.isFile()) throw damagedModel(path, 'it is not a regular file');
  if (Number(stats.size) === file.sizeBytes) return stats;
  throw damagedModel(path, `it has ${stats.size} bytes and should have ${file.sizeBytes}`);
}

async function checkContent(
  folder: string,
  file: KnownFile,
  { size }: BigIntStats,
  isEveryByte: boolean,
): Promise<void> {
  const path = join(folder, file.path);
  const isWhole = isEveryByte || size <= WHOLE_HASH_BYTES;
  const hash = isWhole ? await hashFile(path) : await hashSample(path, Number(size));
  if (hash !== (isWhole ? file.sha256 : file.sampleSha256)) {
    throw damagedModel(path, 'its content has changed');
  }
}

function markOf(file: KnownFile, { size, mtimeNs, ctimeNs, ino }: BigIntStats): FileMark {
  const [sizeBytes, changed, moved, inode] = [size, mtimeNs, ctimeNs, ino].map(String);
  return { sizeBytes, changed, moved, inode, sha256: file.sha256 };
}

function isSame(known: FileMark | undefined, mark: FileMark): boolean {
  return (
    known !== undefined && (Object.keys(mark) as (keyof FileMark)[]).every((key) => known[key] === mark[key])
  );
}
