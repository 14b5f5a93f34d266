import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathExists } from '../../base/files/path-exists.js';
import { isFolder } from '../../base/files/is-folder.js';
import { InputError } from '../../base/errors.js';
import { isAddress } from './media-input.js';
import type { TaskInput } from './task-input.js';
import { listFolder, type FolderEntry } from './list-folder.js';
import { whyUnreadable } from './why-unreadable.js';

/** Whether a name is that of a folder. */
export async function isFolderName(name: string): Promise<boolean> {
  return name !== '-' && !isAddress(name) && isFolder(name);
}

/**
 * The pictures and videos in a folder; its error, or that of a folder below, is reported in its turn.
 * @param onNote called with a sentence about pictures that cannot be read.
 */
export async function readFolder(
  name: string,
  isRecursive: boolean,
  onNote: (sentence: string) => void,
): Promise<TaskInput[]> {
  const unread = new Map<string, number>();
  const onUnread = (extension: string): void => void unread.set(extension, (unread.get(extension) ?? 0) + 1);
  const error = (): InputError =>
    new InputError('FOLDER_EMPTY', `There is no picture and no video in the folder ${name}.`, {
      hint:
        'From a folder come JPEG, PNG, WebP, GIF, AVIF, TIFF, SVG and videos, by their extension; ' +
        `name other files, as in: ${join(name, '*')}` +
        (isRecursive ? '' : '. For the folders below, add: --recursive'),
    });
  const inputs = await toInputs(name, error, () => listFolder(name, isRecursive, onUnread));
  if (unread.size > 0) {
    const counts = [...unread].map(([extension, count]) => `${count} ${extension}`).join(', ');
    onNote(`left out of the folder ${name}, as pali cannot read them: ${counts}.`);
  }
  return inputs;
}

/** The inputs of a pattern; undefined for a name that stands for itself. */
export async function expandPattern(name: string): Promise<TaskInput[] | undefined> {
  if (name === '-' || isAddress(name) || !/[*?[{]/.test(name)) return undefined;
  if (await pathExists(name)) return undefined;
  const error = (): InputError =>
    new InputError('PATTERN_NO_MATCH', `No file matches ${name}.`, {
      hint: 'Check the folder and the extension.',
    });
  return toInputs(name, error, () => listMatches(name));
}

async function listMatches(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const { folder, rest } = splitPattern(
    process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern,
  );
  const place = folder === undefined ? {} : { cwd: folder };
  const paths = await glob(rest, { expandDirectories: false, absolute: folder !== undefined, ...place });
  return pattern.includes('**') ? dropTwins(paths.sort()) : paths.sort();
}

/**
 * Part a pattern that begins at a root after the last folder that is named in full: the search begins there, and
 * so it may be on another drive or a share (`D:/pictures/*.jpg`, `//server/share/*.jpg`). Others stay whole.
 */
export function splitPattern(pattern: string): { folder: string | undefined; rest: string } {
  if (!/^(?:[A-Za-z]:)?\//.test(pattern)) return { folder: undefined, rest: pattern };
  const parts = pattern.split('/');
  const magic = parts.findIndex((part) => /[*?[\]{}!()\\]/.test(part));
  const count = Math.min(magic === -1 ? Infinity : magic, parts.length - 1);
  return { folder: `${parts.slice(0, count).join('/')}/`, rest: parts.slice(count).join('/') };
}

/** Linked folders are entered, so a ring of links shows the same files again under other names. */
async function dropTwins(paths: readonly string[]): Promise<string[]> {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const real = join(await realpath(dirname(path)), basename(path));
    if (!seen.has(real)) seen.set(real, path);
  }
  return [...seen.values()];
}

/** What was found, as inputs; if nothing was, or it cannot be read, an input whose error is reported in its turn. */
export async function toInputs(
  name: string,
  describeNone: () => InputError,
  list: () => Promise<FolderEntry[]>,
): Promise<TaskInput[]> {
  try {
    const entries = await list();
    if (entries.length > 0) return entries.map(fromEntry);
    throw describeNone();
  } catch (cause) {
    return [cause instanceof InputError ? failing(name, cause) : fromEntry({ folder: name, cause })];
  }
}

function fromEntry(entry: FolderEntry): TaskInput {
  if (typeof entry === 'string') return { name: entry, pictures: [entry] };
  const { folder, cause } = entry;
  const sentence = `The folder ${folder} cannot be read: ${whyUnreadable(cause)}`;
  return failing(folder, new InputError('FOLDER_UNREADABLE', sentence, { cause }));
}

/** An input whose error is reported in its turn. */
function failing(name: string, error: InputError): TaskInput {
  return { name, pictures: [() => Promise.reject(error)] };
}
