import type { Device, DeviceName, Dtype } from '../base/dtype.js';
import { findDevice } from './find-device.js';
import { measureApart } from './measure-apart.js';
import type { Measurement } from './measure-model.js';
import { resolveModel } from '../models/resolve-model.js';

/** What was measured. */
export interface BenchResult {
  readonly name: string;
  readonly dtype: Dtype;
  readonly device: Device;
  /** Noise of the right sizes. */
  readonly isSynthetic: boolean;
  readonly measurement: Measurement;
}

/**
 * Measure a model of the store on the device that commands would use.
 * @throws {ModelError} there is no such model. {EngineError} it does not run there.
 */
export async function benchModel(options: {
  readonly store: string;
  readonly model: string;
  readonly dtype: Dtype | undefined;
  readonly device: DeviceName;
  readonly signal: AbortSignal;
  readonly onProgress?: (sentence: string) => void;
}): Promise<BenchResult> {
  const { store, dtype, device, signal, onProgress } = options;
  const model = await resolveModel({
    store,
    model: options.model,
    dtype,
    device,
    signal,
    onProgress: () => onProgress?.('preparing the demo model'),
  });
  const place = await findDevice(device, model.folder);
  onProgress?.(`measuring ${model.name} on ${place}`);
  const measurement = await measureApart({ modelFolder: model.folder, device: place }, signal);
  return { name: model.name, dtype: model.dtype, device: place, isSynthetic: false, measurement };
}
