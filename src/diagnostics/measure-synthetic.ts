import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device, DeviceName, Dtype } from '../base/dtype.js';
import { EngineError, UsageError } from '../base/errors.js';
import { describeMachine, listCandidates } from '../engine/client/choose-device.js';
import { convertCheckpoint } from '../weights/convert/convert-checkpoint.js';
import { dtypePlans } from '../weights/convert/dtype-plan.js';
import { estimateConvertedBytes, estimateTokenBytes } from '../weights/convert/estimate-size.js';
import { findKnownSizes, knownSizeNames } from '../weights/checkpoint/known-sizes.js';
import type { CheckpointConfig } from '../weights/checkpoint/read-config.js';
import { makeSyntheticCheckpoint } from '../weights/checkpoint/synthetic-checkpoint.js';
import { checkFreeSpace } from '../models/check-free-space.js';
import { findDevice } from './find-device.js';
import { measureModel, type Measurement } from './measure-model.js';
import { findNearestName } from '../base/nearest-name.js';
import { packageFolder, packageVersion } from '../base/package-folder.js';

/** Layers that are really generated, of both towers: two measurements give the time of one layer and of the rest. */
const FEW_LAYERS = 2;
const MORE_LAYERS = 4;

/** Layers may be read this much faster than the head with them, from which most of the few layers' time comes. */
const BEST_READING = 1.15;

/** Ids of Google's tokenizer, which are built into the graphs. */
const TOKENS = { pad: 0, bos: 2, eos: 1, image: 257_152, firstLoc: 256_000, firstSeg: 257_024 };

/** What to measure. */
export interface SyntheticOptions {
  /** Such as `paligemma-3b-448`. */
  readonly name: string;
  readonly dtype: Dtype;
  /** `auto`: the device commands would use for such a model. */
  readonly device: DeviceName;
  readonly signal: AbortSignal;
  readonly onProgress?: ((sentence: string) => void) | undefined;
  /** Sizes by name; tests use small ones. */
  readonly findSizes?: typeof findKnownSizes;
}

/**
 * How fast one of Google's checkpoints would be here, without its weights: models of noise with the right sizes and
 * few layers are generated, measured and removed, and the time of all layers is extrapolated.
 *
 * @throws {UsageError} no such checkpoint. {InputError} no room on the disk. {EngineError} the device fails.
 */
export async function measureSynthetic(
  options: SyntheticOptions,
): Promise<Measurement & { convertedBytes: number; device: Device }> {
  const config = (options.findSizes ?? findKnownSizes)(options.name);
  if (config === undefined) {
    const nearest = findNearestName(options.name, knownSizeNames);
    throw new UsageError('SYNTHETIC_UNKNOWN', `There are no sizes named '${options.name}'.`, {
      hint: nearest === undefined ? `There is: ${knownSizeNames.join(', ')}.` : `Did you mean ${nearest}?`,
    });
  }
  const convertedBytes = estimateConvertedBytes(config, options.dtype);
  const few = await measureLayers(config, FEW_LAYERS, {
    ...options,
    device: narrowDevice(options, convertedBytes),
  });
  const { device } = few;
  const more = await measureLayers(config, MORE_LAYERS, { ...options, device });
  const extend = (a: number, b: number, layers: number): number =>
    b + (Math.max(0, b - a) * (layers - MORE_LAYERS)) / (MORE_LAYERS - FEW_LAYERS);
  const madeBytes = estimateConvertedBytes(withLayers(config, MORE_LAYERS), options.dtype);
  /** A token reads all weights of the decoder: noise in the difference must not promise more than the memory gives. */
  const fastestTokenMs = (): number => {
    const bytesOf = (layers: number): number => estimateTokenBytes(withLayers(config, layers), options.dtype);
    const bytesPerMs = Math.max(bytesOf(FEW_LAYERS) / few.tokenMs, bytesOf(MORE_LAYERS) / more.tokenMs);
    return bytesOf(config.text.layers) / (bytesPerMs * BEST_READING);
  };
  return {
    loadMs: (more.loadMs * convertedBytes) / madeBytes,
    visionMs: extend(few.visionMs, more.visionMs, config.vision.layers),
    prefillMs: extend(few.prefillMs, more.prefillMs, config.text.layers),
    tokenMs: Math.max(extend(few.tokenMs, more.tokenMs, config.text.layers), fastestTokenMs()),
    peakBytes: more.peakBytes + convertedBytes - madeBytes,
    convertedBytes,
    device,
  };
}

/**
 * `auto` need not be resolved when there is nothing to choose from.
 * @throws {EngineError} there are no graphs of this dtype for the device.
 */
function narrowDevice({ device, dtype }: SyntheticOptions, weightBytes: number): DeviceName {
  const isForCpu = dtypePlans[dtype].decoders.every(({ forms }) =>
    forms.every((form) => form.startsWith('cpu')),
  );
  if (isForCpu && device !== 'auto' && device !== 'cpu') {
    throw new EngineError(
      'DTYPE_UNFIT',
      `A model of dtype ${dtype} runs on the CPU only, not on ${device}.`,
      {
        hint: 'Take --dtype int4 or fp16, or --device cpu.',
      },
    );
  }
  if (device !== 'auto') return device;
  const { devices } = listCandidates({ dtype, weightBytes }, describeMachine());
  return devices.length === 1 ? devices[0] : device;
}

async function measureLayers(
  whole: CheckpointConfig,
  layers: number,
  { dtype, device, signal, onProgress }: SyntheticOptions,
): Promise<Measurement & { device: Device }> {
  const config = withLayers(whole, layers);
  const folder = await mkdtemp(join(tmpdir(), `pali-synthetic-${process.pid}-`));
  // A process that is interrupted twice, or while the model is computing, exits at once.
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    await checkFreeSpace([{ folder, bytes: estimateConvertedBytes(config, dtype) }]);
    const targetFolder = join(folder, 'model');
    onProgress?.(`making a model of ${layers} layers`);
    const sourceFolder = join(packageFolder(), 'fixtures', 'demo');
    await convertCheckpoint(
      {
        sourceFolder,
        targetFolder,
        dtype,
        tokens: TOKENS,
        paliVersion: packageVersion(),
        source: { path: 'noise' },
        signal,
      },
      async () => ({ config, checkpoint: makeSyntheticCheckpoint(config) }),
    );
    if (device !== 'cpu') {
      const { recordProbe } = await import('../engine/model/record-probe.js');
      await recordProbe(targetFolder);
    }
    const place = await findDevice(device, targetFolder);
    onProgress?.(`measuring ${layers} layers on ${place}`);
    return { ...(await measureModel(targetFolder, place, signal)), device: place };
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function withLayers(config: CheckpointConfig, layers: number): CheckpointConfig {
  return { ...config, vision: { ...config.vision, layers }, text: { ...config.text, layers } };
}
