import { fixturePath } from '../../../fixtures/index.js';
import { createJob } from '../../../src/engine/child/job.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { readPixels } from './reference-golden.js';

/** Tokens that a case's answer has at most. */
const CASE_TOKENS = 12;

/** What a converted model answers to `caption en` about picture_0.png, greedy, and which tokens end its answers. */
export async function answerCaption(
  folder: string,
): Promise<{ ids: number[]; text: string; ends: readonly number[] }> {
  const { model, tokenizer, manifest } = await loadModel({ modelFolder: folder, device: 'cpu', threads: 2 });
  try {
    const pixels = await readPixels(fixturePath('images', 'picture_0.png'), model.spec.vision.imageSize);
    const side = model.spec.vision.imageSize;
    const { tokens } = manifest.spec;
    const sampling = { temperature: 0, topP: 1, seed: 1 };
    const images = [{ side, data: new Uint8Array() }];
    const request = { images, prompt: 'caption en', maxTokens: CASE_TOKENS, sampling, alternatives: 0 };
    const job = createJob(1, request, model.spec, tokenizer);
    const features = await model.encodeImage(pixels);
    const { sequence, logits } = await model.prefill([features], job.promptIds, CASE_TOKENS);
    const ids: number[] = [];
    for (let next = logits; ;) {
      const { token, stop } = job.generation.accept(next);
      if (token) ids.push(token.id);
      if (stop) return { ids, text: tokenizer.decode(ids), ends: [tokens.eos, ...(tokens.moreEnds ?? [])] };
      [next] = await model.step([{ sequence, token: job.generation.lastId }]);
    }
  } finally {
    await model.close();
  }
}
