import type { DeviceName } from '../base/dtype.js';
import { CancelledError } from '../base/errors.js';
import { createEngine } from '../engine/client/engine-client.js';
import type { Engine } from '../engine/engine.js';
import { mayHaveServer } from './servers/may-have-server.js';
import type { HeadStart } from './prestart-engine.js';
import type { ResolvedModel } from './resolve-model.js';

export type { Engine } from '../engine/engine.js';

/** How to open an engine. */
export interface OpenOptions {
  readonly model: ResolvedModel;
  readonly device: DeviceName;
  /** Pass the engine's own stderr through. */
  readonly isDebug: boolean;
  /** Its process, where that was started before. */
  readonly headStart?: HeadStart | undefined;
}

/** An engine for a model that was found. It loads when it is first used, and must be closed. */
export function openEngine({ model, device, isDebug, headStart }: OpenOptions): Engine {
  return createEngine(
    { modelName: model.name, modelFolder: model.folder, device, debug: isDebug },
    headStart === undefined ? {} : { takeStarted: headStart.take },
  );
}

/** Where else a model may be ready. */
export interface ServerOptions {
  /** Where this user's servers write about themselves; absent where none is to be asked. */
  readonly runtimeFolder: string | undefined;
  /** Start a server that keeps the model this long, such as `5m`, where none runs. */
  readonly keepAlive: string | undefined;
  /** Called with a sentence about what is used, and what is not and why. */
  readonly onNote: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** As openEngine, on a running server of this user where there is one. A server that fails is replaced by the engine. */
export async function openReadyEngine(options: OpenOptions, servers: ServerOptions): Promise<Engine> {
  const { runtimeFolder, keepAlive, onNote, signal } = servers;
  if (runtimeFolder === undefined) return openEngine(options);
  if (!mayHaveServer(runtimeFolder)) {
    if (keepAlive === undefined) return openEngine(options);
    await startServer(runtimeFolder, keepAlive, signal, onNote);
  }
  // Only where there is a server is it worth loading what speaks to it.
  const { openOnLocalServer } = await import('./servers/find-server.js');
  const openOwn = (): Engine => openEngine(options);
  return (await openOnLocalServer({ ...options, runtimeFolder, openOwn, onNote })) ?? openOwn();
}

async function startServer(
  runtimeFolder: string,
  keepAlive: string,
  signal: AbortSignal,
  onNote: (sentence: string) => void,
): Promise<void> {
  const { startOnce } = await import('./servers/start-background.js');
  try {
    const isNew = await startOnce(
      runtimeFolder,
      ['--local', '--until-idle', `--keep-alive=${keepAlive}`],
      signal,
    );
    if (isNew) onNote(`A server was started; it keeps the model for ${keepAlive}.`);
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    onNote(`No server could be started: ${(error as Error).message}`);
  }
}
