import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readSystemFile } from './read-system-file.js';

/**
 * The processors that this process may use: those of the computer, or fewer where a container has a quota. Node 20
 * and onnxruntime know nothing of quotas (`docker run --cpus 2`, Kubernetes limits): with a thread for each of 64
 * cores and time for two, each step waits for threads that were put to sleep.
 *
 * @param root the root of the file system; tests have one of their own.
 * @returns whole processors, 1 or more; a quota of 1.5 gives 2.
 */
export function countCores(root = '/'): number {
  return Math.min(availableParallelism(), readQuota(root) ?? Infinity);
}

/** The processors that the quota of the control group allows, rounded up; undefined where there is none. */
export function readQuota(root = '/'): number | undefined {
  const base = join(root, 'sys/fs/cgroup');
  for (const group of groupsAbove(readSystemFile(join(root, 'proc/self/cgroup')))) {
    // Version 2: "200000 100000", or "max 100000".
    const [quota, period] = readSystemFile(join(base, group, 'cpu.max'))
      .split(/\s+/)
      .map(Number);
    if (quota > 0 && period > 0) return Math.max(1, Math.ceil(quota / period));
  }
  const quota = Number(readSystemFile(join(base, 'cpu/cpu.cfs_quota_us')) || Number.NaN);
  const period = Number(readSystemFile(join(base, 'cpu/cpu.cfs_period_us')) || Number.NaN);
  return quota > 0 && period > 0 ? Math.max(1, Math.ceil(quota / period)) : undefined;
}

/** The process's own group and those above it, up to the root: the nearest quota counts. */
function groupsAbove(listing: string): string[] {
  const own = /^0::(\/.*)$/m.exec(listing)?.[1] ?? '/';
  const parts = own.split('/').filter((part) => part !== '' && part !== '..');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/')).concat('');
}
