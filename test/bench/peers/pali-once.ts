// One of our models in a process of its own: FOLDER.
import { AliveJobs } from '../../../src/engine/child/active-jobs.js';
import { createJob } from '../../../src/engine/child/job.js';
import { Outbox } from '../../../src/engine/child/scheduler-output.js';
import { MAPPED_RUNS } from '../../../src/engine/model/late-packing.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { readMemory } from '../process-memory.js';
import { bestOf, timed } from './best-of.js';
import { type PeerMeasurement, PROMPT_IDS } from './peer-sizes.js';
import { scriptAnswers } from './script-answers.js';

const RUNS = 3;
const TOKENS = 24;
/** Answers of twelve tokens or so, of which the quickest counts: of single tokens it is the quickest of TOKENS. */
const DETECTIONS = 8;
const BOXES = [
  [100, 200, 300, 400],
  [500, 200, 700, 400],
];

const [modelFolder] = process.argv.slice(2);
const startedAt = performance.now();
const { model, tokenizer } = await loadModel({ modelFolder, device: 'cpu' });
const loadMs = performance.now() - startedAt;
const pixels = Float32Array.from({ length: 3 * model.spec.vision.imageSize ** 2 }, (_, i) => Math.sin(i));
let features = new Float32Array();
const see = (): Promise<number> =>
  timed(async () => {
    features = (await model.encodeImage(pixels)) as Float32Array<ArrayBuffer>;
  });
const read = (): Promise<number> =>
  timed(async () => model.release((await model.prefill([features], PROMPT_IDS, 1)).sequence));
const visionMs = await bestOf(RUNS, see);
const prefillMs = await bestOf(RUNS, read);
const peakMB = readMemory().peak;
const { sequence } = await model.prefill([features], PROMPT_IDS, 2 * TOKENS);
let id = 1000;
const step = (isLocSeg: boolean): Promise<number> =>
  bestOf(TOKENS, () => timed(() => model.extend([{ sequence, tokens: [id++], wanted: 1, isLocSeg }])));
const tokenMs = await step(false);
const locTokenMs = await step(true);
model.release(sequence);
const script = writeScript();
const detectTokenMs = await bestOf(DETECTIONS, measureDetection);
for (let i = RUNS; i <= MAPPED_RUNS; i++) await see().then(read);
const laterFirstMs = (await bestOf(RUNS, see)) + (await bestOf(RUNS, read));
const measurement: PeerMeasurement = {
  ...{ loadMs, visionMs, prefillMs, laterFirstMs, tokenMs, locTokenMs, detectTokenMs, peakMB },
};
await model.close();
process.send!(measurement, () => process.exit(0));

/** @returns milliseconds a token of an answer that names two cows, in as few runs as the program needs. */
async function measureDetection(): Promise<number> {
  let tokenMs = NaN;
  const outbox = new Outbox({
    events: (items) => {
      for (const { event } of items) {
        if (event.type !== 'done') continue;
        if (event.tokens.length !== script.length - 1) throw new Error(`The answer is ${event.raw}.`);
        // The end is a token that is generated as the others are; the first came with the prompt.
        tokenMs = event.timings.generateMs / (script.length - 1);
      }
    },
    masks: () => undefined,
    failed: (_, error) => {
      throw error;
    },
  });
  const jobs = new AliveJobs(scriptAnswers(model, script, tokenizer.tokens), outbox);
  const request = {
    images: [{ side: 1, data: new Uint8Array(3) }],
    prompt: 'detect cow',
    maxTokens: TOKENS,
    sampling: { temperature: 0, topP: 1, seed: 0 },
    alternatives: 0,
    constraint: 'detect',
    labels: ['cow'],
  } as const;
  await jobs.start(createJob(0, request, model.spec, tokenizer), [features]);
  while (jobs.count > 0) await jobs.step();
  outbox.flush();
  return tokenMs;
}

/** Two objects and the end. Between them are three tokens, as with Google's tokenizer. */
function writeScript(): number[] {
  const { firstLoc, eos } = tokenizer.tokens;
  const [first, second] = BOXES.map((bins) => bins.map((bin) => firstLoc + bin));
  const [, ...label] = tokenizer.encode('<loc0000> cow');
  const separator = tokenizer.encode('<loc0000> ;').slice(1);
  return [...first, ...label, ...separator, ...second, ...label, eos];
}
