import { expect, it } from 'vitest';
import { repeatLayer } from '../../../src/weights/convert/repeat-layer.js';
import type { StoredWeight } from '../../../src/weights/graph/weight-file.js';

it('gives every weight of a layer another name, and nothing else', () => {
  const weight = (name: string): StoredWeight => ({
    ...{ name, type: 'float32', dims: [2, 3], file: 'decoder.data', offsetBytes: 64, sizeBytes: 24 },
  });
  const layer = {
    norm: weight('norm'),
    mlp: {
      gate: [{ format: 'q4', inputs: 3, isRotated: true, weight: weight('gate'), scales: weight('scales') }],
    },
  };
  const repeated = repeatLayer(layer, 'of 5');
  expect(repeated.norm).toEqual({ ...layer.norm, name: 'norm.of 5' });
  const [gate] = repeated.mlp.gate;
  expect(gate).toMatchObject({ format: 'q4', inputs: 3, isRotated: true });
  expect([gate.weight.name, gate.scales.name]).toEqual(['gate.of 5', 'scales.of 5']);
  expect(gate.weight.dims).toEqual([2, 3]);
});
