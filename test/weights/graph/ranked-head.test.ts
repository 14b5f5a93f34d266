import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LOC_TOKENS, type ModelSpec, SEG_TOKENS } from '../../../src/base/model-spec.js';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';
import { createSession, floatTensor } from '../../../src/engine/model/onnx-session.js';
import { buildHeadGraph, buildLocSegGraph, type StoredHead } from '../../../src/weights/graph/head-graph.js';
import { storeLinear } from '../../../src/weights/graph/store-linear.js';
import { WeightFile } from '../../../src/weights/graph/weight-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const [WORDS, ROWS] = [3000, 3];
const VOCABULARY = WORDS + LOC_TOKENS + SEG_TOKENS;
const random = SeededRandom.fromSeed(3);
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.next() + random.next() + random.next() - 1.5);

async function run(path: string, graph: Uint8Array, hidden: Float32Array): Promise<Record<string, number[]>> {
  await writeFile(path, graph);
  const session = await createSession(path, { device: 'cpu' });
  const outputs = await session.run({ hidden: floatTensor(hidden, [ROWS, hidden.length / ROWS]) });
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
  );
}

it.each([
  ['whole blocks', 256, undefined],
  ['a padded last block and a soft cap', 240, 30],
])('reports the logits of the head itself for the leading tokens: %s', async (_, width, logitSoftCap) => {
  const weights = noise(VOCABULARY * width);
  const source = {
    rows: VOCABULARY,
    columns: width,
    readRows: async (start: number, count: number) => weights.slice(start * width, (start + count) * width),
  };
  const file = await WeightFile.create(join(folder, `${width}.data`));
  const blocks = await storeLinear(file, 'head', source, { format: 'q8', blockSize: 32 });
  const ranking = await storeLinear(file, 'ranking', source, {
    format: 'q4',
    blockSize: 256,
    isRotated: true,
  });
  await file.close();
  const spec = {
    text: { hiddenSize: width, logitSoftCap },
    tokens: { firstLoc: WORDS },
  } as unknown as ModelSpec;
  const graphOf = (name: string, head: StoredHead): Promise<Record<string, number[]>> =>
    run(join(folder, `${width}-${name}.onnx`), buildHeadGraph(spec, head), hidden);
  const hidden = noise(ROWS * width);

  const whole = await graphOf('whole', { blocks });
  const ranked = await graphOf('ranked', { blocks, ranking });
  const short = await run(
    join(folder, `${width}-short.onnx`),
    buildLocSegGraph(spec, { blocks, ranking })!,
    hidden,
  );

  expect(ranked.loc_seg_logits).toEqual(short.loc_seg_logits);
  for (let row = 0; row < ROWS; row++) {
    const rowOf = (values: number[]): number[] => values.slice(row * 64, (row + 1) * 64);
    const values = new Map(rowOf(whole.top_ids).map((id, i) => [id, rowOf(whole.top_values)[i]]));
    const [ids, found] = [rowOf(ranked.top_ids), rowOf(ranked.top_values)];
    expect(new Set(ids).size).toBe(64);
    // Inputs of the head alone are rounded to 8 bits, those of the leading rows are not.
    for (const [i, id] of ids.entries()) {
      if (values.has(id)) expect(Math.abs(found[i] - values.get(id)!)).toBeLessThan(0.2);
      if (i > 0) expect(found[i]).toBeLessThanOrEqual(found[i - 1]);
    }
    for (const id of rowOf(whole.top_ids).slice(0, 20)) expect(ids).toContain(id);
    expect(ranked.lse[row]).toBeCloseTo(whole.lse[row], 0);
  }
});
