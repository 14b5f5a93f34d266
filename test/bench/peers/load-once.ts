// What remembered checks save in a load: FOLDER.
import { checkEveryByte } from '../../../src/base/model-files/check-files.js';
import { parseManifest } from '../../../src/base/model-manifest.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { bestOf, timed } from './best-of.js';

/** Milliseconds. */
export interface LoadMeasurement {
  /** With the checks remembered. */
  readonly loadMs: number;
  /** Of every file of the model. */
  readonly hashMs: number;
}

const RUNS = 2;

const [modelFolder] = process.argv.slice(2);
const load = async (): Promise<void> => (await loadModel({ modelFolder, device: 'cpu' })).model.close();
// The first one checks them.
await load();
const loadMs = await bestOf(RUNS, () => timed(load));
const { files } = await parseManifest(modelFolder);
const hashMs = await bestOf(RUNS, () => timed(() => checkEveryByte(modelFolder, files)));
const measurement: LoadMeasurement = { loadMs, hashMs };
process.send!(measurement);
