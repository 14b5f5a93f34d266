import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError, EngineError } from '../../base/errors.js';
import { withFileLock } from '../../base/files/file-lock.js';
import { packageFolder } from '../../base/package-folder.js';
import { stripControl } from '../../base/strip-control.js';
import { listServers, prepareRuntimeFolder, type RuntimeRecord } from '../../engine/remote/runtime-file.js';
import { mayHaveServer } from './may-have-server.js';
import { runtimeFolder, runtimeFolderFailed } from './runtime-folder.js';

const POLL_MS = 50;
/** The demo model may have to be converted first. */
const LIMIT_MS = 60_000;

/**
 * Start `pali serve` with these arguments in a process that stays, and wait until it listens. What it says goes to
 * serve.log in the runtime folder.
 * @throws {EngineError} it ended instead: with what it said. {UsageError} the folder cannot be written to.
 */
export async function startBackground(words: readonly string[], signal: AbortSignal): Promise<RuntimeRecord> {
  const folder = runtimeFolder();
  const logPath = join(folder, 'serve.log');
  await prepareRuntimeFolder(folder).catch((cause: unknown) => {
    throw runtimeFolderFailed(folder, cause);
  });
  const log = await open(logPath, 'w', 0o600).catch((cause: unknown) => {
    throw runtimeFolderFailed(folder, cause);
  });
  const child = spawn(process.execPath, [join(packageFolder(), 'bin', 'pali.js'), 'serve', ...words], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: process.cwd(),
  });
  await log.close();
  let hasEnded = false;
  child.on('exit', () => (hasEnded = true)).on('error', () => (hasEnded = true));
  const startedAt = performance.now();
  while (!hasEnded && performance.now() - startedAt < LIMIT_MS) {
    if (signal.aborted) break;
    const record = (await listServers(folder)).find(({ pid }) => pid === child.pid);
    if (record !== undefined) {
      child.unref();
      return record;
    }
    await wait(POLL_MS);
  }
  if (!hasEnded) child.kill();
  if (signal.aborted) throw new CancelledError();
  const said = stripControl(await readFile(logPath, 'utf8').catch(() => ''))
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  throw new EngineError('SERVER_NOT_STARTED', said[0] || 'The server did not start.', {
    hint: said[1]?.trim() || `Its log is ${logPath}`,
  });
}

/**
 * The same, unless another command has started one meanwhile: of several at the same time one starts it.
 * @returns whether this one did.
 */
export async function startOnce(
  folder: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  await prepareRuntimeFolder(folder);
  return withFileLock(
    join(folder, 'start.lock'),
    async () => {
      if (mayHaveServer(folder)) return false;
      await startBackground(words, signal);
      return true;
    },
    { signal },
  );
}
