import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';
import { createSession, floatTensor } from '../../../src/engine/model/onnx-session.js';
import { GPU_BLOCK_LIMIT, LinearAdder } from '../../../src/weights/graph/add-linear.js';
import { GraphBuilder } from '../../../src/weights/graph/graph-builder.js';
import { type StoredLinear, storeLinear } from '../../../src/weights/graph/store-linear.js';
import { WeightFile } from '../../../src/weights/graph/weight-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const [OUTPUTS, TOKENS] = [96, 3];
const random = SeededRandom.fromSeed(5);
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.next() + random.next() - 1);

async function run(linear: StoredLinear, x: Float32Array, blockLimit?: number): Promise<number[]> {
  const graph = new GraphBuilder();
  const input = graph.input('x', 'float32', ['b', 's', linear.inputs]);
  const output = new LinearAdder(graph, 'float32', blockLimit).add(input, linear);
  graph.output('y', 'float32', ['b', 's', OUTPUTS], output);
  const path = join(folder, `${linear.inputs}-${linear.format}-${blockLimit}.onnx`);
  await writeFile(path, graph.toModel());
  const session = await createSession(path, { device: 'cpu' });
  const { y } = await session.run({ x: floatTensor(x, [1, TOKENS, linear.inputs]) });
  await session.release();
  return [...(y.data as Float32Array)];
}

it.each([
  // Full blocks, a last one that is filled by more than half, and widths that would leave it emptier.
  ...([
    [512, 256],
    [480, 256],
    [640, 128],
    [300, 64],
    [40, 64],
  ] as const),
])('gives large blocks of %i inputs to a GPU as smaller ones', async (inputs, blockSize) => {
  const weights = noise(OUTPUTS * inputs);
  const source = {
    ...{ rows: OUTPUTS, columns: inputs },
    readRows: async (start: number, count: number) => weights.slice(start * inputs, (start + count) * inputs),
  };
  const x = noise(TOKENS * inputs);
  for (const [format, error] of [
    ['q4', 0.14],
    ['q8', 0.02],
  ] as const) {
    const file = await WeightFile.create(join(folder, `${inputs}-${format}.data`));
    const linear = await storeLinear(file, 'linear', source, { format, blockSize: 256 });
    await file.close();
    expect(linear.blockSize).toBe(blockSize);

    const [whole, split] = [await run(linear, x), await run(linear, x, GPU_BLOCK_LIMIT)];

    const exact = Array.from({ length: TOKENS * OUTPUTS }, (_, place) => {
      const [token, output] = [Math.floor(place / OUTPUTS), place % OUTPUTS];
      return weights
        .subarray(output * inputs, (output + 1) * inputs)
        .reduce((sum, weight, i) => sum + weight * x[token * inputs + i], 0);
    });
    expect(distance(whole, exact)).toBeLessThan(error);
    expect(distance(split, exact)).toBeLessThan(error);
    // They differ only in how the inputs are rounded to 8 bits, and only where blocks are split.
    expect(distance(whole, split)).toBeLessThan(0.015);
    expect(distance(whole, split) > 0).toBe(blockSize > GPU_BLOCK_LIMIT);
  }
});

/** RMS of the difference, as a share of the RMS of `b`. */
function distance(a: readonly number[], b: readonly number[]): number {
  const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(square(a.map((value, i) => value - b[i])) / square(b));
}
