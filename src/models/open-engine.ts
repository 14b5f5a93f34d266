import type { DeviceName } from '../base/dtype.js';
import { createEngine } from '../engine/client/engine-client.js';
import type { Engine } from '../engine/engine.js';
import type { HeadStart } from './prestart-engine.js';
import type { ResolvedModel } from './resolve-model.js';

export type { Engine as OpenEngine } from '../engine/engine.js';

/** An engine for a model that was found. It loads when it is first used, and must be closed. */
export function openEngine(options: {
  readonly model: ResolvedModel;
  readonly device: DeviceName;
  /** Pass the engine's own stderr through. */
  readonly isDebug: boolean;
  /** Its process, if it was started before. */
  readonly headStart?: HeadStart | undefined;
}): Engine {
  const { model, device, isDebug, headStart } = options;
  return createEngine(
    { modelName: model.name, modelFolder: model.folder, device, debug: isDebug },
    headStart === undefined ? {} : { takeStarted: headStart.take },
  );
}
