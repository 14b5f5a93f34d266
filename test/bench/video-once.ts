// Detect on a video's frames, with the engine that only waits or with a model; sends what it took.
import { createEngine } from '../../src/engine/client/engine-client.js';
import type { Engine } from '../../src/engine/engine.js';
import { toModelPixels } from '../../src/image/resize/to-model-pixels.js';
import { detectTask } from '../../src/tasks/prompts/detect.js';
import { processVideo } from '../../src/tasks/videos/process-video.js';
import { probeVideo } from '../../src/video/probe/probe-video.js';
import { sampleFrames } from '../../src/video/frames/sample-frames.js';
import { readMemory } from './process-memory.js';
import type { VideoMeasurement } from './bench-video.js';

/** As the commands do unless told otherwise. */
const JOBS = 8;

const [path, everySeconds, model] = process.argv.slice(2);
const sampling = { kind: 'every', everySeconds: Number(everySeconds) } as const;
const task = detectTask('dog');
const signal = new AbortController().signal;
const isWaiting = model === 'waits';

const engine = createEngine(
  { modelName: model, modelFolder: model, device: 'cpu' },
  isWaiting ? { childPath: new URL('./slow-engine.js', import.meta.url) } : {},
);
await engine.load();

const options = {
  sampling: { temperature: 0, topP: 1, seed: 0 },
  isConstrained: true,
  locScale: 1023,
  jobs: JOBS,
  keepsImages: false,
  signal,
  video: { sampling, isSummary: false, isTracked: false },
} as const;
// The first use of everything is not measured.
const warmUp = processVideo({ path, name: 'warm' }, task, engine, {
  ...options,
  video: { ...options.video, endSeconds: 2 },
});
while ((await warmUp.next()).done !== true);

const startedAt = performance.now();
let frames = 0;
for await (const { result } of processVideo({ path, name: 'video' }, task, engine, options)) {
  if (result.error) throw new Error(result.error.message);
  frames++;
}
const wallMs = performance.now() - startedAt;
const peakMB = readMemory().peak;
const modelMs = isWaiting ? frames * Number(process.env['PALI_BENCH_MODEL_MS']) : await measureAlone(engine);
const framesMs = await measureFrames();
const measurement: VideoMeasurement = { frames, wallMs, modelMs, framesMs, peakMB };
await engine.close();
process.send!(measurement);

/** Decoding, converting and handing over the same frames. */
async function measureFrames(): Promise<number> {
  const startedAt = performance.now();
  for await (const { release } of sampleFrames(await probeVideo(path), { sampling })) release();
  return performance.now() - startedAt;
}

/** The same pictures and prompts with everything decoded before, as many at a time. */
async function measureAlone(engine: Engine): Promise<number> {
  const { imageSize } = await engine.load();
  const pictures = [];
  for await (const { image } of sampleFrames(await probeVideo(path), { sampling })) {
    pictures.push(toModelPixels(image, imageSize));
  }
  const startedAt = performance.now();
  const waiting = pictures.values();
  const work = async (): Promise<void> => {
    for (const picture of waiting) {
      const events = engine.ask({
        images: [picture],
        prompt: task.prompt,
        maxTokens: task.maxTokens,
        sampling: options.sampling,
        alternatives: 0,
        constraint: 'detect',
      });
      for await (const event of events) if (event.type === 'done') break;
    }
  };
  await Promise.all(Array.from({ length: JOBS }, work));
  return performance.now() - startedAt;
}
