import { stat } from 'node:fs/promises';
import { UsageError } from '../../base/errors.js';
import { addressInput, cameraInput, isAddress, mediaInput } from '../../tasks/inputs/media-input.js';
import type { PictureSource, TaskInput } from '../../tasks/inputs/task-input.js';
import { expandPattern, isFolderName, readFolder } from '../../tasks/inputs/expand-name.js';
import type { InputOptions } from '../options/input-options.js';
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

/**
 * The inputs that the user named. A name that exists is that file or folder; otherwise it may be a pattern (`*`, `?`,
 * `[...]`, `{a,b}`, `**`). A name that matches nothing, or cannot be read, is an input whose error is reported in its
 * turn; so is a missing file.
 *
 * @param signal ends the reading of a list.
 * @param onEmptyList called with the name of a list that is empty, `-` for stdin.
 * @param onNote called with a sentence about pictures in folders that cannot be read.
 * @throws {UsageError} picture bytes are wanted from stdin, and stdin is a terminal.
 */
export async function readInputs(
  options: InputOptions,
  signal: AbortSignal,
  onEmptyList: (list: string) => void = () => undefined,
  onNote: (sentence: string) => void = () => undefined,
): Promise<Inputs> {
  const { names, filesFrom, isNulSeparated } = options;
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
    const found = isFolder ? await readFolder(name, options.isRecursive, onNote) : await expandPattern(name);
    named.push(...(found ?? [(await isPipe(name)) ? toPipe(name) : toInput(name, options)]));
    if (found !== undefined) isSingle = false;
  }
  const { shard } = options;
  const kept = shard === undefined ? named : named.filter(({ name }) => isInShard(name, shard));
  const known = kept.map(({ name }) => name);
  if (filesFrom === undefined) return { inputs: feed(kept), total: kept.length, isSingle, known, folders };
  const list = noteEmptyList(readList(filesFrom, isNulSeparated, signal), () => onEmptyList(filesFrom));
  return { inputs: feedWithList(kept, list, options), isSingle, known, folders };
}

/** One input about several pictures together. */
export function joinInputs(names: readonly string[], options: InputOptions): Inputs {
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
    if (options.shard === undefined || isInShard(path, options.shard)) yield toFileOrAddress(path, options);
  }
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
