import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import type { ModelSpec } from '../../../src/base/model-spec.js';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';
import {
  createSession,
  floatTensor,
  int32Tensor,
  intTensor,
  type Tensor,
} from '../../../src/engine/model/onnx-session.js';
import { openCheckpoint } from '../../../src/weights/checkpoint/open-checkpoint.js';
import { readConfig } from '../../../src/weights/checkpoint/read-config.js';
import { storeText } from '../../../src/weights/convert/store-text.js';
import { buildDecoderGraph, type DecoderForm } from '../../../src/weights/graph/decoder-graph.js';
import { WeightFile } from '../../../src/weights/graph/weight-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { largestDifference } from '../../support/reference/largest-difference.js';

const folder = temporaryFolder();
const LENGTH = 7;

// The second has a soft cap and windows.
it.each(['pg1-tiny', 'pg2-tiny'])(
  'gives the last position of a prompt what it has among all: %s',
  async (name) => {
    const source = fixturePath('checkpoints', name);
    const config = await readConfig(source);
    const checkpoint = await openCheckpoint(source);
    const { text } = config;
    const random = SeededRandom.fromSeed(7);
    const embeddings = Float32Array.from({ length: LENGTH * text.hiddenSize }, () => random.next() - 0.5);

    const run = async (form: DecoderForm): Promise<Map<string, Float32Array>> => {
      const dense = { format: 'f32' } as const;
      const file = await WeightFile.create(join(folder, `${name}-${form}.data`));
      const plan = { file: `${name}-${form}.data`, attention: dense, mlp: dense, forms: [form] };
      const stored = await storeText(checkpoint, config, plan, file, () => undefined);
      await file.close();
      const path = join(folder, `${name}-${form}.onnx`);
      const spec = { ...config, tokens: {} } as unknown as ModelSpec;
      await writeFile(path, buildDecoderGraph(spec, stored, { rows: stored.finalNorm }, form));
      const session = await createSession(path, { device: 'cpu' });
      const given = inputs(embeddings);
      const outputs = await session.run(
        Object.fromEntries(session.inputNames.map((input) => [input, given(input)])),
      );
      await session.release();
      return new Map(Object.entries(outputs).map(([key, { data }]) => [key, data as Float32Array]));
    };
    const inputs =
      (values: Float32Array) =>
      (input: string): Tensor => {
        const positions = Array.from({ length: LENGTH }, (_, i) => i);
        const empty = floatTensor(new Float32Array(), [1, 1, 1, 0]);
        const known: Record<string, Tensor> = {
          inputs_embeds: floatTensor(values, [1, LENGTH, text.hiddenSize]),
          position_ids: intTensor(positions, [1, LENGTH]),
          kept: intTensor([LENGTH - 1], [1]),
          past_mask: empty,
          sliding_mask: empty,
          new_mask: floatTensor(new Float32Array(1), [1, 1, 1, 1]),
          seqlens_k: int32Tensor([LENGTH - 1], [1]),
          total: int32Tensor([LENGTH], [1]),
        };
        return known[input] ?? floatTensor(new Float32Array(), [1, text.keyValueHeads, 0, text.headDim]);
      };

    const [step, prompt] = [await run('cpu-step'), await run('cpu-prefill')];

    expect(step.get('hidden')).toHaveLength(text.hiddenSize);
    expect([...prompt.keys()].sort()).toEqual([...step.keys()].sort());
    for (const [key, values] of step) {
      expect(largestDifference(prompt.get(key)!, values), key).toBeLessThan(1e-3);
    }
    await checkpoint.close();
  },
);
