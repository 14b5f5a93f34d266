import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { isUnread, readRegularFile } from '../files/read-regular-file.js';

/** Beside the manifest, which does not name it. */
export const MARKS_FILE = 'checked.json';
/** It has 200 bytes a file. */
const MAX_MARKS_BYTES = 2 ** 20;

const markSchema = v.object({
  sizeBytes: v.string(),
  /** When its content was last changed, nanoseconds: mtime. */
  changed: v.string(),
  /** When anything about it was last changed, its name and mtime too: ctime. */
  moved: v.string(),
  inode: v.string(),
  /** What the manifest said that its content is. */
  sha256: v.string(),
});
/** How a file looked from outside when its content was found good. Numbers are text: they exceed 2 ** 53. */
export type FileMark = v.InferOutput<typeof markSchema>;

const marksSchema = v.object({
  version: v.literal(1),
  /** Where the folder was. */
  place: v.string(),
  files: v.record(v.string(), markSchema),
});

/** What was found good by name; nothing where the folder has moved, or the file is not there or not ours. */
export async function readMarks(folder: string, place: string): Promise<ReadonlyMap<string, FileMark>> {
  const content = await readRegularFile(join(folder, MARKS_FILE), MAX_MARKS_BYTES);
  try {
    const marks = v.parse(marksSchema, isUnread(content) ? undefined : JSON.parse(content.toString('utf8')));
    return new Map(marks.place === place ? Object.entries(marks.files) : []);
  } catch {
    return new Map();
  }
}

/** A folder that cannot be written to stays as it is: its files are read again the next time. */
export async function writeMarks(
  folder: string,
  place: string,
  marks: ReadonlyMap<string, FileMark>,
): Promise<void> {
  const temporary = join(folder, `${MARKS_FILE}.${randomBytes(6).toString('hex')}`);
  const content = { version: 1, place, files: Object.fromEntries(marks) };
  try {
    await writeFile(temporary, `${JSON.stringify(content, null, 1)}\n`);
    await rename(temporary, join(folder, MARKS_FILE));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
