import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { InputError, UsageError } from '../base/errors.js';
import { addressInput, cameraInput, isAddress, mediaInput } from '../tasks/media-input.js';
import type { PictureSource, TaskInput } from '../tasks/task-input.js';
import type { InputWishes } from './input-options.js';
import { listFolder } from './list-folder.js';
import { readList } from './read-list.js';
import { openStdin } from './read-stdin.js';

/** What a call is about. */
export interface Inputs {
  /** In the order of the arguments, then of the list. */
  readonly inputs: AsyncIterable<TaskInput>;
  /** How many; absent while a list is still being read. */
  readonly total?: number;
  /** The user named one picture and nothing that might be several. */
  readonly isSingle: boolean;
  /** The folders among the names. */
  readonly folders: readonly string[];
}

/**
 * The inputs that the user named. A name that exists is that file or folder; otherwise it may be a pattern (`*`,
 * `?`, `[...]`, `{a,b}`, `**`). What matches nothing, or cannot be read, is an input whose error is told in its
 * turn; so are missing files.
 *
 * @param signal ends the reading of a list.
 * @throws {UsageError} picture bytes are wanted from stdin, and stdin is a terminal.
 */
export async function readInputs(wishes: InputWishes, signal: AbortSignal): Promise<Inputs> {
  const { names, filesFrom, isNulSeparated } = wishes;
  if ([...names, filesFrom].includes('-') && process.stdin.isTTY === true) {
    throw new UsageError('USAGE', 'Standard input is a terminal: nothing comes from there.', {
      hint: 'Send something: cat photo.jpg | pali caption -',
    });
  }
  const named: TaskInput[] = [];
  const folders: string[] = [];
  let isSingle = names.length === 1 && filesFrom === undefined;
  for (const name of names) {
    const isFolder = await isFolderName(name);
    if (isFolder) folders.push(name);
    const found = isFolder ? await readFolder(name, wishes) : await expandPattern(name);
    named.push(...(found ?? [toInput(name, wishes)]));
    if (found !== undefined) isSingle = false;
  }
  if (filesFrom === undefined) return { inputs: feed(named), total: named.length, isSingle, folders };
  const inputs = feedWithList(named, readList(filesFrom, isNulSeparated, signal), wishes);
  return { inputs, isSingle, folders };
}

/** One input about several pictures together. */
export function joinInputs(names: readonly string[], wishes: InputWishes): Inputs {
  const pictures = names.map((name) => toSource(name, wishes));
  return { inputs: feed([{ name: names.join(', '), pictures }]), total: 1, isSingle: true, folders: [] };
}

async function* feed(inputs: readonly TaskInput[]): AsyncGenerator<TaskInput, void, undefined> {
  yield* inputs;
}

async function* feedWithList(
  named: readonly TaskInput[],
  list: AsyncIterable<string>,
  wishes: InputWishes,
): AsyncGenerator<TaskInput, void, undefined> {
  yield* named;
  // A file may be called `-` or `*`: in a list nothing but an address is special.
  for await (const path of list) yield toFileOrAddress(path, wishes);
}

async function isFolderName(name: string): Promise<boolean> {
  if (name === '-' || isAddress(name)) return false;
  return stat(name).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function readFolder(name: string, { isRecursive }: InputWishes): Promise<TaskInput[]> {
  const error = (): InputError =>
    new InputError('FOLDER_EMPTY', `There is no picture in the folder ${name}.`, {
      hint:
        'From a folder come JPEG, PNG, WebP, GIF, AVIF, TIFF and SVG, by their extension; ' +
        `name other files, as in: ${join(name, '*.mp4')}` +
        (isRecursive ? '' : '. For the folders below, add: --recursive'),
    });
  return toInputs(name, error, () => listFolder(name, isRecursive));
}

/** The inputs of a pattern; undefined for a name that stands for itself. */
async function expandPattern(name: string): Promise<TaskInput[] | undefined> {
  if (name === '-' || isAddress(name) || !/[*?[{]/.test(name)) return undefined;
  const isFile = await stat(name).then(
    () => true,
    () => false,
  );
  if (isFile) return undefined;
  const error = (): InputError =>
    new InputError('PATTERN_NO_MATCH', `No file matches ${name}.`, {
      hint: 'Check the folder and the extension.',
    });
  return toInputs(name, error, () => listMatches(name));
}

async function listMatches(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const options = { expandDirectories: false, absolute: isAbsolute(pattern) };
  const paths = await glob(process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern, options);
  return pattern.includes('**') ? dropTwins(paths.sort()) : paths.sort();
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

async function toInputs(
  name: string,
  describeNone: () => InputError,
  list: () => Promise<string[]>,
): Promise<TaskInput[]> {
  try {
    const paths = await list();
    if (paths.length > 0) return paths.map((path) => ({ name: path, pictures: [path] }));
    throw describeNone();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const error =
      cause instanceof InputError
        ? cause
        : new InputError('FOLDER_UNREADABLE', `${name}: ${why}.`, { cause });
    return [{ name, pictures: [() => Promise.reject(error)] }];
  }
}

function toInput(name: string, wishes: InputWishes): TaskInput {
  if (name !== '-') return cameraInput(name) ?? toFileOrAddress(name, wishes);
  return mediaInput(name, openStdin);
}

/** One of several pictures of a prompt. */
function toSource(name: string, wishes: InputWishes): PictureSource {
  const { pictures } = name === '-' ? mediaInput(name, openStdin) : toFileOrAddress(name, wishes);
  return pictures[0];
}

function toFileOrAddress(name: string, { allowsPrivateUrls }: InputWishes): TaskInput {
  if (!isAddress(name)) return { name, pictures: [name] };
  return addressInput(name, { allowsPrivate: allowsPrivateUrls });
}
