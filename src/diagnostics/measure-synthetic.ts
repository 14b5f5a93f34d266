import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Device, DeviceName, Dtype } from '../base/dtype.js';
import { EngineError, UsageError } from '../base/errors.js';
import { readAvailableMemory } from '../base/machine/available-memory.js';
import { checkChangedFiles } from '../base/model-files/check-files.js';
import type { ModelManifest } from '../base/model-manifest.js';
import { describeMachine, listCandidates } from '../engine/client/choose-device.js';
import { convertCheckpoint } from '../weights/convert/convert-checkpoint.js';
import { dtypePlans } from '../weights/convert/dtype-plan.js';
import { estimateConvertedBytes, estimateMemoryBytes } from '../weights/convert/estimate-size.js';
import { findKnownSizes, knownSizeNames } from '../weights/checkpoint/known-sizes.js';
import type { CheckpointConfig } from '../weights/checkpoint/read-config.js';
import { makeSyntheticCheckpoint } from '../weights/checkpoint/synthetic-checkpoint.js';
import { checkFreeSpace } from '../models/check-free-space.js';
import { compareMemory } from '../models/try-out-model.js';
import { findDevice } from './find-device.js';
import { measureApart, type MeasureRequest } from './measure-apart.js';
import type { Measurement } from './measure-model.js';
import { findNearestName } from '../base/nearest-name.js';
import { packageFolder, packageVersion } from '../base/package-folder.js';

/**
 * Layers of each tower that are really made; the others read the same bytes. Together they are larger than a
 * processor's cache, so that a run reads memory as often as with weights of their own.
 */
const DISTINCT_LAYERS = 4;

/**
 * Processes that measure it, one after the other: where its memory lies makes a token up to a quarter slower in one
 * than in another. The least counts.
 */
const ROUNDS = 3;
/** After this there is no further one: the sizes are so large that such differences are small beside them. */
const LONG_MS = 60_000;

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
  /** Memory that is free, in bytes; by default asked of the system. */
  readonly availableBytes?: number;
}

/**
 * How fast one of Google's checkpoints would be here, without its weights: a model of noise with its sizes is made,
 * measured and removed. It has all layers, so that nothing is extrapolated, but the weights of a few on the disk.
 *
 * @throws {UsageError} no such checkpoint, or too little memory for it. {InputError} no room on the disk.
 * {EngineError} the device fails.
 */
export async function measureSynthetic(
  options: SyntheticOptions,
): Promise<Measurement & { convertedBytes: number; device: Device }> {
  const { name, dtype, onProgress } = options;
  const config = (options.findSizes ?? findKnownSizes)(name);
  if (config === undefined) {
    const nearest = findNearestName(name, knownSizeNames);
    throw new UsageError('SYNTHETIC_UNKNOWN', `There are no sizes named '${name}'.`, {
      hint: nearest === undefined ? `There is: ${knownSizeNames.join(', ')}.` : `Did you mean ${nearest}?`,
    });
  }
  const convertedBytes = estimateConvertedBytes(config, dtype);
  const wanted = narrowDevice(options, convertedBytes);
  refuseTooLarge(options, estimateMemoryBytes(config, dtype));
  const folder = await mkdtemp(join(tmpdir(), `pali-synthetic-${process.pid}-`));
  // A process that is interrupted twice, or while the model is computing, exits at once.
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const modelFolder = join(folder, 'model');
    onProgress?.('making a model of noise');
    const { files } = await makeModel(config, modelFolder, options);
    // As after an import: a load finds that nothing has changed.
    await checkChangedFiles(modelFolder, files);
    if (wanted !== 'cpu') {
      const { recordProbe } = await import('../engine/model/record-probe.js');
      await recordProbe(modelFolder, {});
    }
    const device = await findDevice(wanted, modelFolder);
    return { ...(await measureInRounds({ modelFolder, device }, options)), convertedBytes, device };
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function measureInRounds(
  request: MeasureRequest,
  { signal, onProgress }: SyntheticOptions,
): Promise<Measurement> {
  const startedAt = performance.now();
  let least: Measurement | undefined;
  for (let round = 1; round <= ROUNDS; round++) {
    onProgress?.(`measuring it on ${request.device}, round ${round} of ${ROUNDS}`);
    const now = await measureApart(request, signal);
    least = least === undefined ? now : takeLeast(least, now);
    if (performance.now() - startedAt > LONG_MS) break;
  }
  return least!;
}

function takeLeast(a: Measurement, b: Measurement): Measurement {
  return {
    loadMs: Math.min(a.loadMs, b.loadMs),
    visionMs: Math.min(a.visionMs, b.visionMs),
    prefillMs: Math.min(a.prefillMs, b.prefillMs),
    tokenMs: Math.min(a.tokenMs, b.tokenMs),
    peakBytes: Math.max(a.peakBytes, b.peakBytes),
  };
}

/** @throws {UsageError} it would not run here. */
function refuseTooLarge(
  { name, dtype, availableBytes = readAvailableMemory() }: SyntheticOptions,
  neededBytes: number,
): void {
  const lack = compareMemory(neededBytes, availableBytes);
  if (lack === undefined) return;
  throw new UsageError('SYNTHETIC_MEMORY', `${name} as ${dtype} ${lack} here.`, {
    hint: 'Take a smaller one, or --dtype int4.',
  });
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

async function makeModel(
  config: CheckpointConfig,
  targetFolder: string,
  { dtype, signal }: SyntheticOptions,
): Promise<ModelManifest> {
  const { vision, text } = config;
  const made = (layers: number): number => Math.min(layers, DISTINCT_LAYERS + 1);
  const onDisk = {
    ...config,
    vision: { ...vision, layers: made(vision.layers) },
    text: { ...text, layers: made(text.layers) },
  };
  await checkFreeSpace([{ folder: dirname(targetFolder), bytes: estimateConvertedBytes(onDisk, dtype) }]);
  return convertCheckpoint(
    {
      sourceFolder: join(packageFolder(), 'fixtures', 'demo'),
      targetFolder,
      dtype,
      tokens: TOKENS,
      paliVersion: packageVersion(),
      source: { path: 'noise' },
      signal,
      distinctLayers: DISTINCT_LAYERS,
    },
    async () => ({ config, checkpoint: makeSyntheticCheckpoint(config) }),
  );
}
