import { expect, it } from 'vitest';
import { repeatLayer } from '../../../src/weights/convert/repeat-layer.js';
import type { StoredWeight } from '../../../src/weights/graph/weight-file.js';

it('gives every weight of a layer another name, and large ones another place', () => {
  const weight = (name: string, sizeBytes = 24): StoredWeight => ({
    ...{ name, type: 'uint8', dims: [2, 3], file: 'decoder.data', offsetBytes: 64, sizeBytes },
  });
  const gate = {
    format: 'q4',
    inputs: 3,
    isRotated: true,
    weight: weight('gate', 5e6),
    scales: weight('scales'),
  };
  const layer = { norm: weight('norm'), mlp: { gate: [gate] } };

  expect(repeatLayer(layer, 5)).toEqual({
    norm: { ...layer.norm, name: 'norm.5' },
    mlp: {
      gate: [
        {
          ...gate,
          weight: { ...gate.weight, name: 'gate.5', offsetBytes: 64 + 5 * 4096 },
          scales: { ...gate.scales, name: 'scales.5' },
        },
      ],
    },
  });
});
