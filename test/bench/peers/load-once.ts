// What remembered checks and packed weights save in a load: FOLDER.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { checkEveryByte } from '../../../src/base/model-files/check-files.js';
import { PACK_FOLDER } from '../../../src/base/model-files/pack.js';
import { parseManifest } from '../../../src/base/model-manifest.js';
import type { LoadTimes } from '../../../src/engine/model/load-clock.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { bestOf, timed } from './best-of.js';

/** Milliseconds. */
export interface LoadMeasurement {
  /** With the checks remembered. */
  readonly loadMs: number;
  /** Of every file of the model. */
  readonly hashMs: number;
  /** The decoder alone, where its weights were packed ahead: from those, and as it would be without them. */
  readonly decoder?: { readonly packedMs: number; readonly plainMs: number };
}

const RUNS = 2;

const [modelFolder] = process.argv.slice(2);
const load = async (): Promise<LoadTimes> => {
  const { model, times } = await loadModel({ modelFolder, device: 'cpu' });
  await model.close();
  return times;
};
const measureDecoder = (): Promise<number> =>
  bestOf(RUNS, async () => {
    const times = await load();
    return Object.entries(times).find(([part]) => part.startsWith('decoder'))![1];
  });

// The first one checks them.
await load();
const loadMs = await bestOf(RUNS, () => timed(load));
const { files } = await parseManifest(modelFolder);
const hashMs = await bestOf(RUNS, () => timed(() => checkEveryByte(modelFolder, files)));
const measurement: LoadMeasurement = { loadMs, hashMs };
const packed = join(modelFolder, PACK_FOLDER);
if (existsSync(packed)) {
  const packedMs = await measureDecoder();
  renameSync(packed, `${packed}-aside`);
  const plainMs = await measureDecoder().finally(() => renameSync(`${packed}-aside`, packed));
  process.send!({ ...measurement, decoder: { packedMs, plainMs } } satisfies LoadMeasurement);
} else process.send!(measurement);
