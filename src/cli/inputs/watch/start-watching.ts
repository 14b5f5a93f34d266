import { resolve } from 'node:path';
import { UsageError } from '../../../base/errors.js';
import { printablePath } from '../../../render/printable-path.js';
import { listFolder } from '../../../tasks/inputs/list-folder.js';
import type { TaskInput } from '../../../tasks/inputs/task-input.js';
import { whyUnreadable } from '../../../tasks/inputs/why-unreadable.js';
import type { InputOptions } from '../../options/input-options.js';
import { isInShard } from '../shard.js';
import { watchFolder } from './watch-folder.js';

/**
 * Begin to watch the folder of --watch.
 * @param ownFolders where pictures are written: they are not taken for new ones.
 * @returns undefined if no folder is watched.
 * @throws {UsageError} the folder cannot be read, or pictures are written to it.
 */
export async function startWatching(
  { watch: folder, filesFrom, isRecursive }: InputOptions,
  ownFolders: readonly string[],
  signal: AbortSignal,
): Promise<AsyncIterable<TaskInput> | undefined> {
  if (folder === undefined) return undefined;
  if (filesFrom !== undefined) {
    throw new UsageError('OPTION_VALUE', '--watch and --files-from both go on by themselves.', {
      hint: 'Leave one of them out.',
    });
  }
  const clash = ownFolders.find((path) => resolve(path) === resolve(folder));
  if (clash !== undefined) {
    const shown = printablePath(clash);
    throw new UsageError('OPTION_VALUE', `${shown} is watched: pictures written there would be new ones.`, {
      hint: 'Name another folder for them.',
    });
  }
  return watchFolder(folder, { isRecursive, ignored: ownFolders }, signal).catch((cause: unknown) => {
    const sentence = `--watch ${printablePath(folder)} cannot be read: ${whyUnreadable(cause)}`;
    throw new UsageError('OPTION_VALUE', sentence, { hint: 'Name a folder.', cause });
  });
}

/** Whether a folder that was named is watched, too, and has no pictures: they are still to come. */
export async function isEmptyAsYet(name: string, { watch, isRecursive }: InputOptions): Promise<boolean> {
  if (watch === undefined || resolve(name) !== resolve(watch)) return false;
  return listFolder(name, isRecursive).then(
    (entries) => entries.length === 0,
    () => false,
  );
}

/** The inputs that were named, then the pictures that come. */
export async function* feedThenWatch(
  named: readonly TaskInput[],
  coming: AsyncIterable<TaskInput>,
  { shard }: InputOptions,
): AsyncGenerator<TaskInput, void, undefined> {
  yield* named;
  const known = new Set(named.map(({ name }) => resolve(name)));
  for await (const input of coming) {
    // It was named, and was still being written when the watching began; the next of this name is another one.
    const isNamed = known.delete(resolve(input.name));
    if (!isNamed && (shard === undefined || isInShard(input.name, shard))) yield input;
  }
}
