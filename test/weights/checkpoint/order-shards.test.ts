import { expect, it } from 'vitest';
import { findKnownSizes } from '../../../src/weights/checkpoint/known-sizes.js';
import { orderShards } from '../../../src/weights/checkpoint/order-shards.js';
import { listTensors } from '../../../src/weights/checkpoint/tensor-table.js';

const table = listTensors(findKnownSizes('paligemma-3b-224')!);

it('keeps the order in which transformers 4 writes: vision, table, layers, norm', () => {
  const index = {
    'vision_tower.vision_model.encoder.layers.3.mlp.fc1.weight': 'a1',
    'language_model.model.embed_tokens.weight': 'a1',
    'language_model.model.layers.0.mlp.up_proj.weight': 'a1',
    'language_model.model.layers.7.mlp.up_proj.weight': 'a2',
    'language_model.model.layers.15.mlp.up_proj.weight': 'a3',
    'language_model.model.norm.weight': 'a3',
  };
  expect(orderShards(index, table)).toEqual(['a1', 'a2', 'a3']);
});

it('puts the vision tower first where names were sorted', () => {
  const index = {
    'model.language_model.embed_tokens.weight': 'b1',
    'model.language_model.layers.9.mlp.up_proj.weight': 'b2',
    'model.vision_tower.embeddings.patch_embedding.bias': 'b3',
  };
  expect(orderShards(index, table)).toEqual(['b3', 'b1', 'b2']);
});

it('takes files that nothing is known about last', () => {
  expect(orderShards({ 'model.norm': 'x', 'language_model.norm.weight': 'y' }, table)).toEqual(['y', 'x']);
  expect(orderShards(undefined, table)).toEqual(['model.safetensors']);
});
