import { open, readFile, realpath, stat, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { UsageError } from '../errors.js';
import { showName } from '../show-name.js';
import { tryFileLock, waitForLock } from './file-lock.js';
import { unwritable } from './unwritable.js';

/** The lock is beside the file. */
const LOCK_SUFFIX = '.lock';

/** A file that this run alone adds to, until it is closed. */
export interface AppendFile {
  /** For reading. */
  readonly file: FileHandle;
  /** @throws {UsageError} such as a full disk. */
  readonly append: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Open a file that grows over several runs, or begin one, and keep other runs from adding to it meanwhile.
 *
 * @throws {UsageError} it cannot be written, is no regular file, or another run is writing to it.
 * @throws {CancelledError} `signal` was aborted while waiting.
 */
export async function openAppendFile(path: string, signal?: AbortSignal): Promise<AppendFile> {
  const file = await open(path, 'a+').catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  try {
    // From a pipe or a device nothing that was written comes back.
    if (!(await file.stat()).isFile()) throw irregular(path);
    const release = await claim(path, signal);
    return {
      file,
      append: (text) =>
        file.appendFile(text).catch((cause: unknown) => {
          throw unwritable(path, cause);
        }),
      close: () => file.close().finally(release),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * A run that was killed does not stand in the way: one on this computer is known to be gone by its process id. One on
 * another computer, or in another container, is gone when its lock is not touched for long enough, which is waited for.
 */
async function claim(path: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  const lock = `${await realpath(path)}${LOCK_SUFFIX}`;
  let firstTouched: number | undefined;
  for (;;) {
    // A folder that takes no new file must not keep a run from writing to one that is there.
    const release = await tryFileLock(lock).catch(() => () => Promise.resolve());
    if (release !== undefined) return release;
    const [host, processId] = (await readFile(lock, 'utf8').catch(() => '')).split(' ');
    const touched = (await stat(lock).catch(() => undefined))?.mtimeMs;
    firstTouched ??= touched;
    const isHere = host === hostname();
    if (processId && (isHere || touched !== firstTouched)) {
      throw inUse(path, isHere ? `process ${processId}` : `process ${processId} on ${host}`);
    }
    await waitForLock(signal);
  }
}

function irregular(path: string): UsageError {
  return new UsageError('OUTPUT_UNWRITABLE', `${showName(path)} is not a regular file.`, {
    hint: 'Name a file that is kept on the disk.',
  });
}

function inUse(path: string, owner: string): UsageError {
  return new UsageError(
    'FILE_IN_USE',
    `${showName(path)} is being written by another run (${showName(owner)}).`,
    {
      hint: 'Wait until that run has ended, or name another file.',
    },
  );
}
