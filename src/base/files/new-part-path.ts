import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isRunning } from './file-lock.js';

/** Names that this process asked for: in a container every run may have the same process id. */
const ours = new Set<string>();

/**
 * A temporary name beside a file for its new content: `out.mp4.1234-0a1b2c.part`, with the process's id. Leftovers of
 * killed processes for the same file are removed. Meant for files that take long to write; small ones need no such
 * search.
 */
export async function newPartPath(path: string): Promise<string> {
  const folder = resolve(dirname(path));
  const name = basename(path);
  for (const entry of await readdir(folder).catch(() => [])) {
    const owner =
      entry.startsWith(`${name}.`) && /^(\d+)-[0-9a-f]{6}\.part$/.exec(entry.slice(name.length + 1));
    if (!owner) continue;
    const left = join(folder, entry);
    const id = Number(owner[1]);
    const isUsed = id === process.pid ? ours.has(left) : isRunning(id);
    // A running process's file stays.
    if (!isUsed) await rm(left, { force: true }).catch(() => undefined);
  }
  const part = `${name}.${process.pid}-${randomBytes(3).toString('hex')}.part`;
  ours.add(join(folder, part));
  return join(dirname(path), part);
}
