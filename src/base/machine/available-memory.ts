import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { readSystemFile } from './read-system-file.js';

/**
 * About how many bytes a process can still take. The system's file cache counts as free, as it is given up on
 * demand: `process.availableMemory()` subtracts it in a container, so that after a download nothing seems left; and
 * macOS keeps next to nothing free, so that all of its memory is given here.
 */
export function readAvailableMemory(root = '/', platform: NodeJS.Platform = process.platform): number {
  if (platform === 'darwin') return totalmem();
  return Math.min(freemem(), readRoom(join(root, 'sys/fs/cgroup')) ?? Infinity);
}

/** What a container's limit leaves: its limit less what it uses, less the file cache in that. */
function readRoom(group: string): number | undefined {
  // Version 2, then version 1.
  const limit =
    readNumber(join(group, 'memory.max')) ?? readNumber(join(group, 'memory/memory.limit_in_bytes'));
  const used =
    readNumber(join(group, 'memory.current')) ?? readNumber(join(group, 'memory/memory.usage_in_bytes'));
  if (limit === undefined || used === undefined) return undefined;
  const stat =
    readSystemFile(join(group, 'memory.stat')) || readSystemFile(join(group, 'memory/memory.stat'));
  const cached = [...stat.matchAll(/^(?:in)?active_file (\d+)$/gm)].reduce(
    (sum, [, bytes]) => sum + Number(bytes),
    0,
  );
  return Math.max(0, limit - used + cached);
}

function readNumber(path: string): number | undefined {
  const text = readSystemFile(path);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
