import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isRunning } from './file-lock.js';

/** Longest file name that disks take, bytes, and what we add to one at most. */
const MAX_NAME_BYTES = 255;
const SUFFIX_BYTES = 32;
/** A part of another computer or container that nobody wrote to for so long is left over. */
const STALE_MS = 7 * 24 * 3_600_000;
const SUFFIX = /^([0-9a-f]{6})-(\d+)-[0-9a-f]{6}\.part$/;

/** Those that this process asked for: in a container every run may have the same process id. */
const ours = new Set<string>();

/**
 * A name beside a file for what is to become it: `out.mp4.5c0ffe-1234-0a1b2c.part`, with marks of where the process
 * runs and which it is.
 *
 * @param removesStale remove what processes that were killed left of the same file. A process id means something only
 *   where it was given, so that what others left, as containers with the same folder do, goes after a week.
 */
export async function newPartPath(path: string, removesStale = false): Promise<string> {
  const folder = resolve(dirname(path));
  const name = cutName(basename(path));
  if (removesStale) await removeStale(folder, name);
  const part = `${name}.${placeMark()}-${process.pid}-${randomBytes(3).toString('hex')}.part`;
  ours.add(join(folder, part));
  return join(dirname(path), part);
}

/** A part is no longer this process's: it has its name, or is gone. */
export function forgetPartPath(part: string): void {
  ours.delete(resolve(part));
}

async function removeStale(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    const owner = entry.startsWith(`${name}.`) && SUFFIX.exec(entry.slice(name.length + 1));
    if (!owner) continue;
    const left = join(folder, entry);
    if (await isLeftBehind(left, owner[1], Number(owner[2])))
      await rm(left, { force: true }).catch(() => undefined);
  }
}

/**
 * Whether what a process made for a while is left over.
 * @param mark where it ran: its placeMark; undefined when unknown.
 */
export async function isLeftBehind(
  path: string,
  mark: string | undefined,
  processId: number,
): Promise<boolean> {
  if (mark === placeMark()) return processId === process.pid ? !ours.has(path) : !isRunning(processId);
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > STALE_MS;
}

let mark: string | undefined;

/** Six digits for this computer, or this container: where process ids are told apart. */
export function placeMark(): string {
  mark ??= createHash('sha256').update(`${hostname()} ${idSpace()}`).digest('hex').slice(0, 6);
  return mark;
}

/** Linux: the namespace of process ids, as containers may have the same host name. */
function idSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** A name that leaves room for the suffix. */
function cutName(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length + SUFFIX_BYTES <= MAX_NAME_BYTES) return name;
  return bytes.toString('utf8', 0, MAX_NAME_BYTES - SUFFIX_BYTES).replace(/\ufffd+$/, '');
}
