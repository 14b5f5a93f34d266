import { readFileSync, rmSync } from 'node:fs';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../errors.js';
import { renamePatiently } from './rename-patiently.js';

/** How often a waiting process looks again. */
const POLL_MS = 200;
/** The holder touches its lock this often. */
const TOUCH_MS = 5000;
/** A lock counts as abandoned when it has not been touched for this long, whatever runs under its process id. */
const STALE_MS = 120_000;

/** Owners that this process wrote, or is about to write, with their files. */
const held = new Map<string, string>();

process.on('exit', () => held.forEach(removeOwn));

/**
 * Run `work` while no other process runs under the same lock. The lock is a file that names its owner; one whose
 * owner is gone is taken over. It saves duplicate work and does not guard against damage: callers must be correct
 * without it.
 *
 * @param onWait called once when another process holds the lock.
 * @throws {CancelledError} `signal` was aborted while waiting.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  { signal, onWait }: { signal?: AbortSignal | undefined; onWait?: (() => void) | undefined } = {},
): Promise<T> {
  let isTold = false;
  for (;;) {
    const release = await tryFileLock(path);
    if (release !== undefined) return await work().finally(release);
    if (!isTold) onWait?.();
    isTold = true;
    await waitForLock(signal);
  }
}

/**
 * Take a lock, or take it over from an owner that is gone. It is touched until it is released, and also goes when this
 * process ends in an orderly way.
 *
 * @returns how to release it; undefined while another holds it.
 * @throws what the system says where the file cannot be written, or an abandoned one cannot be removed.
 */
export async function tryFileLock(path: string): Promise<(() => Promise<void>) | undefined> {
  const owner = `${hostname()} ${process.pid} ${randomBytes(6).toString('hex')}\n`;
  held.set(owner, path);
  try {
    while (!(await take(path, owner))) {
      if (!(await isLockAbandoned(path))) {
        held.delete(owner);
        return undefined;
      }
      await removeAbandoned(path);
    }
  } catch (error) {
    held.delete(owner);
    throw error;
  }
  return hold(path, owner);
}

/** Wait until it is worth looking at a lock again. @throws {CancelledError} `signal` was aborted. */
export async function waitForLock(signal: AbortSignal | undefined): Promise<void> {
  await wait(POLL_MS, undefined, signal && { signal }).catch(() => {
    throw new CancelledError();
  });
}

function hold(path: string, owner: string): () => Promise<void> {
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  return async () => {
    clearInterval(touch);
    held.delete(owner);
    if ((await readFile(path, 'utf8').catch(() => '')) === owner) await rm(path, { force: true });
  };
}

/** While the process ends: there is no time for promises. */
function removeOwn(path: string, owner: string): void {
  try {
    if (readFileSync(path, 'utf8') === owner) rmSync(path, { force: true });
  } catch {
    // It was never written, or another took it over.
  }
}

async function take(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a lock's owner is gone; true also where there is no lock. */
export async function isLockAbandoned(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) return true;
  const owner = await readFile(path, 'utf8').catch(() => '');
  const [host, processId] = owner.split(' ');
  const age = Date.now() - stats.mtimeMs;
  // Half a lock: its owner is still writing it, or died while doing so.
  if (!processId) return age > POLL_MS * 10;
  if (host !== hostname()) return age > STALE_MS;
  // A container that was started again has the same name, and its processes have the same ids.
  if (Number(processId) === process.pid) return !held.has(owner);
  return !isRunning(Number(processId)) || age > STALE_MS;
}

/**
 * Move it aside first: of two processes that find it abandoned, only one gets it.
 * @throws what the system says when it stays where it is, as in a folder that cannot be written to.
 */
async function removeAbandoned(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await renamePatiently(path, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rm(aside, { force: true });
}

/** Whether a process with this id is running on this computer. */
export function isRunning(processId: number): boolean {
  if (!Number.isSafeInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
