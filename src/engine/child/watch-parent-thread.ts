// The program of watch-parent's thread.
import { workerData } from 'node:worker_threads';

/** Often enough that nobody notices an orphan, rarely enough to cost nothing. */
const INTERVAL_MS = 1000;

const parentPid = workerData as number;

setInterval(() => {
  if (!isParentAlive()) process.kill(process.pid, 'SIGKILL');
}, INTERVAL_MS);

function isParentAlive(): boolean {
  // Unix gives an orphan another parent at once; Windows keeps the number of the dead one.
  if (process.ppid !== parentPid) return false;
  try {
    return process.kill(parentPid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
