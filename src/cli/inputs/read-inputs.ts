import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError, UsageError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';
import { addressInput, cameraInput, isAddress, mediaInput } from '../../tasks/inputs/media-input.js';
import type { PictureSource, TaskInput } from '../../tasks/inputs/task-input.js';
import { expandPattern, isFolderName, readFolder } from '../../tasks/inputs/expand-name.js';
import type { InputOptions } from '../options/input-options.js';
import { feedThenWatch, isEmptyAsYet, startWatching } from './watch/start-watching.js';
import { ownPicturesOf } from './own-pictures.js';
import { readList } from './read-list.js';
import { isInShard } from './shard.js';
import { openPipe, openStdin } from './read-stdin.js';

/** What a call is about. */
export interface Inputs {
  /** In the order of the arguments, then of the list. */
  readonly inputs: AsyncIterable<TaskInput>;
  /** How many; absent while a list is still being read. */
  readonly total?: number;
  /** The user named one picture and nothing that might be several. */
  readonly isSingle: boolean;
  /** Names of the inputs that are known before the first is read: all but those of a list. */
  readonly known: readonly string[];
  /** The folders among the names. */
  readonly folders: readonly string[];
}

/** What happens while inputs are read. */
export interface ReadInputsOptions {
  /** Called with the name of a list that is empty, `-` for stdin. */
  readonly onEmptyList?: (list: string) => void;
  /** Called with a sentence about pictures in folders that cannot be read. */
  readonly onNote?: (sentence: string) => void;
  /** Where pictures are written: they are not taken for new ones in a watched folder. */
  readonly ownFolders?: readonly string[];
}

/**
 * The inputs that the user named. A name that exists is that file or folder; otherwise it may be a pattern (`*`, `?`,
 * `[...]`, `{a,b}`, `**`). A name that matches nothing, or cannot be read, is an input whose error is reported in its
 * turn; so is a missing file.
 *
 * @param signal ends the reading of a list.
 * @throws {UsageError} picture bytes are wanted from stdin, and stdin is a terminal.
 */
export async function readInputs(
  options: InputOptions,
  signal: AbortSignal,
  { onEmptyList = () => undefined, onNote = () => undefined, ownFolders = [] }: ReadInputsOptions = {},
): Promise<Inputs> {
  const { names, filesFrom, isNulSeparated, watch } = options;
  if ([...names, filesFrom].includes('-') && process.stdin.isTTY === true) {
    throw new UsageError('USAGE', 'Standard input is a terminal, so no picture comes from it.', {
      hint: 'Send something: cat photo.jpg | pali caption -',
    });
  }
  // What comes while names are read must not be missed.
  const coming = await startWatching(options, ownFolders, signal);
  const named: TaskInput[] = [];
  const folders: string[] = [];
  let isSingle = names.length === 1 && filesFrom === undefined && watch === undefined;
  for (const name of names) {
    const isFolder = await isFolderName(name);
    if (isFolder) folders.push(name);
    if (isFolder && (await isEmptyAsYet(name, options))) continue;
    const found = isFolder
      ? withoutOwn(await readFolder(name, options.isRecursive, onNote), name, { ownFolders, onNote })
      : await expandPattern(name);
    named.push(...(found ?? [(await isPipe(name)) ? toPipe(name) : toInput(name, options)]));
    if (found !== undefined) isSingle = false;
  }
  const isNamed = watch !== undefined && folders.some((folder) => resolve(folder) === resolve(watch));
  if (watch !== undefined && !isNamed) folders.push(watch);
  const { shard } = options;
  const kept = shard === undefined ? named : named.filter(({ name }) => isInShard(name, shard));
  const known = kept.map(({ name }) => name);
  if (coming !== undefined) {
    return { inputs: feedThenWatch(kept, coming, options), isSingle, known, folders };
  }
  if (filesFrom === undefined) return { inputs: feed(kept), total: kept.length, isSingle, known, folders };
  const list = noteEmptyList(readList(filesFrom, isNulSeparated, signal), () => onEmptyList(filesFrom));
  return { inputs: feedWithList(kept, list, options), isSingle, known, folders };
}

/** Pictures and videos that an earlier run of the same line wrote into a folder below are no inputs. */
function withoutOwn(
  found: readonly TaskInput[],
  folder: string,
  { ownFolders = [], onNote }: ReadInputsOptions,
): readonly TaskInput[] {
  const isOwn = ownPicturesOf(folder, ownFolders);
  const others = found.filter(({ name }) => !isOwn(name));
  const count = found.length - others.length;
  if (count > 0)
    onNote?.(`left out ${count} ${count === 1 ? 'file' : 'files'} in folders that this run writes to.`);
  return others;
}

/** One input about several pictures together. */
export function joinInputs(names: readonly string[], options: InputOptions): Inputs {
  if (options.watch !== undefined) {
    throw new UsageError('OPTION_VALUE', '--watch asks about each picture, and these are one prompt.', {
      hint: 'Leave out --watch.',
    });
  }
  if (options.shard !== undefined) {
    throw new UsageError(
      'OPTION_VALUE',
      '--shard divides inputs, and pictures of one prompt are one input.',
      {
        hint: 'Leave out --shard.',
      },
    );
  }
  const pictures = names.map((name) => toSource(name, options));
  return {
    inputs: feed([{ name: names.join(', '), pictures }]),
    total: 1,
    isSingle: true,
    known: [],
    folders: [],
  };
}

async function* feed(inputs: readonly TaskInput[]): AsyncGenerator<TaskInput, void, undefined> {
  yield* inputs;
}

async function* feedWithList(
  named: readonly TaskInput[],
  list: AsyncIterable<string>,
  options: InputOptions,
): AsyncGenerator<TaskInput, void, undefined> {
  yield* named;
  // A file may be called `-` or `*`: in a list nothing but an address is special.
  for await (const path of list) {
    if (options.shard === undefined || isInShard(path, options.shard)) {
      yield (await isFolderName(path)) ? refuseFolder(path) : toFileOrAddress(path, options);
    }
  }
}

/** A folder in a list is reported in its turn. */
function refuseFolder(name: string): TaskInput {
  const fail = async (): Promise<never> => {
    throw new InputError('IMAGE_IS_FOLDER', `${showName(name)} is a folder, and a list names files.`, {
      hint: 'Give the folder to the command itself: pali caption FOLDER. Or list what is in it, as find does.',
    });
  };
  return { name, pictures: [fail] };
}

async function* noteEmptyList(
  list: AsyncIterable<string>,
  onEmpty: () => void,
): AsyncGenerator<string, void, undefined> {
  let isEmpty = true;
  for await (const path of list) {
    isEmpty = false;
    yield path;
  }
  if (isEmpty) onEmpty();
}

/** A pipe can be opened only once, like stdin. */
async function isPipe(name: string): Promise<boolean> {
  return stat(name).then(
    (stats) => stats.isFIFO(),
    () => false,
  );
}

function toPipe(name: string): TaskInput {
  return mediaInput(name, (signal) => openPipe(name, signal));
}

function toInput(name: string, options: InputOptions): TaskInput {
  if (name !== '-') return cameraInput(name) ?? toFileOrAddress(name, options);
  return mediaInput(name, openStdin);
}

/** One of several pictures of a prompt. */
function toSource(name: string, options: InputOptions): PictureSource {
  const { pictures } = name === '-' ? mediaInput(name, openStdin) : toFileOrAddress(name, options);
  return pictures[0];
}

function toFileOrAddress(name: string, { allowsPrivateUrls }: InputOptions): TaskInput {
  if (!isAddress(name)) return { name, pictures: [name] };
  return addressInput(name, { allowsPrivate: allowsPrivateUrls });
}
