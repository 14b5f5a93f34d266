import * as v from 'valibot';
import { deviceNames, dtypes } from '../base/dtype.js';
import { UsageError } from '../base/errors.js';
import { onAbort } from '../base/signals/on-abort.js';
import { DEMO_MODEL } from '../models/demo-model.js';
import { modelsFolder } from '../models/models-folder.js';
import { openReadyEngine, type Engine } from '../models/open-engine.js';
import { resolveModel } from '../models/resolve-model.js';
import { runtimeFolder } from '../models/servers/runtime-folder.js';
import { toCancelled } from './answer-one.js';
import { LoadedModel } from './loaded-model.js';
import type { Model } from './model.js';
import type { OpenModelOptions } from './open-model-options.js';
import { parseOptions } from './parse-options.js';

const optionFields = {
  model: v.optional(v.pipe(v.string(), v.nonEmpty())),
  dtype: v.optional(v.picklist(dtypes)),
  device: v.optional(v.picklist(deviceNames), 'auto'),
  server: v.optional(v.boolean(), true),
  servers: v.optional(v.array(v.pipe(v.string(), v.nonEmpty())), () => []),
  queue: v.optional(v.pipe(v.string(), v.nonEmpty())),
  allowPrivateUrls: v.optional(v.boolean(), false),
  onNote: v.optional(
    v.custom<(sentence: string) => void>((value) => typeof value === 'function'),
    () => () => undefined,
  ),
  signal: v.optional(v.instance(AbortSignal)),
};
type Options = v.InferOutput<v.ObjectSchema<typeof optionFields, undefined>>;

/** See openModel. */
export async function loadModel(given: OpenModelOptions): Promise<Model> {
  const options = parseOptions(optionFields, given, 'for openModel');
  const { allowPrivateUrls: allowsPrivate, onNote } = options;
  const signal = options.signal ?? new AbortController().signal;
  let engine: Engine | undefined;
  // Loading has no signal of its own, but it ends with the engine.
  const stopListening = onAbort(signal, () => void engine?.close());
  try {
    signal.throwIfAborted();
    engine = await open(options, signal);
    signal.throwIfAborted();
    const { model, dtype, device, imageSize, notes, loadMs } = await engine.load();
    signal.throwIfAborted();
    const info = { name: model, dtype, device, imageSize, notes };
    return new LoadedModel({ engine, info, loadMs, allowsPrivate, onNote, signal });
  } catch (error) {
    await engine?.close();
    throw toCancelled(error, signal);
  } finally {
    stopListening();
  }
}

async function open(options: Options, signal: AbortSignal): Promise<Engine> {
  const { device, dtype, servers, queue, onNote } = options;
  if (queue !== undefined) {
    if (servers.length > 0 || device !== 'auto') {
      throw new UsageError(
        'OPTION_VALUE',
        `With queue, ${servers.length > 0 ? 'servers' : 'device'} cannot be given.`,
        {
          hint: 'The workers of the queue answer, each on the device of its own.',
        },
      );
    }
    const { openQueueEngine } = await import('../models/queue/open-queue-engine.js');
    return openQueueEngine({ queue, model: options.model ?? DEMO_MODEL, dtype, onNote });
  }
  if (servers.length > 0) {
    const { openServers } = await import('../models/servers/open-servers.js');
    return openServers({ servers, model: options.model ?? DEMO_MODEL, dtype, device, onNote });
  }
  let isTold = false;
  const model = await resolveModel({
    store: modelsFolder(),
    ...{ model: options.model, dtype, device, signal },
    onProgress: () => {
      if (!isTold) onNote('Preparing the demo model; this is done once.');
      isTold = true;
    },
  });
  return openReadyEngine(
    { model, device, isDebug: false },
    {
      runtimeFolder: options.server ? runtimeFolder() : undefined,
      // Commands start a server where the user's settings say so; a program starts none by itself.
      keepAlive: undefined,
      onNote,
      signal,
    },
  );
}
