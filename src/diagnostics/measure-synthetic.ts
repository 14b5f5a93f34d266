import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device, DeviceName, Dtype } from '../base/dtype.js';
import { EngineError, UsageError } from '../base/errors.js';
import { describeMachine, listCandidates } from '../engine/client/choose-device.js';
import { convertCheckpoint } from '../weights/convert/convert-checkpoint.js';
import { dtypePlans } from '../weights/convert/dtype-plan.js';
import { estimateConvertedBytes } from '../weights/convert/estimate-size.js';
import { findKnownSizes, knownSizeNames } from '../weights/checkpoint/known-sizes.js';
import type { CheckpointConfig } from '../weights/checkpoint/read-config.js';
import { makeSyntheticCheckpoint } from '../weights/checkpoint/synthetic-checkpoint.js';
import { extendMeasurement, type MeasuredLayers, withLayers } from './extend-measurement.js';
import { checkFreeSpace } from '../models/check-free-space.js';
import { findDevice } from './find-device.js';
import { measureModel, type Measurement } from './measure-model.js';
import { findNearestName } from '../base/nearest-name.js';
import { packageFolder, packageVersion } from '../base/package-folder.js';

/**
 * Layers that are really generated, of both towers: the difference gives the time of one layer, the rest is that of
 * the head. The further apart they are, the less the noise in it is multiplied.
 */
const LAYERS = [2, 6] as const;

/** Both models are measured in turns, so that what disturbs one disturbs the other; the least counts. */
const ROUNDS = 3;
/** After this there is no further round: the sizes are so large that noise is small beside them. */
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
  const wanted = { ...options, device: narrowDevice(options, convertedBytes) };
  const folder = await mkdtemp(join(tmpdir(), `pali-synthetic-${process.pid}-`));
  // A process that is interrupted twice, or while the model is computing, exits at once.
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const models = await makeModels(config, folder, wanted);
    const device = await findDevice(wanted.device, models[0].folder);
    const [few, more] = await measureInTurns(models, device, options);
    return { ...extendMeasurement(config, options.dtype, few, more), convertedBytes, device };
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Least times of models, each measured in every round. */
async function measureInTurns(
  models: readonly MadeModel[],
  device: Device,
  { signal, onProgress }: SyntheticOptions,
): Promise<MeasuredLayers[]> {
  const startedAt = performance.now();
  let measured: MeasuredLayers[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const now: MeasuredLayers[] = [];
    for (const { folder, layers } of models) {
      onProgress?.(`measuring ${layers} layers on ${device}, round ${round} of ${ROUNDS}`);
      now.push({ ...(await measureModel(folder, device, signal)), layers });
    }
    measured = measured.length === 0 ? now : measured.map((before, i) => takeLeast(before, now[i]));
    if (performance.now() - startedAt > LONG_MS) break;
  }
  return measured;
}

function takeLeast(a: MeasuredLayers, b: MeasuredLayers): MeasuredLayers {
  return {
    layers: a.layers,
    loadMs: Math.min(a.loadMs, b.loadMs),
    visionMs: Math.min(a.visionMs, b.visionMs),
    prefillMs: Math.min(a.prefillMs, b.prefillMs),
    tokenMs: Math.min(a.tokenMs, b.tokenMs),
    peakBytes: Math.max(a.peakBytes, b.peakBytes),
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

interface MadeModel {
  readonly folder: string;
  readonly layers: number;
}

/** Convert models of noise, one for each number of layers. */
async function makeModels(
  whole: CheckpointConfig,
  folder: string,
  { dtype, device, signal, onProgress }: SyntheticOptions,
): Promise<MadeModel[]> {
  const configs = LAYERS.map((layers) => withLayers(whole, layers));
  const bytes = configs.reduce((sum, config) => sum + estimateConvertedBytes(config, dtype), 0);
  await checkFreeSpace([{ folder, bytes }]);
  const models: MadeModel[] = [];
  for (const config of configs) {
    const { layers } = config.text;
    const targetFolder = join(folder, String(layers));
    onProgress?.(`making a model of ${layers} layers`);
    await convertCheckpoint(
      {
        sourceFolder: join(packageFolder(), 'fixtures', 'demo'),
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
      await recordProbe(targetFolder, {});
    }
    models.push({ folder: targetFolder, layers });
  }
  return models;
}
