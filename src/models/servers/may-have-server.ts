import { readdirSync } from 'node:fs';
import { isRunning } from '../../base/files/file-lock.js';

/** Whether a server of this user seems to run. Quick: every command asks before it does anything else. */
export function mayHaveServer(runtimeFolder: string): boolean {
  try {
    return readdirSync(runtimeFolder).some((name) => isRunning(Number(/^(\d+)\.json$/.exec(name)?.[1])));
  } catch {
    return false;
  }
}
