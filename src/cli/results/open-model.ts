import type { DeviceName } from '../../base/dtype.js';
import type { HeadStart } from '../../models/prestart-engine.js';
import { modelsFolder } from '../../models/models-folder.js';
import { openReadyEngine, type Engine } from '../../models/open-engine.js';
import { runtimeFolder } from '../../models/servers/runtime-folder.js';
import { resolveModel } from '../../models/resolve-model.js';
import type { ModelOptions, QueueChoice, ServerChoice, Verbosity } from '../options/model-options.js';
import { readSetting } from '../settings/settings.js';
import { readKeepAliveSetting } from './read-keep-alive-setting.js';

/**
 * Find the model that the options or the config name, and create an engine for it, which starts loading on
 * first use.
 *
 * @param headStart the engine's process, if it was already started.
 * @throws {ModelError} there is no such model. {CancelledError} `signal` was aborted while the demo was prepared.
 */
export async function openModel(
  options: ModelOptions & ServerChoice & Partial<QueueChoice> & Verbosity & { readonly jobs?: number },
  signal: AbortSignal,
  headStart: HeadStart | undefined,
): Promise<Engine> {
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  let isTold = options.isQuiet;
  const onProgress = (): void => {
    if (!isTold) tell('note: preparing the demo model; this is done once.');
    isTold = true;
  };
  const name = options.model ?? (await readSetting('default-model')).value;
  const onNote = (sentence: string): void => {
    if (options.isVerbose) tell(sentence);
  };
  if (options.servers.length > 0) {
    const { openServers } = await import('../../models/servers/open-servers.js');
    return tellLoad(await openServers({ ...options, model: name, onNote }), options, tell);
  }
  if (options.queue !== undefined) {
    const { openQueueEngine } = await import('../../models/queue/open-queue-engine.js');
    const { queue, dtype, jobs } = options;
    // A lost connection and missing workers concern everybody who waits.
    const note = (sentence: string): void => {
      if (!options.isQuiet) tell(`note: ${sentence}`);
    };
    return tellLoad(
      openQueueEngine({ queue, model: name, dtype, maxJobs: jobs, onNote: note }),
      options,
      tell,
    );
  }
  const device = options.device ?? ((await readSetting('device')).value as DeviceName);
  const model = await resolveModel({
    store: modelsFolder(),
    model: name,
    dtype: options.dtype,
    device,
    signal,
    onProgress,
  });
  const keepAlive = await readKeepAliveSetting();
  const engine = await openReadyEngine(
    { model, device, isDebug: options.isDebug, headStart },
    { runtimeFolder: options.usesServer ? runtimeFolder() : undefined, keepAlive, onNote, signal },
  );
  return tellLoad(engine, options, tell);
}

function tellLoad(engine: Engine, { isVerbose }: Verbosity, tell: (line: string) => void): Engine {
  if (isVerbose) {
    engine.load().then(
      (info) => [...info.notes, describeLoad(info)].forEach(tell),
      () => undefined,
    );
  }
  return engine;
}

/** What was loaded, and how long each part took; loading overlaps with starting the engine's process. */
function describeLoad({
  model,
  dtype,
  device,
  loadMs,
  loadTimes = {},
}: Awaited<ReturnType<Engine['load']>>): string {
  const parts = Object.entries(loadTimes).map(([part, ms]) => `${part} ${Math.round(ms)}`);
  const detail = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${model} ${dtype} on ${device}, loaded in ${Math.round(loadMs)} ms${detail}`;
}
