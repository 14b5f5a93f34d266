// One of our models in a process of its own: FOLDER.
import { loadModel } from '../../../src/engine/model/load-model.js';
import { readMemory } from '../process-memory.js';
import { bestOf, timed } from './best-of.js';
import { type PeerMeasurement, PROMPT_IDS } from './peer-sizes.js';

const RUNS = 3;
const TOKENS = 24;

const [modelFolder] = process.argv.slice(2);
const startedAt = performance.now();
const { model } = await loadModel({ modelFolder, device: 'cpu' });
const loadMs = performance.now() - startedAt;
const pixels = Float32Array.from({ length: 3 * model.spec.vision.imageSize ** 2 }, (_, i) => Math.sin(i));
let features = new Float32Array();
const visionMs = await bestOf(RUNS, () =>
  timed(async () => {
    features = (await model.encodeImage(pixels)) as Float32Array<ArrayBuffer>;
  }),
);
const prefillMs = await bestOf(RUNS, () =>
  timed(async () => model.release((await model.prefill([features], PROMPT_IDS, 1)).sequence)),
);
const { sequence } = await model.prefill([features], PROMPT_IDS, 2 * TOKENS);
let id = 1000;
const step = (isLocSeg: boolean): Promise<number> =>
  bestOf(TOKENS, () => timed(() => model.extend([{ sequence, tokens: [id++], wanted: 1, isLocSeg }])));
const tokenMs = await step(false);
const locTokenMs = await step(true);
const measurement: PeerMeasurement = {
  ...{ loadMs, visionMs, prefillMs, tokenMs, locTokenMs },
  peakMB: readMemory().peak,
};
await model.close();
process.send!(measurement, () => process.exit(0));
