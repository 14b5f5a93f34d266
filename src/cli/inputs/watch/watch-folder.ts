import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError } from '../../../base/errors.js';
import type { TaskInput } from '../../../tasks/inputs/task-input.js';
import { listFolder, type FolderEntry } from '../../../tasks/inputs/list-folder.js';
import { whyUnreadable } from '../../../tasks/inputs/why-unreadable.js';
import { ownPicturesOf } from '../own-pictures.js';
import { looksWhole } from './looks-whole.js';

/** Milliseconds. */
export interface WatchTimes {
  /** How often the folder is looked at. */
  readonly poll: number;
  /** A file that did not change for this long is complete. */
  readonly settle: number;
  /** The same for a video, and for a file that does not end as pictures do. */
  readonly settleOdd: number;
}

const USUAL_TIMES: WatchTimes = { poll: 500, settle: 1000, settleOdd: 10_000 };

/** What is watched for. */
export interface WatchOptions {
  readonly isRecursive: boolean;
  /** Folders below whose pictures are our own results. */
  readonly ignored?: readonly string[];
  readonly times?: WatchTimes;
}

/** A file that is not complete yet. */
interface WaitingFile {
  readonly state: string;
  readonly sinceMs: number;
}

/**
 * The pictures and videos that come into a folder from now on, each once it is complete: when a picture has not changed
 * for a second, a video for ten. What is there already is left out, unless it is being written just now. A name that
 * goes and comes back counts anew; a file that goes before it is complete does not count. The folder is looked at again
 * and again rather than observed, as systems report nothing about folders on other machines.
 *
 * @param signal ends the watching; its reason is thrown.
 * @returns once it is known what is there already: what comes. It ends with an input whose error is reported when the
 * folder goes away.
 */
export async function watchFolder(
  folder: string,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<AsyncGenerator<TaskInput, void, undefined>> {
  const { times = USUAL_TIMES } = options;
  const seen = new Set<string>();
  for (const path of await listPictures(folder, options)) {
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > times.settle) seen.add(path);
  }
  return watch(folder, seen, { ...options, times }, signal);
}

async function* watch(
  folder: string,
  seen: Set<string>,
  options: WatchOptions & { readonly times: WatchTimes },
  signal: AbortSignal,
): AsyncGenerator<TaskInput, void, undefined> {
  const waiting = new Map<string, WaitingFile>();
  let hasFailed = false;
  for (;;) {
    signal.throwIfAborted();
    const paths = await listPictures(folder, options).catch((cause: unknown) => {
      if (hasFailed) return goneInput(folder, cause);
      hasFailed = true;
      return undefined;
    });
    if (paths !== undefined && !Array.isArray(paths)) return void (yield paths);
    if (paths !== undefined) {
      hasFailed = false;
      const there = new Set(paths);
      for (const path of seen) if (!there.has(path)) seen.delete(path);
      for (const path of waiting.keys()) if (!there.has(path)) waiting.delete(path);
      for (const path of paths) {
        if (seen.has(path) || !(await isComplete(path, waiting, options.times))) continue;
        waiting.delete(path);
        seen.add(path);
        yield { name: path, pictures: [path] };
      }
    }
    await delay(options.times.poll, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Folders below that cannot be read, or go away just now, are skipped. @throws what the system says of the folder. */
async function listPictures(folder: string, { isRecursive, ignored = [] }: WatchOptions): Promise<string[]> {
  const isOwn = ownPicturesOf(folder, ignored);
  const isPicture = (entry: FolderEntry): entry is string => typeof entry === 'string' && !isOwn(entry);
  return (await listFolder(folder, isRecursive)).filter(isPicture);
}

async function isComplete(
  path: string,
  waiting: Map<string, WaitingFile>,
  { settle, settleOdd }: WatchTimes,
): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return false;
  const state = `${stats.size} ${stats.mtimeMs} ${stats.ino}`;
  const before = waiting.get(path);
  const now = performance.now();
  if (before?.state !== state) {
    waiting.set(path, { state, sinceMs: now });
    return false;
  }
  const quietMs = now - before.sinceMs;
  return quietMs >= settle && (quietMs >= settleOdd || (await looksWhole(path)));
}

function goneInput(folder: string, cause: unknown): TaskInput {
  const error = new InputError(
    'FOLDER_UNREADABLE',
    `The folder ${folder} is no longer watched: ${whyUnreadable(cause)}`,
    { cause },
  );
  return { name: folder, pictures: [() => Promise.reject(error)] };
}
