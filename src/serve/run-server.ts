import type { DeviceName, Dtype } from '../base/dtype.js';
import { closeProperly } from '../base/signals/close-properly.js';
import { modelsFolder } from '../models/models-folder.js';
import { openEngine } from '../models/open-engine.js';
import { runtimeFolder } from '../models/servers/runtime-folder.js';
import { formatLogEntry } from './format-log-entry.js';
import { startServer, STOP_GRACE_MS, type ServeOptions } from './start-server.js';

/** What the command line says. */
export interface ServerRun extends Omit<
  ServeOptions,
  | 'defaultModel'
  | 'store'
  | 'runtimeFolder'
  | 'openEngine'
  | 'findModel'
  | 'clientSilenceMs'
  | 'log'
  | 'onEmpty'
> {
  readonly model: string;
  readonly log: 'text' | 'json' | 'none';
  readonly endsWhenIdle: boolean;
  readonly isDebug: boolean;
}

/** A server that ends when idle gets its first request within this time, milliseconds, or never. */
const UNUSED_MS = 60_000;

/**
 * Serve until `signal` is aborted or, if the server is to end when idle, the last model has left memory. The model for
 * requests that name none is loaded at once, unless models do not stay in memory.
 * @throws {ModelError} there is no such model. {UsageError} the server cannot listen.
 */
export async function runServer(
  { model, dtype, log, endsWhenIdle, isDebug, ...options }: ServerRun,
  signal: AbortSignal,
): Promise<void> {
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const idle = new AbortController();
  const server = await startServer({
    ...options,
    dtype,
    defaultModel: model,
    store: modelsFolder(),
    runtimeFolder: runtimeFolder(),
    openEngine: (found, device) => openEngine({ model: found, device, isDebug }),
    log: (entry) => {
      if (log !== 'none') tell(formatLogEntry(entry, log));
    },
    ...(endsWhenIdle && { onEmpty: () => idle.abort() }),
  });
  const until = AbortSignal.any([signal, idle.signal]);
  try {
    const place = server.url ?? 'its Unix socket';
    tell(`pali serves on ${place}; Ctrl-C ends it.`);
    // A server that was started for a command that then did not use it must not stay for ever.
    if (endsWhenIdle) setTimeout(() => server.models.isUnused && idle.abort(), UNUSED_MS).unref();
    if (options.keepAliveMs !== 0 && !endsWhenIdle)
      void preload(server.models, { name: model, dtype }, until, tell);
    if (!until.aborted)
      await new Promise((resolve) => until.addEventListener('abort', resolve, { once: true }));
  } finally {
    await closeProperly(server.close(STOP_GRACE_MS));
  }
}

async function preload(
  models: Awaited<ReturnType<typeof startServer>>['models'],
  query: { name: string; dtype: Dtype | undefined; device?: DeviceName },
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  try {
    const lease = await models.acquire(query, signal);
    try {
      const { device, loadMs } = await lease.loading;
      tell(
        `${lease.model.name} ${lease.model.dtype} is ready on ${device}, loaded in ${Math.round(loadMs)} ms.`,
      );
    } finally {
      lease.release();
    }
  } catch (error) {
    if (!signal.aborted) tell(`warning: ${(error as Error).message} The next request tries again.`);
  }
}
