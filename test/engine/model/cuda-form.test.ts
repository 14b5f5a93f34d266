import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import type { ModelManifest } from '../../../src/base/model-manifest.js';
import type { ModelSpec } from '../../../src/base/model-spec.js';
import { HostDecoder } from '../../../src/engine/model/host-decoder.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { createSession } from '../../../src/engine/model/onnx-session.js';
import { OnnxModel } from '../../../src/engine/model/onnx-model.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { convertFixture } from '../../support/reference/convert-fixture.js';
import {
  decodeGreedily,
  type GreedyAnswer,
  type GreedyPrompt,
} from '../../support/reference/decode-greedily.mjs';
import {
  readPixels,
  readReferenceLines,
  referencePicture,
} from '../../support/reference/reference-golden.js';

/*
 * The graphs for CUDA run on the CPU too (slowly, in the same element types), so their arithmetic is held
 * against the CPU's graphs without such a card.
 */

const folder = temporaryFolder();

/**
 * Largest relative RMS difference. fp32: the same sums in another order (measured 2e-7). fp16: attention and
 * cache have 11 bits (5e-4). int4: of the logits 1e-2, as activations are rounded at other places; of the
 * features 3.4e-2, because the CPU's tower has 8-bit weights and activations there, the GPU's float16.
 */
const limits: Readonly<Record<'fp32' | 'fp16' | 'int4', { features: number; logits: number }>> = {
  fp32: { features: 1e-5, logits: 1e-5 },
  fp16: { features: 2e-3, logits: 2e-3 },
  int4: { features: 6e-2, logits: 3e-2 },
};

const cases = ['pg1-tiny', 'pg2-tiny'].flatMap((checkpoint) =>
  (['fp32', 'fp16', 'int4'] as const).map((dtype) => ({ checkpoint, dtype })),
);

describe.each(cases)('the graphs for CUDA, $checkpoint in $dtype', ({ checkpoint, dtype }) => {
  const modelFolder = join(folder, `${checkpoint}-${dtype}`);
  let cpu: OnnxModel;
  let cuda: OnnxModel;
  let manifest: ModelManifest;

  beforeAll(async () => {
    manifest = await convertFixture(fixturePath('checkpoints', checkpoint), modelFolder, dtype);
    cpu = (await loadModel({ modelFolder, device: 'cpu' })).model as OnnxModel;
    cuda = await loadCudaForm(modelFolder, manifest);
  });
  afterAll(async () => {
    await cpu.close();
    await cuda.close();
  });

  it('give the image features of the CPU', async () => {
    const pixels = await readPixels(referencePicture('picture_0.png'), manifest.spec.vision.imageSize);
    const difference = relativeRms(await cuda.encodeImage(pixels), await cpu.encodeImage(pixels));
    expect(difference).toBeLessThan(limits[dtype].features);
  });

  it('give the logits of the CPU, alone and together', async () => {
    const lines = readReferenceLines(checkpoint).slice(0, 6);
    const side = manifest.spec.vision.imageSize;
    const prompts: GreedyPrompt[] = [];
    for (const [index, line] of lines.entries()) {
      prompts.push({
        features: [await cpu.encodeImage(await readPixels(referencePicture(line.images[0]), side))],
        ids: line.input_ids.slice(line.image_tokens),
        maxNewTokens: 24,
        // The same tokens whatever is said, answers of several lengths: the numbers stay comparable.
        forcedIds: line.steps.ids.slice(0, 4 + 4 * index),
      });
    }
    const expected = await decodeGreedily(cpu, prompts);
    for (const together of [1, 4]) {
      const actual = await decodeGreedily(cuda, prompts, together);
      const [ours, theirs] = sameLogits(actual, expected);
      expect(relativeRms(ours, theirs)).toBeLessThan(limits[dtype].logits);
    }
  });
});

async function loadCudaForm(modelFolder: string, manifest: ModelManifest): Promise<OnnxModel> {
  const spec = manifest.spec as ModelSpec;
  const vision = await createSession(join(modelFolder, manifest.graphs.vision.cuda), { device: 'cpu' });
  const decoder = await createSession(join(modelFolder, manifest.graphs.decoder.cuda), { device: 'cpu' });
  const isHalf = manifest.dtype !== 'fp32';
  return new OnnxModel(
    modelFolder,
    manifest,
    vision,
    new HostDecoder(decoder, spec.text, { hasPrefillBranch: false, isHalf }),
  );
}

/** The expected answers' 20 best logits and log sums, and what the other gives for the same tokens. */
function sameLogits(
  actual: readonly GreedyAnswer[],
  expected: readonly GreedyAnswer[],
): [number[], number[]] {
  const ours: number[] = [];
  const theirs: number[] = [];
  expected.forEach((answer, index) => {
    expect(actual[index].steps).toHaveLength(answer.steps.length);
    answer.steps.forEach((step, at) => {
      const other = actual[index].steps[at];
      step.topIds.slice(0, 20).forEach((id, rank) => {
        ours.push(other.topValues[other.topIds.indexOf(id)] ?? 0);
        theirs.push(step.topValues[rank]);
      });
      ours.push(other.logSumExp);
      theirs.push(step.logSumExp);
    });
  });
  return [ours, theirs];
}

function relativeRms(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    size += expected[i] ** 2;
  }
  return Math.sqrt(difference / size);
}
