import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isMap, parseDocument, type Document } from 'yaml';
import { UsageError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';
import { unwritable } from '../../base/files/unwritable.js';
import { writeFileWhole } from '../../base/files/write-file-whole.js';

/** The contents of data.yaml: class names by number, and the picture folders, relative to the file. */
export interface YoloData {
  readonly names: readonly string[];
  readonly train: readonly string[];
  readonly val: readonly string[];
}

/**
 * Write data.yaml in the form that Ultralytics and supervision read. Anything else in an existing file is kept,
 * including comments.
 * @throws {UsageError} the existing file is not a map, or the location cannot be written to.
 */
export async function writeYoloData(path: string, { names, train, val }: YoloData): Promise<void> {
  const old = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw unwritable(path, error);
  });
  const document: Document = parseDocument(old === '' ? '{}' : old);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new UsageError('OUTPUT_UNWRITABLE', `${showName(path)} exists, but does not describe a data set.`, {
      hint: 'Move it, or name another folder.',
    });
  }
  document.contents.flow = false;
  if (train.length > 0) document.set('train', oneOrAll(train));
  if (val.length > 0) document.set('val', oneOrAll(val));
  document.set('names', document.createNode(new Map(names.map((name, number) => [number, name]))));
  const text = document.toString({ lineWidth: 0 });
  if (text !== old) await writeFileWhole(path, text);
}

function oneOrAll(paths: readonly string[]): string | readonly string[] {
  return paths.length === 1 ? paths[0] : paths;
}

/** A path as written in data.yaml. */
export function fromDataFile(dataPath: string, path: string): string {
  return relative(resolve(dirname(dataPath)), resolve(path)).replaceAll(sep, '/') || '.';
}

/**
 * Where trainers look for labels: the last `images` in the path becomes `labels`; without one, next to the pictures.
 */
export function labelFolderOf(pictureFolder: string): string {
  const parts = resolve(pictureFolder).split(sep);
  const at = parts.lastIndexOf('images');
  return at < 0 ? resolve(pictureFolder) : join(sep, ...parts.with(at, 'labels'));
}
