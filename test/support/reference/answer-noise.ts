import { createHash } from 'node:crypto';
import { loadModel, type LoadModelOptions } from '../../../src/engine/model/load-model.js';
import type { StepLogits } from '../../../src/engine/model/loaded-model.js';

/** What a model said, and the parts of its load by name. */
export interface NoiseAnswer {
  /** sha256 of all its numbers. */
  readonly numbers: string;
  readonly parts: readonly string[];
}

/** Load a model, show it noise, and take every number that it gives: for a prompt, single tokens and drafts of several rows. */
export async function answerNoise(
  modelFolder: string,
  packing: LoadModelOptions['packing'] = {},
): Promise<NoiseAnswer> {
  const { model, manifest, times } = await loadModel({ modelFolder, device: 'cpu', threads: 2, packing });
  try {
    const { imageSize } = manifest.spec.vision;
    const pixels = Float32Array.from({ length: 3 * imageSize ** 2 }, (_, i) => Math.sin(i * 1.7));
    const features = await model.encodeImage(pixels);
    const [first, second] = [
      await model.prefill([features], [2, 108, 109], 16),
      await model.prefill([features], [2, 300, 301, 302, 108], 16),
    ];
    const numbers = [first.logits, second.logits];
    numbers.push(...(await model.step([{ sequence: first.sequence, token: 110 }])));
    const drafts = await model.extend([
      { sequence: first.sequence, tokens: [111, 112, 113, 114], wanted: 4 },
      { sequence: second.sequence, tokens: [303, 304], wanted: 2, isLocSeg: true },
    ]);
    model.shorten(first.sequence, 2);
    const longest = Array.from({ length: model.tokensPerRun }, (_, i) => 400 + i);
    drafts.push(
      ...(await model.extend([{ sequence: first.sequence, tokens: longest, wanted: longest.length }])),
    );
    numbers.push(...drafts.flat());
    return { numbers: hashNumbers(numbers), parts: Object.keys(times) };
  } finally {
    await model.close();
  }
}

function hashNumbers(all: readonly StepLogits[]): string {
  const hash = createHash('sha256');
  for (const { topIds, topValues, locSegLogits, logSumExp } of all) {
    for (const values of [topIds, topValues, locSegLogits, Float64Array.of(logSumExp)]) hash.update(values);
  }
  return hash.digest('hex');
}
