// One model's measurement in a process of its own: FOLDER.
import { loadModel } from '../../src/engine/model/load-model.js';
import type { DecoderMeasurement } from './bench-decoder.js';
import { median } from './median.js';
import { readMemory } from './process-memory.js';

const STEPS = 8;
const PROMPT = [2, ...Array.from({ length: 9 }, (_, i) => 1000 + i)];

const timed = async <T>(run: () => Promise<T>): Promise<[number, T]> => {
  const startedAt = performance.now();
  const result = await run();
  return [performance.now() - startedAt, result];
};

const [folder] = process.argv.slice(2);
const [loadMs, { model }] = await timed(() => loadModel({ modelFolder: folder, device: 'cpu' }));
const side = model.spec.vision.imageSize;
const pixels = Float32Array.from({ length: 3 * side * side }, () => Math.random() * 2 - 1);
const [firstVisionMs, features] = await timed(() => model.encodeImage(pixels));
const [secondVisionMs] = await timed(() => model.encodeImage(pixels));

const sequences: number[] = [];
const prefills: number[] = [];
for (let i = 0; i < 8; i++) {
  const [ms, { sequence }] = await timed(() => model.prefill([features], PROMPT, 32));
  prefills.push(ms);
  sequences.push(sequence);
}
const timeSteps = async (count: number): Promise<number> => {
  const times: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const rows = sequences.slice(0, count).map((sequence) => ({ sequence, token: 1000 + i }));
    times.push((await timed(() => model.step(rows)))[0]);
  }
  return median(times);
};
const tokenMs = await timeSteps(1);
const eightMs = await timeSteps(8);
const memory = readMemory();
await model.close();
const measurement: DecoderMeasurement = {
  loadSeconds: loadMs / 1000,
  visionMs: Math.min(firstVisionMs, secondVisionMs),
  promptTokens: features.length / model.spec.text.hiddenSize + PROMPT.length,
  prefillMs: Math.min(...prefills),
  tokenMs,
  eightMs,
  peakMB: memory.peak,
  anonymousMB: memory.anonymous,
};
process.send!(measurement, () => process.exit(0));
