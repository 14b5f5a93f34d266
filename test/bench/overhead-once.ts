// Detect on every picture of a folder with the engine that only waits; sends how long it took.
import { createWriteStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../src/engine/client/engine-client.js';
import { createJsonlRenderer } from '../../src/render/formats/json.js';
import { detectTask } from '../../src/tasks/prompts/detect.js';
import { runTask } from '../../src/tasks/run-task.js';
import type { TaskInput } from '../../src/tasks/inputs/task-input.js';
import type { OverheadMeasurement } from './bench-overhead.js';

const [folder, jobs, output] = process.argv.slice(2);

async function* listInputs(): AsyncGenerator<TaskInput> {
  for (const name of readdirSync(folder)) yield { name, pictures: [join(folder, name)] };
}

const engine = createEngine(
  { modelName: 'waits', modelFolder: folder, device: 'cpu' },
  { childPath: new URL('./slow-engine.js', import.meta.url) },
);
const renderer = createJsonlRenderer();
const file = createWriteStream(output);
let [decodeMs, pictures] = [0, 0];
const outputs = runTask(listInputs(), detectTask('car'), engine, {
  sampling: { temperature: 0, topP: 1, seed: 0 },
  isConstrained: true,
  locScale: 1023,
  jobs: Number(jobs),
  keepsImages: false,
  signal: new AbortController().signal,
});
for await (const { result } of outputs) {
  if (result.detections?.length !== 2) throw new Error(`${result.input}: ${result.error?.message}`);
  file.write(renderer.renderResult(result));
  decodeMs += result.timings!.decodeMs;
  pictures++;
}
await new Promise((resolve) => file.end(resolve));
await engine.close();
const measurement: OverheadMeasurement = {
  pictures,
  decodeMs: decodeMs / pictures,
  processorMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000 / pictures,
  peakMB: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.send!(measurement);
