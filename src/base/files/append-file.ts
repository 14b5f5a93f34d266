import { open, readFile, realpath, stat, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { UsageError } from '../errors.js';
import { showName } from '../show-name.js';
import { findInodeLock } from './inode-lock.js';
import { tryFileLock, waitForLock } from './file-lock.js';
import { unwritable } from './unwritable.js';

/** The lock is beside the file. */
const LOCK_SUFFIX = '.lock';
/** A wait as long as this is worth a word. */
const NOTE_MS = 3000;

/** A file that this run alone adds to, until it is closed. */
export interface AppendFile {
  /** For reading. */
  readonly file: FileHandle;
  /** @throws {UsageError} such as a full disk. */
  readonly append: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Open a file that grows over several runs, or begin one, and keep other runs from adding to it meanwhile. A device
 * that holds nothing, such as /dev/null, is taken without a lock.
 *
 * @param onWait called once, with a sentence for the user, when the lock of another run has been waited for a while.
 * @throws {UsageError} it cannot be written, is no regular file, or another run is writing to it.
 * @throws {CancelledError} `signal` was aborted while waiting.
 */
export async function openAppendFile(
  path: string,
  signal?: AbortSignal,
  onWait?: (sentence: string) => void,
): Promise<AppendFile> {
  const file = await open(path, 'a+').catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  try {
    const release = (await isRegular(file, path)) ? await claimFile(file, path, signal, onWait) : undefined;
    return {
      file,
      append: (text) =>
        file.appendFile(text).catch((cause: unknown) => {
          throw unwritable(path, cause);
        }),
      close: () => file.close().finally(() => release?.()),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** @throws {UsageError} it is not, and is no empty device either. */
async function isRegular(file: FileHandle, path: string): Promise<boolean> {
  const stats = await file.stat();
  if (stats.isFile()) return true;
  // With a position, as a terminal would otherwise be waited for: it refuses one.
  const read =
    stats.isCharacterDevice() && (await file.read(Buffer.alloc(1), 0, 1, 0).catch(() => undefined));
  if (read && read.bytesRead === 0) return false;
  // From a pipe nothing that was written comes back.
  throw irregular(path);
}

/**
 * Claim the file by its name and by what the system knows it as: a second run may call it by the name of another hard
 * link, and where the folder takes no new file there is no lock of the name.
 */
async function claimFile(
  file: FileHandle,
  path: string,
  signal: AbortSignal | undefined,
  onWait: ((sentence: string) => void) | undefined,
): Promise<() => Promise<void>> {
  const locks = [`${await realpath(path)}${LOCK_SUFFIX}`];
  const inodeLock = await findInodeLock(file);
  if (inodeLock !== undefined) locks.push(inodeLock);
  const releases: (() => Promise<void>)[] = [];
  const releaseAll = async (): Promise<void> => {
    for (const release of releases.reverse()) await release();
  };
  try {
    for (const lock of locks) releases.push(await claim(lock, path, signal, onWait));
    return releaseAll;
  } catch (error) {
    await releaseAll();
    throw error;
  }
}

/**
 * A run that was killed does not stand in the way: one on this computer is known to be gone by its process id. One on
 * another computer, or in another container, is gone when its lock is not touched for long enough, which is waited for.
 */
async function claim(
  lock: string,
  path: string,
  signal: AbortSignal | undefined,
  onWait: ((sentence: string) => void) | undefined,
): Promise<() => Promise<void>> {
  const startedAt = performance.now();
  let isTold = false;
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
    if (!isTold && processId && performance.now() - startedAt > NOTE_MS) {
      onWait?.(describeWait(lock, `process ${processId} on ${host}`));
      isTold = true;
    }
    await waitForLock(signal);
  }
}

function irregular(path: string): UsageError {
  return new UsageError('OUTPUT_UNWRITABLE', `${showName(path)} is not a regular file.`, {
    hint: 'Name a file that is kept on the disk.',
  });
}

function describeWait(lock: string, owner: string): string {
  return `${showName(lock)} names ${showName(owner)}; waiting up to two minutes for a sign that it is still running. If it is not, you can delete that file.`;
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
