import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, type ModelProbe, parseManifest } from '../base/model-manifest.js';
import { loadModel } from './load-model.js';
import { runProbe } from './probe.js';

/**
 * Run the freshly converted model on the CPU and write what it answers into its manifest: known numbers for
 * every other device, and proof that the conversion works.
 * @throws {EngineError} the model cannot run or gives numbers that are not finite.
 */
export async function recordProbe(folder: string): Promise<ModelProbe> {
  const manifest = await parseManifest(folder);
  const { model } = await loadModel({ modelFolder: folder, device: 'cpu' });
  try {
    const probe = await runProbe(model);
    const temporary = join(folder, `${MANIFEST_FILE}.new`);
    await writeFile(temporary, `${JSON.stringify({ ...manifest, probe }, null, 1)}\n`);
    await rename(temporary, join(folder, MANIFEST_FILE));
    return probe;
  } finally {
    await model.close();
  }
}
