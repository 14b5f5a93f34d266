// What this machine can do at best, measured in a process of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSession, floatTensor, type Tensor } from '../../src/engine/model/onnx-session.js';
import { GraphBuilder, MICROSOFT } from '../../src/weights/graph/graph-builder.js';
import { WeightFile } from '../../src/weights/graph/weight-file.js';

/** Upper limits of this machine, with onnxruntime's threads. */
export interface MachineLimits {
  readonly gemmGflops: number;
  /** The same with products of 8 bits. */
  readonly int8Gops: number;
  readonly readGBPerSecond: number;
}

const SIDE = 2048;
/** Rows of a matrix that no cache holds: 512 MB of float32. */
const TALL = 65_536;

async function timeMatMul(folder: string, rows: number, inner: number, columns: number): Promise<number> {
  const graph = new GraphBuilder();
  const a = graph.input('a', 'float32', [rows, inner]);
  const b = graph.input('b', 'float32', [inner, columns]);
  graph.output('c', 'float32', [rows, columns], graph.node('MatMul', [a, b]));
  return timeGraph(folder, graph, {
    a: floatTensor(new Float32Array(rows * inner).fill(0.5), [rows, inner]),
    b: floatTensor(new Float32Array(inner * columns).fill(0.5), [inner, columns]),
  });
}

/** The second matrix is constant, as weights are: onnxruntime packs it once. */
async function timeInt8MatMul(folder: string): Promise<number> {
  const file = await WeightFile.create(join(folder, 'int8.data'));
  const weight = await file.add('b', 'int8', [SIDE, SIDE], new Int8Array(SIDE * SIDE).fill(3));
  await file.close();
  const graph = new GraphBuilder();
  const a = graph.input('a', 'float32', [SIDE, SIDE]);
  const rounded = graph.node('QuantizeLinear', [a, graph.floats([1]), graph.byte(128)]);
  const scales = [graph.floats([1]), graph.floats([1])];
  const product = graph.node(
    'MatMulIntegerToFloat',
    [rounded, graph.weight(weight), ...scales, graph.byte(128)],
    {},
    { domain: MICROSOFT },
  );
  graph.output('c', 'float32', [SIDE, SIDE], product);
  return timeGraph(folder, graph, { a: floatTensor(new Float32Array(SIDE * SIDE).fill(2), [SIDE, SIDE]) });
}

async function timeGraph(
  folder: string,
  graph: GraphBuilder,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<number> {
  const path = join(folder, 'matmul.onnx');
  writeFileSync(path, graph.toModel());
  const session = await createSession(path, { device: 'cpu' });
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    const startedAt = performance.now();
    await session.run(feeds);
    best = Math.min(best, performance.now() - startedAt);
  }
  await session.release();
  return best;
}

const folder = mkdtempSync(join(tmpdir(), 'pali-limits-'));
try {
  const gemmMs = await timeMatMul(folder, SIDE, SIDE, SIDE);
  const int8Ms = await timeInt8MatMul(folder);
  const readMs = await timeMatMul(folder, TALL, SIDE, 1);
  const limits: MachineLimits = {
    gemmGflops: (2 * SIDE ** 3) / gemmMs / 1e6,
    int8Gops: (2 * SIDE ** 3) / int8Ms / 1e6,
    readGBPerSecond: (TALL * SIDE * 4) / readMs / 1e6,
  };
  process.send!(limits);
} finally {
  rmSync(folder, { recursive: true });
}
