import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { ModelError } from '../../../src/base/errors.js';
import { checkTensors } from '../../../src/weights/checkpoint/check-tensors.js';
import { type Checkpoint, openCheckpoint } from '../../../src/weights/checkpoint/open-checkpoint.js';
import type { CheckpointTensor } from '../../../src/weights/checkpoint/open-safetensors.js';
import { readConfig } from '../../../src/weights/checkpoint/read-config.js';
import { listTensors, type TensorRow } from '../../../src/weights/checkpoint/tensor-table.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

const gemma = {
  model_type: 'gemma',
  hidden_size: 2048,
  intermediate_size: 16384,
  num_attention_heads: 8,
  num_hidden_layers: 18,
  num_key_value_heads: 1,
};
const gemma2Sizes = {
  '3B': [2304, 9216, 8, 26, 4, 256, 256],
  '10B': [3584, 14336, 16, 42, 8, 256, 256],
  '28B': [4608, 36864, 32, 46, 16, 128, 144],
} as const;

function gemma2(name: keyof typeof gemma2Sizes): Record<string, unknown> {
  const [hidden, intermediate, heads, layers, keyValueHeads, headDim, scalar] = gemma2Sizes[name];
  return {
    model_type: 'gemma2',
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_attention_heads: heads,
    num_hidden_layers: layers,
    num_key_value_heads: keyValueHeads,
    head_dim: headDim,
    query_pre_attn_scalar: scalar,
  };
}

/** A configuration as sparse as Google's. */
function writeConfig(
  name: string,
  imageSize: number,
  text: Record<string, unknown>,
  more: Record<string, unknown> = {},
): string {
  const target = join(folder, name);
  mkdirSync(target);
  const config = {
    ...more,
    model_type: 'paligemma',
    text_config: { ...text, vocab_size: 257_216 },
    vision_config: {
      model_type: 'siglip_vision_model',
      hidden_size: 1152,
      intermediate_size: 4304,
      num_attention_heads: 16,
      num_hidden_layers: 27,
      patch_size: 14,
      image_size: imageSize,
    },
  };
  writeFileSync(join(target, 'config.json'), JSON.stringify(config));
  return target;
}

function countParameters(table: readonly TensorRow[]): number {
  return table
    .filter(({ isOptional }) => !isOptional)
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

/** A checkpoint that holds these tensors, without data. */
function fakeCheckpoint(rows: readonly Pick<TensorRow, 'name' | 'shape'>[]): Checkpoint {
  const tensors = new Map(rows.map((row) => [row.name, row as CheckpointTensor]));
  return { folder: 'there', tensors, files: [], close: async () => undefined };
}

describe('listTensors', () => {
  // Parameters as the model cards on the hub give them (2.92B, 3.03B, 9.66B, 27.7B); 439 tensors of vision and
  // projector, 2 + 9 a layer of Gemma, 2 + 11 of Gemma 2.
  it.each([
    { name: 'PaliGemma 3B', text: gemma, parameters: 2.92e9, tensors: 439 + 2 + 18 * 9 },
    { name: 'PaliGemma 2 3B', text: gemma2('3B'), parameters: 3.03e9, tensors: 439 + 2 + 26 * 11 },
    { name: 'PaliGemma 2 10B', text: gemma2('10B'), parameters: 9.66e9, tensors: 439 + 2 + 42 * 11 },
    { name: 'PaliGemma 2 28B', text: gemma2('28B'), parameters: 27.7e9, tensors: 439 + 2 + 46 * 11 },
  ])('knows every tensor of $name', async ({ name, text, parameters, tensors }) => {
    for (const imageSize of [224, 448, 896]) {
      const config = await readConfig(writeConfig(`${name} ${imageSize}`, imageSize, text));
      const table = listTensors(config);
      const needed = table.filter(({ isOptional }) => !isOptional);
      expect(needed).toHaveLength(tensors);
      expect(new Set(table.map((row) => row.name)).size).toBe(table.length);
      expect(Math.abs(countParameters(table) / parameters - 1)).toBeLessThan(0.01);
      const positions = table.find((row) => row.name.includes('position_embedding'))!;
      expect(positions.shape).toEqual([(imageSize / 14) ** 2, 1152]);
      expect(table.filter(({ isOptional }) => isOptional)).toEqual([
        { name: 'lm_head.weight', shape: [257_216, config.text.hiddenSize], isOptional: true },
      ]);
    }
  });

  it.each([
    ...['pg1-tiny', 'pg1-bf16-sharded', 'pg2-tiny'].map((name) => fixturePath('checkpoints', name)),
    fixturePath('demo'),
  ])('finds every tensor of %s', async (path) => {
    const checkpoint = await openCheckpoint(path);
    const table = listTensors(await readConfig(path));
    expect([...checkpoint.tensors.keys()].sort()).toEqual(
      table
        .filter(({ isOptional }) => !isOptional)
        .map(({ name }) => name)
        .sort(),
    );
    expect(() => checkTensors(checkpoint, table)).not.toThrow();
    await checkpoint.close();
  });

  it('needs the head when it is not the embedding table', async () => {
    const path = writeConfig('untied', 224, gemma, { tie_word_embeddings: false });
    expect(listTensors(await readConfig(path)).find(({ name }) => name === 'lm_head.weight')).toMatchObject({
      isOptional: false,
    });
  });
});

describe('checkTensors', () => {
  const table: TensorRow[] = [
    { name: 'a.weight', shape: [2, 3] },
    { name: 'b.weight', shape: [4] },
    { name: 'lm_head.weight', shape: [5, 3], isOptional: true },
  ];

  it('accepts exactly the table, with or without what is optional', () => {
    expect(() => checkTensors(fakeCheckpoint(table), table)).not.toThrow();
    expect(() => checkTensors(fakeCheckpoint(table.slice(0, 2)), table)).not.toThrow();
  });

  it.each([
    ['a missing tensor', table.slice(1), 'tensor a.weight is missing'],
    [
      'a misshapen tensor',
      [{ name: 'a.weight', shape: [3, 2] }, table[1]],
      'tensor a.weight has shape [3, 2], config.json asks for [2, 3]',
    ],
    [
      'a misshapen optional tensor',
      [...table.slice(0, 2), { name: 'lm_head.weight', shape: [6, 3] }],
      'tensor lm_head.weight has shape [6, 3]',
    ],
    [
      'a surplus tensor',
      [...table, { name: 'x\u001b[2J', shape: [1] }],
      'it holds a tensor that the model has no use for, such as x?[2J',
    ],
    [
      'surplus tensors',
      [...table, { name: 'x', shape: [1] }, { name: 'y', shape: [1] }],
      'it holds 2 tensors that the model has no use for, such as x',
    ],
  ])('refuses %s by name', (_, rows, sentence) => {
    expect(() => checkTensors(fakeCheckpoint(rows), table)).toThrow(ModelError);
    expect(() => checkTensors(fakeCheckpoint(rows), table)).toThrow(sentence);
  });
});
