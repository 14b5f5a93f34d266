import { setTimeout as wait } from 'node:timers/promises';
import { isRunning } from '../../base/files/file-lock.js';
import { CancelledError } from '../../base/errors.js';
import { listServers, type RuntimeRecord } from '../../engine/remote/runtime-file.js';
import { runtimeFolder } from './runtime-folder.js';

/** A server that finishes its requests takes ten seconds at most, and little for the rest. */
const LIMIT_MS = 15_000;
const POLL_MS = 50;

/** The servers of this user that run. */
export function listRunningServers(): Promise<RuntimeRecord[]> {
  return listServers(runtimeFolder());
}

/**
 * End servers and wait until they are gone; one that does not end is killed.
 * @returns a sentence for each.
 */
export async function stopServers(servers: readonly RuntimeRecord[], signal: AbortSignal): Promise<string[]> {
  return Promise.all(servers.map(({ pid }) => stopServer(pid, signal)));
}

async function stopServer(pid: number, signal: AbortSignal): Promise<string> {
  const startedAt = performance.now();
  send(pid, 'SIGTERM');
  while (isRunning(pid)) {
    if (performance.now() - startedAt > LIMIT_MS) {
      send(pid, 'SIGKILL');
      await wait(POLL_MS);
      // Its file and socket.
      await listServers(runtimeFolder());
      return `The server (process ${pid}) did not stop and was killed.`;
    }
    await wait(POLL_MS, undefined, { signal }).catch(() => {
      throw new CancelledError();
    });
  }
  return `The server of process ${pid} has ended.`;
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
