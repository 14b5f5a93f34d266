import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSession, floatTensor } from '../../../src/engine/model/onnx-session.js';
import { LinearAdder } from '../../../src/weights/graph/add-linear.js';
import { addMlp } from '../../../src/weights/graph/add-mlp.js';
import { GraphBuilder } from '../../../src/weights/graph/graph-builder.js';
import type { LinearPlan } from '../../../src/weights/graph/linear-plan.js';
import type { RowSource } from '../../../src/weights/graph/row-source.js';
import { storeLinear, storePieces } from '../../../src/weights/graph/store-linear.js';
import { WeightFile } from '../../../src/weights/graph/weight-file.js';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const [WIDTH, INNER, TOKENS] = [64, 352, 5];
const random = SeededRandom.fromSeed(11);
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.next() + random.next() - 1);

function matrix(rows: number, columns: number): RowSource {
  const values = noise(rows * columns);
  return {
    ...{ rows, columns },
    readRows: async (start, count) => values.slice(start * columns, (start + count) * columns),
  };
}

const [gate, up, down] = [matrix(INNER, WIDTH), matrix(INNER, WIDTH), matrix(WIDTH, INNER)];

async function run(plan: LinearPlan, pieces: readonly number[], x: Float32Array): Promise<Float32Array> {
  const name = `${plan.format}-${pieces.length}-${plan.isRotated}`;
  const file = await WeightFile.create(join(folder, `${name}.data`));
  const mlp = {
    gate: await storePieces(file, 'gate', gate, plan, pieces),
    up: await storePieces(file, 'up', up, plan, pieces),
    down: await storeLinear(file, 'down', down, plan, pieces),
  };
  await file.close();
  const graph = new GraphBuilder();
  const input = graph.input('x', 'float32', ['b', 's', WIDTH]);
  const output = addMlp(graph, new LinearAdder(graph, 'float32'), input, mlp, 'gelu-tanh');
  graph.output('y', 'float32', ['b', 's', WIDTH], output);
  await writeFile(join(folder, `${name}.onnx`), graph.toModel());
  const session = await createSession(join(folder, `${name}.onnx`), { device: 'cpu' });
  const { y } = await session.run({ x: floatTensor(x, [1, TOKENS, WIDTH]) });
  await session.release();
  return y.data as Float32Array;
}

function relativeDifference(a: Float32Array, b: Float32Array): number {
  const square = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(square(a.map((value, i) => value - b[i])) / square(b));
}

it('computes in pieces of 8 bits what it computes in float32', async () => {
  const x = noise(TOKENS * WIDTH);
  // A token of zeros, and one of other size.
  x.fill(0, 0, WIDTH);
  for (let i = WIDTH; i < 2 * WIDTH; i++) x[i] *= 20;
  const exact = await run({ format: 'f32' }, [INNER], x);
  for (const isRotated of [false, true]) {
    for (const pieces of [[INNER], [192, 160], [128, 128, 96]]) {
      const rounded = await run({ format: 'w8a8', isRotated }, pieces, x);
      expect(relativeDifference(rounded, exact), `${pieces.length} ${isRotated}`).toBeLessThan(0.03);
      expect([...rounded.subarray(0, WIDTH)].every((value) => value === 0)).toBe(true);
    }
  }
});
