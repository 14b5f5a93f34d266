import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { Dtype } from '../../src/base/dtype.js';
import { formatBench, toBenchObject } from '../../src/cli/models/format-bench.js';
import { measureSynthetic } from '../../src/diagnostics/measure-synthetic.js';
import { estimateConvertedBytes } from '../../src/weights/convert/estimate-size.js';
import { findKnownSizes, knownSizeNames } from '../../src/weights/checkpoint/known-sizes.js';
import { listTensors } from '../../src/weights/checkpoint/tensor-table.js';

const { signal } = new AbortController();
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('pali-synthetic-'));

describe('sizes of Google’s checkpoints', () => {
  it.each([
    // Weights as the model cards and papers give them, in billions.
    { name: 'paligemma-3b-224', billions: 2.92 },
    { name: 'paligemma2-3b-448', billions: 3.03 },
    { name: 'paligemma2-10b-896', billions: 9.66 },
    { name: 'paligemma2-28b-224', billions: 27.65 },
  ])('$name has $billions billion weights', ({ name, billions }) => {
    const count = listTensors(findKnownSizes(name)!)
      .filter((row) => !row.isOptional)
      .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count / 1e9).toBeCloseTo(billions, 1);
  });

  it('are found by name, and no others', () => {
    expect(knownSizeNames).toHaveLength(12);
    expect(knownSizeNames.every((name) => findKnownSizes(name) !== undefined)).toBe(true);
    expect(findKnownSizes('paligemma-3b-300')).toBeUndefined();
    expect(findKnownSizes('224')).toBeUndefined();
  });

  it('tell how large a converted model is', () => {
    const config = findKnownSizes('paligemma-3b-448')!;
    const gigabytes = (dtype: Dtype): number => estimateConvertedBytes(config, dtype) / 1e9;
    // 527 M embedding rows twice, 1,980 M weights of the decoder, 412 M of the tower.
    expect(gigabytes('int4')).toBeGreaterThan(4);
    expect(gigabytes('int4')).toBeLessThan(4.5);
    expect(gigabytes('int8')).toBeLessThan(4.5);
    expect(gigabytes('fp16')).toBeGreaterThan(5.8);
    expect(gigabytes('fp32')).toBeGreaterThan(11.6);
  });
});

describe('measureSynthetic', () => {
  it('measures a model that is not there, and leaves nothing', async () => {
    const before = leftovers();
    const small = findKnownSizes('paligemma2-3b-224')!;
    const { device, ...measurement } = await measureSynthetic({
      name: 'small',
      dtype: 'int8',
      device: 'auto',
      signal,
      findSizes: () => ({
        ...small,
        vision: { ...small.vision, imageSize: 28, hiddenSize: 64, intermediateSize: 96, heads: 2 },
        text: {
          ...small.text,
          hiddenSize: 64,
          intermediateSize: 96,
          heads: 2,
          keyValueHeads: 1,
          headDim: 32,
        },
      }),
    });
    // int8 runs there only.
    expect(device).toBe('cpu');
    for (const value of Object.values(measurement)) expect(value).toBeGreaterThan(0);
    expect(leftovers()).toEqual(before);
    const result = { name: 'small', dtype: 'int8', device, isSynthetic: true, measurement } as const;
    expect(formatBench(result)).toMatch(/^a minute of video +about .* at one frame a second$/m);
    expect(toBenchObject(result)).toMatchObject({ schemaVersion: 1, device: 'cpu', isSynthetic: true });
  });

  it('refuses a device that has no graphs of the dtype before anything is made', async () => {
    const name = 'paligemma-3b-224';
    const wrong = measureSynthetic({ name, dtype: 'int8', device: 'webgpu', signal });
    await expect(wrong).rejects.toMatchObject({ code: 'DTYPE_UNFIT' });
  });

  it('says so where there is too little memory, before anything is made', async () => {
    const name = 'paligemma2-28b-224';
    const wrong = measureSynthetic({ name, dtype: 'int8', device: 'cpu', signal, availableBytes: 16e9 });
    await expect(wrong).rejects.toMatchObject({
      code: 'SYNTHETIC_MEMORY',
      message: 'paligemma2-28b-224 as int8 takes about 37.9 GB of memory, and 16.0 GB are free here.',
    });
  });

  it('names the sizes that are meant', async () => {
    const wrong = measureSynthetic({ name: 'paligemma-3b-4488', dtype: 'int4', device: 'cpu', signal });
    await expect(wrong).rejects.toMatchObject({ name: 'UsageError', hint: 'Did you mean paligemma-3b-448?' });
  });
});
