import type { Device } from '../base/dtype.js';
import { imageTokenCount } from '../base/model-spec.js';
import { loadModel } from '../engine/model/load-model.js';
import type { LoadedModel } from '../engine/model/loaded-model.js';

/** Text tokens of the prompt that is measured: `<bos>`, a short question, the newline. */
const PROMPT_TOKENS = 12;
/** Tokens of the answer: a caption's length. */
const ANSWER_TOKENS = 16;
/** Tokens that are timed: the best of them is what the memory allows, the others waited for other programs. */
const TIMED_TOKENS = 48;
/** The first run of each graph prepares what later runs use; the best of the others counts. */
const RUNS = 5;
/** A picture that took this long is measured only once: more runs would not change the verdict. */
const LONG_RUN_MS = 10_000;

/** Milliseconds, and bytes. */
export interface Measurement {
  readonly loadMs: number;
  readonly visionMs: number;
  readonly prefillMs: number;
  /** One token of the answer. */
  readonly tokenMs: number;
  /** Peak memory of this process. */
  readonly peakBytes: number;
}

/**
 * Load a converted model in this process and measure it on a picture of noise and a short prompt.
 * @throws {ModelError} {DamagedFileError} {EngineError} see loadModel.
 */
export async function measureModel(modelFolder: string, device: Device): Promise<Measurement> {
  const startedAt = performance.now();
  const { model } = await loadModel({ modelFolder, device });
  const loadMs = performance.now() - startedAt;
  try {
    const { vision, tokens, text } = model.spec;
    const pixels = Float32Array.from({ length: 3 * vision.imageSize ** 2 }, (_, i) => Math.sin(i));
    let features = new Float32Array(imageTokenCount(vision) * text.hiddenSize);
    const visionMs = await bestOf(async () => {
      features = (await model.encodeImage(pixels)) as Float32Array<ArrayBuffer>;
    });
    const ids = Array.from({ length: PROMPT_TOKENS }, (_, i) => (i === 0 ? tokens.bos : 10 + i));
    const prefillMs = await bestOf(async () => {
      const { sequence } = await model.prefill([features], ids, 1);
      model.release(sequence);
    });
    const tokenMs = await measureTokens(model, features, ids);
    return { loadMs, visionMs, prefillMs, tokenMs, peakBytes: process.resourceUsage().maxRSS * 1024 };
  } finally {
    await model.close();
  }
}

async function measureTokens(
  model: LoadedModel,
  features: Float32Array,
  ids: readonly number[],
): Promise<number> {
  const { sequence } = await model.prefill([features], ids, TIMED_TOKENS);
  try {
    let best = Infinity;
    for (let i = 0; i < TIMED_TOKENS; i++) {
      const startedAt = performance.now();
      await model.step([{ sequence, token: 10 + i }]);
      best = Math.min(best, performance.now() - startedAt);
    }
    return best;
  } finally {
    model.release(sequence);
  }
}

async function bestOf(work: () => Promise<void>): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const startedAt = performance.now();
    await work();
    best = Math.min(best, performance.now() - startedAt);
    if (best > LONG_RUN_MS) break;
  }
  return best;
}

/** Milliseconds that one picture with an answer of ANSWER_TOKENS tokens costs. */
export function costOfPicture({ visionMs, prefillMs, tokenMs }: Measurement): number {
  return visionMs + prefillMs + ANSWER_TOKENS * tokenMs;
}
