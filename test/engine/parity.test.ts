import { copyFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { LOC_TOKENS, SEG_TOKENS } from '../../src/base/model-spec.js';
import { loadModel, type LoadedParts } from '../../src/engine/model/load-model.js';
import { readNpy } from '../support/reference/read-npy.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { compareWithReference, tolerances } from '../support/reference/compare-with-reference.js';
import { convertFixture } from '../support/reference/convert-fixture.js';
import {
  decodeGreedily,
  type GreedyAnswer,
  type GreedyPrompt,
} from '../support/reference/decode-greedily.mjs';
import { largestDifference } from '../support/reference/largest-difference.js';
import {
  readPixels,
  readReferenceLines,
  readTeacherForced,
  referencePicture,
} from '../support/reference/reference-golden.js';

const folder = temporaryFolder();

/** Checkpoint, golden answers, and the configuration to put in place of config.json. */
const cases = [
  { checkpoint: 'pg1-tiny', golden: 'pg1-tiny', config: undefined },
  { checkpoint: 'pg1-tiny', golden: 'pg1-multi', config: undefined },
  { checkpoint: 'pg1-bf16-sharded', golden: 'pg1-bf16-sharded', config: undefined },
  { checkpoint: 'pg1-bf16-sharded', golden: 'pg1-bf16-sharded', config: 'config.minimal.json' },
  { checkpoint: 'pg2-tiny', golden: 'pg2-tiny', config: undefined },
];

describe.each(cases)('$checkpoint, answers $golden, $config', ({ checkpoint, golden, config }) => {
  const lines = readReferenceLines(golden);
  let parts: LoadedParts;
  let features: Float32Array[][];
  let prompts: GreedyPrompt[];
  let alone: GreedyAnswer[];

  beforeAll(async () => {
    const name = `${golden}-${config ?? 'config'}`;
    const source = join(folder, `${name}-source`);
    cpSync(fixturePath('checkpoints', checkpoint), source, { recursive: true });
    if (config) copyFileSync(join(source, config), join(source, 'config.json'));
    await convertFixture(source, join(folder, name));
    parts = await loadModel({ modelFolder: join(folder, name), device: 'cpu', threads: 2 });
    const { model } = parts;
    const side = model.spec.vision.imageSize;
    features = [];
    for (const line of lines) {
      const pictures: Float32Array[] = [];
      for (const image of line.images) {
        pictures.push(await model.encodeImage(await readPixels(referencePicture(image), side)));
      }
      features.push(pictures);
    }
    prompts = lines.map((line, index) => ({
      features: features[index],
      ids: line.input_ids.slice(line.image_tokens),
      maxNewTokens: line.steps.ids.length,
      keepsLocSeg: true,
    }));
    alone = await decodeGreedily(model, prompts);
  });
  afterAll(() => parts.model.close());

  const tolerance = tolerances[checkpoint.startsWith('pg2') ? 'paligemma2' : 'paligemma'];

  it('gives the image features', () => {
    let whole = 0;
    lines.forEach((line, index) => {
      const size = features[index][0].length;
      const all = new Float32Array(size * features[index].length);
      features[index].forEach((picture, at) => all.set(picture, at * size));
      const meanAbs = all.reduce((sum, value) => sum + Math.abs(value), 0) / all.length;
      expect(Math.abs(meanAbs - line.image_features.mean_abs)).toBeLessThan(tolerance.features);
      const { first8 } = line.image_features;
      expect(largestDifference(all.subarray(0, 8), first8)).toBeLessThan(tolerance.features);
      if (!line.image_features_npy) return;
      whole++;
      const expected = readNpy(`reference/${line.image_features_npy}`);
      expect(largestDifference(all, expected)).toBeLessThan(tolerance.features);
    });
    expect(whole).toBe(2);
  });

  it('gives the logits and the tokens', () => {
    let steps = 0;
    lines.forEach((line, index) => {
      const comparison = compareWithReference(line, alone[index], tolerance.tie);
      expect(comparison.wrongAt, line.id).toBeUndefined();
      expect(comparison.logits, line.id).toBeLessThan(tolerance.logits);
      expect(comparison.logSumExp, line.id).toBeLessThan(tolerance.logits);
      steps += comparison.steps;
    });
    const all = lines.reduce((sum, line) => sum + line.steps.ids.length, 0);
    // Near-ties (four steps of PaliGemma 2's) may end a few comparisons early, not most of them.
    expect(steps).toBeGreaterThan(0.7 * all);
  });

  it('gives the logits of the location and segmentation tokens', () => {
    const { firstLoc } = parts.model.spec.tokens;
    const withLogits = lines.flatMap((line, index) => (line.first_logits_npy ? [{ line, index }] : []));
    expect(withLogits).toHaveLength(3);
    for (const { line, index } of withLogits) {
      const expected = readNpy(`reference/${line.first_logits_npy}`);
      const special = expected.subarray(firstLoc, firstLoc + LOC_TOKENS + SEG_TOKENS);
      const { locSegLogits } = alone[index].steps[0];
      expect(largestDifference(locSegLogits!, special), line.id).toBeLessThan(tolerance.logits);
    }
  });

  it('answers the same when eight are decoded together and come and go', async () => {
    // Two of each, with room for answers of different lengths: most batches are uneven.
    const limits = [24, 3, 17, 9, 24, 1, 12];
    const many = [...prompts, ...prompts].map((prompt, index) => ({
      ...prompt,
      maxNewTokens: Math.min(prompt.maxNewTokens, limits[index % limits.length]),
    }));
    const together = await decodeGreedily(parts.model, many, 8);
    together.forEach((answer, index) => {
      const line = lines[index % lines.length];
      const room = many[index].maxNewTokens;
      expect(answer.ids).toHaveLength(room);
      const comparison = compareWithReference(line, answer, tolerance.tie, room);
      expect(comparison.wrongAt, line.id).toBeUndefined();
      expect(comparison.logits, line.id).toBeLessThan(tolerance.logits);
      expect(comparison.logSumExp, line.id).toBeLessThan(tolerance.logits);
    });
  });

  it.skipIf(golden === 'pg1-multi')('gives the probabilities of a given answer', async () => {
    const forced = readTeacherForced(golden);
    const imageTokens = forced.input_ids.lastIndexOf(parts.model.spec.tokens.image) + 1;
    const pixels = await readPixels(referencePicture(forced.image), parts.model.spec.vision.imageSize);
    const [answer] = await decodeGreedily(parts.model, [
      {
        features: [await parts.model.encodeImage(pixels)],
        ids: forced.input_ids.slice(imageTokens, forced.prefix_length),
        maxNewTokens: forced.suffix.length,
        forcedIds: forced.suffix,
        keepsLocSeg: true,
      },
    ]);
    expect(answer.steps).toHaveLength(forced.suffix.length);
    answer.steps.forEach((step, index) => {
      const position = forced.prefix_length - 1 + index;
      const ours = forced.top5_ids[position].map((id) => step.topValues[step.topIds.indexOf(id)]);
      expect(largestDifference(ours, forced.top5_values[position])).toBeLessThan(tolerance.logits);
      expect(Math.abs(step.logSumExp - forced.lse[position])).toBeLessThan(tolerance.logits);
      const special = step.locSegLogits![forced.suffix[index] - parts.model.spec.tokens.firstLoc];
      if (special === undefined) return;
      const logprob = special - step.logSumExp;
      expect(Math.abs(logprob - forced.suffix_logprobs[index])).toBeLessThan(2 * tolerance.logits);
    });
  });
});

describe('masks', () => {
  it.each([
    { name: 'random', vae: fixturePath('masks', 'vae.npz') },
    { name: 'demo', vae: fixturePath('demo', 'vae.npz') },
  ])('gives the masks of the codec $name', async ({ name, vae }) => {
    const source = join(folder, `mask-${name}-source`);
    cpSync(fixturePath('checkpoints', 'pg1-tiny'), source, { recursive: true });
    copyFileSync(vae, join(source, 'vae.npz'));
    await convertFixture(source, join(folder, `mask-${name}`));
    const { model } = await loadModel({ modelFolder: join(folder, `mask-${name}`), device: 'cpu' });
    const { codes } = JSON.parse(readFileSync(fixturePath('masks', `${name}.json`), 'utf8')) as {
      codes: number[][];
    };
    const masks = await model.decodeMasks!(codes);
    const expected = readNpy(`reference/mask/${name}.masks.npy`);
    expect(masks.map((mask) => mask.length)).toEqual(codes.map(() => 64 * 64));
    masks.forEach((mask, index) => {
      const slice = expected.subarray(index * 64 * 64, (index + 1) * 64 * 64);
      // fixtures/reference/README.md: decoded masks, 4e-5.
      expect(largestDifference(mask, slice)).toBeLessThan(4e-5);
    });
    await model.close();
  });

  it('says what is missing when a model has no mask decoder', async () => {
    await convertFixture(fixturePath('checkpoints', 'pg1-tiny'), join(folder, 'maskless'));
    const { model } = await loadModel({ modelFolder: join(folder, 'maskless'), device: 'cpu' });
    await expect(model.decodeMasks!([Array<number>(16).fill(0)])).rejects.toMatchObject({
      code: 'MASK_DECODER_MISSING',
    });
    await model.close();
  });
});
