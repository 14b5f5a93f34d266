import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, type ModelProbe, parseManifest } from '../base/model-manifest.js';
import { damagedMaskDecoder } from '../base/mask-decoder-file.js';
import { CODES_PER_MASK } from '../base/model-spec.js';
import { loadModel } from './load-model.js';
import type { LoadedModel } from './loaded-model.js';
import { runProbe } from './probe.js';

/**
 * Run the freshly converted model on the CPU and write what it answers into its manifest: known numbers for
 * every other device, and proof that the conversion works.
 * @throws {EngineError} the model cannot run or gives numbers that are not finite. {DamagedFileError} the mask
 * decoder does not work.
 */
export async function recordProbe(folder: string): Promise<ModelProbe> {
  const manifest = await parseManifest(folder);
  const { model } = await loadModel({ modelFolder: folder, device: 'cpu' });
  try {
    const probe = await runProbe(model);
    if (manifest.graphs.mask !== undefined) await tryMaskDecoder(model);
    const temporary = join(folder, `${MANIFEST_FILE}.new`);
    await writeFile(temporary, `${JSON.stringify({ ...manifest, probe }, null, 1)}\n`);
    await rename(temporary, join(folder, MANIFEST_FILE));
    return probe;
  } finally {
    await model.close();
  }
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
