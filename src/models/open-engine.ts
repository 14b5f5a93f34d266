import type { DeviceName } from '../base/dtype.js';
import { createEngine } from '../engine/client/engine-client.js';
import type { Engine } from '../engine/engine.js';
import { mayHaveServer } from './may-have-server.js';
import type { HeadStart } from './prestart-engine.js';
import type { ResolvedModel } from './resolve-model.js';

export type { Engine } from '../engine/engine.js';

/** How to open an engine. */
export interface OpenOptions {
  readonly model: ResolvedModel;
  readonly device: DeviceName;
  /** Pass the engine's own stderr through. */
  readonly isDebug: boolean;
  /** Its process, if it was started before. */
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
  readonly runtimeFolder?: string | undefined;
  /** Told of what is used, and of what is not and why. */
  readonly onNote: (sentence: string) => void;
}

/** As openEngine, on a running server of this user where there is one. */
export async function openReadyEngine(
  options: OpenOptions,
  { runtimeFolder, onNote }: ServerOptions,
): Promise<Engine> {
  if (runtimeFolder !== undefined) {
    // Only where there is one is it worth loading what speaks to it.

    if (mayHaveServer(runtimeFolder)) {
      const { openOnLocalServer } = await import('./find-server.js');
      const openOwn = (): Engine => openEngine(options);
      const engine = await openOnLocalServer({ ...options, runtimeFolder, openOwn, onNote });
      if (engine !== undefined) return engine;
    }
  }
  return openEngine(options);
}
