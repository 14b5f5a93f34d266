import { join } from 'node:path';
import { replaceFile } from '../../base/files/write-file-whole.js';
import { PaliError } from '../../base/errors.js';
import { damagedMaskDecoder } from '../../base/mask-decoder-file.js';
import { addChecksum } from '../../base/model-files/manifest-checksum.js';
import {
  MANIFEST_FILE,
  type ModelManifest,
  type ModelProbe,
  parseManifest,
} from '../../base/model-manifest.js';
import { CODES_PER_MASK } from '../../base/model-spec.js';
import { type LoadedParts, loadModel, type LoadModelOptions } from './load-model.js';
import type { LoadedModel } from './loaded-model.js';
import type { PackingOptions } from './packed-weights.js';
import { runProbe } from './probe.js';

/**
 * Run the newly converted model on the CPU and write its output into its manifest: reference numbers for every other
 * device, and proof that the conversion works. Its weights are packed ahead where that pays.
 * @throws {EngineError} the model cannot run or gives numbers that are not finite. {DamagedFileError} the mask
 * decoder does not work.
 */
export async function recordProbe(
  folder: string,
  packing: PackingOptions = { isWanted: true },
): Promise<ModelProbe> {
  const { model, manifest } = await loadModel({ modelFolder: folder, device: 'cpu', packing });
  try {
    return await probeAndWrite(folder, model, manifest);
  } finally {
    await model.close();
  }
}

/**
 * Load a model; one that was not tried out when it was converted, for lack of memory, is tried out when it first runs
 * on the CPU, and its weights are packed ahead. A folder that is not writable stays as it is.
 * @throws {EngineError} {DamagedFileError} see loadModel and recordProbe.
 */
export async function loadTriedModel(options: LoadModelOptions): Promise<LoadedParts> {
  const isUntried = options.device === 'cpu' && !(await hasProbe(options.modelFolder));
  const parts = await loadModel({ ...options, packing: { isWanted: isUntried, ...options.packing } });
  if (!isUntried) return parts;
  try {
    await probeAndWrite(options.modelFolder, parts.model, parts.manifest);
  } catch (error) {
    if (!(error instanceof PaliError)) return parts;
    await parts.model.close();
    throw error;
  }
  return parts;
}

/** A manifest that cannot be read is reported when the model is loaded. */
async function hasProbe(folder: string): Promise<boolean> {
  return parseManifest(folder).then(
    ({ probe }) => probe !== undefined,
    () => true,
  );
}

async function probeAndWrite(
  folder: string,
  model: LoadedModel,
  manifest: ModelManifest,
): Promise<ModelProbe> {
  const probe = await runProbe(model);
  if (manifest.graphs.mask !== undefined) await tryMaskDecoder(model);
  await replaceFile(join(folder, MANIFEST_FILE), addChecksum({ ...manifest, probe }));
  return probe;
}

const NO_MASKS = 'The mask decoder beside the checkpoint gives no masks.';

/** Arrays of a wrong shape show only when the graph runs. */
async function tryMaskDecoder(model: LoadedModel): Promise<void> {
  const size = 64 * 64;
  try {
    const [mask] = await model.decodeMasks!([new Array<number>(CODES_PER_MASK).fill(0)]);
    if (mask.length === size && mask.every((value) => Number.isFinite(value))) return;
  } catch (cause) {
    throw damagedMaskDecoder(NO_MASKS, cause);
  }
  throw damagedMaskDecoder(NO_MASKS);
}
