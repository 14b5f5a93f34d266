import { join } from 'node:path';
import type { Device } from '../../base/dtype.js';
import { EngineError } from '../../base/errors.js';
import { checkChangedFiles } from '../../base/model-files/check-files.js';
import {
  MANIFEST_FILE,
  type ManifestFile,
  type ModelManifest,
  parseManifest,
} from '../../base/model-manifest.js';
import { startTokenizer } from '../../tokens/start-tokenizer.js';
import type { PaliTokenizer } from '../../tokens/tokenizer.js';
import type { LoadProgress } from '../load-progress.js';
import { loadDecoder } from './load-decoder.js';
import { LoadClock, type LoadTimes } from './load-clock.js';
import { listWeightFiles, listNeededFiles } from './needed-files.js';
import { LatePackingSession, type RunnableSession } from './late-packing.js';
import type { LoadedModel } from './loaded-model.js';
import { createSession } from './onnx-session.js';
import { OnnxModel } from './onnx-model.js';
import type { PackingOptions } from './packed-weights.js';
import { passTrial, removePack } from './pack-trial.js';
import { checkProbe, runProbe } from './probe.js';
import { damagedModel } from '../../base/model-files/damaged-model.js';

/** What to load, and where to. */
export interface LoadModelOptions {
  /** Folder of a converted model. */
  readonly modelFolder: string;
  readonly device: Device;
  /** Intra-op threads on the CPU; absent leaves it to onnxruntime. */
  readonly threads?: number;
  /** Refuse a device on which a step takes much longer than it took on the CPU. */
  readonly mustBeFast?: boolean;
  /** When weights are packed ahead; by default those that are there are used, and made anew when out of date. */
  readonly packing?: PackingOptions;
  /** Called before each part is loaded. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** A loaded model and what belongs to it. */
export interface LoadedParts {
  readonly model: LoadedModel;
  readonly tokenizer: PaliTokenizer;
  readonly manifest: ModelManifest;
  readonly times: LoadTimes;
}

/** Which graph runs where on a device. Decoders are tried in order: float16 needs the adapter's shader-f16. */
interface DevicePlan {
  readonly vision: { readonly form: string; readonly device: Device };
  readonly decoders: readonly { readonly form: string; readonly device: Device }[];
}

/**
 * CoreML supports none of the decoder's quantised operators: it takes the vision tower, the decoder stays on the
 * CPU. DirectML runs the forms that were made for CUDA; both are untried on hardware, so the probe decides.
 */
const devicePlans: Readonly<Record<Device, DevicePlan>> = {
  cpu: { vision: { form: 'cpu', device: 'cpu' }, decoders: [{ form: 'cpu', device: 'cpu' }] },
  webgpu: {
    vision: { form: 'webgpu', device: 'webgpu' },
    decoders: [
      { form: 'webgpu-f16', device: 'webgpu' },
      { form: 'webgpu', device: 'webgpu' },
    ],
  },
  cuda: { vision: { form: 'cuda', device: 'cuda' }, decoders: [{ form: 'cuda', device: 'cuda' }] },
  coreml: { vision: { form: 'webgpu', device: 'coreml' }, decoders: [{ form: 'cpu', device: 'cpu' }] },
  dml: { vision: { form: 'webgpu', device: 'dml' }, decoders: [{ form: 'cuda', device: 'dml' }] },
};

/**
 * Load a converted model on a device. Any device but the CPU must first reproduce the numbers that the CPU gave after
 * the conversion.
 *
 * @throws {ModelError} {DamagedFileError} the folder is not an intact model. {EngineError} the device is not there,
 * has no graph for this dtype, or computes wrong results.
 */
export async function loadModel(options: LoadModelOptions): Promise<LoadedParts> {
  const { modelFolder, device } = options;
  const clock = new LoadClock();
  const manifest = await parseManifest(modelFolder);
  const tokenizerLoading = startTokenizer(modelFolder, manifest.spec.tokens.moreEnds);
  // The files are read while the tokenizer is built. An error that it throws for damaged files is reported as a
  // damaged file.
  tokenizerLoading.catch(() => undefined);
  if (Object.keys(manifest.graphs.decoder).length === 0)
    throw damagedModel(MANIFEST_FILE, 'it names no graph');
  const plan = devicePlans[device];
  const decoders = plan.decoders.filter(({ form }) => form in manifest.graphs.decoder);
  if (decoders.length === 0 || !(plan.vision.form in manifest.graphs.vision)) {
    throw new EngineError('DTYPE_UNFIT', `A model of dtype ${manifest.dtype} cannot run on ${device}.`, {
      hint: 'Convert it again with --dtype int4 or fp16, or use --device cpu.',
    });
  }
  const forms = { vision: plan.vision.form, decoders: decoders.map(({ form }) => form) };
  await clock.time('checks', checkChangedFiles(modelFolder, listNeededFiles(manifest, forms)));
  let failure: unknown;
  for (const decoder of decoders) {
    try {
      const model = await loadForms(options, manifest, plan.vision, decoder, clock);
      // Built meanwhile where it is large.
      const tokenizer = await clock.time('tokenizer', tokenizerLoading);
      return { model, tokenizer, manifest, times: clock.times };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function loadForms(
  options: LoadModelOptions,
  manifest: ModelManifest,
  vision: DevicePlan['vision'],
  decoder: DevicePlan['vision'],
  clock: LoadClock,
): Promise<LoadedModel> {
  const { modelFolder, device } = options;
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  const [visionBytes, decoderBytes] = [
    sumBytes(listWeightFiles(manifest, 'vision', vision.form)),
    sumBytes(listWeightFiles(manifest, 'decoder', decoder.form)),
  ];
  const totalBytes = visionBytes + decoderBytes;
  options.onProgress?.({ doneBytes: 0, partBytes: visionBytes, totalBytes });
  const visionPath = join(modelFolder, manifest.graphs.vision[vision.form]);
  const visionOptions = { device: vision.device, ...threads };
  // Integer products are the same however the weights lie; those of floats could change in their last bits.
  const packsLate = vision.device === 'cpu' && manifest.dtype.startsWith('int');
  const visionLoading = packsLate
    ? LatePackingSession.open(visionPath, visionOptions, visionBytes)
    : // It multiplies hundreds of rows at a time: packing its weights for one picture takes longer than it saves.
      createSession(visionPath, { ...visionOptions, keepsWeightsMapped: vision.device === 'cpu' });
  const session = await clock.time<RunnableSession>('vision', visionLoading);
  options.onProgress?.({ doneBytes: visionBytes, partBytes: decoderBytes, totalBytes });
  const loaded = await loadDecoder({ ...options, ...decoder }, manifest, clock).catch(
    async (error: unknown) => {
      await session.release();
      throw error;
    },
  );
  const model = new OnnxModel(modelFolder, manifest, session, loaded.decoder);
  if (loaded.isOnTrial) {
    try {
      await clock.time('trial', runOnce(model, manifest));
      await passTrial(modelFolder);
    } catch {
      await model.close();
      await removePack(modelFolder);
      return loadForms(options, manifest, vision, decoder, clock);
    }
  }
  if (device !== 'cpu') {
    try {
      if (!manifest.probe) {
        throw new EngineError('PROBE_MISSING', `The model has no numbers to test ${device} with.`, {
          hint: 'Run it once with --device cpu: the numbers are recorded then.',
        });
      }
      const { mustBeFast = false } = options;
      await clock.time('self-test', checkProbe(model, manifest.probe, device, mustBeFast));
    } catch (error) {
      await model.close();
      throw error;
    }
  }
  return model;
}

/** @throws {EngineError} the numbers are not those of the conversion, or not finite. */
async function runOnce(model: OnnxModel, { probe }: ModelManifest): Promise<void> {
  if (probe === undefined) await runProbe(model);
  else await checkProbe(model, probe, 'cpu', false);
}

function sumBytes(files: readonly ManifestFile[]): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}
