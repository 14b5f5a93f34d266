import type { Device, Dtype } from '../../base/dtype.js';
import { EngineError } from '../../base/errors.js';
import type { PaliTokenizer } from '../../tokens/tokenizer.js';
import type { LoadProgress } from '../load-progress.js';
import type { LoadedModel } from '../model/loaded-model.js';
import { parseToEngine, type FromEngine, type ToEngine } from '../messages.js';
import { Scheduler } from './scheduler.js';
import { packError } from '../wire-error.js';

/** What the engine's process needs of a model. */
export interface EngineParts {
  readonly model: LoadedModel;
  readonly tokenizer: PaliTokenizer;
  readonly manifest: { readonly dtype: Dtype };
  /** What the parts of the load took, milliseconds. */
  readonly times?: Readonly<Record<string, number>>;
}

/** Loads a converted model on one device: load-model's loadModel, or a test's. */
export type EngineLoader = (options: {
  modelFolder: string;
  device: Device;
  threads?: number;
  mustBeFast?: boolean;
  onProgress?: (progress: LoadProgress) => void;
}) => Promise<EngineParts>;

/** The channel to the parent. */
export interface EnginePort {
  send(message: FromEngine): void;
  onMessage(listener: (message: unknown) => void): void;
  /** End the process, once everything sent is on its way. */
  end(): void;
}

/**
 * The engine's side of the conversation in messages.ts, from `load` to `shutdown`.
 * For an unknown message it throws from the port's listener.
 */
export function runEngineChild({ load, port }: { load: EngineLoader; port: EnginePort }): void {
  let parts: EngineParts | undefined;
  let scheduler: Scheduler | undefined;
  let loadedOn: Device | undefined;

  const start = async ({
    modelFolder,
    device,
    threads,
    mustBeFast,
  }: Extract<ToEngine, { type: 'load' }>): Promise<void> => {
    try {
      parts = await load({
        modelFolder,
        device,
        ...(threads === undefined ? {} : { threads }),
        ...(mustBeFast === undefined ? {} : { mustBeFast }),
        onProgress: (progress) => port.send({ type: 'loading', ...progress }),
      });
    } catch (error) {
      port.send({ type: 'load-failed', error: packError(error) });
      port.end();
      return;
    }
    loadedOn = device;
    const { model, tokenizer, manifest, times } = parts;
    scheduler = new Scheduler(model, tokenizer, {
      events: (items) => port.send({ type: 'events', items: items as EventItems }),
      masks: (id, masks) => port.send({ type: 'masks', id, masks }),
      failed: (id, error) => port.send({ type: 'failed', id, error: packError(error) }),
    });
    const { imageSize } = model.spec.vision;
    port.send({ type: 'ready', dtype: manifest.dtype, imageSize, ...(times && { loadTimes: times }) });
  };

  const stop = async (): Promise<void> => {
    await scheduler?.close();
    // The system takes memory back more quickly than onnxruntime does, but a graphics driver wants to be left in order.
    if (loadedOn !== 'cpu') await parts?.model.close();
    port.end();
  };

  port.onMessage((value) => {
    const message = parseToEngine(value);
    switch (message.type) {
      case 'load':
        void start(message);
        break;
      case 'ask':
        loaded(scheduler).submit(message.id, message.request);
        break;
      case 'cancel':
        loaded(scheduler).cancel(message.id);
        break;
      case 'masks':
        loaded(scheduler).decodeMasks(message.id, message.codes);
        break;
      case 'shutdown':
        void stop();
        break;
    }
  });
}

type EventItems = Extract<FromEngine, { type: 'events' }>['items'];

function loaded(scheduler: Scheduler | undefined): Scheduler {
  if (scheduler !== undefined) return scheduler;
  throw new EngineError('ENGINE_PROTOCOL', 'The engine was asked before a model was loaded.');
}
